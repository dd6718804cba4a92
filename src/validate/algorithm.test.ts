import { expect, test } from 'vitest';

import { algorithmToText, digestOf, isSupportedAlgorithm } from './algorithm.ts';
import { defaultPolicy } from './policy.ts';

const all = Array.from({ length: 256 }, (_, algorithm) => algorithm);

test('RSA, ECDSA and EdDSA are validated, RSASHA1 with them (RFC 9904 §2)', () => {
  expect(all.filter((algorithm) => isSupportedAlgorithm(algorithm, defaultPolicy))).toEqual([
    5, 7, 8, 10, 13, 14, 15, 16,
  ]);
});

test('RSASHA1 can be switched off', () => {
  const policy = { ...defaultPolicy, acceptsRsaSha1: false };
  expect(all.filter((algorithm) => isSupportedAlgorithm(algorithm, policy))).toEqual([8, 10, 13, 14, 15, 16]);
});

test('digests are SHA-1, SHA-256 and SHA-384', () => {
  expect(all.filter((type) => digestOf(type) !== undefined)).toEqual([1, 2, 4]);
});

test('algorithms have names, unknown ones their number', () => {
  expect([13, 5, 250].map(algorithmToText)).toEqual(['ECDSAP256SHA256', 'RSASHA1', 'algorithm 250']);
});
