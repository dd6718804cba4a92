/**
 * Public keys of DNSKEY records made ready to verify with, and kept: importing a P-256 key takes longer than verifying
 * a signature with it. How many are kept is bounded.
 *
 * Formats: RSA RFC 3110 §2, ECDSA RFC 6605 §4, EdDSA RFC 8080 §3. Our bounds: a modulus of 512 to 4096 bits (RFC 3110
 * §4, RFC 5702 §2), and as in BIND an exponent of at most 35 bits, as a long one makes verifying slow. A key that is
 * malformed or out of bounds is no key; it never throws.
 */

import { createPublicKey, type KeyObject } from 'node:crypto';

import { LRUCache } from 'lru-cache';

import { signingOf } from './algorithm.ts';
import type { Dnskey } from './dnskey.ts';

export type PublicKeys = {
  /** The key to verify with; undefined when the DNSKEY holds none. */
  importKey(key: Dnskey): KeyObject | undefined;
};

export type PublicKeysOptions = { readonly maxKeys: number };

type Imported = { readonly key: KeyObject | undefined };

export function createPublicKeys(options: PublicKeysOptions = { maxKeys: 4096 }): PublicKeys {
  const imported = new LRUCache<string, Imported>({ max: options.maxKeys });
  return {
    importKey(key) {
      const octets = Buffer.from(key.publicKey.buffer, key.publicKey.byteOffset, key.publicKey.length);
      const name = key.algorithm + ' ' + octets.toString('latin1');
      let known = imported.get(name);
      if (known === undefined) imported.set(name, (known = { key: importPublicKey(key) }));
      return known.key;
    },
  };
}

type Jwk = { kty: string; crv?: string; x?: string; y?: string; n?: string; e?: string };

export function importPublicKey(key: Dnskey): KeyObject | undefined {
  const jwk = jwkOf(key);
  if (jwk === undefined) return undefined;
  try {
    return createPublicKey({ key: jwk, format: 'jwk' });
  } catch {
    // OpenSSL refuses it, for example a point that is not on the curve.
    return undefined;
  }
}

function jwkOf({ algorithm, publicKey }: Dnskey): Jwk | undefined {
  const signing = signingOf(algorithm);
  switch (signing?.kind) {
    case undefined:
      return undefined;
    case 'rsa':
      return rsaJwk(publicKey);
    case 'ecdsa': {
      const { octets, curve } = signing;
      if (publicKey.length !== 2 * octets) return undefined;
      return { kty: 'EC', crv: curve, x: base64(publicKey.subarray(0, octets)), y: base64(publicKey.subarray(octets)) };
    }
    case 'eddsa':
      if (publicKey.length !== signing.keyOctets) return undefined;
      return { kty: 'OKP', crv: signing.curve, x: base64(publicKey) };
    default:
      return signing satisfies never;
  }
}

const MODULUS_BITS = { least: 512, most: 4096 };
const MAX_EXPONENT_BITS = 35;

/** RFC 3110 §2: the exponent's length in one octet, or behind a zero octet in two; exponent; modulus. */
function rsaJwk(octets: Uint8Array): Jwk | undefined {
  const isLong = octets[0] === 0;
  const start = isLong ? 3 : 1;
  if (octets.length < start) return undefined;
  const length = isLong ? (octets[1] << 8) | octets[2] : octets[0];
  const exponent = withoutLeadingZeros(octets.subarray(start, start + length));
  const modulus = withoutLeadingZeros(octets.subarray(start + length));
  if (!isSoundExponent(exponent)) return undefined;
  const bits = bitLength(modulus);
  if (bits < MODULUS_BITS.least || bits > MODULUS_BITS.most) return undefined;
  return { kty: 'RSA', n: base64(modulus), e: base64(exponent) };
}

/** Odd and more than 1: with 1, anybody's octets are a signature. */
function isSoundExponent(exponent: Uint8Array): boolean {
  const bits = bitLength(exponent);
  return bits > 1 && bits <= MAX_EXPONENT_BITS && (exponent.at(-1)! & 1) === 1;
}

function withoutLeadingZeros(octets: Uint8Array): Uint8Array {
  let start = 0;
  while (start < octets.length && octets[start] === 0) start++;
  return octets.subarray(start);
}

/** Of a number without leading zero octets. */
function bitLength(octets: Uint8Array): number {
  return octets.length === 0 ? 0 : octets.length * 8 - (Math.clz32(octets[0]) - 24);
}

function base64(octets: Uint8Array): string {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString('base64url');
}
