/**
 * The form of one way to break DNSSEC: what is wrong and where, a question that meets it, and what a validator has to
 * make of the answer. The ways themselves stand in breakage-of-….ts, all together in dnssec-breakage.ts.
 *
 * What is expected is what RFC 4033 to 4035, 5155, 6840 and 9276 say; where they leave it open, what this resolver has
 * decided.
 */

import { ErrorCode } from '../dns/extended-error.ts';
import type { Name } from '../dns/name.ts';
import type { Security, SecurityCheck } from '../query/security.ts';
import type { Signing } from './signer.ts';
import type { Tampering } from './tampering.ts';

export type Breakage = {
  /** Relative to the broken zone, unless it ends with a dot: `www A`, `www.sound.example. A`. */
  readonly question: string;
  readonly expected: Expected;
  /** How the zone, and the zone above it, are signed otherwise. */
  readonly signing?: Signing;
  readonly parentSigning?: Signing;
  /** What is wrong in the zone, and in the zone above it; both are given the zone's name. */
  readonly zone?: (apex: Name) => Tampering;
  readonly parent?: (apex: Name) => Tampering;
};

export type Expected =
  | { readonly state: 'secure' }
  | {
      readonly state: Exclude<Security['state'], 'secure'>;
      readonly check: SecurityCheck;
      /** Of the extended error (RFC 8914) that goes with the answer; none where it is only unsigned. */
      readonly errorCode: number | undefined;
    };

export const secure: Expected = { state: 'secure' };

export function insecure(check: SecurityCheck): Expected {
  return { state: 'insecure', check, errorCode: errorCodes[check] };
}

export function bogus(check: SecurityCheck): Expected {
  return { state: 'bogus', check, errorCode: errorCodes[check] ?? ErrorCode.DNSSEC_BOGUS };
}

export function indeterminate(check: SecurityCheck): Expected {
  return { state: 'indeterminate', check, errorCode: ErrorCode.DNSSEC_INDETERMINATE };
}

/** RFC 8914 §4; what is bogus and not listed has none that says more. */
const errorCodes: { readonly [check in SecurityCheck]?: number } = {
  'unsupported-algorithm': ErrorCode.UNSUPPORTED_DNSKEY_ALGORITHM,
  'unsupported-digest': ErrorCode.UNSUPPORTED_DS_DIGEST_TYPE,
  'nsec3-iterations': ErrorCode.UNSUPPORTED_NSEC3_ITERATIONS,
  'signature-expired': ErrorCode.SIGNATURE_EXPIRED,
  'signature-not-yet-valid': ErrorCode.SIGNATURE_NOT_YET_VALID,
  'signature-before-inception': ErrorCode.SIGNATURE_EXPIRED_BEFORE_VALID,
  'signature-missing': ErrorCode.RRSIGS_MISSING,
  'key-missing': ErrorCode.DNSKEY_MISSING,
  'ds-matches-no-key': ErrorCode.DNSKEY_MISSING,
  'no-zone-key': ErrorCode.NO_ZONE_KEY_BIT_SET,
  'denial-missing': ErrorCode.NSEC_MISSING,
};
