/**
 * Denials by NSEC that do not deny (RFC 4035 §5.4, RFC 6840 §4), and those of a DS set, on which rests what is insecure.
 * The same by NSEC3 is breakage-of-hashed-denials.ts.
 */

import { nameToText, parentOf, prepend, type Name } from '../dns/name.ts';
import { rdataFromText, rdataToText } from '../dns/presentation.ts';
import { Rcode, Type } from '../dns/record-type.ts';
import { rrset, type RRset } from '../dns/rrset.ts';
import { bogus, insecure, type Breakage } from './breakage.ts';
import { makeSignature, readSignature } from './rrsig.ts';
import { makeKey } from './signer.ts';
import { Algorithm, keyTagOf } from './signing-keys.ts';
import { flipped, records, says, together, withRdata, withoutPart, type Tampering } from './tampering.ts';
import type { ZoneData } from './zone.ts';

/** Words of an NSEC record: the next name, the types. */
function rewritten(record: ZoneData, change: (words: string[]) => string[]): ZoneData {
  const words = rdataToText(Type.NSEC, record.rdata).split(' ');
  return { ...record, rdata: rdataFromText(Type.NSEC, change(words)) as Uint8Array };
}

/** The NSEC record of one name says something else, and is signed saying so. */
function nsecOf(owner: Name, change: (words: string[]) => string[]): Tampering {
  return records('unsigned', Type.NSEC, (record) => [record.owner === owner ? rewritten(record, change) : record]);
}

/** Of all NSEC records that of the apex alone is left, and is sent for want of a better one. */
function onlyApexDenies(apex: Name): Tampering {
  return records('signed', Type.NSEC, (record) => (record.owner === apex ? [record] : []));
}

/** The set is signed by another zone, with that zone's key and in its name. */
function signedBy(signer: Name, owner: Name, type: number): Tampering {
  const key = makeKey(signer, Algorithm.ECDSAP256SHA256, 'zone key');
  return {
    signed: (all) => {
      const set = all.filter((record) => record.owner === owner && record.type === type).map(({ rdata }) => rdata);
      return all.map((record) => {
        if (record.owner !== owner || record.type !== Type.RRSIG) return record;
        const { fields } = readSignature(record.rdata);
        if (fields.typeCovered !== type) return record;
        return { ...record, rdata: makeSignature({ ...fields, signer, keyTag: keyTagOf(key) }, key, owner, set) };
      });
    },
  };
}

/** The NSEC record of `owner` says what another zone would say, and is signed by that. */
function nsecSignedBy(signer: Name, owner: Name, change: (words: string[]) => string[]): Tampering {
  return together([nsecOf(owner, change), signedBy(signer, owner, Type.NSEC)]);
}

const child = (label: string, apex: Name): Name => prepend(label, apex)!;
const withType = (type: string) => (words: string[]) => [...words, type];
const withNext =
  (next: Name) =>
  ([, ...types]: string[]) => [nameToText(next), ...types];
const asNxdomain = { rcode: Rcode.NXDOMAIN, meaning: 'nxdomain' } as const;
const asNodata = { rcode: Rcode.NOERROR, meaning: 'nodata' } as const;

export const breakageOfDenials = {
  'nsec-missing': {
    question: 'none A',
    expected: bogus('denial-missing'),
    zone: (apex) => says(apex, () => ({ proof: [] })),
  },
  'nsec-missing-for-nodata': {
    question: 'www TXT',
    expected: bogus('denial-missing'),
    zone: (apex) => says(apex, () => ({ proof: [] })),
  },
  'nsec-of-another-name': { question: 'none A', expected: bogus('denial-wrong'), zone: onlyApexDenies },
  'nsec-of-another-name-for-nodata': { question: 'www TXT', expected: bogus('denial-wrong'), zone: onlyApexDenies },
  'nsec-says-the-type-exists': {
    question: 'www TXT',
    expected: bogus('denial-wrong'),
    zone: (apex) => nsecOf(child('www', apex), withType('TXT')),
  },
  /** RFC 6840 §4.3: then the answer ought to have been the alias. */
  'nsec-says-there-is-an-alias': {
    question: 'www TXT',
    expected: bogus('denial-wrong'),
    zone: (apex) => nsecOf(child('www', apex), withType('CNAME')),
  },
  /** What spans names of other zones proves nothing in this one. */
  'nsec-next-outside-the-zone': {
    question: 'zzz A',
    expected: bogus('denial-wrong'),
    zone: (apex) => nsecOf(child('www', apex), withNext(child('zzzz', parentOf(apex)))),
  },
  'nsec-span-backwards': {
    question: 'zzz A',
    expected: bogus('denial-wrong'),
    zone: (apex) => nsecOf(child('www', apex), withNext(child('mail', apex))),
  },
  /** RFC 6840 §4.1: an NSEC from above a cut says nothing of what is below. */
  'nsec-of-a-cut-for-names-below': {
    question: 'none.www A',
    expected: bogus('denial-wrong'),
    zone: (apex) => nsecOf(child('www', apex), ([next]) => [next, 'NS', 'RRSIG', 'NSEC']),
  },
  'nsec-of-a-dname-for-names-below': {
    question: 'none.www A',
    expected: bogus('denial-wrong'),
    zone: (apex) => nsecOf(child('www', apex), withType('DNAME')),
  },
  /** The apex seen from above, by the zone above. */
  'nsec-of-the-parent-for-the-apex': {
    question: '@ MX',
    expected: bogus('signature-out-of-place'),
    zone: (apex) => nsecSignedBy(parentOf(apex), apex, ([next]) => [next, 'NS', 'DS', 'RRSIG', 'NSEC']),
  },
  'nsec-of-the-parent-for-names-below': {
    question: 'zzz A',
    expected: bogus('signature-out-of-place'),
    zone: (apex) => nsecSignedBy(parentOf(apex), child('www', apex), (words) => words),
  },
  'nsec-changed-after-signing': {
    question: 'www TXT',
    expected: bogus('signature-wrong'),
    zone: () =>
      records(
        'signed',
        Type.NSEC,
        withRdata((rdata) => flipped(rdata)),
      ),
  },

  'wildcard-answer-without-proof': {
    question: 'x.wild A',
    expected: bogus('denial-missing'),
    zone: (apex) => says(apex, () => ({ proof: [] })),
  },
  'wildcard-alias-without-proof': {
    question: 'x.starred A',
    expected: bogus('denial-missing'),
    zone: (apex) => says(apex, () => ({ proof: [] })),
  },
  'wildcard-answer-with-another-proof': { question: 'x.wild A', expected: bogus('denial-wrong'), zone: onlyApexDenies },
  /** A closer name exists, and with it a closer wildcard might. */
  'wildcard-answer-over-a-closer-name': {
    question: 'x.m.wild A',
    expected: bogus('denial-wrong'),
    zone: expandedOverCloserName,
  },
  'wildcard-nodata-without-proof': {
    question: 'x.wild TXT',
    expected: bogus('denial-wrong'),
    zone: (apex) => withoutPart(apex, 'next-closer'),
  },
  'wildcard-nodata-without-the-wildcard': {
    question: 'x.wild TXT',
    expected: bogus('denial-wrong'),
    zone: (apex) => withoutPart(apex, 'wildcard'),
  },
  'nxdomain-without-the-wildcard': {
    question: 'none A',
    expected: bogus('denial-wrong'),
    zone: (apex) => withoutPart(apex, 'wildcard'),
  },
  'nxdomain-without-the-name': {
    question: 'none A',
    expected: bogus('denial-wrong'),
    zone: (apex) => withoutPart(apex, 'next-closer'),
  },
  'nxdomain-told-as-nodata': {
    question: 'none A',
    expected: bogus('denial-wrong'),
    zone: (apex) => says(apex, ({ meaning }) => (meaning === 'nxdomain' ? asNodata : {})),
  },
  'nodata-told-as-nxdomain': {
    question: 'www TXT',
    expected: bogus('denial-wrong'),
    zone: (apex) => says(apex, ({ meaning }) => (meaning === 'nodata' ? asNxdomain : {})),
  },
  'alias-target-denied-without-proof': {
    question: 'togone A',
    expected: bogus('denial-missing'),
    zone: (apex) => says(apex, () => ({ proof: [] })),
  },
  /** The NSEC record of `*.wild` as if it were expanded for a name that exists, to deny a type that is there. */
  'nsec-expanded-from-a-wildcard': {
    question: 'm.wild AAAA',
    expected: bogus('signature-out-of-place'),
    zone: deniedByWildcard,
  },
  'empty-non-terminal-told-as-nxdomain': {
    question: 'b A',
    expected: bogus('denial-wrong'),
    zone: (apex) => says(apex, ({ meaning }) => (meaning === 'empty-non-terminal' ? asNxdomain : {})),
  },
  'answer-told-as-nxdomain': {
    question: 'www A',
    expected: bogus('denial-missing'),
    zone: (apex) =>
      says(apex, ({ question, answer }) =>
        question?.qtype === Type.A && answer.length > 0 ? { ...asNxdomain, answer: [] } : {},
      ),
  },

  /** The delegation comes alone; asked for DS, the parent proves that there is none. */
  'referral-without-proof': {
    question: 'www.open.example. A',
    expected: insecure('no-ds'),
    parent: (apex) => says(parentOf(apex), ({ meaning }) => (meaning === 'referral' ? { proof: [] } : {})),
  },
  'ds-denial-missing': {
    question: 'www.open.example. A',
    expected: bogus('denial-missing'),
    parent: (apex) => says(parentOf(apex), () => ({ proof: [] })),
  },
  'ds-denial-of-another-name': {
    question: 'www.open.example. A',
    expected: bogus('denial-wrong'),
    parent: (apex) => onlyApexDenies(parentOf(apex)),
  },
  /** The way down to no security at all; the NSEC record tells of it. */
  'ds-stripped': {
    question: 'www A',
    expected: bogus('denial-wrong'),
    parent: (apex) => records('signed', Type.DS, (record) => (record.owner === apex ? [] : [record])),
  },
  'ds-stripped-and-denial-forged': {
    question: 'www A',
    expected: bogus('signature-wrong'),
    parent: (apex) => ({
      signed: (all) =>
        all
          .filter(({ owner, type }) => owner !== apex || type !== Type.DS)
          .map((record) =>
            record.owner === apex && record.type === Type.NSEC
              ? rewritten(record, (words) => words.filter((word) => word !== 'DS'))
              : record,
          ),
    }),
  },
  /** RFC 4035 §2.4: whoever it names has no part in signing it. */
  'ds-signed-by-the-child': {
    question: 'www A',
    expected: bogus('signature-out-of-place'),
    parent: (apex) => signedBy(apex, apex, Type.DS),
  },
  /** RFC 4035 §5.2: the child's own NSEC has no DS, naturally. */
  'ds-denied-by-the-child': {
    question: 'www A',
    expected: bogus('signature-out-of-place'),
    parent: (apex) => {
      const forged = nsecSignedBy(apex, apex, ([next]) => [next, 'NS', 'SOA', 'RRSIG', 'NSEC', 'DNSKEY']);
      return together([forged, records('signed', Type.DS, (record) => (record.owner === apex ? [] : [record]))]);
    },
  },
} satisfies Record<string, Breakage>;

/** `*.wild` is expanded for a name below one that exists, with the NSEC record that shows no more than that the name does not. */
function expandedOverCloserName(apex: Name): Tampering {
  const wild = child('wild', apex);
  const [wildcard, closer] = [child('*', wild), child('m', wild)];
  const expanded = child('x', closer);
  const denial: RRset[] = [];
  return {
    signed: (all) => {
      denial.push(signedSet(all, closer, Type.NSEC));
      const copies = all.filter(({ owner, type, rdata }) => owner === wildcard && covers(type, rdata, Type.A));
      return [...all, ...copies.map((record) => ({ ...record, owner: expanded }))];
    },
    misbehaviour: says(expanded, ({ authority }) => ({ authority: [...authority, ...denial] })).misbehaviour ?? [],
  };
}

function deniedByWildcard(apex: Name): Tampering {
  const wild = child('wild', apex);
  const [wildcard, exists] = [child('*', wild), child('m', wild)];
  const isDenied = ({ owner, type, rdata }: ZoneData): boolean =>
    owner === exists && (covers(type, rdata, Type.AAAA) || covers(type, rdata, Type.NSEC));
  return {
    signed: (all) => {
      const denial = all.filter(({ owner, type, rdata }) => owner === wildcard && covers(type, rdata, Type.NSEC));
      return [...all.filter((record) => !isDenied(record)), ...denial.map((record) => ({ ...record, owner: exists }))];
    },
  };
}

function covers(type: number, rdata: Uint8Array, covered: number): boolean {
  return type === covered || (type === Type.RRSIG && readSignature(rdata).fields.typeCovered === covered);
}

function signedSet(all: readonly ZoneData[], owner: Name, type: number): RRset {
  const records = all.filter((record) => record.owner === owner && covers(record.type, record.rdata, type));
  const rdata = (which: number): Uint8Array[] => records.filter((one) => one.type === which).map((one) => one.rdata);
  const { count, packed } = rrset(owner, Type.RRSIG, records[0].ttl, rdata(Type.RRSIG));
  return { ...rrset(owner, type, records[0].ttl, rdata(type)), signatures: { count, packed } };
}
