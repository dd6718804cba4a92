import { describe, expect, test } from 'vitest';

import { ROOT, name } from '../dns/name.ts';
import { rdataFromText } from '../dns/presentation.ts';
import { parseType, Type } from '../dns/record-type.ts';
import { deniesType, hasType, isSoundBitmap, speaksForNamesBelow } from './type-bitmap.ts';

function bitmap(types: string): Uint8Array {
  const rdata = rdataFromText(Type.NSEC, ['.', ...types.split(' ').filter(Boolean)]);
  if (!(rdata instanceof Uint8Array)) throw new TypeError(rdata.why);
  return rdata.subarray(1);
}

test('the types of several windows are found, and no others', () => {
  const types = ['A', 'MX', 'RRSIG', 'NSEC', 'TYPE1234', 'CAA', 'TYPE65535'];
  const listed = bitmap(types.join(' '));
  const found = Array.from({ length: 65_536 }, (_, type) => type).filter((type) => hasType(listed, type));
  expect(found).toEqual(types.map((type) => parseType(type)!).toSorted((a, b) => a - b));
});

test('no types at all are a sound list (RFC 5155 §7.1, empty non-terminals)', () => {
  expect(isSoundBitmap(bitmap(''))).toBe(true);
  expect(hasType(bitmap(''), Type.A)).toBe(false);
});

test.each([
  ['a window of no octets', [0, 0]],
  ['a window of 33 octets', [0, 33, ...Array.from({ length: 33 }, () => 1)]],
  ['a window that is cut off', [0, 2, 1]],
  ['a window number alone', [0]],
  ['windows that descend', [1, 1, 1, 0, 1, 1]],
  ['the same window twice', [0, 1, 1, 0, 1, 2]],
])('%s is not sound (RFC 4034 §4.1.2)', (_, octets) => {
  expect(isSoundBitmap(Uint8Array.from(octets))).toBe(false);
});

describe('a record at a name denies a type', () => {
  test.each([
    ['A RRSIG NSEC', 'AAAA', true],
    ['A RRSIG NSEC', 'A', false],
    ['CNAME RRSIG NSEC', 'A', false], // RFC 6840 §4.3
    ['CNAME RRSIG NSEC', 'CNAME', false],
    ['NS RRSIG NSEC', 'A', false], // the child's to say, RFC 6840 §4.1
    ['NS RRSIG NSEC', 'DS', true],
    ['NS DS RRSIG NSEC', 'DS', false],
    ['NS SOA RRSIG NSEC', 'A', true],
    ['NS SOA RRSIG NSEC', 'DS', false], // the parent's to say
    ['A RRSIG NSEC', 'DS', true],
    ['A RRSIG NSEC', 'ANY', false],
    ['', 'A', true],
  ])('with %j, of %s: %s', (types, qtype, denies) => {
    expect(deniesType(bitmap(types), parseType(qtype)!, name('www.example.'))).toBe(denies);
  });
});

test('the root, which has no parent, denies its own DS', () => {
  expect(deniesType(bitmap('NS SOA RRSIG NSEC DNSKEY'), Type.DS, ROOT)).toBe(true);
});

test.each([
  ['A', true],
  ['NS SOA', true],
  ['NS', false],
  ['NS DS', false],
  ['DNAME', false],
  ['NS SOA DNAME', false],
])('a record with %j speaks for names below it: %s (RFC 6840 §4.1, RFC 6672 §5.3.4.1)', (types, speaks) => {
  expect(speaksForNamesBelow(bitmap(types))).toBe(speaks);
});
