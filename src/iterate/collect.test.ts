import { expect, test } from 'vitest';

import { responseTo, type ResponsePlan } from '../../test/support/responses.ts';
import { name, nameToText } from '../dns/name.ts';
import { Type } from '../dns/record-type.ts';
import { readMessage, type MessageView } from '../dns/wire/message-view.ts';
import { collect, type Collected } from './collect.ts';

const collected = (plan: ResponsePlan): Collected =>
  collect(responseTo('www.example. A', plan), {
    zone: name('example.'),
    qname: name('www.example.'),
    qtype: Type.A,
    isForwarder: false,
  });
const addresses = (count: number, ttl = 300): string =>
  Array.from({ length: count }, (_, i) => `www.example. ${ttl} A 203.0.${i >> 8}.${i & 255}`).join('\n');

test('records of one owner and type are a set, with the least of their TTLs (RFC 2181 §5.2)', () => {
  const answer = 'www.example. 300 A 203.0.113.7\nwww.example. 60 A 203.0.113.8\nwww.example. 900 A 203.0.113.9';
  expect(collected({ answer }).answer).toMatchObject([{ count: 3, ttl: 60 }]);
});

test('a record that is said twice is said once', () => {
  const answer = 'www.example. 300 A 203.0.113.7\nwww.example. 300 A 203.0.113.7';
  expect(collected({ answer }).answer).toMatchObject([{ count: 1 }]);
});

test('the same set in two sections is two: each section is for something else', () => {
  const { answer, glue } = collected({ answer: addresses(1), additional: addresses(1) });
  expect([answer.length, glue.length]).toEqual([1, 1]);
});

test('a second alias of one name is left out (RFC 2181 §10.1)', () => {
  const answer = 'www.example. 300 CNAME a.example.\nwww.example. 300 CNAME b.example.';
  expect(collected({ answer }).answer).toMatchObject([{ count: 1 }]);
});

test('of two SOAs the deeper one counts', () => {
  const soa = (owner: string): string => `${owner} 60 SOA ns.example. admin.example. 1 1 1 1 60`;
  const { soa: kept } = collected({ authority: `${soa('www.example.')}\n${soa('example.')}` });
  expect(nameToText(kept!.owner)).toBe('www.example.');
});

test.each([
  [2000, 1],
  [2001, 0],
])('a set of %i records is kept whole or not at all', (count, sets) => {
  expect(collected({ answer: addresses(count) }).answer).toHaveLength(sets);
});

test('what is refused is named, a few of many', () => {
  const answer = Array.from({ length: 50 }, (_, i) => `n${i}.victim. 60 A 203.0.113.66`).join('\n');
  const { refused } = collected({ answer });
  expect(refused).toHaveLength(8);
  expect(refused[0]).toMatchObject({ type: Type.A, why: 'outside the zone of the server' });
});

test('RDATA without the shape of its type is left out, the others of its section are not', () => {
  const { octets } = responseTo('www.example. A', { answer: `www.example. 60 A 203.0.113.7\n${addresses(1)}` });
  // The first record calls itself MX: four octets are no preference and name.
  const type = octets.indexOf(0xc0) + 2;
  octets[type + 1] = Type.MX;
  const message = readMessage(octets) as MessageView;
  const asked = { zone: name('example.'), qname: name('www.example.'), qtype: Type.A, isForwarder: false };
  const { answer, refused } = collect(message, asked);
  expect(answer).toMatchObject([{ type: Type.A, count: 1 }]);
  expect(refused).toMatchObject([{ type: Type.MX, why: 'RDATA has not the shape of its type' }]);
});

test('to a question for RRSIG, those of the name are records, and those of a DNAME or a denial are its signatures', () => {
  const rrsig = (owner: string, covers: string): string =>
    `${owner} 300 RRSIG ${covers} 13 2 300 20300101000000 20250101000000 4711 example. QUJDREVG`;
  const asked = { zone: name('example.'), qname: name('www.example.'), qtype: Type.RRSIG, isForwarder: false };
  const { answer } = collect(responseTo('www.example. RRSIG', { answer: rrsig('www.example.', 'A') }), asked);
  expect(answer).toMatchObject([{ type: Type.RRSIG, count: 1 }]);
  const moved = `example. 300 DNAME example.org.\n${rrsig('example.', 'DNAME')}`;
  expect(collect(responseTo('www.example. RRSIG', { answer: moved }), asked).answer).toMatchObject([
    { type: Type.DNAME, signatures: { count: 1 } },
  ]);
  const soa = 'example. 300 SOA ns.example. admin.example. 1 1 1 1 60';
  const denial = { authority: `${soa}\n${rrsig('example.', 'SOA')}` };
  expect(collect(responseTo('www.example. RRSIG', denial), asked).soa?.signatures).toMatchObject({ count: 1 });
});
