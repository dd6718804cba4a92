/**
 * Key pairs for the zones of the lab, made from a label: the same label gives the same key in every run, so key tags,
 * DS records and anchors in tests and transcripts stay what they are. Everybody can make them again; they guard nothing.
 *
 * Algorithms are those that a validator knows (RFC 9904 §2): RSA with SHA-1, SHA-256 and SHA-512 (RFC 3110, RFC 5702),
 * ECDSA (RFC 6605), Ed25519 and Ed448 (RFC 8080). Nothing here is shared with src/validate, which has to find our
 * mistakes. What a key signs is signer.ts.
 */

import { checkPrimeSync, createECDH, createHash, createPrivateKey, sign, type KeyObject } from 'node:crypto';

export const Algorithm = {
  RSASHA1: 5,
  'RSASHA1-NSEC3-SHA1': 7,
  RSASHA256: 8,
  RSASHA512: 10,
  ECDSAP256SHA256: 13,
  ECDSAP384SHA384: 14,
  ED25519: 15,
  ED448: 16,
} as const;
export type SigningAlgorithm = (typeof Algorithm)[keyof typeof Algorithm];

/** A DNSKEY record (RFC 4034 §2) and what signs for it. Fields may be made to lie; `sign` stays what it is. */
export type SigningKey = {
  readonly flags: number;
  readonly protocol: number;
  readonly algorithm: number;
  readonly publicKey: Uint8Array;
  sign(octets: Uint8Array): Uint8Array;
};

/** RFC 4034 §2.1.1, RFC 5011 §7. */
export const KeyFlag = { ZONE: 0x0100, REVOKE: 0x0080, SEP: 0x0001 } as const;

/** RFC 4034 §2.1.2. */
const PROTOCOL = 3;

export function createSigningKey(label: string, algorithm: SigningAlgorithm, flags: number): SigningKey {
  return { flags, protocol: PROTOCOL, algorithm, ...keyPair(label, algorithm) };
}

export function dnskeyRdata({ flags, protocol, algorithm, publicKey }: SigningKey): Uint8Array {
  return Uint8Array.of(flags >> 8, flags & 0xff, protocol, algorithm, ...publicKey);
}

export function keyTagOf(key: SigningKey): number {
  return keyTag(dnskeyRdata(key));
}

/** RFC 4034 Appendix B. */
export function keyTag(rdata: Uint8Array): number {
  let sum = 0;
  for (const [i, octet] of rdata.entries()) sum += i % 2 === 0 ? octet << 8 : octet;
  return (sum + (sum >> 16)) & 0xffff;
}

type KeyPair = Pick<SigningKey, 'publicKey' | 'sign'>;

/** Making an RSA key takes longer than signing a zone with it. */
const made = new Map<string, KeyPair>();

function keyPair(label: string, algorithm: SigningAlgorithm): KeyPair {
  const id = `${algorithm} ${label}`;
  const known = made.get(id);
  if (known !== undefined) return known;
  const pair = makePair(id, algorithm);
  made.set(id, pair);
  return pair;
}

function makePair(id: string, algorithm: SigningAlgorithm): KeyPair {
  switch (algorithm) {
    case Algorithm.RSASHA1:
    case Algorithm['RSASHA1-NSEC3-SHA1']:
      return rsaPair(id, 'sha1');
    case Algorithm.RSASHA256:
      return rsaPair(id, 'sha256');
    case Algorithm.RSASHA512:
      return rsaPair(id, 'sha512');
    case Algorithm.ECDSAP256SHA256:
      return ecdsaPair(id, { curve: 'prime256v1', name: 'P-256', octets: 32, hash: 'sha256' });
    case Algorithm.ECDSAP384SHA384:
      return ecdsaPair(id, { curve: 'secp384r1', name: 'P-384', octets: 48, hash: 'sha384' });
    case Algorithm.ED25519:
      return edwardsPair(id, { prefix: '302e020100300506032b657004220420', octets: 32 });
    case Algorithm.ED448:
      return edwardsPair(id, { prefix: '3047020100300506032b6571043b0439', octets: 57 });
    default:
      return algorithm satisfies never;
  }
}

/** As many octets as wanted, a function of the text alone. */
function expand(text: string, octets: number): Buffer {
  return createHash('shake256', { outputLength: octets }).update(text).digest();
}

type Curve = { readonly curve: string; readonly name: string; readonly octets: number; readonly hash: string };

/** RFC 6605 §4: the key is the point's two coordinates, a signature r and s, each of the field's size. */
function ecdsaPair(id: string, { curve, name, octets, hash }: Curve): KeyPair {
  const scalar = expand(id, octets);
  const pair = createECDH(curve);
  pair.setPrivateKey(scalar);
  const point = pair.getPublicKey().subarray(1);
  const [x, y] = [point.subarray(0, octets), point.subarray(octets)];
  const jwk = { kty: 'EC', crv: name, d: toBase64(scalar), x: toBase64(x), y: toBase64(y) };
  const key = createPrivateKey({ key: jwk, format: 'jwk' });
  return {
    publicKey: new Uint8Array(point),
    sign: (signed) => new Uint8Array(sign(hash, signed, { key, dsaEncoding: 'ieee-p1363' })),
  };
}

/** RFC 8410 §7: the private key is octets alone, behind a fixed prefix. */
function edwardsPair(id: string, form: { readonly prefix: string; readonly octets: number }): KeyPair {
  const der = Buffer.concat([Buffer.from(form.prefix, 'hex'), expand(id, form.octets)]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const { x = '' } = key.export({ format: 'jwk' });
  return { publicKey: fromBase64(x), sign: (signed) => new Uint8Array(sign(null, signed, key)) };
}

/** Short for RSA, as the lab signs often and guards nothing. */
const MODULUS_OCTETS = 128;
const EXPONENT = 65_537n;

/** RFC 3110 §2: the key is the exponent behind its length, then the modulus. */
function rsaPair(id: string, hash: string): KeyPair {
  const key = rsaKey(id);
  const { n = '', e = '' } = key.export({ format: 'jwk' });
  const exponent = fromBase64(e);
  return {
    publicKey: Uint8Array.of(exponent.length, ...exponent, ...fromBase64(n)),
    sign: (signed) => new Uint8Array(sign(hash, signed, key)),
  };
}

function rsaKey(id: string): KeyObject {
  const [p, q] = [primeFrom(`${id} p`), primeFrom(`${id} q`)];
  const d = inverse(EXPONENT, (p - 1n) * (q - 1n));
  const parts = { n: p * q, e: EXPONENT, d, p, q, dp: d % (p - 1n), dq: d % (q - 1n), qi: inverse(q, p) };
  const jwk = Object.fromEntries(Object.entries(parts).map(([part, value]) => [part, toBase64(bigOctets(value))]));
  return createPrivateKey({ key: { kty: 'RSA', ...jwk }, format: 'jwk' });
}

/** The first prime from a number on that the text gives, and that is not 1 modulo the exponent. */
function primeFrom(text: string): bigint {
  const octets = expand(text, MODULUS_OCTETS / 2);
  // The two upper bits: the product of two such primes has the full length.
  octets[0] |= 0xc0;
  octets[octets.length - 1] |= 1;
  let candidate = BigInt(`0x${octets.toString('hex')}`);
  while (candidate % EXPONENT === 1n || !checkPrimeSync(candidate)) candidate += 2n;
  return candidate;
}

/** The inverse of `a` modulo `m`, by Euclid's algorithm. */
function inverse(a: bigint, m: bigint): bigint {
  let [r, s] = [m, a % m];
  let [u, v] = [0n, 1n];
  while (s !== 0n) {
    const q = r / s;
    [r, s] = [s, r - q * s];
    [u, v] = [v, u - q * v];
  }
  return u < 0n ? u + m : u;
}

function bigOctets(value: bigint): Buffer {
  const hex = value.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
}

function toBase64(octets: Uint8Array): string {
  return Buffer.from(octets).toString('base64url');
}

function fromBase64(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'base64url'));
}
