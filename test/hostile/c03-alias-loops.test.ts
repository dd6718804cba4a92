/**
 * C3. Alias loops, an alias of itself, two aliases of one name, aliases beside other data, DNAMEs that make names grow or
 * lead below themselves (CVE-2026-12617: an assertion in BIND).
 *
 * A chain remembers the names it has passed (recursion/chain.ts); the CNAME of a DNAME is made here and a name that would
 * be too long is YXDOMAIN (RFC 6672 §2.2, iterate/alias.ts); of two CNAMEs or DNAMEs of one name the first counts
 * (RFC 1034 §3.6.2, iterate/collect.ts).
 */

import { describe, expect, test } from 'vitest';

import { name } from '../../src/dns/name.ts';
import { Rcode } from '../../src/dns/record-type.ts';
import { forges } from '../../src/lab/misbehaviour.ts';
import { simulatedInternet } from '../support/walking-resolver.ts';
import { besieged, type Besieged } from './besieged.ts';
import { recordFigure } from './figures.ts';
import { alias } from './hostile-zones.ts';

const A = '192.0.2.1';

const zone = (records: string): Besieged =>
  besieged(
    simulatedInternet()
      .zone('.', { at: '198.51.100.1' })
      .zone('z.', { at: A, records })
      .zone('y.', { at: '192.0.2.2', records: 'back CNAME to-y.z.\nwww A 203.0.113.7' }),
  );

const { SERVFAIL, YXDOMAIN, NOERROR } = Rcode;

describe.each<[string, string, string, number]>([
  ['an alias of itself', 'a CNAME a', 'a.z. A', SERVFAIL],
  ['two aliases of each other', 'a CNAME b\nb CNAME a', 'a.z. A', SERVFAIL],
  ['three in a circle', 'a CNAME b\nb CNAME c\nc CNAME a', 'a.z. A', SERVFAIL],
  ['a circle through another zone', 'to-y CNAME back.y.', 'to-y.z. A', SERVFAIL],
  ['a circle with TTL 0', 'a 0 CNAME b\nb 0 CNAME a', 'a.z. A', SERVFAIL],
  ['a DNAME that makes names grow', 'd DNAME x.d', 'a.d.z. A', SERVFAIL],
  ['a DNAME that makes long names grow', `d DNAME ${'x'.repeat(60)}.${'y'.repeat(60)}.d`, 'a.d.z. A', YXDOMAIN],
  ['a DNAME to its own parent', 'd DNAME @', 'a.d.d.d.z. A', NOERROR],
  ['a DNAME to itself', 'd DNAME d', 'a.d.z. A', SERVFAIL],
  ['a DNAME at the apex, to below it', '@ DNAME d.z.', 'a.z. A', SERVFAIL],
  ['a wildcard alias of names that it covers', '*.w CNAME a.b.w', 'q.w.z. A', SERVFAIL],
])('%s', (what, records, question, rcode) => {
  test('ends soon, with the right RCODE, and again from the cache', async () => {
    const resolver = zone(
      `${records}\na.z. A 203.0.113.7`.replace(
        /\na\.z\. A .*/,
        /^a\b/m.test(records) || records.startsWith('@') ? '' : '$&',
      ),
    );
    for (let i = 0; i < 3; i++) {
      const { reply, packets } = await resolver.ask(question);
      expect(reply.rcode).toBe(rcode);
      recordFigure('C3', `packets (${what})`, packets, i === 0 ? 15 : 12);
    }
  });
});

test.each([
  ['two aliases of one name', [alias(name('a.z.'), 'two.z.')]],
  ['two aliases, the other leading back', [alias(name('one.z.'), 'a.z.')]],
])('%s lead to one end', async (_, forged) => {
  const internet = simulatedInternet()
    .zone('.', { at: '198.51.100.1' })
    .zone('z.', { at: A, records: 'a CNAME one\none A 203.0.113.1\ntwo A 203.0.113.2' })
    .server(A, forges('answer', ...forged));
  const { reply, packets } = await besieged(internet).ask('a.z. A');
  expect([NOERROR, SERVFAIL]).toContain(reply.rcode);
  expect(reply.answer.filter(({ owner, type }) => owner === name('a.z.') && type === 5)).toHaveLength(
    reply.rcode === NOERROR ? 1 : 0,
  );
  recordFigure('C3', 'packets where one name has two aliases', packets, 8);
});

test('an alias beside other data of its name does not hide what was asked for', async () => {
  const internet = simulatedInternet()
    .zone('.', { at: '198.51.100.1' })
    .zone('z.', { at: A, records: 'a TXT "mine"\nb A 203.0.113.1' })
    .server(A, forges('answer', alias(name('a.z.'), 'b.z.')));
  const { packets } = await besieged(internet).ask('a.z. TXT');
  recordFigure('C3', 'packets where an alias stands beside other data', packets, 8);
});
