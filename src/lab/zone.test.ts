import { describe, expect, test } from 'vitest';

import { name, nameToText } from '../dns/name.ts';
import { formatRRset } from '../dns/presentation.ts';
import { parseType } from '../dns/record-type.ts';
import type { RRset } from '../dns/rrset.ts';
import { createZone, createZoneSet, zoneFromText, type Lookup } from './zone.ts';

const zone = zoneFromText(
  name('example.'),
  `
@            SOA  ns admin 1 7200 3600 1209600 60
@            NS   ns
ns           A    192.0.2.1
ns           AAAA 2001:db8::1
www     300  A    203.0.113.7
www     200  A    203.0.113.8
alias        CNAME www
away         CNAME www.other.test.
old          DNAME new
new          TXT  "here"
deep.empty   A    203.0.113.9
*.wild       TXT  "any"
b.wild       A    203.0.113.10
*.calias     CNAME www
x.*.star     A    203.0.113.11
sub          NS   ns.sub
sub          NS   ns.other.test.
sub          DS   1 8 2 0000000000000000000000000000000000000000000000000000000000000000
ns.sub       A    192.0.2.53
below.sub    A    203.0.113.12
`,
);

function look(question: string): string {
  const [qname, qtype] = question.split(' ');
  return tell(zone.lookup(name(qname), parseType(qtype)!));
}

function sets(list: readonly RRset[]): string {
  return list
    .map((set) => formatRRset(set).replaceAll('\tIN\t', ' ').replaceAll('\t', ' ').replaceAll('\n', ' + '))
    .join(' | ');
}

/** One line: the kind, then what comes with it. */
function tell(found: Lookup): string {
  switch (found.kind) {
    case 'answer':
    case 'alias-too-long':
      return `${found.kind}: ${sets(found.rrsets)}`;
    case 'alias':
      return `alias to ${nameToText(found.target)}: ${sets(found.rrsets)}`;
    case 'referral':
      return `referral to ${nameToText(found.ns.owner)}, ${found.ds ? 'DS' : 'no DS'}, glue: ${sets(found.glue)}`;
    case 'nodata':
      return found.isEmptyNonTerminal ? 'nodata (empty non-terminal)' : 'nodata';
    case 'nxdomain':
      return 'nxdomain';
    default:
      return found satisfies never;
  }
}

describe('a zone answers by RFC 1034 §4.3.2', () => {
  test.each([
    [
      'a name with the type: its set, with the least TTL',
      'www.example. A',
      'answer: www.example. 200 A 203.0.113.7 + www.example. 200 A 203.0.113.8',
    ],
    ['a name without the type', 'www.example. MX', 'nodata'],
    ['a name that does not exist', 'none.example. A', 'nxdomain'],
    ['the apex NS set is authoritative', 'example. NS', 'answer: example. 300 NS ns.example.'],
    ['a CNAME leads on', 'alias.example. A', 'alias to www.example.: alias.example. 300 CNAME www.example.'],
    [
      'a CNAME that is asked for is the answer',
      'alias.example. CNAME',
      'answer: alias.example. 300 CNAME www.example.',
    ],
    ['ANY at a CNAME is the CNAME', 'alias.example. ANY', 'answer: alias.example. 300 CNAME www.example.'],
    ['a name above one that exists (RFC 4592 §2.2.2)', 'empty.example. A', 'nodata (empty non-terminal)'],
    ['ANY at an empty non-terminal', 'empty.example. ANY', 'nodata (empty non-terminal)'],
    ['a name below a leaf', 'x.www.example. A', 'nxdomain'],
  ])('%s', (_, question, told) => expect(look(question)).toBe(told));
});

describe('wildcards are those of RFC 4592', () => {
  test.each([
    [
      'a name that does not exist gets the wildcard as its own',
      'a.wild.example. TXT',
      'answer: a.wild.example. 300 TXT "any"',
    ],
    ['so does one more labels below', 'x.y.wild.example. TXT', 'answer: x.y.wild.example. 300 TXT "any"'],
    ['without the type it is NODATA', 'a.wild.example. A', 'nodata'],
    ['a name that exists does not', 'b.wild.example. TXT', 'nodata'],
    ['nor one below a name that exists', 'x.b.wild.example. TXT', 'nxdomain'],
    ['the name above the wildcard does not', 'wild.example. TXT', 'nodata (empty non-terminal)'],
    ['the wildcard may be asked for itself', '*.wild.example. TXT', 'answer: *.wild.example. 300 TXT "any"'],
    [
      'a CNAME is synthesised too',
      'a.calias.example. A',
      'alias to www.example.: a.calias.example. 300 CNAME www.example.',
    ],
    ['a wildcard that only has a name below it denies with NODATA', 'a.star.example. A', 'nodata (empty non-terminal)'],
    [
      'an asterisk inside a name is a label like any other',
      'x.*.star.example. A',
      'answer: x.*.star.example. 300 A 203.0.113.11',
    ],
    ['and is no source of synthesis', 'x.y.star.example. A', 'nodata (empty non-terminal)'],
  ])('%s', (_, question, told) => expect(look(question)).toBe(told));
});

describe('a DNAME moves what is below it (RFC 6672)', () => {
  test('with the CNAME that it makes, of the same TTL', () => {
    expect(look('a.b.old.example. A')).toBe(
      'alias to a.b.new.example.: old.example. 300 DNAME new.example. | a.b.old.example. 300 CNAME a.b.new.example.',
    );
  });
  test('and not its own name', () => expect(look('old.example. A')).toBe('nodata'));
  test('a name that becomes too long is YXDOMAIN', () => {
    const long = 'a'.repeat(50);
    const grows = zoneFromText(name('example.'), `old DNAME ${long}.${long}.${long}.${long}.example.`);
    const found = grows.lookup(name(`${long}.old.example.`), 1);
    expect(found.kind).toBe('alias-too-long');
  });
});

describe('a zone cut', () => {
  const referral = 'referral to sub.example., DS, glue: ns.sub.example. 300 A 192.0.2.53';
  test.each([
    ['refers what is below it, with the glue it has', 'below.sub.example. A', referral],
    ['refers its own name', 'sub.example. NS', referral],
    ['refers the name of a server whose glue it has', 'ns.sub.example. A', referral],
  ])('%s', (_, question, told) => expect(look(question)).toBe(told));

  test('answers for DS itself (RFC 4035 §3.1.4.1)', () => {
    expect(look('sub.example. DS')).toMatch(/^answer: sub\.example\. 300 DS 1 8 2 /);
  });
  test('refers DS below it', () => expect(look('below.sub.example. DS')).toBe(referral));
});

test('glue is given for a server elsewhere in the zone, of both families', () => {
  const tld = zoneFromText(name('example.'), 'a NS ns.b\nns.b A 192.0.2.1\nns.b AAAA 2001:db8::1');
  expect(tell(tld.lookup(name('www.a.example.'), 1))).toBe(
    'referral to a.example., no DS, glue: ns.b.example. 300 A 192.0.2.1 | ns.b.example. 300 AAAA 2001:db8::1',
  );
});

test('a zone refuses records that are not at or below its apex', () => {
  expect(() => zoneFromText(name('example.'), 'www.other.test. A 192.0.2.1')).toThrow(
    'www.other.test. A is outside example.',
  );
});

test('a zone refuses text that is not sound, with the line', () => {
  expect(() => zoneFromText(name('example.'), 'www A 192.0.2.1\nwww A 192.0.2.256')).toThrow(/zone example\.: line 2/);
});

describe('of several zones', () => {
  const zones = createZoneSet(['.', 'example.', 'a.example.'].map((apex) => createZone(name(apex), [])));
  test.each([
    ['the deepest is found', 'www.a.example.', 'A', 'a.example.'],
    ['an apex belongs to its own zone', 'a.example.', 'NS', 'a.example.'],
    ['DS at an apex belongs to the zone above', 'a.example.', 'DS', 'example.'],
    ['DS below an apex does not', 'www.a.example.', 'DS', 'a.example.'],
    ['the root has no zone above', '.', 'DS', '.'],
  ])('%s', (_, qname, qtype, apex) => {
    expect(nameToText(zones.find(name(qname), parseType(qtype)!)!.apex)).toBe(apex);
  });
  test('a name in none of them has none', () => {
    expect(createZoneSet([createZone(name('example.'), [])]).find(name('other.test.'), 1)).toBeUndefined();
  });
});
