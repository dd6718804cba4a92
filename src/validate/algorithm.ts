/**
 * Which signature and digest algorithms are understood, and what they are called (RFC 9904 and the IANA registries
 * "DNS Security Algorithm Numbers" and "DS RR Type Digest Algorithms").
 *
 * An algorithm that is not understood makes its zone insecure, never bogus (RFC 4035 §5.2): that is decided where the
 * DS records are read, ds.ts. Of the understood ones RSASHA1 alone can be switched off.
 */

import { algorithmMnemonics } from '../dns/text/dnssec-fields.ts';
import type { ValidationPolicy } from './policy.ts';

export type Signing =
  | { readonly kind: 'rsa'; readonly hash: 'sha1' | 'sha256' | 'sha512' }
  | {
      readonly kind: 'ecdsa';
      readonly hash: 'sha256' | 'sha384';
      readonly curve: 'P-256' | 'P-384';
      /** Of one coordinate; a key and a signature have two (RFC 6605 §4). */
      readonly octets: number;
    }
  | {
      readonly kind: 'eddsa';
      readonly curve: 'Ed25519' | 'Ed448';
      readonly keyOctets: number;
      readonly signatureOctets: number;
    };

const signings = new Map<number, Signing>([
  [5, { kind: 'rsa', hash: 'sha1' }],
  [7, { kind: 'rsa', hash: 'sha1' }],
  [8, { kind: 'rsa', hash: 'sha256' }],
  [10, { kind: 'rsa', hash: 'sha512' }],
  [13, { kind: 'ecdsa', hash: 'sha256', curve: 'P-256', octets: 32 }],
  [14, { kind: 'ecdsa', hash: 'sha384', curve: 'P-384', octets: 48 }],
  [15, { kind: 'eddsa', curve: 'Ed25519', keyOctets: 32, signatureOctets: 64 }],
  [16, { kind: 'eddsa', curve: 'Ed448', keyOctets: 57, signatureOctets: 114 }],
]);

/** How signatures of the algorithm are verified; undefined for one that we do not know. */
export function signingOf(algorithm: number): Signing | undefined {
  return signings.get(algorithm);
}

export function isSupportedAlgorithm(algorithm: number, policy: ValidationPolicy): boolean {
  const signing = signings.get(algorithm);
  if (signing === undefined) return false;
  return policy.acceptsRsaSha1 || signing.kind !== 'rsa' || signing.hash !== 'sha1';
}

/** What verifying one signature takes, in µs on a slow machine. */
export function verifyingMicros(algorithm: number): number {
  const signing = signings.get(algorithm);
  switch (signing?.kind) {
    case undefined:
      return 0;
    case 'rsa':
      return 60;
    case 'ecdsa':
      return signing.curve === 'P-384' ? 1300 : 150;
    case 'eddsa':
      return signing.curve === 'Ed448' ? 500 : 150;
    default:
      return signing satisfies never;
  }
}

export const DigestType = { SHA1: 1, SHA256: 2, SHA384: 4 } as const;

export type Digest = { readonly hash: 'sha1' | 'sha256' | 'sha384'; readonly octets: number };

const digests = new Map<number, Digest>([
  [DigestType.SHA1, { hash: 'sha1', octets: 20 }],
  [DigestType.SHA256, { hash: 'sha256', octets: 32 }],
  [DigestType.SHA384, { hash: 'sha384', octets: 48 }],
]);

/** How digests of a DS are computed; undefined for a digest type that we do not know. */
export function digestOf(digestType: number): Digest | undefined {
  return digests.get(digestType);
}

const mnemonics = new Map<number, string>(Object.entries(algorithmMnemonics).map(([text, value]) => [value, text]));

/** `ECDSAP256SHA256`, … and `algorithm 250` for one without a name. */
export function algorithmToText(algorithm: number): string {
  return mnemonics.get(algorithm) ?? `algorithm ${algorithm}`;
}
