/** The hash of a name (RFC 5155 §5): SHA-1 over its octets in canonical form and the salt, again `iterations` times. */

import { hash } from 'node:crypto';

import { writeName, type Name } from '../dns/name.ts';

/** 20 octets, one a character: so it is compared at once, and comes out of OpenSSL twice as fast as a Buffer does. */
export function hashName(name: Name, iterations: number, salt: Uint8Array): string {
  const first = Buffer.allocUnsafe(name.length + salt.length);
  first.set(salt, writeName(name, first, 0));
  let digest = hash('sha1', first, 'binary');
  if (iterations === 0) return digest;
  const again = Buffer.allocUnsafe(digest.length + salt.length);
  again.set(salt, digest.length);
  for (let i = 0; i < iterations; i++) {
    again.write(digest, 'latin1');
    digest = hash('sha1', again, 'binary');
  }
  return digest;
}
