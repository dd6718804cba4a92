import { describe, expect, test } from 'vitest';

import { asDnskey } from '../../test/support/signed-records.ts';
import { Algorithm, createSigningKey } from '../lab/signing-keys.ts';
import { readDnskey, type Dnskey } from './dnskey.ts';
import { createPublicKeys, importPublicKey } from './public-key.ts';

const dnskey = (algorithm: number, octets: readonly number[]): Dnskey =>
  readDnskey(Uint8Array.from([1, 0, 3, algorithm, ...octets]))!;

const number = (length: number, first = 0xc3): number[] => Array.from({ length }, (_, i) => (i === 0 ? first : 0xa5));

describe('RSA (RFC 3110 §2)', () => {
  test.each([
    ['512 bits, exponent 3', [1, 3, ...number(64)]],
    ['4096 bits, exponent 65537', [3, 1, 0, 1, ...number(512)]],
    ['the length of the exponent in the long form', [0, 0, 3, 1, 0, 1, ...number(128)]],
    ['zero octets before exponent and modulus', [4, 0, 1, 0, 1, 0, 0, ...number(128)]],
    ['an exponent of 35 bits', [5, 7, 0, 0, 0, 1, ...number(128)]],
  ])('%s is a key', (_, octets) => {
    expect(importPublicKey(dnskey(8, octets))?.asymmetricKeyType).toBe('rsa');
  });

  test.each([
    ['a modulus of 511 bits', [3, 1, 0, 1, ...number(64, 0x43)]],
    ['a modulus of 4097 bits', [3, 1, 0, 1, ...number(513, 1)]],
    ['an exponent of 36 bits', [5, 8, 0, 0, 0, 1, ...number(128)]],
    ['the exponent 1', [1, 1, ...number(128)]],
    ['an even exponent', [1, 4, ...number(128)]],
    ['no exponent', [0, 0, 0, ...number(128)]],
    ['an exponent longer than the octets', [200, 1, 0, 1, ...number(64)]],
    ['a long length that is cut off', [0, 1]],
    ['one octet', [3]],
    ['nothing but zeros', Array.from({ length: 128 }, () => 0)],
  ])('%s is none', (_, octets) => {
    expect(importPublicKey(dnskey(8, octets))).toBeUndefined();
  });
});

describe('ECDSA and EdDSA', () => {
  test.each([
    ['ECDSAP256SHA256', 63],
    ['ECDSAP256SHA256', 65],
    ['ECDSAP384SHA384', 95],
    ['ED25519', 31],
    ['ED25519', 33],
    ['ED448', 56],
  ] as const)('a key of %s in %i octets is none', (algorithm, length) => {
    expect(importPublicKey(dnskey(Algorithm[algorithm], number(length)))).toBeUndefined();
  });

  test('a point that is not on the curve is no key', () => {
    expect(importPublicKey(dnskey(Algorithm.ECDSAP256SHA256, number(64)))).toBeUndefined();
    expect(importPublicKey(dnskey(Algorithm.ECDSAP384SHA384, number(96)))).toBeUndefined();
  });
});

test.each(Object.entries(Algorithm))('a sound key of %s is imported', (_, algorithm) => {
  expect(importPublicKey(asDnskey(createSigningKey('key', algorithm, 256)))?.type).toBe('public');
});

test('an algorithm that we do not know has no keys', () => {
  expect(importPublicKey(dnskey(250, number(64)))).toBeUndefined();
});

test('a key is imported once, and again after as many others as are kept', () => {
  const keys = createPublicKeys({ maxKeys: 2 });
  const [a, b, c] = ['a', 'b', 'c'].map((label) => asDnskey(createSigningKey(label, Algorithm.ED25519, 256)));
  const first = keys.importKey(a);
  expect(keys.importKey(a)).toBe(first);
  keys.importKey(b);
  keys.importKey(c);
  expect(keys.importKey(a)).not.toBe(first);
});

test('the same octets under another algorithm are another key', () => {
  const keys = createPublicKeys();
  const key = asDnskey(createSigningKey('a', Algorithm.ED25519, 256));
  expect(keys.importKey(key)).toBeDefined();
  expect(keys.importKey({ ...key, algorithm: Algorithm.RSASHA256 })).toBeUndefined();
});
