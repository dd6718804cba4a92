import { describe, expect, test } from 'vitest';

import { asDnskey, countingBudget, pick, setsOf, validatingWith } from '../../test/support/signed-records.ts';
import { name } from '../dns/name.ts';
import { Type } from '../dns/record-type.ts';
import type { RRset } from '../dns/rrset.ts';
import { dsFields, makeKey, signZone } from '../lab/signer.ts';
import { Algorithm, type SigningKey } from '../lab/signing-keys.ts';
import type { Tampering } from '../lab/tampering.ts';
import { readZoneText } from '../lab/zone.ts';
import type { Ds } from './ds.ts';
import { validateKeySet, whyUnusable, type KeySet, type TrustPoint } from './key-set.ts';
import { defaultPolicy } from './policy.ts';

const ZONE = name('example.');
const NOW = 1_800_000_000;
const text = '@ SOA ns admin 1 7200 3600 1209600 60\n@ NS ns\nns A 192.0.2.1\n';
const ksk = makeKey(ZONE, Algorithm.ECDSAP256SHA256, 'key');
const zsk = makeKey(ZONE, Algorithm.ECDSAP256SHA256, 'zone key');

function keySetOf(tampering: Tampering = {}): RRset {
  const sets = setsOf(signZone(ZONE, readZoneText(ZONE, text, 300), {}, NOW, tampering));
  return pick(sets, ZONE, Type.DNSKEY);
}

const ds = (key: SigningKey, change: Partial<Ds> = {}): Ds => ({ ...dsFields(ZONE, key, 2), ...change });
const judge = (set: RRset, trust: Omit<TrustPoint, 'zone'>, around = validatingWith()): KeySet =>
  validateKeySet(set, { zone: ZONE, ...trust }, NOW, around);
const tagsOf = (result: KeySet): number[] | string =>
  result.kind === 'secure' ? result.keys.map(({ tag }) => tag) : result.reason.check;

test('a DS of the key that signs the key set makes all its zone keys trusted (RFC 4035 §5.2)', () => {
  const result = judge(keySetOf(), { ds: [ds(ksk)] });
  expect(tagsOf(result)).toEqual([asDnskey(ksk).tag, asDnskey(zsk).tag]);
  expect(result).toMatchObject({ kind: 'secure', zone: ZONE, ttl: 3600 });
});

test('so does a trust anchor that is the key itself', () => {
  expect(judge(keySetOf(), { ds: [], keys: [asDnskey(ksk)] }).kind).toBe('secure');
});

describe('bogus is', () => {
  test('a DS that names no key of the zone', () => {
    const stranger = makeKey(name('example.net.'), Algorithm.ECDSAP256SHA256, 'key');
    expect(tagsOf(judge(keySetOf(), { ds: [ds(stranger)] }))).toBe('ds-matches-no-key');
    expect(tagsOf(judge(keySetOf(), { ds: [ds(ksk, { digest: new Uint8Array(32) })] }))).toBe('ds-matches-no-key');
  });

  test('a DS of a key that does not sign the key set', () => {
    expect(tagsOf(judge(keySetOf(), { ds: [ds(zsk)] }))).toBe('key-missing');
  });

  test('a key set without zone keys', () => {
    const spoil = (key: SigningKey): SigningKey => ({ ...key, flags: 1 });
    const set = keySetOf({
      keys: (keys) => ({ ...keys, published: keys.published.map(spoil), signKeys: keys.signKeys.map(spoil) }),
    });
    expect(tagsOf(judge(set, { ds: [ds(spoil(ksk))] }))).toBe('no-zone-key');
  });

  test('a key set of which a key was exchanged', () => {
    const stranger = makeKey(name('example.net.'), Algorithm.ECDSAP256SHA256, 'zone key');
    const signed = keySetOf();
    const forged = { ...keySetOf({ keys: (keys) => ({ ...keys, published: [ksk, stranger] }) }) };
    expect(tagsOf(judge({ ...forged, signatures: signed.signatures! }, { ds: [ds(ksk)] }))).toBe('signature-wrong');
  });

  test('a key set that is signed by a revoked key alone (RFC 5011 §2.1)', () => {
    const revoke = (key: SigningKey): SigningKey => ({ ...key, flags: key.flags | 0x80 });
    const revoked = revoke(ksk);
    const set = keySetOf({ keys: (keys) => ({ ...keys, published: [revoked, zsk], signKeys: [revoked] }) });
    expect(judge(set, { ds: [ds(revoked)] }).kind).toBe('bogus');
    expect(judge(set, { ds: [], keys: [asDnskey(revoked)] }).kind).toBe('bogus');
  });
});

test('a revoked key is not among those that are trusted', () => {
  const old = { ...makeKey(ZONE, Algorithm.ECDSAP256SHA256, 'old'), flags: 0x0181 };
  const set = keySetOf({ keys: (keys) => ({ ...keys, published: [...keys.published, old] }) });
  expect(tagsOf(judge(set, { ds: [ds(ksk)] }))).toEqual([asDnskey(ksk).tag, asDnskey(zsk).tag]);
});

describe('insecure, never bogus, is a zone', () => {
  const whyOf = (trust: Omit<TrustPoint, 'zone'>): string | undefined =>
    whyUnusable({ zone: ZONE, ...trust }, defaultPolicy)?.check;

  test.each([
    ['none of whose DS has an algorithm that we know', [ds(ksk, { algorithm: 250 })], 'unsupported-algorithm'],
    ['none of whose DS has a digest that we know', [ds(ksk, { digestType: 99 })], 'unsupported-digest'],
  ])('%s (RFC 4035 §5.2)', (_, all, check) => {
    expect(whyOf({ ds: all })).toBe(check);
    expect(judge(keySetOf(), { ds: all })).toMatchObject({ kind: 'insecure', reason: { check } });
  });

  test('but not while one of them can be used: the others do not count for it', () => {
    const all = [ds(ksk, { algorithm: 250 }), ds(ksk)];
    expect(whyOf({ ds: all })).toBeUndefined();
    expect(judge(keySetOf(), { ds: all }).kind).toBe('secure');
  });
});

describe('HashTrap', () => {
  const wrong = Array.from({ length: 200 }, (_, i) => ds(ksk, { digest: new Uint8Array(32).fill(i) }));

  test('a key that 200 DS name is hashed once', () => {
    const budget = countingBudget();
    expect(judge(keySetOf(), { ds: [...wrong, ds(ksk)] }, validatingWith(budget)).kind).toBe('secure');
    expect(budget.hashes).toBe(1);
  });

  test('of 120 keys of one tag, 16 are hashed, and no more than the budget has', () => {
    // The tag does not see that two words have changed places (RFC 4034 Appendix B).
    const twins = Array.from({ length: 120 }, (_, i): SigningKey => {
      const publicKey = ksk.publicKey.slice();
      const [a, b] = [2 * (i % 15), 32 + 2 * Math.floor(i / 15)];
      publicKey.set(ksk.publicKey.subarray(b, b + 2), a);
      publicKey.set(ksk.publicKey.subarray(a, a + 2), b);
      return { ...ksk, publicKey };
    });
    const set = keySetOf({ keys: (keys) => ({ ...keys, published: [...twins, ksk] }) });
    const [own, small] = [countingBudget(), countingBudget({ hashes: 3 })];
    expect(tagsOf(judge(set, { ds: [...wrong, ds(ksk)] }, validatingWith(own)))).toBe('work-budget');
    expect(own.hashes).toBe(16);
    expect(tagsOf(judge(set, { ds: wrong }, validatingWith(small)))).toBe('work-budget');
    expect(small.hashes).toBe(3);
  });
});

test('DS of other tags and algorithms cost nothing', () => {
  const wrong = Array.from({ length: 200 }, (_, i) => ds(ksk, { keyTag: (asDnskey(ksk).tag + 1 + i) & 0xffff }));
  const budget = countingBudget();
  const free = wrong.filter(({ keyTag }) => keyTag !== asDnskey(zsk).tag);
  expect(judge(keySetOf(), { ds: [...free, ds(ksk)] }, validatingWith(budget)).kind).toBe('secure');
  expect(budget.hashes).toBe(1);
});
