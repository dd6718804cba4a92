/** Names that do not exist and types that a name does not have, kept as long as the zone's SOA says: RFC 2308. */

import { expect, test } from 'vitest';

import { omitsSoa } from '../../src/lab/misbehaviour.ts';
import { simulatedInternet } from '../support/walking-resolver.ts';

const SOA = '@ 900 SOA ns1 hostmaster 1 7200 3600 1209600 60';
const example = (records = `${SOA}\nwww A 203.0.113.7\na.b.c A 203.0.113.8`) =>
  simulatedInternet().zone('.', { at: '198.51.100.1' }).zone('example.', { at: '192.0.2.1', records });

test.each([
  ['nxdomain', 'none.example. A'],
  ['nodata', 'www.example. AAAA'],
] as const)('%s is kept for the lesser of the TTL of the SOA and its MINIMUM (RFC 2308 §5)', async (kind, question) => {
  const internet = example();
  expect((await internet.ask(question)).reply).toDeny(kind);

  internet.wait(59_000);
  const kept = await internet.ask(question);
  expect(kept.reply).toDeny(kind);
  expect(kept.reply.source).toBe('negative');
  expect(kept.reply.authority[0].ttl).toBe(1);
  expect(kept.exchanges).toBe(0);

  internet.wait(1_000);
  const asked = await internet.ask(question);
  expect(asked.reply).toDeny(kind);
  expect(asked.exchanges).toBeGreaterThan(0);
});

test('NXDOMAIN answers every type of the name', async () => {
  const internet = example();
  await internet.ask('none.example. A');
  const { reply, exchanges } = await internet.ask('none.example. TXT');
  expect(reply).toDeny('nxdomain');
  expect(exchanges).toBe(0);
});

test('NODATA answers its own type only', async () => {
  const internet = example();
  await internet.ask('www.example. AAAA');
  expect((await internet.ask('www.example. A')).reply).toAnswer('www.example. 300 A 203.0.113.7');
});

test('an empty non-terminal is NODATA, and names below it are found (RFC 4592 §2.2.2)', async () => {
  const internet = example();
  expect((await internet.ask('b.c.example. A')).reply).toDeny('nodata');
  expect((await internet.ask('a.b.c.example. A')).reply).toAnswer('a.b.c.example. 300 A 203.0.113.8');
});

test('NXDOMAIN does not answer for names below it, as careless servers say it of empty non-terminals', async () => {
  const internet = example();
  await internet.ask('none.example. A');
  expect((await internet.ask('below.none.example. A')).exchanges).toBeGreaterThan(0);
});

test.each([
  ['none.example. A', 3],
  ['www.example. AAAA', 0],
])('without SOA a denial is passed on and not kept: nothing says for how long (%s)', async (question, rcode) => {
  const internet = example().server('192.0.2.1', omitsSoa);
  const first = await internet.ask(question);
  expect(first.reply).toMatchObject({ rcode, answer: [], authority: [] });
  const second = await internet.ask(question);
  expect(second.reply.rcode).toBe(rcode);
  expect(second.exchanges).toBeGreaterThan(0);
});

test('a MINIMUM of 0 is passed on and not kept', async () => {
  const internet = example('@ 900 SOA ns1 hostmaster 1 7200 3600 1209600 0');
  expect((await internet.ask('none.example. A')).reply).toDeny('nxdomain');
  expect((await internet.ask('none.example. A')).exchanges).toBeGreaterThan(0);
});

test('a top level domain that does not exist is denied by the root', async () => {
  const internet = example();
  const { reply, exchanges } = await internet.ask('www.nowhere. A');
  expect(reply).toDeny('nxdomain');
  expect(exchanges).toBe(2);
  expect((await internet.ask('www.nowhere. AAAA')).exchanges).toBe(0);
});
