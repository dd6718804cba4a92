/** Signatures that are not there, not in time, not in place, or not right (RFC 4035 §5.3), and some that may be so. */

import { ROOT, parentOf, prepend, type Name } from '../dns/name.ts';
import { Type } from '../dns/record-type.ts';
import { bogus, secure, type Breakage } from './breakage.ts';
import { readSignature, signatureRdata, type Signature } from './rrsig.ts';
import { makeKey } from './signer.ts';
import { Algorithm } from './signing-keys.ts';
import {
  afterSigning,
  flipped,
  none,
  records,
  says,
  signs,
  together,
  withFields,
  withOctets,
  withRdata,
} from './tampering.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;

/** Zones are signed to hold from a day before the scenario begins to 60 days after. */
const expired = { inception: -59 * DAY, expiration: -29 * DAY };
/** So that they end half an hour before, within the hour that every validator allows a wrong clock. */
const justExpired = { inception: -4 * HOUR, expiration: -HOUR / 2 };

function lasts(type: number, { inception, expiration }: { inception: number; expiration: number }) {
  return signs(type, (fields) => {
    const signedAt = fields.inception + DAY;
    return { inception: signedAt + inception, expiration: signedAt + expiration };
  });
}

/** A hundred signatures that look right and are not, before or behind the one that is. */
function amongForged(place: 'first' | 'last') {
  return (signature: Signature): Signature[] => {
    const forged = Array.from({ length: 100 }, (_, i) => ({
      ...signature,
      octets: signature.octets.map((octet, at) => (at === 9 ? octet ^ (i + 1) : octet)),
    }));
    return place === 'first' ? [signature, ...forged] : [...forged, signature];
  };
}

const unknownAlgorithm = 200;

export const breakageOfSignatures = {
  'signature-expired': {
    question: 'www A',
    expected: bogus('signature-expired'),
    zone: () => lasts(Type.A, expired),
  },
  'signature-just-expired': { question: 'www A', expected: secure, zone: () => lasts(Type.A, justExpired) },
  'signature-not-yet-valid': {
    question: 'www A',
    expected: bogus('signature-not-yet-valid'),
    zone: () => lasts(Type.A, { inception: 29 * DAY, expiration: 59 * DAY }),
  },
  'signature-expires-before-it-begins': {
    question: 'www A',
    expected: bogus('signature-before-inception'),
    zone: () => lasts(Type.A, { inception: 30 * DAY, expiration: 10 * DAY }),
  },
  'soa-signature-expired': {
    question: 'none A',
    expected: bogus('signature-expired'),
    zone: () => lasts(Type.SOA, expired),
  },
  'denial-signature-expired': {
    question: 'none A',
    expected: bogus('signature-expired'),
    zone: () => lasts(Type.NSEC, expired),
  },
  'dnskey-signature-expired': {
    question: 'www A',
    expected: bogus('signature-expired'),
    zone: () => lasts(Type.DNSKEY, expired),
  },
  'ds-signature-expired': {
    question: 'www A',
    expected: bogus('signature-expired'),
    parent: () => lasts(Type.DS, expired),
  },

  'signature-missing': {
    question: 'www A',
    expected: bogus('signature-missing'),
    zone: () => afterSigning(Type.A, none),
  },
  'alias-signature-missing': {
    question: 'alias A',
    expected: bogus('signature-missing'),
    zone: () => afterSigning(Type.CNAME, none),
  },
  'dname-signature-missing': {
    question: 'www.old A',
    expected: bogus('signature-missing'),
    zone: () => afterSigning(Type.DNAME, none),
  },
  'soa-signature-missing': {
    question: 'none A',
    expected: bogus('signature-missing'),
    zone: () => afterSigning(Type.SOA, none),
  },
  'denial-signature-missing': {
    question: 'none A',
    expected: bogus('signature-missing'),
    zone: () => afterSigning(Type.NSEC, none),
  },
  'dnskey-signature-missing': {
    question: 'www A',
    expected: bogus('signature-missing'),
    zone: () => afterSigning(Type.DNSKEY, none),
  },
  'ds-signature-missing': {
    question: 'www A',
    expected: bogus('signature-missing'),
    parent: () => afterSigning(Type.DS, none),
  },
  /** By a middlebox that knows nothing of DNSSEC. */
  'all-signatures-stripped': {
    question: 'www A',
    expected: bogus('signature-missing'),
    zone: (apex) =>
      says(apex, ({ edns, ...draft }) => ({ ...draft, proof: [], edns: edns && { ...edns, dnssecOk: false } })),
  },

  'signature-wrong': {
    question: 'www A',
    expected: bogus('signature-wrong'),
    zone: () => afterSigning(Type.A, withOctets(flipped)),
  },
  'signature-cut': {
    question: 'www A',
    expected: bogus('signature-wrong'),
    zone: () =>
      afterSigning(
        Type.A,
        withOctets((octets) => octets.subarray(0, 10)),
      ),
  },
  'signature-empty': {
    question: 'www A',
    expected: bogus('signature-wrong'),
    zone: () =>
      afterSigning(
        Type.A,
        withOctets(() => new Uint8Array(0)),
      ),
  },
  /** All zero: ECDSA that does not check its range takes it for any key (CVE-2022-21449). */
  'signature-zero': {
    question: 'www A',
    expected: bogus('signature-wrong'),
    zone: () =>
      afterSigning(
        Type.A,
        withOctets((octets) => octets.map(() => 0)),
      ),
  },
  'dnskey-signature-wrong': {
    question: 'www A',
    expected: bogus('signature-wrong'),
    zone: () => afterSigning(Type.DNSKEY, withOctets(flipped)),
  },
  'ds-signature-wrong': {
    question: 'www A',
    expected: bogus('signature-wrong'),
    parent: () => afterSigning(Type.DS, withOctets(flipped)),
  },
  'data-changed': {
    question: 'www A',
    expected: bogus('signature-wrong'),
    zone: () =>
      records(
        'signed',
        Type.A,
        withRdata((rdata) => flipped(rdata, 2)),
      ),
  },
  'record-added': {
    question: 'www A',
    expected: bogus('signature-wrong'),
    zone: () => records('signed', Type.A, (record) => [record, { ...record, rdata: flipped(record.rdata, 2) }]),
  },
  'record-removed': {
    question: 'www A',
    expected: bogus('signature-wrong'),
    zone: () => records('signed', Type.A, (record) => (record.rdata[3] % 2 === 0 ? [] : [record])),
  },
  'original-ttl-changed': {
    question: 'www A',
    expected: bogus('signature-wrong'),
    zone: () =>
      afterSigning(
        Type.A,
        withFields(({ originalTtl }) => ({ originalTtl: originalTtl + 1 })),
      ),
  },
  'dates-changed': {
    question: 'www A',
    expected: bogus('signature-wrong'),
    zone: () =>
      afterSigning(
        Type.A,
        withFields(({ expiration }) => ({ expiration: expiration + DAY })),
      ),
  },
  /** RFC 4035 §5.3.3: the TTL is not signed; the original TTL is its bound. */
  'ttl-above-original': {
    question: 'www A',
    expected: secure,
    zone: () => records('signed', Type.A, (record) => [{ ...record, ttl: record.ttl * 10 }]),
  },

  /** By the zone's own key, in another's name. */
  'signer-is-parent': {
    question: 'www A',
    expected: bogus('key-missing'),
    zone: (apex) => signs(Type.A, () => ({ signer: parentOf(apex) })),
  },
  'signer-is-root': {
    question: 'www A',
    expected: bogus('key-missing'),
    zone: () => signs(Type.A, () => ({ signer: ROOT })),
  },
  'signer-is-sibling': {
    question: 'www A',
    expected: bogus('signature-out-of-place'),
    zone: (apex) => signs(Type.A, () => ({ signer: prepend('sound', parentOf(apex))! })),
  },
  'signer-is-below': {
    question: 'www A',
    expected: bogus('signature-out-of-place'),
    zone: (apex) => signs(Type.A, () => ({ signer: prepend('www', apex)! })),
  },
  'type-covered-is-another': {
    question: 'www A',
    expected: bogus('signature-missing'),
    zone: (apex) => says(apex, ({ answer }) => ({ answer: answer.map(coveringMx) })),
  },
  'labels-below-the-zone': {
    question: 'www A',
    expected: bogus('signature-out-of-place'),
    zone: () => signs(Type.A, () => ({ labels: 1 })),
  },
  'labels-too-few': {
    question: 'www A',
    expected: bogus('signature-wrong'),
    zone: () =>
      afterSigning(
        Type.A,
        withFields(({ labels }) => ({ labels: labels - 1 })),
      ),
  },
  'labels-too-many': {
    question: 'www A',
    expected: bogus('signature-out-of-place'),
    zone: () => signs(Type.A, ({ labels }) => ({ labels: labels + 1 })),
  },
  /** Signed as if a wildcard had been expanded; that nothing closer exists is not shown, as `www` does. */
  'wildcard-pretended': {
    question: 'www A',
    expected: bogus('denial-missing'),
    zone: () => signs(Type.A, ({ labels }) => ({ labels: labels - 1 })),
  },
  'key-tag-wrong': {
    question: 'www A',
    expected: bogus('key-missing'),
    zone: () => signs(Type.A, ({ keyTag }) => ({ keyTag: keyTag ^ 1 })),
  },
  'algorithm-wrong': {
    question: 'www A',
    expected: bogus('key-missing'),
    zone: () => signs(Type.A, () => ({ algorithm: Algorithm.RSASHA256 })),
  },
  'signed-by-a-key-nobody-knows': {
    question: 'www A',
    expected: bogus('key-missing'),
    zone: (apex) => ({ keys: (keys) => ({ ...keys, signRecords: [strangersKey(apex)] }) }),
  },

  'one-signature-of-two-wrong': {
    question: 'www A',
    expected: secure,
    zone: () => afterSigning(Type.A, (signature) => [...withOctets(flipped)(signature), signature]),
  },
  'signatures-of-unknown-algorithms-beside': {
    question: 'www A',
    expected: secure,
    zone: () =>
      afterSigning(Type.A, (signature) => [
        ...withFields(() => ({ algorithm: unknownAlgorithm }))(signature),
        signature,
      ]),
  },
  'forged-signatures-behind-the-right-one': {
    question: 'www A',
    expected: secure,
    zone: () => afterSigning(Type.A, amongForged('first')),
  },
  /** Whether the last of so many holds is not worth finding out. */
  'forged-signatures-before-the-right-one': {
    question: 'www A',
    expected: bogus('work-budget'),
    zone: () => afterSigning(Type.A, amongForged('last')),
  },

  'alias-leads-to-bogus': {
    question: 'tobroken.sound.example. A',
    expected: bogus('signature-expired'),
    zone: () => lasts(Type.A, expired),
  },
  /** Nothing is wrong with it but that the zone lies on the way. */
  'alias-leads-through-bogus': {
    question: 'tosound A',
    expected: bogus('signature-wrong'),
    zone: () => afterSigning(Type.CNAME, withOctets(flipped)),
  },
  'everything-at-once': {
    question: 'www A',
    expected: bogus('signature-expired'),
    zone: () => together([lasts(Type.A, expired), afterSigning(Type.A, withOctets(flipped))]),
  },
} satisfies Record<string, Breakage>;

function strangersKey(apex: Name) {
  return makeKey(apex, Algorithm.ECDSAP256SHA256, 'stranger’s key');
}

/** Its signatures are sent as they are, but for the type that they say they cover. */
function coveringMx<Set extends { readonly type: number; readonly signatures?: { count: number; packed: Uint8Array } }>(
  set: Set,
): Set {
  if (set.type !== Type.A || set.signatures?.count !== 1) return set;
  const signature = readSignature(set.signatures.packed.subarray(2));
  const rdata = signatureRdata({ ...signature, fields: { ...signature.fields, typeCovered: Type.MX } });
  const packed = Uint8Array.of(...set.signatures.packed.subarray(0, 2), ...rdata);
  return { ...set, signatures: { count: 1, packed } };
}
