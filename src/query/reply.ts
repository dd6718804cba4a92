/**
 * What a client is told, before it is put into octets: the meaning, not yet the size, order or letter case.
 */

import type { ExtendedError } from '../dns/extended-error.ts';
import type { RRset } from '../dns/rrset.ts';
import type { Security } from './security.ts';
import type { WalkRecord } from './walk-event.ts';

/** Which part of the resolver an answer came from. */
export type Source =
  | 'cache'
  | 'negative' // a denial from the cache
  | 'synthesised' // from proofs in the cache that were given for other names (RFC 8198, RFC 8020)
  | 'failure-cache'
  | 'stale'
  | 'local' // inline records
  | 'hosts'
  | 'special-use'
  | 'stub'
  | 'forward'
  | 'recursion'
  | 'rule'; // decided from the header or the client alone: refused, not implemented, format error

export type Reply = {
  /** Extended codes of RFC 6891 §6.1.3 included. */
  readonly rcode: number;
  /** AA: only answers that we ourselves are the authority for (local records, special-use names). */
  readonly isAuthoritative: boolean;
  /** Sets in the order in which they are sent (an alias before what it leads to), TTLs counted down. */
  readonly answer: readonly RRset[];
  /** For a denial the SOA (RFC 2308 §3); beside it, and for a wildcard's answer, the NSEC or NSEC3 sets of the proof. */
  readonly authority: readonly RRset[];
  readonly errors: readonly ExtendedError[];
  readonly source: Source;
  /** What DNSSEC proved of all of it; absent where nobody looked (local data, CD=1, validation off). */
  readonly security?: Security;
  /** What happened on the way, where something was asked of a server. */
  readonly walk?: WalkRecord;
};
