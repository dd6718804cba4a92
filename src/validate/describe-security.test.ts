import { expect, test } from 'vitest';

import { ErrorCode } from '../dns/extended-error.ts';
import { name } from '../dns/name.ts';
import { Type } from '../dns/record-type.ts';
import type { Security, SecurityCheck, SecurityReason } from '../query/security.ts';
import { describeSecurity, securityError } from './describe-security.ts';

const set = { owner: name('www.example.'), type: Type.A as number };
const signed = {
  ...set,
  keyTag: 12345,
  algorithm: 13,
  inception: Date.UTC(2026, 9, 1) / 1000,
  expiration: Date.UTC(2026, 10, 1) / 1000,
};
const BY = 'by key 12345 (ECDSAP256SHA256) of example.';

type Row = [Exclude<Security['state'], 'secure'>, SecurityCheck, Partial<SecurityReason>, string, number | undefined];

const rows: Row[] = [
  ['insecure', 'no-ds', {}, 'example. is not signed: its parent proves that there is no DS', undefined],
  ['insecure', 'opt-out', set, 'example. leaves unsigned what may stand here (NSEC3 opt-out)', undefined],
  [
    'insecure',
    'unsupported-algorithm',
    { algorithm: 250 },
    'example. is signed with algorithm 250 only, which is not supported',
    ErrorCode.UNSUPPORTED_DNSKEY_ALGORITHM,
  ],
  [
    'insecure',
    'unsupported-digest',
    {},
    'example. has only DS records with digests that are not supported',
    ErrorCode.UNSUPPORTED_DS_DIGEST_TYPE,
  ],
  [
    'insecure',
    'nsec3-iterations',
    {},
    'the NSEC3 records of example. have more iterations than are computed',
    ErrorCode.UNSUPPORTED_NSEC3_ITERATIONS,
  ],
  [
    'insecure',
    'negative-trust-anchor',
    {},
    'the operator of this resolver has turned validation off for example.',
    ErrorCode.NEGATIVE_TRUST_ANCHOR,
  ],
  [
    'insecure',
    'never-signed',
    {},
    'signatures are not signed themselves, so whoever asks for them has to check what they cover',
    undefined,
  ],
  [
    'indeterminate',
    'no-trust-anchor',
    {},
    'no trust anchor stands at or above example.',
    ErrorCode.DNSSEC_INDETERMINATE,
  ],
  [
    'indeterminate',
    'proof-unreachable',
    { type: Type.DNSKEY },
    'the DNSKEY that would prove example. could not be fetched',
    ErrorCode.DNSSEC_INDETERMINATE,
  ],
  [
    'bogus',
    'proof-unreachable',
    {},
    'the records that would prove example. could not be fetched',
    ErrorCode.NO_REACHABLE_AUTHORITY,
  ],
  [
    'bogus',
    'signature-expired',
    signed,
    `the signature of www.example. A ${BY} expired on 2026-11-01T00:00:00Z`,
    ErrorCode.SIGNATURE_EXPIRED,
  ],
  [
    'bogus',
    'signature-not-yet-valid',
    signed,
    `the signature of www.example. A ${BY} is not valid before 2026-10-01T00:00:00Z`,
    ErrorCode.SIGNATURE_NOT_YET_VALID,
  ],
  [
    'bogus',
    'signature-before-inception',
    { ...signed, inception: signed.expiration, expiration: signed.inception },
    `the signature of www.example. A ${BY} expires on 2026-10-01T00:00:00Z, before it becomes valid on 2026-11-01T00:00:00Z`,
    ErrorCode.SIGNATURE_EXPIRED_BEFORE_VALID,
  ],
  [
    'bogus',
    'signature-missing',
    set,
    'no signature of www.example. A came from example., which is signed',
    ErrorCode.RRSIGS_MISSING,
  ],
  ['bogus', 'signature-wrong', signed, `the signature of www.example. A ${BY} does not verify`, ErrorCode.DNSSEC_BOGUS],
  [
    'bogus',
    'signature-out-of-place',
    signed,
    `the signature of www.example. A ${BY} does not belong there: signer, labels or type do not fit`,
    ErrorCode.DNSSEC_BOGUS,
  ],
  [
    'bogus',
    'key-missing',
    signed,
    `the signature of www.example. A ${BY} names a key that example. does not have`,
    ErrorCode.DNSKEY_MISSING,
  ],
  [
    'bogus',
    'no-zone-key',
    signed,
    'example. has no zone key with tag 12345 to sign with',
    ErrorCode.NO_ZONE_KEY_BIT_SET,
  ],
  ['bogus', 'no-zone-key', {}, 'example. has no zone key to sign with', ErrorCode.NO_ZONE_KEY_BIT_SET],
  [
    'bogus',
    'ds-matches-no-key',
    {},
    'no key of example. matches the DS records of its parent or the trust anchor',
    ErrorCode.DNSKEY_MISSING,
  ],
  ['bogus', 'denial-missing', set, 'example. did not prove that www.example. has no A', ErrorCode.NSEC_MISSING],
  [
    'bogus',
    'denial-wrong',
    { owner: set.owner },
    'the records from example. do not prove that www.example. does not exist',
    ErrorCode.DNSSEC_BOGUS,
  ],
  [
    'bogus',
    'work-budget',
    set,
    'validating www.example. A of example. would have cost more than one query may',
    ErrorCode.DNSSEC_BOGUS,
  ],
];

test.each(rows)('%s, %s: %j', (state, check, facts, sentence, code) => {
  const security: Security = { state, reason: { check, zone: name('example.'), ...facts } };
  expect(describeSecurity(security)).toBe(sentence);
  expect(securityError(security)).toEqual(code === undefined ? undefined : { code, text: sentence });
});

test('what is secure has nothing to report', () => {
  expect(securityError({ state: 'secure' })).toBeUndefined();
  expect(describeSecurity({ state: 'secure' })).toBe('proven by signatures from a trust anchor down');
});
