/**
 * D14. Malformed keys and signatures (BIND CVE-2025-8677 and CVE-2026-10822, Unbound CVE-2026-33278 and CVE-2026-56416):
 * lengths that lie, points that are not on their curve, numbers that are zero, are to crash the validator, keep it
 * busy, or get past it.
 *
 * Here such a key is no key and such a signature does not verify; either counts against the query's bound as any that
 * fails, and nothing is thrown (validate/public-key.ts, validate/signature.ts). Keys beside them stay what they are.
 */

import { describe, expect, test, vi } from 'vitest';

import { name, nameToWire } from '../../src/dns/name.ts';
import { Rcode, Type } from '../../src/dns/record-type.ts';
import { afterSigning, withOctets, type Tampering } from '../../src/lab/tampering.ts';
import {
  Algorithm,
  dnskeyRdata,
  keyTagOf,
  type SigningAlgorithm,
  type SigningKey,
} from '../../src/lab/signing-keys.ts';
import { makeKey } from '../../src/lab/signer.ts';
import { readDnskey } from '../../src/validate/dnskey.ts';
import { readDs } from '../../src/validate/ds.ts';
import { importPublicKey, createPublicKeys } from '../../src/validate/public-key.ts';
import { readRrsig } from '../../src/validate/rrsig.ts';
import { verifySignature } from '../../src/validate/signature.ts';
import { createSeededRandom } from '../support/seeded-random.ts';
import { simulatedInternet } from '../support/simulated-internet.ts';
import { recordFigure } from './figures.ts';
import { isBelieved, validatedIn, type Validated } from './validated.ts';

vi.mock('node:crypto', async (original) => (await import('./counted-crypto.ts')).counted(await original()));

const ZONE = name('zone.');
const algorithms = Object.values(Algorithm);

/** Ways to spoil the octets of a key. */
const spoilers: readonly (readonly [string, (octets: Uint8Array) => Uint8Array])[] = [
  ['no octets', () => new Uint8Array(0)],
  ['one octet', (octets) => octets.subarray(0, 1)],
  ['half of it', (octets) => octets.subarray(0, octets.length >> 1)],
  ['an octet too few', (octets) => octets.subarray(0, -1)],
  ['all zero', (octets) => octets.map(() => 0)],
  ['all ones', (octets) => octets.map(() => 255)],
  ['an exponent length that lies', (octets) => Uint8Array.of(255, ...octets.subarray(1))],
  ['a long exponent length that lies', (octets) => Uint8Array.of(0, 255, 255, ...octets.subarray(3))],
  ['an exponent of no octets', (octets) => Uint8Array.of(0, 0, 0, ...octets.subarray(3))],
  ['a modulus of 0', (octets) => octets.map((octet, at) => (at < 4 ? octet : 0))],
  ['a modulus of 64 KiB', (octets) => Uint8Array.of(...octets.subarray(0, 4), ...new Uint8Array(60_000).fill(0xa5))],
];

function spoiledKeys(key: SigningKey): SigningKey[] {
  return spoilers.map(([, spoil]) => ({ ...key, publicKey: spoil(key.publicKey) }));
}

describe.each(algorithms)('algorithm %i', (algorithm: SigningAlgorithm) => {
  const key = makeKey(ZONE, algorithm, 'zone key');

  test.each(spoilers)('a key of %s verifies nothing, and nothing is thrown', (what, spoil) => {
    const spoiled = { ...key, publicKey: spoil(key.publicKey) };
    const dnskey = readDnskey(dnskeyRdata(spoiled));
    const octets = Buffer.from('signed');
    const rrsig = { ...signatureBy(key), signature: key.sign(octets) };
    const isVerified = dnskey !== undefined && verifySignature(rrsig, dnskey, octets, createPublicKeys());
    recordFigure('D14', `algorithm ${algorithm}, key of ${what}: verified`, Number(isVerified), 0);
  });

  test('signatures of every length, and with any octet changed, do not verify', () => {
    const random = createSeededRandom(algorithm);
    const dnskey = readDnskey(dnskeyRdata(key))!;
    const keys = createPublicKeys();
    const octets = Buffer.from('signed');
    const sound = key.sign(octets);
    const lengths = [...Array.from({ length: 300 }, (_, length) => length), 1000, 20_000, 40_000, 65_000];
    let verified = 0;
    for (const length of lengths) {
      for (const fill of [0, 255]) {
        const signature = new Uint8Array(length).fill(fill);
        if (length > sound.length) signature.set(sound);
        verified += Number(verifySignature({ ...signatureBy(key), signature }, dnskey, octets, keys));
      }
    }
    for (let i = 0; i < 100; i++) {
      const signature = sound.slice();
      signature[random.below(signature.length)] ^= 1 + random.below(255);
      verified += Number(verifySignature({ ...signatureBy(key), signature }, dnskey, octets, keys));
    }
    recordFigure('D14', `algorithm ${algorithm}: malformed signatures verified`, verified, 0);
    expect(verifySignature({ ...signatureBy(key), signature: sound }, dnskey, octets, keys)).toBe(true);
  });
});

function signatureBy(key: SigningKey) {
  return {
    typeCovered: Type.A,
    algorithm: key.algorithm,
    labels: 1,
    originalTtl: 300,
    expiration: 2,
    inception: 1,
    keyTag: keyTagOf(key),
    signer: ZONE,
    rdata: new Uint8Array(0),
  };
}

test('RDATA that ends anywhere, or whose name runs past its end, is read or refused', () => {
  const rrsig = Uint8Array.of(...new Uint8Array(18).fill(1), ...nameToWire(ZONE), 1, 2, 3);
  const runsOn = Uint8Array.of(...new Uint8Array(18), 63, 1, 2);
  for (let end = 0; end <= rrsig.length; end++) {
    const cut = rrsig.subarray(0, end);
    expect(readRrsig(cut) === undefined).toBe(end < 18 + 6);
    expect(readDnskey(cut) === undefined).toBe(end < 5);
    expect(readDs(cut) === undefined).toBe(end < 5);
  }
  expect(readRrsig(runsOn)).toBeUndefined();
});

test('a point that is not on its curve is no key', () => {
  for (const algorithm of [Algorithm.ECDSAP256SHA256, Algorithm.ECDSAP384SHA384]) {
    const key = makeKey(ZONE, algorithm, 'zone key');
    const off = { ...key, publicKey: key.publicKey.map((octet, at) => (at === 40 ? octet ^ 1 : octet)) };
    expect(importPublicKey(readDnskey(dnskeyRdata(off))!)).toBeUndefined();
  }
});

function resolverWith(tampering: Tampering, algorithm: SigningAlgorithm): Validated {
  return validatedIn(
    simulatedInternet()
      .zone('.', { at: '198.51.100.1', signed: true })
      .zone('zone.', { at: '192.0.2.1', records: 'www A 203.0.113.7', signed: { algorithm, breakage: [tampering] } }),
  );
}

describe.each([Algorithm.RSASHA256, Algorithm.ECDSAP256SHA256, Algorithm.ED25519])(
  'a zone of algorithm %i',
  (algorithm) => {
    test('with malformed keys beside its own is secure', async () => {
      const { reply } = await resolverWith(
        {
          keys: (keys) => ({ ...keys, published: [...spoiledKeys(keys.published[0]).slice(0, 10), ...keys.published] }),
        },
        algorithm,
      ).measure('www.zone. A');
      expect(reply).toMatchObject({ rcode: Rcode.NOERROR, security: { state: 'secure' } });
    });

    test.each(spoilers.slice(0, 10))('that has signed with a key of %s is bogus', async (what, spoil) => {
      const change = (key: SigningKey): SigningKey => ({ ...key, publicKey: spoil(key.publicKey) });
      const spoiled: Tampering = {
        keys: ({ published, signKeys, signRecords, delegated }) => ({
          published: published.map(change),
          signKeys: signKeys.map(change),
          signRecords: signRecords.map(change),
          delegated: delegated.map(change),
        }),
      };
      const { reply, verifications } = await resolverWith(spoiled, algorithm).measure('www.zone. A');
      recordFigure(
        'D14',
        `zone of algorithm ${algorithm} with a key of ${what}: believed`,
        Number(isBelieved(reply)),
        0,
      );
      recordFigure('D14', `zone of algorithm ${algorithm} with a key of ${what}: verifications`, verifications, 16);
    });

    test.each([0, 1, 63, 1000, 60_000])('whose signatures have %i octets is bogus', async (length) => {
      const cut = afterSigning(
        Type.A,
        withOctets(() => new Uint8Array(length).fill(7)),
      );
      const { reply } = await resolverWith(cut, algorithm).measure('www.zone. A');
      recordFigure(
        'D14',
        `zone of algorithm ${algorithm}, signatures of ${length} octets: believed`,
        Number(isBelieved(reply)),
        0,
      );
    });
  },
);
