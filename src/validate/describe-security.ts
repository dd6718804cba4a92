/**
 * What DNSSEC said of an answer, for people: a sentence that names zone, key, algorithm and dates, and the code of the
 * extended error (RFC 8914) that goes with it.
 */

import { ErrorCode, type ExtendedError } from '../dns/extended-error.ts';
import { nameToText } from '../dns/name.ts';
import { typeToText } from '../dns/record-type.ts';
import type { Security, SecurityCheck, SecurityReason } from '../query/security.ts';
import { algorithmToText } from './algorithm.ts';

/** Without a full stop, as log and extended errors put it among other words. */
export function describeSecurity(security: Security): string {
  return security.state === 'secure'
    ? 'proven by signatures from a trust anchor down'
    : describeReason(security.reason);
}

/** What is to be told of an answer beside its RCODE; undefined where nothing is unusual. */
export function securityError(security: Security): ExtendedError | undefined {
  if (security.state === 'secure') return undefined;
  const code = errorCodeOf(security.reason.check, security.state);
  return code === undefined ? undefined : { code, text: describeReason(security.reason) };
}

function describeReason(reason: SecurityReason): string {
  const zone = nameToText(reason.zone);
  const signature = `the signature${ofSet(reason)}${byKey(reason)}`;
  const from = dateOf(reason.inception);
  const until = dateOf(reason.expiration);
  switch (reason.check) {
    case 'no-ds':
      return `${zone} is not signed: its parent proves that there is no DS`;
    case 'opt-out':
      return `${zone} leaves unsigned what may stand here (NSEC3 opt-out)`;
    case 'unsupported-algorithm':
      return `${zone} is signed with ${algorithmOf(reason)} only, which is not supported`;
    case 'unsupported-digest':
      return `${zone} has only DS records with digests that are not supported`;
    case 'nsec3-iterations':
      return `the NSEC3 records of ${zone} have more iterations than are computed`;
    case 'negative-trust-anchor':
      return `the operator of this resolver has turned validation off for ${zone}${reason.said === undefined ? '' : `: ${reason.said}`}`;
    case 'never-signed':
      return 'signatures are not signed themselves, so whoever asks for them has to check what they cover';
    case 'wrong-clock':
      return 'not validated, as the clock of this resolver is wrong and time servers are needed to set it';
    case 'no-trust-anchor':
      return `no trust anchor stands at or above ${zone}`;
    case 'proof-unreachable':
      return `the ${reason.type === undefined ? 'records' : typeToText(reason.type)} that would prove ${zone} could not be fetched`;
    case 'signature-expired':
      return `${signature} expired on ${until}`;
    case 'signature-not-yet-valid':
      return `${signature} is not valid before ${from}`;
    case 'signature-before-inception':
      return `${signature} expires on ${until}, before it becomes valid on ${from}`;
    case 'signature-missing':
      return `no signature${ofSet(reason)} came from ${zone}, which is signed`;
    case 'signature-wrong':
      return `${signature} does not verify`;
    case 'signature-out-of-place':
      return `${signature} does not belong there: signer, labels or type do not fit`;
    case 'key-missing':
      return `${signature} names a key that ${zone} does not have`;
    case 'no-zone-key':
      return `${zone} has no zone key${reason.keyTag === undefined ? '' : ` with tag ${reason.keyTag}`} to sign with`;
    case 'ds-matches-no-key':
      return `no key of ${zone} matches the DS records of its parent or the trust anchor`;
    case 'denial-missing':
      return `${zone} did not prove that ${absent(reason)}`;
    case 'denial-wrong':
      return `the records from ${zone} do not prove that ${absent(reason)}`;
    case 'work-budget':
      return `validating ${absentOrSet(reason)} of ${zone} would have cost more than one query may`;
    default:
      return reason.check satisfies never;
  }
}

/** ` of www.example. A`. */
function ofSet(reason: SecurityReason): string {
  const set = setOf(reason);
  return set === undefined ? '' : ` of ${set}`;
}

function setOf({ owner, type }: SecurityReason): string | undefined {
  if (owner === undefined) return undefined;
  return nameToText(owner) + (type === undefined ? '' : ` ${typeToText(type)}`);
}

/** ` by key 12345 (ECDSAP256SHA256) of example.`. */
function byKey(reason: SecurityReason): string {
  if (reason.keyTag === undefined) return '';
  return ` by key ${reason.keyTag} (${algorithmOf(reason)}) of ${nameToText(reason.zone)}`;
}

function algorithmOf({ algorithm }: SecurityReason): string {
  return algorithm === undefined ? 'algorithms' : algorithmToText(algorithm);
}

function absent({ owner, type }: SecurityReason): string {
  if (owner === undefined) return 'the name or type does not exist';
  const name = nameToText(owner);
  return type === undefined ? `${name} does not exist` : `${name} has no ${typeToText(type)}`;
}

function absentOrSet(reason: SecurityReason): string {
  return setOf(reason) ?? 'the answer';
}

/** RFC 4034 §3.1.5 counts seconds modulo 2^32; until 2106 that is the time itself. */
function dateOf(seconds: number | undefined): string {
  return seconds === undefined ? 'an unknown date' : new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}

/** The registered code; undefined where an answer that is only unsigned is nothing to report. */
export function errorCodeOf(check: SecurityCheck, state: Exclude<Security['state'], 'secure'>): number | undefined {
  switch (check) {
    case 'no-ds':
    case 'opt-out':
    case 'never-signed':
      return undefined;
    case 'unsupported-algorithm':
      return ErrorCode.UNSUPPORTED_DNSKEY_ALGORITHM;
    case 'unsupported-digest':
      return ErrorCode.UNSUPPORTED_DS_DIGEST_TYPE;
    case 'nsec3-iterations':
      return ErrorCode.UNSUPPORTED_NSEC3_ITERATIONS;
    case 'negative-trust-anchor':
      return ErrorCode.NEGATIVE_TRUST_ANCHOR;
    case 'wrong-clock':
      return ErrorCode.OTHER;
    case 'no-trust-anchor':
      return ErrorCode.DNSSEC_INDETERMINATE;
    case 'proof-unreachable':
      return state === 'bogus' ? ErrorCode.NO_REACHABLE_AUTHORITY : ErrorCode.DNSSEC_INDETERMINATE;
    case 'signature-expired':
      return ErrorCode.SIGNATURE_EXPIRED;
    case 'signature-not-yet-valid':
      return ErrorCode.SIGNATURE_NOT_YET_VALID;
    case 'signature-before-inception':
      return ErrorCode.SIGNATURE_EXPIRED_BEFORE_VALID;
    case 'signature-missing':
      return ErrorCode.RRSIGS_MISSING;
    case 'key-missing':
    case 'ds-matches-no-key':
      return ErrorCode.DNSKEY_MISSING;
    case 'no-zone-key':
      return ErrorCode.NO_ZONE_KEY_BIT_SET;
    case 'denial-missing':
      return ErrorCode.NSEC_MISSING;
    case 'signature-wrong':
    case 'signature-out-of-place':
    case 'denial-wrong':
    case 'work-budget':
      return ErrorCode.DNSSEC_BOGUS;
    default:
      return check satisfies never;
  }
}
