/**
 * Zones of the KeyTrap family (CVE-2023-50387): many keys of one tag, many signatures that might be by any of them, many
 * DS. What is made of them is d01-keytrap.test.ts, and what it costs in time bench/hostile-dnssec.ts.
 */

import { name, type Name } from '../../src/dns/name.ts';
import { Type } from '../../src/dns/record-type.ts';
import { Algorithm, dnskeyRdata, keyTag, keyTagOf, type SigningKey } from '../../src/lab/signing-keys.ts';
import { makeKey, type KeySet, type Signing } from '../../src/lab/signer.ts';
import { afterSigning, flipped, together, withOctets, type Tampering } from '../../src/lab/tampering.ts';
import { simulatedInternet, type SimulatedInternet } from '../support/simulated-internet.ts';

export const TRAP = name('trap.');
export const SERVERS = ['192.0.2.1', '192.0.2.2', '192.0.2.3'];
/** Other keys with the tag of this one: the sum does not see that two words have changed places (RFC 4034 Appendix B). */
export function twins(key: SigningKey, count: number): SigningKey[] {
  const words = Math.floor(key.publicKey.length / 2) - 2;
  const pairs: SigningKey[] = [];
  for (let a = 2; a < words && pairs.length < count; a++) {
    for (let b = a + 1; b < words && pairs.length < count; b++) {
      const publicKey = key.publicKey.slice();
      publicKey.set(key.publicKey.subarray(2 * b, 2 * b + 2), 2 * a);
      publicKey.set(key.publicKey.subarray(2 * a, 2 * a + 2), 2 * b);
      pairs.push({ ...key, publicKey });
    }
  }
  return pairs;
}

/** Real keys, points on the curve, whose unassigned flags make up for the difference of their tags. */
export function sameTag(zone: Name, like: SigningKey, count: number): SigningKey[] {
  const found: SigningKey[] = [];
  for (let i = 0; found.length < count; i++) {
    const key = makeKey(zone, Algorithm.ECDSAP384SHA384, `lock ${i}`);
    for (let high = 0; high < 0x10000 && found.length <= i; high += 2) {
      if ((high & 0x0180) !== 0x0100) continue;
      const flags = high;
      if (keyTag(dnskeyRdata({ ...key, flags })) === keyTagOf(like)) found.push({ ...key, flags });
    }
  }
  return found.slice(0, count);
}

export const publishes = (more: (keys: KeySet) => readonly SigningKey[]): Tampering => ({
  keys: (keys) => ({ ...keys, published: [...more(keys), ...keys.published] }),
});
export const forgedSignatures = (type: number, count: number): Tampering =>
  afterSigning(type, (signature) =>
    Array.from({ length: count }, (_, i) => withOctets((octets) => forged(octets, i))(signature)).flat(),
  );
export function forged(octets: Uint8Array, i: number): Uint8Array {
  return flipped(octets, octets.length - 1 - (i % 40)).map((octet, at) => (at === 5 ? octet ^ (i >> 5) : octet));
}

export function trap(tampering: Tampering, signing: Signing = {}): SimulatedInternet {
  return simulatedInternet()
    .zone('.', { at: '198.51.100.1', signed: true })
    .zone('trap.', { at: SERVERS, records: '* A 203.0.113.66', signed: { ...signing, breakage: [tampering] } })
    .zone('example.', { at: '192.0.2.9', records: 'www A 203.0.113.7', signed: true });
}

export const rsa = { algorithm: Algorithm.RSASHA256 } as const;
export const zoneKeyTwins = (count: number): Tampering => publishes(({ signRecords: [key] }) => twins(key, count));
export const keyTwins = (count: number): Tampering => publishes(({ signKeys: [key] }) => twins(key, count));
export const digests = (count: number): Tampering => ({
  ds: ([ds]) => Array.from({ length: count }, (_, i) => ({ ...ds, digest: forged(ds.digest, i) })),
});

/** As much of it as fits into messages of 64 KiB: 560 keys, 440 signatures. */
export function fullP384Trap(): SimulatedInternet {
  const locks = publishes(({ signRecords: [key] }) => [...sameTag(TRAP, key, 2), ...twins(key, 558)]);
  const tampering = together([locks, forgedSignatures(Type.A, 440)]);
  return trap(tampering, { algorithm: Algorithm.ECDSAP384SHA384 });
}
