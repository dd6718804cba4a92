import { describe, expect, test } from 'vitest';

import { name } from '../dns/name.ts';
import { Class, Type } from '../dns/record-type.ts';
import type { Section } from '../dns/wire/message-view.ts';
import { admitRecord, type Asked } from './bailiwick.ts';

const asked: Asked = { zone: name('example.'), qname: name('www.sub.example.'), qtype: Type.A, isForwarder: false };
const admit = (section: Section, owner: string, type: number, of: Asked = asked): string =>
  admitRecord(section, name(owner), type, Class.IN, of).kind;

describe('a server of example., asked for www.sub.example., may say', () => {
  test.each<[Section, string, keyof typeof Type, string]>([
    ['answer', 'www.sub.example.', 'A', 'answer'],
    ['answer', 'other.example.', 'A', 'answer'],
    ['answer', 'example.', 'DNAME', 'answer'],
    ['authority', 'sub.example.', 'NS', 'cut'],
    ['authority', 'www.sub.example.', 'NS', 'cut'],
    ['authority', 'example.', 'SOA', 'soa'],
    ['authority', 'sub.example.', 'SOA', 'soa'],
    ['authority', 'sub.example.', 'DS', 'ds'],
    ['authority', 'a.example.', 'NSEC', 'proof'],
    ['additional', 'ns.sub.example.', 'A', 'glue'],
    ['additional', 'ns.other.example.', 'AAAA', 'glue'],
  ])('in the %s section: %s %s, taken as %s', (section, owner, type, as) => {
    expect(admit(section, owner, Type[type])).toBe(as);
  });
});

describe('and may not say', () => {
  test.each<[Section, string, keyof typeof Type, string]>([
    ['answer', 'www.victim.', 'A', 'refused'],
    ['answer', '.', 'DNAME', 'refused'],
    ['answer', 'notexample.', 'A', 'refused'],
    ['authority', 'example.', 'NS', 'wrong-cut'],
    ['authority', '.', 'NS', 'wrong-cut'],
    ['authority', 'other.example.', 'NS', 'wrong-cut'],
    ['authority', 'a.www.sub.example.', 'NS', 'wrong-cut'],
    ['authority', 'victim.', 'NS', 'wrong-cut'],
    ['authority', '.', 'SOA', 'refused'],
    ['authority', 'other.example.', 'SOA', 'refused'],
    ['authority', 'sub.example.', 'A', 'refused'],
    ['authority', 'example.', 'DS', 'refused'],
    ['authority', 'other.example.', 'DS', 'refused'],
    ['authority', 'a.victim.', 'NSEC', 'refused'],
    ['additional', 'ns.victim.', 'A', 'refused'],
    ['additional', 'ns.example.', 'TXT', 'refused'],
    ['additional', 'ns.example.', 'CNAME', 'refused'],
  ])('in the %s section: %s %s', (section, owner, type, as) => {
    expect(admit(section, owner, Type[type])).toBe(as);
  });
});

test('the root may speak of everything, and refers to everything but itself', () => {
  const ofRoot = { ...asked, zone: name('.') };
  expect(admit('answer', 'www.victim.', Type.A, ofRoot)).toBe('answer');
  expect(admit('authority', 'example.', Type.NS, ofRoot)).toBe('cut');
  expect(admit('authority', '.', Type.NS, ofRoot)).toBe('wrong-cut');
});

test('records of another class and types that are no data are refused', () => {
  expect(admitRecord('answer', asked.qname, Type.A, 3, asked)).toMatchObject({
    kind: 'refused',
    why: 'class is not IN',
  });
  expect(admit('answer', 'www.sub.example.', Type.ANY)).toBe('refused');
  expect(admit('additional', 'www.sub.example.', Type.OPT)).toBe('refused');
});
