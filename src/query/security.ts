/**
 * What DNSSEC has proved of an answer (RFC 4035 §4.3), with its reason. One type for the cache, the reply, the query log
 * and the sentence that tells people why.
 */

import type { Name } from '../dns/name.ts';

export type Security =
  | { readonly state: 'secure' }
  /** Proven to be outside every chain of trust. */
  | { readonly state: 'insecure'; readonly reason: SecurityReason }
  /** Ought to be provable and is not: the answer is not believed. */
  | { readonly state: 'bogus'; readonly reason: SecurityReason }
  /** Nothing could be found out: no trust anchor above it, or the proof could not be fetched. */
  | { readonly state: 'indeterminate'; readonly reason: SecurityReason };

export type SecurityReason = {
  readonly check: SecurityCheck;
  /** The zone whose records were checked, or whose delegation was. */
  readonly zone: Name;
  /** The RRset that was checked, where it was one. */
  readonly owner?: Name;
  readonly type?: number;
  readonly keyTag?: number;
  readonly algorithm?: number;
  /** Validity of the signature, seconds since 1970. */
  readonly inception?: number;
  readonly expiration?: number;
  /** Of a negative trust anchor: why the operator has set it. */
  readonly said?: string;
};

export type SecurityCheck =
  // insecure
  | 'no-ds' // the parent proves that the zone is not signed
  | 'opt-out' // an NSEC3 span with opt-out covers the delegation (RFC 5155 §6)
  | 'unsupported-algorithm' // of every DS (RFC 4035 §5.2)
  | 'unsupported-digest'
  | 'nsec3-iterations' // more than we compute (RFC 9276 §3.2)
  | 'negative-trust-anchor' // RFC 7646
  | 'never-signed' // RRSIG records (RFC 4035 §2.2)
  | 'wrong-clock' // our own, so that the names of time servers are answered as they are
  // indeterminate
  | 'no-trust-anchor'
  | 'proof-unreachable' // the DS or DNSKEY set could not be fetched
  // bogus
  | 'signature-expired'
  | 'signature-not-yet-valid'
  | 'signature-before-inception' // expires before it begins
  | 'signature-missing'
  | 'signature-wrong' // does not verify
  | 'signature-out-of-place' // signer, labels or type covered do not fit the set (RFC 4035 §5.3.1)
  | 'key-missing' // no DNSKEY has the tag and algorithm of the signature
  | 'no-zone-key' // the key is not a zone key, or its protocol is not 3
  | 'ds-matches-no-key'
  | 'denial-missing'
  | 'denial-wrong'
  | 'work-budget'; // more signatures or hashes than one query may cost

const rank = { secure: 0, insecure: 1, indeterminate: 2, bogus: 3 } as const;

/** Of two parts of an answer the one that decides for the whole. */
export function worse(a: Security, b: Security): Security {
  return rank[b.state] > rank[a.state] ? b : a;
}
