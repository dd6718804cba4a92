import { describe, expect, test } from 'vitest';

import { name, nameToText } from '../dns/name.ts';
import { parseType, Type } from '../dns/record-type.ts';
import { rrset } from '../dns/rrset.ts';
import { signatureRdata } from '../lab/rrsig.ts';
import { defaultPolicy } from './policy.ts';
import { closestEncloserOf, problemOfTime, readRrsig, standsInPlace, type Rrsig } from './rrsig.ts';

const DAY = 86_400;
const HOUR = 3600;
const fields = {
  typeCovered: Type.A as number,
  algorithm: 13,
  labels: 2,
  originalTtl: 300,
  expiration: 2_000_000_000,
  inception: 1_000_000_000,
  keyTag: 4711,
  signer: name('Example.'),
};
const rrsig = (change: Partial<typeof fields> = {}): Rrsig =>
  readRrsig(signatureRdata({ fields: { ...fields, ...change }, octets: Uint8Array.of(1, 2, 3) }))!;

test('the fields are read, the signer in lower case', () => {
  expect(rrsig()).toMatchObject(fields);
  expect([...rrsig().signature]).toEqual([1, 2, 3]);
});

test('RDATA that ends before or inside the name of the signer is no RRSIG', () => {
  const { rdata } = rrsig();
  for (let length = 0; length < 18 + 9; length++) expect(readRrsig(rdata.subarray(0, length))).toBeUndefined();
  expect(readRrsig(rdata.subarray(0, 18 + 9))).toBeDefined();
});

describe('a signature stands in its place (RFC 4035 §5.3.1)', () => {
  const stands = (owner: string, type: string, labels: number, signer: string, zone = 'example.'): boolean => {
    const typeCovered = parseType(type)!;
    const set = rrset(name(owner), typeCovered, 300, [new Uint8Array(4)]);
    return standsInPlace(rrsig({ labels, signer: name(signer), typeCovered }), set, name(zone));
  };

  test.each([
    ['www.example.', 'A', 2],
    ['example.', 'A', 1],
    ['a.b.example.', 'A', 1], // from *.example.
    ['*.example.', 'A', 1], // the wildcard itself
    ['example.', 'DNSKEY', 1],
    ['sub.example.', 'DS', 2],
    ['*.example.', 'NSEC', 1],
  ])('%s %s with %i labels by example.', (owner, type, labels) => {
    expect(stands(owner, type, labels, 'example.')).toBe(true);
  });

  test.each([
    ['more labels than the owner has', 'www.example.', 'A', 3, 'example.'],
    ['the asterisk counted as a label', '*.example.', 'A', 2, 'example.'],
    ['another signer than the zone', 'www.example.', 'A', 2, 'www.example.'],
    ["a signer above the zone's name", 'www.example.', 'A', 2, '.'],
    ['an owner beside the zone', 'www.test.', 'A', 2, 'example.'],
    ['an owner whose octets only end like the zone', 'badexample.', 'A', 1, 'example.'],
    ['an owner above the zone', '.', 'A', 0, 'example.'],
    ['the keys of a name below the apex', 'sub.example.', 'DNSKEY', 2, 'example.'],
    ["the zone's own DS, which is its parent's", 'example.', 'DS', 1, 'example.'],
    ['an NSEC expanded from a wildcard', 'www.example.', 'NSEC', 1, 'example.'],
    ['an NSEC3 expanded from a wildcard', 'www.example.', 'NSEC3', 1, 'example.'],
    ['a DS expanded from a wildcard', 'www.example.', 'DS', 1, 'example.'],
  ])('not with %s', (_, owner, type, labels, signer) => {
    expect(stands(owner, type, labels, signer)).toBe(false);
  });

  test('not when it covers another type', () => {
    expect(standsInPlace(rrsig(), rrset(name('www.example.'), Type.AAAA, 300, []), name('example.'))).toBe(false);
  });

  test("not with labels below the signer's: a zone would speak for the wildcard of its parent", () => {
    expect(stands('www.sub.example.', 'A', 1, 'sub.example.', 'sub.example.')).toBe(false);
    expect(stands('www.sub.example.', 'A', 0, 'sub.example.', 'sub.example.')).toBe(false);
    expect(stands('www.sub.example.', 'A', 2, 'sub.example.', 'sub.example.')).toBe(true);
  });
});

test.each([
  ['www.example.', 2, undefined],
  ['*.example.', 1, undefined],
  ['a.b.example.', 1, 'example.'],
  ['a.b.example.', 2, 'b.example.'],
  ['*.b.example.', 1, 'example.'],
  ['com.', 0, '.'],
])('%s signed with %i labels was expanded below %s', (owner, labels, encloser) => {
  const found = closestEncloserOf(rrsig({ labels }), name(owner));
  expect(found && nameToText(found)).toBe(encloser);
});

describe('the dates (RFC 4034 §3.1.5)', () => {
  const at = (now: number, inception: number, expiration: number): string | undefined =>
    problemOfTime(rrsig({ inception, expiration }), now, defaultPolicy.clockSkew);
  const START = 1_700_000_000;

  test.each([
    ['at its inception', START, undefined],
    ['at its expiration', START + 30 * DAY, undefined],
    ['a day after', START + 31 * DAY, undefined],
    ['a day and a second after', START + 31 * DAY + 1, 'signature-expired'],
    ['a day before', START - DAY, undefined],
    ['a day and a second before', START - DAY - 1, 'signature-not-yet-valid'],
  ])('of 30 days, %s', (_, now, problem) => expect(at(now, START, START + 30 * DAY)).toBe(problem));

  test.each([
    ['4.8 hours of 2 days', 2 * DAY, 17_280],
    ['an hour at least', 600, HOUR],
    ['a day at most', 365 * DAY, DAY],
  ])('the clock may be wrong by a tenth of the validity: %s', (_, validity, allowed) => {
    expect(at(START + validity + allowed, START, START + validity)).toBeUndefined();
    expect(at(START + validity + allowed + 1, START, START + validity)).toBe('signature-expired');
  });

  test('an expiration before the inception is told as such, whatever the time', () => {
    expect(at(START, START, START - 1)).toBe('signature-before-inception');
  });

  test('they go over the end of 32 bits (RFC 1982)', () => {
    const end = 2 ** 32;
    expect(at(end + 10, end - DAY, DAY)).toBeUndefined();
    expect(at(end + 3 * DAY, end - DAY, DAY)).toBe('signature-expired');
    expect(at(end - 3 * DAY, end - DAY, DAY)).toBe('signature-not-yet-valid');
  });
});
