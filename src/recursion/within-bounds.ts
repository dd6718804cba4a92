/**
 * The TTLs of what a walk has just found, as the cache bounds them: the client that caused the walk may hold the answer
 * no longer than those that come after it, who get it from the cache.
 *
 * A set that was raised to a configured least TTL is given with that TTL for the same reason.
 */

import { minimumOf } from '../cache/negative-cache.ts';
import type { TtlBounds } from '../cache/ttl-bounds.ts';
import { Type } from '../dns/record-type.ts';
import { withTtl } from '../dns/rrset.ts';
import type { Reply } from '../query/reply.ts';

export function withinBounds(reply: Reply, bounds: TtlBounds): Reply {
  return {
    ...reply,
    answer: reply.answer.map((set) => withTtl(set, bounds.positiveTtl(set.owner, set.ttl))),
    authority: reply.authority.map((set) => {
      const minimum = set.type === Type.SOA ? minimumOf(set) : set.ttl;
      return withTtl(set, bounds.negativeTtl(set.owner, set.ttl, minimum));
    }),
  };
}
