/**
 * Keys and DS records that do not lead from one zone to the next (RFC 4035 §5.2), and the states of a key roll-over
 * that do (RFC 7583, RFC 6781 §4.1).
 */

import { parentOf, type Name } from '../dns/name.ts';
import { Rcode, Type } from '../dns/record-type.ts';
import { bogus, indeterminate, insecure, secure, type Breakage } from './breakage.ts';
import type { Misbehaviour } from './misbehaviour.ts';
import { DigestType, dsFields, makeKey, type DsFields, type KeySet } from './signer.ts';
import { Algorithm, KeyFlag, type SigningAlgorithm, type SigningKey } from './signing-keys.ts';
import { afterSigning, flipped, none, records, together, withOctets, type Tampering } from './tampering.ts';

/** Unassigned both, in the registries of algorithms and of digests. */
const UNKNOWN = 200;
/** More keys, or signatures, than anybody has to look at. */
const MANY = 40;

const all = (change: (key: SigningKey) => SigningKey): Tampering => ({
  keys: ({ published, signKeys, signRecords, delegated }) => ({
    published: published.map(change),
    signKeys: signKeys.map(change),
    signRecords: signRecords.map(change),
    delegated: delegated.map(change),
  }),
});

const changedKeys = (change: (keys: KeySet) => Partial<KeySet>): Tampering => ({
  keys: (keys) => ({ ...keys, ...change(keys) }),
});

const changedDs = (change: (ds: DsFields) => Partial<DsFields>): Tampering => ({
  ds: (all) => all.map((ds) => ({ ...ds, ...change(ds) })),
});

const besideDs = (change: (ds: DsFields) => Partial<DsFields>): Tampering => ({
  ds: (all) => [...all.map((ds) => ({ ...ds, ...change(ds) })), ...all],
});

const wrongDigest = ({ digest }: DsFields): Partial<DsFields> => ({ digest: flipped(digest) });

/** The next key of a roll-over. */
const next = (apex: Name, algorithm: SigningAlgorithm = Algorithm.ECDSAP256SHA256): SigningKey =>
  makeKey(apex, algorithm, 'next key');
const nextZoneKey = (apex: Name): SigningKey => ({ ...next(apex), flags: KeyFlag.ZONE });

const whenAskedForKeys = (apex: Name, deed: Misbehaviour): Tampering => ({
  misbehaviour: [{ ...deed, only: { qname: apex, qtype: Type.DNSKEY } } as Misbehaviour],
});

/** Other keys with the tag of this one: the sum does not see that two words have changed places (RFC 4034 Appendix B). */
function twins(key: SigningKey, count: number): SigningKey[] {
  return Array.from({ length: count }, (_, i) => {
    const publicKey = key.publicKey.slice();
    const [a, b] = [8 + 2 * i, 10 + 2 * i];
    publicKey.copyWithin(a, b, b + 2);
    publicKey.set(key.publicKey.subarray(a, a + 2), b);
    return { ...key, publicKey };
  });
}

export const breakageOfKeys = {
  'key-algorithm-unknown': {
    question: 'www A',
    expected: insecure('unsupported-algorithm'),
    zone: () => all((key) => ({ ...key, algorithm: UNKNOWN })),
  },
  'key-algorithm-unknown-beside-known': {
    question: 'www A',
    expected: secure,
    zone: (apex) =>
      changedKeys((keys) => {
        const stranger = { ...next(apex), algorithm: UNKNOWN };
        return {
          published: [stranger, ...keys.published],
          signKeys: [stranger, ...keys.signKeys],
          signRecords: [stranger, ...keys.signRecords],
          delegated: [stranger, ...keys.delegated],
        };
      }),
  },
  'no-zone-key-flag': {
    question: 'www A',
    expected: bogus('no-zone-key'),
    zone: () => all((key) => ({ ...key, flags: key.flags & ~KeyFlag.ZONE })),
  },
  'key-protocol-wrong': {
    question: 'www A',
    expected: bogus('no-zone-key'),
    zone: () => all((key) => ({ ...key, protocol: 2 })),
  },
  /** RFC 5011 §2.1. */
  'key-revoked': {
    question: 'www A',
    expected: bogus('ds-matches-no-key'),
    zone: () => all((key) => (key.flags & KeyFlag.SEP ? { ...key, flags: key.flags | KeyFlag.REVOKE } : key)),
  },
  'key-signing-key-gone': {
    question: 'www A',
    expected: bogus('ds-matches-no-key'),
    zone: () => changedKeys(({ signRecords }) => ({ published: signRecords, signKeys: signRecords })),
  },
  'keys-signed-by-zone-key-alone': {
    question: 'www A',
    expected: bogus('key-missing'),
    zone: () => changedKeys(({ signRecords }) => ({ signKeys: signRecords })),
  },
  /** One key for all is custom too; the SEP flag decides nothing (RFC 4034 §2.1.1). */
  'data-signed-by-key-signing-key': {
    question: 'www A',
    expected: secure,
    zone: () => changedKeys(({ signKeys }) => ({ signRecords: signKeys })),
  },
  'zone-key-gone': {
    question: 'www A',
    expected: bogus('key-missing'),
    zone: () => changedKeys(({ signKeys }) => ({ published: signKeys })),
  },
  'keys-denied': {
    question: 'www A',
    expected: bogus('key-missing'),
    zone: () => records('signed', Type.DNSKEY, none),
  },
  'keys-refused': {
    question: 'www A',
    expected: indeterminate('proof-unreachable'),
    zone: (apex) => whenAskedForKeys(apex, { kind: 'rcode', rcode: Rcode.SERVFAIL }),
  },
  'keys-silent': {
    question: 'www A',
    expected: indeterminate('proof-unreachable'),
    zone: (apex) => whenAskedForKeys(apex, { kind: 'silent' }),
  },

  'ds-digest-unknown': {
    question: 'www A',
    expected: insecure('unsupported-digest'),
    zone: () => changedDs(() => ({ digestType: UNKNOWN })),
  },
  'ds-digest-unknown-beside-known': {
    question: 'www A',
    expected: secure,
    zone: () => besideDs(() => ({ digestType: UNKNOWN })),
  },
  'ds-digest-wrong': {
    question: 'www A',
    expected: bogus('ds-matches-no-key'),
    zone: () => changedDs(wrongDigest),
  },
  'ds-digest-too-short': {
    question: 'www A',
    expected: bogus('ds-matches-no-key'),
    zone: () => changedDs(({ digest }) => ({ digest: digest.subarray(0, 16) })),
  },
  'ds-of-another-zone': {
    question: 'www A',
    expected: bogus('ds-matches-no-key'),
    zone: (apex) =>
      together([
        changedKeys(({ delegated }) => ({ delegated })),
        { ds: () => [dsFields(parentOf(apex), makeKey(apex, Algorithm.ECDSAP256SHA256, 'key'), DigestType.SHA256)] },
      ]),
  },
  'ds-key-tag-wrong': {
    question: 'www A',
    expected: bogus('ds-matches-no-key'),
    zone: () => changedDs(({ keyTag }) => ({ keyTag: keyTag ^ 1 })),
  },
  'ds-algorithm-wrong': {
    question: 'www A',
    expected: bogus('ds-matches-no-key'),
    zone: () => changedDs(() => ({ algorithm: Algorithm.RSASHA256 })),
  },
  /** RFC 6840 §5.11: any chain that holds is enough. */
  'ds-of-an-algorithm-without-key': {
    question: 'www A',
    expected: secure,
    zone: () => besideDs(() => ({ algorithm: Algorithm.RSASHA256 })),
  },
  'ds-ahead-of-its-key': {
    question: 'www A',
    expected: bogus('ds-matches-no-key'),
    zone: (apex) => changedKeys(() => ({ delegated: [next(apex)] })),
  },
  'ds-sha1-alone': { question: 'www A', expected: secure, signing: { digests: [DigestType.SHA1] } },
  'ds-sha384-alone': { question: 'www A', expected: secure, signing: { digests: [DigestType.SHA384] } },
  /** RFC 4509 §3: SHA-1 does not count beside SHA-256. */
  'ds-sha1-wrong-beside-sha256': {
    question: 'www A',
    expected: secure,
    signing: { digests: [DigestType.SHA1, DigestType.SHA256] },
    zone: () => changedDs((ds) => (ds.digestType === DigestType.SHA1 ? wrongDigest(ds) : {})),
  },
  'ds-sha1-right-beside-wrong-sha256': {
    question: 'www A',
    expected: bogus('ds-matches-no-key'),
    signing: { digests: [DigestType.SHA1, DigestType.SHA256] },
    zone: () => changedDs((ds) => (ds.digestType === DigestType.SHA256 ? wrongDigest(ds) : {})),
  },

  'roll-over-ds-of-a-key-to-come': {
    question: 'www A',
    expected: secure,
    zone: (apex) => changedKeys(({ delegated }) => ({ delegated: [next(apex), ...delegated] })),
  },
  'roll-over-both-keys-sign-the-keys': {
    question: 'www A',
    expected: secure,
    zone: (apex) =>
      changedKeys(({ published, signKeys }) => ({
        published: [next(apex), ...published],
        signKeys: [next(apex), ...signKeys],
      })),
  },
  'roll-over-ds-of-a-key-that-is-gone': {
    question: 'www A',
    expected: secure,
    zone: (apex) =>
      changedKeys(({ delegated, signRecords }) => ({
        published: [next(apex), ...signRecords],
        signKeys: [next(apex)],
        delegated: [...delegated, next(apex)],
      })),
  },
  'roll-over-zone-key-to-come': {
    question: 'www A',
    expected: secure,
    zone: (apex) => changedKeys(({ published }) => ({ published: [nextZoneKey(apex), ...published] })),
  },
  'roll-over-both-zone-keys-sign': {
    question: 'www A',
    expected: secure,
    zone: (apex) =>
      changedKeys(({ published, signRecords }) => ({
        published: [nextZoneKey(apex), ...published],
        signRecords: [nextZoneKey(apex), ...signRecords],
      })),
  },
  'roll-over-zone-key-gone-too-soon': {
    question: 'www A',
    expected: bogus('key-missing'),
    zone: (apex) => changedKeys(({ published }) => ({ published: [...published.slice(0, 1), nextZoneKey(apex)] })),
  },
  'roll-over-to-another-algorithm': {
    question: 'www A',
    expected: secure,
    zone: (apex) =>
      changedKeys((keys) => {
        const key = next(apex, Algorithm.RSASHA256);
        return {
          published: [key, ...keys.published],
          signKeys: [key, ...keys.signKeys],
          signRecords: [key, ...keys.signRecords],
        };
      }),
  },
  /** RFC 4035 §2.2 has the zone sign with both; RFC 6840 §5.11 has the validator not insist. */
  'roll-over-algorithm-half-signed': {
    question: 'www A',
    expected: secure,
    zone: (apex) =>
      changedKeys((keys) => {
        const key = next(apex, Algorithm.RSASHA256);
        return { published: [key, ...keys.published], delegated: [key, ...keys.delegated] };
      }),
  },
  /** A revoked key still signs the set that says so (RFC 5011 §2.1), beside one in force. */
  'roll-over-old-key-revoked': {
    question: 'www A',
    expected: secure,
    zone: (apex) =>
      changedKeys(({ published, signKeys }) => {
        const revoked = { ...next(apex), flags: KeyFlag.ZONE | KeyFlag.SEP | KeyFlag.REVOKE };
        return { published: [revoked, ...published], signKeys: [revoked, ...signKeys] };
      }),
  },

  'two-keys-of-one-tag': {
    question: 'www A',
    expected: secure,
    signing: { algorithm: Algorithm.RSASHA256 },
    zone: () => changedKeys(({ published, signRecords: [key] }) => ({ published: [...twins(key, 1), ...published] })),
  },
  /** KeyTrap (CVE-2023-50387): every key may have made every signature. */
  'keytrap-signatures': {
    question: 'www A',
    expected: bogus('work-budget'),
    signing: { algorithm: Algorithm.RSASHA256 },
    zone: () =>
      together([
        changedKeys(({ published, signRecords: [key] }) => ({ published: [...twins(key, MANY), ...published] })),
        afterSigning(Type.A, (signature) =>
          Array.from({ length: MANY }, (_, i) => withOctets((octets) => flipped(octets, i))(signature)).flat(),
        ),
      ]),
  },
  /** The same with digests: every DS may be of every key. */
  'keytrap-digests': {
    question: 'www A',
    expected: bogus('work-budget'),
    signing: { algorithm: Algorithm.RSASHA256 },
    zone: () =>
      together([
        changedKeys(({ published: [, zoneKey], signKeys: [key] }) => ({ published: [...twins(key, MANY), zoneKey] })),
        { ds: ([ds]) => Array.from({ length: MANY }, (_, i) => ({ ...ds, digest: flipped(ds.digest, i % 32) })) },
      ]),
  },

  /** The parent proves that there is no DS, so whatever the zone signs is nobody's to check. */
  'island-in-order': { question: 'www A', expected: insecure('no-ds'), signing: { inParent: false } },
  'island-broken': {
    question: 'www A',
    expected: insecure('no-ds'),
    signing: { inParent: false },
    zone: () => afterSigning(Type.A, withOctets(flipped)),
  },
  'unsigned-zone': { question: 'www.open.example. A', expected: insecure('no-ds') },
  'signed-below-unsigned': { question: 'www.signed.open.example. A', expected: insecure('no-ds') },
  'unsigned-below-signed-below-unsigned': { question: 'www.deep.signed.open.example. A', expected: insecure('no-ds') },
  'alias-leads-to-insecure': { question: 'toopen.sound.example. A', expected: insecure('no-ds') },
  'sound-zone': { question: 'www A', expected: secure },
  'sound-alias': { question: 'alias A', expected: secure },
  'sound-dname': { question: 'www.old A', expected: secure },
} satisfies Record<string, Breakage>;
