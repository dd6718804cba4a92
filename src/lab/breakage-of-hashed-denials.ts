/** Denials by NSEC3 that do not deny (RFC 5155 §8), and those that leave a name to an unsigned world (§6; RFC 9276). */

import { labelsOf, parentOf, prepend, type Name } from '../dns/name.ts';
import { rdataFromText, rdataToText } from '../dns/presentation.ts';
import { Type } from '../dns/record-type.ts';
import { bogus, insecure, secure, type Breakage } from './breakage.ts';
import { hashedOwner } from './nsec3-hash.ts';
import { makeSignature, readSignature } from './rrsig.ts';
import { makeKey, type Signing } from './signer.ts';
import { Algorithm, keyTagOf } from './signing-keys.ts';
import { records, says, withRdata, withoutPart, type Tampering } from './tampering.ts';

const hashed = { denial: 'nsec3', salt: 'c0ffee' } satisfies Signing;
const optOut = { ...hashed, optOut: true } satisfies Signing;
const salt = Uint8Array.of(0xc0, 0xff, 0xee);

const changed = (change: (rdata: Uint8Array) => Uint8Array): Tampering =>
  records('unsigned', Type.NSEC3, withRdata(change));

/** The octet at `at`: 0 is the hash algorithm, 1 the flags, 3 the lower half of the iterations, 5 the first of the salt. */
const withOctet =
  (at: number, value: number) =>
  (rdata: Uint8Array): Uint8Array => {
    const copy = Uint8Array.from(rdata);
    copy[at] = value;
    return copy;
  };

/** Where the record of a name stands. */
const recordOf = (name: Name, apex: Name): Name => hashedOwner(name, apex, { iterations: 0, salt });

/** As if another salt had been hashed with. */
const elsewhere = (apex: Name): Tampering =>
  records('unsigned', Type.NSEC3, (record) => {
    const [label] = labelsOf(record.owner);
    return [{ ...record, owner: prepend(label.slice(1) + label[0], apex)! }];
  });

/** Signed by the zone above, with its key and in its name. */
const signedByParent = (apex: Name): Tampering => {
  const signer = parentOf(apex);
  const key = makeKey(signer, Algorithm.ECDSAP256SHA256, 'zone key');
  return {
    signed: (all) =>
      all.map((record) => {
        if (record.type !== Type.RRSIG) return record;
        const { fields } = readSignature(record.rdata);
        const nsec3 = all.find(({ owner, type }) => owner === record.owner && type === Type.NSEC3);
        if (fields.typeCovered !== Type.NSEC3 || nsec3 === undefined) return record;
        const theirs = { ...fields, signer, keyTag: keyTagOf(key) };
        return { ...record, rdata: makeSignature(theirs, key, record.owner, [nsec3.rdata]) };
      }),
  };
};

export const breakageOfHashedDenials = {
  'nsec3-in-order': { question: 'none A', expected: secure, signing: hashed },
  'nsec3-missing': {
    question: 'none A',
    expected: bogus('denial-missing'),
    signing: hashed,
    zone: (apex) => says(apex, () => ({ proof: [] })),
  },
  'nsec3-missing-for-nodata': {
    question: 'www TXT',
    expected: bogus('denial-missing'),
    signing: hashed,
    zone: (apex) => says(apex, () => ({ proof: [] })),
  },
  'nsec3-says-the-type-exists': {
    question: 'www TXT',
    expected: bogus('denial-wrong'),
    signing: hashed,
    zone: (apex) =>
      records('unsigned', Type.NSEC3, (record) => {
        if (record.owner !== recordOf(prepend('www', apex)!, apex)) return [record];
        const text = `${rdataToText(Type.NSEC3, record.rdata)} TXT`;
        return [{ ...record, rdata: rdataFromText(Type.NSEC3, text.split(' ')) as Uint8Array }];
      }),
  },
  'nsec3-owner-wrong': { question: 'none A', expected: bogus('denial-wrong'), signing: hashed, zone: elsewhere },
  'nsec3-salt-wrong': {
    question: 'none A',
    expected: bogus('denial-wrong'),
    signing: hashed,
    zone: () => changed(withOctet(5, 0xab)),
  },
  'nsec3-of-the-parent': {
    question: 'none A',
    expected: bogus('signature-out-of-place'),
    signing: hashed,
    zone: signedByParent,
  },
  /** RFC 5155 §8.2: one proof, one chain. */
  'nsec3-parameters-mixed': {
    question: 'none A',
    expected: bogus('denial-wrong'),
    signing: hashed,
    zone: (apex) =>
      records('unsigned', Type.NSEC3, (record) => {
        const isApex = record.owner === recordOf(apex, apex);
        return [isApex ? { ...record, rdata: withOctet(3, 1)(record.rdata) } : record];
      }),
  },
  /** RFC 5155 §8.1, §8.2: such records are passed over. */
  'nsec3-hash-algorithm-unknown': {
    question: 'none A',
    expected: bogus('denial-missing'),
    signing: hashed,
    zone: () => changed(withOctet(0, 200)),
  },
  'nsec3-flags-unknown': {
    question: 'none A',
    expected: bogus('denial-missing'),
    signing: hashed,
    zone: () => changed(withOctet(1, 0x82)),
  },
  'nsec3-without-closest-encloser': {
    question: 'none A',
    expected: bogus('denial-wrong'),
    signing: hashed,
    zone: (apex) => withoutPart(apex, 'closest-encloser'),
  },
  'nsec3-without-next-closer': {
    question: 'none A',
    expected: bogus('denial-wrong'),
    signing: hashed,
    zone: (apex) => withoutPart(apex, 'next-closer'),
  },
  'nsec3-without-wildcard': {
    question: 'none A',
    expected: bogus('denial-wrong'),
    signing: hashed,
    zone: (apex) => withoutPart(apex, 'wildcard'),
  },
  'nsec3-wildcard-answer-in-order': { question: 'x.wild A', expected: secure, signing: hashed },
  'nsec3-wildcard-answer-without-proof': {
    question: 'x.wild A',
    expected: bogus('denial-missing'),
    signing: hashed,
    zone: (apex) => says(apex, () => ({ proof: [] })),
  },
  'nsec3-wildcard-nodata-without-wildcard': {
    question: 'x.wild TXT',
    expected: bogus('denial-wrong'),
    signing: hashed,
    zone: (apex) => withoutPart(apex, 'wildcard'),
  },

  'nsec3-iterations-50': { question: 'none A', expected: secure, signing: { ...hashed, iterations: 50 } },
  /** RFC 9276 §3.2 leaves the bound to the validator; ours is 50, as BIND, Knot and PowerDNS have it. */
  'nsec3-iterations-51': {
    question: 'none A',
    expected: insecure('nsec3-iterations'),
    signing: { ...hashed, iterations: 51 },
  },
  'nsec3-iterations-150': {
    question: 'none A',
    expected: insecure('nsec3-iterations'),
    signing: { ...hashed, iterations: 150 },
  },
  'nsec3-iterations-2500': {
    question: 'none A',
    expected: insecure('nsec3-iterations'),
    signing: { ...hashed, iterations: 2500 },
  },
  /** What is there needs no denial, so nothing is hashed for it. */
  'nsec3-iterations-2500-with-an-answer': {
    question: 'www A',
    expected: secure,
    signing: { ...hashed, iterations: 2500 },
  },

  /** RFC 5155 §9.2: an unsigned delegation may stand there. */
  'opt-out-nxdomain': { question: 'none A', expected: insecure('opt-out'), signing: optOut },
  'opt-out-with-an-answer': { question: 'www A', expected: secure, signing: optOut },
  'opt-out-unsigned-zone': {
    question: 'www.open.example. A',
    expected: insecure('opt-out'),
    parentSigning: optOut,
  },
  'opt-out-signed-zone': { question: 'www A', expected: secure, parentSigning: optOut },
  'opt-out-island': {
    question: 'www A',
    expected: insecure('opt-out'),
    parentSigning: optOut,
    signing: { inParent: false },
  },
  /** The record of the delegation is kept back, and the span before it, which ends there, is shown. */
  'opt-out-ds-stripped': {
    question: 'www A',
    expected: bogus('denial-wrong'),
    parentSigning: optOut,
    parent: (apex) => ({
      signed: (all) =>
        all.filter(
          ({ owner, type }) => (owner !== apex || type !== Type.DS) && owner !== recordOf(apex, parentOf(apex)),
        ),
    }),
  },
  'nsec3-unsigned-zone': { question: 'www.open.example. A', expected: insecure('no-ds'), parentSigning: hashed },
  'nsec3-ds-stripped': {
    question: 'www A',
    expected: bogus('denial-wrong'),
    parentSigning: hashed,
    parent: (apex) => records('signed', Type.DS, (record) => (record.owner === apex ? [] : [record])),
  },
  'nsec3-ds-denial-missing': {
    question: 'www.open.example. A',
    expected: bogus('denial-missing'),
    parentSigning: hashed,
    parent: (apex) => says(parentOf(apex), () => ({ proof: [] })),
  },
} satisfies Record<string, Breakage>;
