import { describe, expect, test } from 'vitest';

import { asDnskey } from '../../test/support/signed-records.ts';
import { name } from '../dns/name.ts';
import { dsFields, type DigestType } from '../lab/signer.ts';
import { Algorithm, createSigningKey } from '../lab/signing-keys.ts';
import { matchesDs, readDs, usableDs, type Ds } from './ds.ts';
import { defaultPolicy } from './policy.ts';

const ds = (algorithm: number, digestType: number): Ds => ({
  keyTag: 1,
  algorithm,
  digestType,
  digest: new Uint8Array(32),
});

describe('which DS of a set are used', () => {
  test.each([
    [
      'all that are understood',
      [
        [13, 2],
        [8, 4],
      ],
      [
        [13, 2],
        [8, 4],
      ],
    ],
    [
      'not those of an unknown algorithm beside them',
      [
        [13, 2],
        [250, 2],
      ],
      [[13, 2]],
    ],
    [
      'not those with an unknown digest beside them',
      [
        [13, 2],
        [13, 99],
      ],
      [[13, 2]],
    ],
    [
      'not SHA-1 beside SHA-256 (RFC 4509 §3)',
      [
        [13, 1],
        [13, 2],
      ],
      [[13, 2]],
    ],
    [
      'not SHA-1 beside SHA-384',
      [
        [8, 1],
        [13, 4],
      ],
      [[13, 4]],
    ],
    ['SHA-1 where nothing better is there', [[13, 1]], [[13, 1]]],
    [
      'SHA-1 where what is better cannot be used',
      [
        [13, 1],
        [250, 2],
      ],
      [[13, 1]],
    ],
  ])('%s', (_, set, used) => {
    const result = usableDs(
      set.map(([algorithm, digestType]) => ds(algorithm, digestType)),
      defaultPolicy,
    );
    const kept = result.kind === 'usable' ? result.ds.map((one) => [one.algorithm, one.digestType]) : result;
    expect(kept).toEqual(used);
  });

  test.each([
    [
      'unsupported-algorithm',
      [
        [250, 2],
        [1, 2],
      ],
    ],
    [
      'unsupported-digest',
      [
        [250, 2],
        [13, 99],
      ],
    ],
    ['unsupported-algorithm', [[5, 2]]],
  ])('none, for want of a usable one: %s', (check, set) => {
    const policy = { ...defaultPolicy, acceptsRsaSha1: false };
    const all = set.map(([algorithm, digestType]) => ds(algorithm, digestType));
    expect(usableDs(all, policy)).toMatchObject({ kind: 'none', check });
  });
});

describe('a DS and a key', () => {
  const zone = name('example.');
  const signing = createSigningKey('ds', Algorithm.ED25519, 257);
  const key = asDnskey(signing);

  test.each([1, 2, 4] as DigestType[])('belong together by digest type %i (RFC 4034 §5.1.4)', (digestType) => {
    expect(matchesDs(zone, key, dsFields(zone, signing, digestType))).toBe(true);
    expect(matchesDs(name('example.net.'), key, dsFields(zone, signing, digestType))).toBe(false);
  });

  const sound = dsFields(zone, signing, 2);
  test.each([
    ['another tag', { keyTag: sound.keyTag ^ 1 }],
    ['another algorithm', { algorithm: 16 }],
    ['an unknown digest type', { digestType: 3 }],
    ['another digest type of another length', { digestType: 4 }],
    ['a digest that is cut', { digest: sound.digest.subarray(1) }],
    ['a digest that is empty', { digest: new Uint8Array(0) }],
    ['another digest', { digest: sound.digest.map((octet) => octet ^ 1) }],
  ])('do not with %s', (_, change) => {
    expect(matchesDs(zone, key, { ...sound, ...change })).toBe(false);
  });

  test('do not when the key is revoked or no zone key (RFC 5011 §2.1, RFC 4034 §2.1.1)', () => {
    for (const flags of [0x0181, 0x0001]) {
      const other = { ...signing, flags };
      expect(matchesDs(zone, asDnskey(other), dsFields(zone, other, 2))).toBe(false);
    }
  });
});

test('fewer octets than a DS needs are none', () => {
  expect(readDs(Uint8Array.of(0, 1, 8, 2))).toBeUndefined();
});
