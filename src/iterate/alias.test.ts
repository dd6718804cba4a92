import { expect, test } from 'vitest';

import { ROOT, name, nameToText } from '../dns/name.ts';
import { Type } from '../dns/record-type.ts';
import { rrset, type RRset } from '../dns/rrset.ts';
import { parseZoneText } from '../dns/zone-text.ts';
import { aliasAt, setsOf, type AliasStep, type FindRRset } from './alias.ts';

const held = (text: string): FindRRset => {
  const sets = parseZoneText(text).records.map(({ owner, type, ttl, rdata }) => rrset(owner, type, ttl, [rdata]));
  return (owner, type): RRset | undefined => sets.find((set) => set.owner === owner && set.type === type);
};
const told = (step: AliasStep): string =>
  step.kind === 'link' ? `${setsOf(step.link).length} sets to ${nameToText(step.link.target)}` : step.kind;

test.each([
  ['a CNAME leads on', 'www.example. 60 CNAME a.other.', 'www.example.', '1 sets to a.other.'],
  ['nothing leads nowhere', 'www.example. 60 A 203.0.113.7', 'www.example.', 'none'],
  ['a DNAME moves what is below it', 'example. 60 DNAME new.', 'a.b.example.', '2 sets to a.b.new.'],
  ['a DNAME does not move its own name', 'example. 60 DNAME new.', 'example.', 'none'],
  [
    'the closest DNAME counts',
    'example. 60 DNAME far.\nb.example. 60 DNAME near.',
    'a.b.example.',
    '2 sets to a.near.',
  ],
  [
    'a DNAME comes before a CNAME below it',
    'example. 60 DNAME new.\na.example. 60 CNAME x.',
    'a.example.',
    '2 sets to a.new.',
  ],
])('%s', (_, text, sname, expected) => {
  expect(told(aliasAt(name(sname), Type.A, ROOT, held(text), true))).toBe(expected);
});

test('a CNAME answers a question for CNAME itself (RFC 1034 §3.6.2)', () => {
  const find = held('www.example. 60 CNAME a.other.');
  expect(aliasAt(name('www.example.'), Type.CNAME, ROOT, find, true).kind).toBe('none');
});

test('no DNAME is looked for above the zone, nor where none can be', () => {
  const find = held('. 60 DNAME new.\nexample. 60 DNAME new.');
  expect(aliasAt(name('a.sub.example.'), Type.A, name('sub.example.'), find, true).kind).toBe('none');
  expect(aliasAt(name('a.example.'), Type.A, ROOT, find, false).kind).toBe('none');
});

test('the CNAME that is made has the TTL of its DNAME (RFC 6672 §3.1)', () => {
  const step = aliasAt(name('a.example.'), Type.A, ROOT, held('example. 77 DNAME new.'), true);
  expect(step).toMatchObject({ kind: 'link', link: { cname: { ttl: 77 }, dname: { ttl: 77 } } });
});

test('a name that would be longer than 255 octets is a DNAME that is too long', () => {
  const label = 'x'.repeat(60);
  const find = held(`example. 60 DNAME ${label}.${label}.${label}.`);
  expect(aliasAt(name(`${label}.${label}.example.`), Type.A, ROOT, find, true).kind).toBe('too-long');
});
