/**
 * One verification of one signature with one key, by node:crypto and at once. RSA RFC 3110 and RFC 5702, ECDSA
 * RFC 6605 §4, EdDSA RFC 8080 §4. Whatever is malformed is a signature that does not verify; nothing throws.
 */

import { verify, type KeyObject } from 'node:crypto';

import { signingOf } from './algorithm.ts';
import type { Dnskey } from './dnskey.ts';
import type { PublicKeys } from './public-key.ts';
import type { Rrsig } from './rrsig.ts';

export function verifySignature(
  { algorithm, signature }: Rrsig,
  key: Dnskey,
  octets: Uint8Array,
  publicKeys: PublicKeys,
): boolean {
  const imported = publicKeys.importKey(key);
  if (imported === undefined || key.algorithm !== algorithm) return false;
  try {
    return verifyWith(imported, algorithm, octets, signature);
  } catch {
    return false;
  }
}

function verifyWith(key: KeyObject, algorithm: number, octets: Uint8Array, signature: Uint8Array): boolean {
  const signing = signingOf(algorithm);
  switch (signing?.kind) {
    case undefined:
      return false;
    case 'rsa':
      return verify(signing.hash, octets, key, signature);
    case 'ecdsa':
      if (signature.length !== 2 * signing.octets) return false;
      return verify(signing.hash, octets, { key, dsaEncoding: 'ieee-p1363' }, signature);
    case 'eddsa':
      return signature.length === signing.signatureOctets && verify(null, octets, key, signature);
    default:
      return signing satisfies never;
  }
}
