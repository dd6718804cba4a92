/** The recursion as clients see it: without addresses that strangers may not name (`answers.privateAddresses`). */

import { createClientAcl } from '../access/client-acl.ts';
import type { Config } from '../config/schema.ts';
import { ROOT } from '../dns/name.ts';
import type { Recursion } from '../recursion/recursion.ts';
import { createRebindingGuard } from '../respond/private-addresses.ts';

export function guardedAgainstRebinding(recursion: Recursion, { answers, zones }: Config): Recursion {
  if (answers.privateAddresses.length === 0) return recursion;
  const prefixes = createClientAcl(answers.privateAddresses);
  // Whoever names the servers of a zone trusts them; all of the DNS is not a zone of one's own.
  const configured = zones.map(({ name }) => name).filter((zone) => zone !== ROOT);
  const guard = createRebindingGuard({
    isPrivate: (address) => prefixes.mayRecurse(address),
    allowedIn: [...answers.privateAllowedIn, ...configured],
  });
  return {
    ...recursion,
    fromCache(qname, ...rest) {
      const reply = recursion.fromCache(qname, ...rest);
      return reply && guard(qname, reply);
    },
    resolve: async (qname, ...rest) => guard(qname, await recursion.resolve(qname, ...rest)),
  };
}
