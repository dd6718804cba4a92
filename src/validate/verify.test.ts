import { describe, expect, test } from 'vitest';

import {
  asDnskey,
  countingBudget,
  validatingWith,
  withSignatures,
  type CountingBudget,
} from '../../test/support/signed-records.ts';
import { name, nameToText, type Name } from '../dns/name.ts';
import { Type } from '../dns/record-type.ts';
import { rrset, type RRset } from '../dns/rrset.ts';
import { makeSignature, signatureRdata, type SignatureFields } from '../lab/rrsig.ts';
import { Algorithm, createSigningKey, keyTagOf, type SigningKey } from '../lab/signing-keys.ts';
import type { Dnskey } from './dnskey.ts';
import { verifyRRset, type Failed, type Verified } from './verify.ts';

const ZONE = name('example.');
const NOW = 1_800_000_000;
const DAY = 86_400;
const key = createSigningKey('verify', Algorithm.ECDSAP256SHA256, 257);
const other = createSigningKey('other', Algorithm.ECDSAP256SHA256, 256);

const address = (last: number): Uint8Array => Uint8Array.of(192, 0, 2, last);
const www = rrset(name('www.example.'), Type.A, 300, [address(2), address(1)]);

type Change = Partial<SignatureFields>;
const fieldsFor = (set: RRset, by: SigningKey, change: Change = {}): SignatureFields => ({
  typeCovered: set.type,
  algorithm: by.algorithm,
  labels: 2,
  originalTtl: 300,
  expiration: NOW + 10 * DAY,
  inception: NOW - 10 * DAY,
  keyTag: keyTagOf(by),
  signer: ZONE,
  ...change,
});
const sign = (set: RRset, by: SigningKey, change: Change = {}): Uint8Array =>
  makeSignature(fieldsFor(set, by, change), by, set.owner, [address(1), address(2)]);
/** Of the right shape, and over nothing. */
const junk = (set: RRset, by: SigningKey, seed: number, change: Change = {}): Uint8Array =>
  signatureRdata({ fields: fieldsFor(set, by, change), octets: new Uint8Array(64).fill(seed) });

function verify(
  set: RRset,
  signatures: readonly Uint8Array[],
  keys: readonly Dnskey[] = [asDnskey(key)],
  budget: CountingBudget = countingBudget(),
): Verified | Failed {
  return verifyRRset(withSignatures(set, signatures), keys, ZONE, NOW, validatingWith(budget));
}

const reasonOf = (result: Verified | Failed): string => (result.kind === 'failed' ? result.reason.check : result.kind);

test('a signed set is verified, in whatever order its records came', () => {
  expect(verify(www, [sign(www, key)])).toMatchObject({
    kind: 'verified',
    ttl: 300,
    key: { tag: keyTagOf(key) },
    signature: { keyTag: keyTagOf(key) },
    closestEncloser: undefined,
  });
});

test('one signature that holds is enough among others (RFC 6840 §5.11)', () => {
  const signatures = [junk(www, key, 1), sign(www, other), sign(www, key)];
  expect(verify(www, signatures).kind).toBe('verified');
});

describe('the reason of a failure', () => {
  const unsupported = junk(www, key, 1, { algorithm: 250 });
  const misplaced = sign(www, key, { labels: 3 });
  const unknownKey = sign(www, other);
  const wrong = junk(www, key, 1);
  const reversed = sign(www, key, { expiration: NOW - 20 * DAY });
  const early = sign(www, key, { inception: NOW + 5 * DAY });
  const expired = sign(www, key, { expiration: NOW - 2 * DAY });

  test.each([
    ['no signature came', [], 'signature-missing'],
    ['an algorithm that we do not know', [unsupported], 'unsupported-algorithm'],
    ['a signature out of place', [misplaced], 'signature-out-of-place'],
    ['a key that the zone does not have', [unknownKey], 'key-missing'],
    ['a signature that does not verify', [wrong], 'signature-wrong'],
    ['an end before the beginning', [reversed], 'signature-before-inception'],
    ['one from the future', [early], 'signature-not-yet-valid'],
    ['an expired one', [expired], 'signature-expired'],
  ])('is told: %s', (_, signatures, check) => expect(reasonOf(verify(www, signatures))).toBe(check));

  test('is the most telling of several: expired beats a wrong key, whatever the order', () => {
    const all = [unsupported, misplaced, unknownKey, wrong, reversed, early, expired];
    for (let count = 1; count <= all.length; count++) {
      const last = reasonOf(verify(www, [all[count - 1]]));
      expect(reasonOf(verify(www, all.slice(0, count)))).toBe(last);
      expect(reasonOf(verify(www, all.slice(0, count).toReversed()))).toBe(last);
    }
  });

  test('names zone, set, key, algorithm and dates', () => {
    expect(verify(www, [expired])).toEqual({
      kind: 'failed',
      reason: {
        check: 'signature-expired',
        zone: ZONE,
        owner: www.owner,
        type: Type.A,
        keyTag: keyTagOf(key),
        algorithm: 13,
        inception: NOW - 10 * DAY,
        expiration: NOW - 2 * DAY,
      },
    });
  });
});

describe('keys', () => {
  test('that are no zone keys do not sign (RFC 4034 §2.1.1, §2.1.2)', () => {
    for (const change of [{ flags: 0x0001 }, { protocol: 2 }]) {
      const spoilt = { ...key, ...change };
      expect(reasonOf(verify(www, [sign(www, spoilt)], [asDnskey(spoilt)]))).toBe('no-zone-key');
    }
  });

  test('that are revoked sign nothing but the key set (RFC 5011 §2.1)', () => {
    const revoked = { ...key, flags: 0x0181 };
    expect(reasonOf(verify(www, [sign(www, revoked)], [asDnskey(revoked)]))).toBe('key-missing');
    const rdata = asDnskey(revoked).rdata;
    const keySet = rrset(ZONE, Type.DNSKEY, 300, [rdata]);
    const signature = makeSignature(fieldsFor(keySet, revoked, { labels: 1 }), revoked, ZONE, [rdata]);
    expect(verify(keySet, [signature], [asDnskey(revoked)]).kind).toBe('verified');
  });

  test('of the same tag and another algorithm are another key', () => {
    const twin = { ...asDnskey(key), algorithm: 8 };
    expect(reasonOf(verify(www, [sign(www, key)], [twin]))).toBe('key-missing');
  });

  test('with octets that are no key do not verify, and do not throw', () => {
    const { tag } = asDnskey(key);
    const broken = { ...asDnskey(key), publicKey: new Uint8Array(3), tag };
    expect(reasonOf(verify(www, [sign(www, key)], [broken]))).toBe('signature-wrong');
  });
});

test.each([0, 1, 63, 65, 255, 4000])('a signature of %i octets does not verify', (length) => {
  for (const algorithm of Object.values(Algorithm)) {
    const by = createSigningKey('lengths', algorithm, 256);
    const octets = new Uint8Array(length).fill(7);
    const rdata = signatureRdata({ fields: fieldsFor(www, by), octets });
    expect(reasonOf(verify(www, [rdata], [asDnskey(by)]))).toBe('signature-wrong');
  }
});

test('a signature whose octets are not an RRSIG is passed over', () => {
  expect(reasonOf(verify(www, [new Uint8Array(10)]))).toBe('signature-missing');
});

describe('the TTL (RFC 4035 §5.3.3)', () => {
  const ttl = (set: RRset, change: Change): number | string => {
    const result = verify(set, [sign(set, key, change)]);
    return result.kind === 'verified' ? result.ttl : result.reason.check;
  };

  test('is the one that came when that is the least', () => expect(ttl({ ...www, ttl: 7 }, {})).toBe(7));

  test('is not above the one that was signed', () => {
    expect(ttl({ ...www, ttl: DAY }, { originalTtl: 300 })).toBe(300);
  });

  test('does not outlast the signature', () => {
    expect(ttl({ ...www, ttl: 1000 }, { originalTtl: 1000, expiration: NOW + 11 })).toBe(11);
  });

  test('is a minute where only the allowance for wrong clocks keeps the signature alive', () => {
    const change = { originalTtl: 1000, expiration: NOW - 5 };
    expect(ttl({ ...www, ttl: 1000 }, change)).toBe(60);
    const allowed = DAY - 1;
    expect(ttl({ ...www, ttl: 1000 }, { ...change, inception: NOW - 100 * DAY, expiration: NOW - allowed })).toBe(1);
  });
});

describe('wildcards', () => {
  const expanded = rrset(name('a.b.example.'), Type.A, 300, [address(2), address(1)]);
  const encloserOf = (result: Verified | Failed): string | undefined => {
    const encloser: Name | undefined = result.kind === 'verified' ? result.closestEncloser : undefined;
    return encloser === undefined ? undefined : nameToText(encloser);
  };

  test('an expanded set is verified as what it was expanded from', () => {
    const [wide, near] = [sign(expanded, key, { labels: 1 }), sign(expanded, key, { labels: 2 })];
    expect(encloserOf(verify(expanded, [wide]))).toBe('example.');
    expect(encloserOf(verify(expanded, [near]))).toBe('b.example.');
  });

  test('the wildcard asked for by its own name is not expanded', () => {
    const wildcard = rrset(name('*.example.'), Type.A, 300, [address(2), address(1)]);
    const result = verify(wildcard, [sign(wildcard, key, { labels: 1 })]);
    expect(result.kind).toBe('verified');
    expect(encloserOf(result)).toBeUndefined();
  });

  test('a signature of one wildcard does not hold for another', () => {
    const signature = sign(expanded, key, { labels: 1 });
    signature[3] = 2;
    expect(reasonOf(verify(expanded, [signature]))).toBe('signature-wrong');
  });
});

describe('work is bounded (KeyTrap)', () => {
  /** As many keys of one tag as wanted: the octets of a key are swapped by pairs, which leaves their sum. */
  const collisions = (count: number): Dnskey[] => {
    const { rdata, ...fields } = asDnskey(other);
    return Array.from({ length: count }, (_, i) => {
      const swapped = new Uint8Array(rdata);
      const [a, b] = [4 + 2 * (i % 8), 20 + 2 * Math.floor(i / 8)];
      [swapped[a], swapped[b]] = [swapped[b], swapped[a]];
      return { ...fields, rdata: swapped, publicKey: swapped.subarray(4) };
    });
  };

  test('of 100 signatures and 120 keys of one tag, 4 are tried, and no more than the budget has', () => {
    const signatures = Array.from({ length: 100 }, (_, i) => junk(www, other, i));
    const budget = countingBudget();
    expect(reasonOf(verify(www, signatures, collisions(120), budget))).toBe('work-budget');
    expect(budget.verifications).toBe(4);
    const small = countingBudget({ verifications: 3 });
    expect(reasonOf(verify(www, signatures, collisions(120), small))).toBe('work-budget');
    expect(small.verifications).toBe(3);
  });

  test('two keys may share a tag by chance', () => {
    const [twin] = collisions(1);
    expect(verify(www, [sign(www, other)], [twin, asDnskey(other)]).kind).toBe('verified');
  });

  test('a third key of the same tag is not tried', () => {
    const budget = countingBudget();
    const keys = [...collisions(2), asDnskey(other)];
    expect(reasonOf(verify(www, [sign(www, other)], keys, budget))).toBe('signature-wrong');
    expect(budget.verifications).toBe(2);
  });

  test('signatures that are expired or out of place cost nothing', () => {
    const budget = countingBudget();
    const dead = Array.from({ length: 50 }, (_, i) => junk(www, key, i, { expiration: NOW - 2 * DAY - i }));
    expect(verify(www, [...dead, sign(www, key)], [asDnskey(key)], budget).kind).toBe('verified');
    expect(budget.verifications).toBe(1);
  });
});
