/**
 * What the operator lets pass, and how much work one query may cause: the two things that every check is given beside
 * the records themselves.
 */

import type { PublicKeys } from './public-key.ts';

export type ValidationPolicy = {
  /**
   * RSASHA1 (5, 7) is validated. RFC 9904 §3 leaves that to the validator; without it, zones that have nothing better
   * are insecure.
   */
  readonly acceptsRsaSha1: boolean;
  readonly clockSkew: ClockSkew;
  /** RFC 9276 §3.2: an NSEC3 chain with more iterations than this proves nothing, and its zone counts as insecure. */
  readonly maxNsec3Iterations: number;
};

/** How far our clock, or the signer's, may be wrong: a share of the signature's validity, within bounds. */
export type ClockSkew = {
  readonly fraction: number;
  readonly leastSeconds: number;
  readonly mostSeconds: number;
};

export const defaultPolicy: ValidationPolicy = {
  acceptsRsaSha1: true,
  clockSkew: { fraction: 0.1, leastSeconds: 3600, mostSeconds: 86_400 },
  maxNsec3Iterations: 50,
};

/** False when it is spent; then the check ends with `work-budget`. */
export type CryptoBudget = {
  /** Before each verification of a signature. */
  takeVerification(algorithm: number): boolean;
  /** After each that failed: these are dearer, as honest answers hardly have any. */
  countFailure(): void;
  /** Before each hash of a name or key; `rounds` is how often SHA is computed for it (RFC 5155 §5: iterations + 1). */
  takeHash(rounds: number): boolean;
  /** Then `work-budget` says nothing about the records; else there are too many of them for any query. */
  isSpent(): boolean;
};

/** What a check depends on. */
export type Validating = {
  readonly policy: ValidationPolicy;
  readonly publicKeys: PublicKeys;
  readonly budget: CryptoBudget;
};
