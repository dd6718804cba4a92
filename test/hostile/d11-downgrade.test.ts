/**
 * D11. Downgrade by algorithms that nobody supports (Heftrig et al. 2022; RFC 6840 §5.11, RFC 4035 §5.2): an unknown
 * algorithm in DS or RRSIG is to have a validator call a signed zone insecure.
 *
 * Here a zone is insecure only when every DS of it, as its parent has signed them, is of an algorithm or digest that we
 * do not know (validate/ds.ts). Signatures of unknown algorithms are worth no more than none. SHA-1: RSASHA1 is
 * validated unless `dnssec.rsaSha1` says otherwise, and a SHA-1 digest does not count beside a better one (RFC 4509 §3).
 */

import { describe, expect, test } from 'vitest';

import { Rcode, Type } from '../../src/dns/record-type.ts';
import type { BreakageKind } from '../../src/lab/dnssec-breakage.ts';
import { Algorithm, KeyFlag, type SigningKey } from '../../src/lab/signing-keys.ts';
import { DigestType, type KeySet, type Signing } from '../../src/lab/signer.ts';
import { afterSigning, together, withFields, type Tampering } from '../../src/lab/tampering.ts';
import { simulatedInternet } from '../support/simulated-internet.ts';
import { recordFigure } from './figures.ts';
import { believedOf, brokenBy, isBelieved, validatedIn, type Validated } from './validated.ts';

const UNKNOWN = 99;

function resolverWith(tampering: Tampering, signing: Signing = { algorithm: Algorithm.RSASHA256 }): Validated {
  return validatedIn(
    simulatedInternet()
      .zone('.', { at: '198.51.100.1', signed: true })
      .zone('zone.', { at: '192.0.2.1', records: 'www A 203.0.113.7', signed: { ...signing, breakage: [tampering] } }),
  );
}

const unknownSignatures = (...types: number[]): Tampering =>
  together(
    types.map((type) =>
      afterSigning(
        type,
        withFields(() => ({ algorithm: UNKNOWN })),
      ),
    ),
  );
const besideUnknownDs: Tampering = { ds: (ds) => [...ds, ...ds.map((one) => ({ ...one, algorithm: UNKNOWN }))] };
const everyKey = (change: (key: SigningKey) => SigningKey): Tampering => ({
  keys: (keys): KeySet => ({
    published: keys.published.map(change),
    signKeys: keys.signKeys.map(change),
    signRecords: keys.signRecords.map(change),
    delegated: keys.delegated.map(change),
  }),
});

const all = [Type.A, Type.DNSKEY, Type.SOA, Type.NS, Type.NSEC];

describe('a zone whose DS we know is never insecure', () => {
  test.each<[string, Tampering, Signing?]>([
    ['the answer is signed by an unknown algorithm alone', unknownSignatures(Type.A)],
    ['everything is signed by an unknown algorithm alone', unknownSignatures(...all)],
    [
      'an unknown DS stands beside, and only its algorithm signs',
      together([besideUnknownDs, unknownSignatures(...all)]),
    ],
    ['all keys are said to be of an unknown algorithm', together([{ ds: (ds) => ds }, keysSay(UNKNOWN)])],
    ['all keys have lost their zone key flag', everyKey((key) => ({ ...key, flags: key.flags & ~KeyFlag.ZONE }))],
    [
      'the SHA-256 digest is wrong and the SHA-1 digest right',
      {
        ds: (ds) =>
          ds.map((one) => (one.digestType === DigestType.SHA256 ? { ...one, digest: new Uint8Array(32) } : one)),
      },
      { digests: [DigestType.SHA1, DigestType.SHA256] },
    ],
  ])('%s', async (what, tampering, signing) => {
    const resolver = resolverWith(tampering, signing);
    const replies = [await resolver.ask('www.zone. A'), await resolver.ask('none.zone. A')];
    const believed = replies.filter((reply) => isBelieved(reply) && reply.security?.state !== 'secure');
    recordFigure('D11', `${what}: insecure`, believed.length, 0);
  });

  test('hash algorithms and flags of NSEC3 that nobody knows make nothing insecure', async () => {
    const kinds: BreakageKind[] = ['nsec3-hash-algorithm-unknown', 'nsec3-flags-unknown'];
    recordFigure('D11', 'NSEC3 of unknown kinds: believed', (await believedOf(kinds)).length, 0);
  });
});

describe('a zone of which', () => {
  test.each(['key-algorithm-unknown', 'ds-digest-unknown'] as const)(
    'every DS is unknown is insecure: %s',
    async (kind) => {
      const broken = brokenBy(kind);
      const reply = await broken.ask(broken.question);
      expect(reply).toMatchObject({ rcode: Rcode.NOERROR, security: { state: 'insecure' } });
      expect(reply.errors.length).toBe(1);
    },
  );

  test.each([
    'key-algorithm-unknown-beside-known',
    'ds-digest-unknown-beside-known',
    'signatures-of-unknown-algorithms-beside',
    'ds-of-an-algorithm-without-key',
    'roll-over-to-another-algorithm',
    'roll-over-algorithm-half-signed',
  ] as const)('one way that we know holds is secure: %s', async (kind) => {
    const broken = brokenBy(kind);
    expect((await broken.ask(broken.question)).security).toEqual({ state: 'secure' });
  });

  test.each([Algorithm.RSASHA1, Algorithm['RSASHA1-NSEC3-SHA1']])(
    'RSASHA1 (%i) signs is secure by default',
    async (algorithm) => {
      const reply = await resolverWith({}, { algorithm }).ask('www.zone. A');
      expect(reply.security).toEqual({ state: 'secure' });
    },
  );
});

describe('a key that is too weak or too costly is no key', () => {
  /** The modulus of 1024 bits behind another exponent, or less of it. */
  const withExponent = (exponent: Uint8Array): Tampering =>
    everyKey((key) => ({
      ...key,
      publicKey: Uint8Array.of(exponent.length, ...exponent, ...key.publicKey.subarray(1 + key.publicKey[0])),
    }));
  test.each<[string, Tampering]>([
    ['exponent 2^36 + 1', withExponent(Uint8Array.of(16, 0, 0, 0, 1))],
    ['exponent 1', withExponent(Uint8Array.of(1))],
    ['exponent 0', withExponent(Uint8Array.of(0))],
    ['an even exponent', withExponent(Uint8Array.of(1, 0, 0))],
    ['a modulus of 256 bits', everyKey((key) => ({ ...key, publicKey: key.publicKey.subarray(0, 4 + 32) }))],
  ])('%s', async (what, tampering) => {
    const reply = await resolverWith(tampering).ask('www.zone. A');
    recordFigure('D11', `${what}: believed`, Number(isBelieved(reply)), 0);
  });
});

/** In the DNSKEY set; the DS stays. */
function keysSay(algorithm: number): Tampering {
  return {
    keys: (keys) => ({ ...keys, published: keys.published.map((key) => ({ ...key, algorithm })) }),
  };
}
