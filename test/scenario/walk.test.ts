/** The walk from the root to the servers that answer for a name: RFC 1034 §5.3.3. */

import { describe, expect, test } from 'vitest';

import { simulatedInternet } from '../support/walking-resolver.ts';

const ROOT_SERVER = '198.51.100.1';
const EXAMPLE_SERVER = '192.0.2.1';

const threeLevels = () =>
  simulatedInternet()
    .zone('.', { at: ROOT_SERVER })
    .zone('example.', { at: EXAMPLE_SERVER, records: 'www A 203.0.113.7\n@ MX 10 mail\nmail A 203.0.113.9' })
    .zone('sub.example.', { at: '192.0.2.2', records: '@ TXT "apex"\nwww A 203.0.113.8' });

test('a cold walk goes from the root to the server that answers', async () => {
  const { reply, events, exchanges } = await threeLevels().ask('www.sub.example. A');

  expect(reply).toAnswer('www.sub.example. 300 A 203.0.113.8');
  expect(reply.source).toBe('recursion');
  expect(exchanges).toBe(3);
  expect(events.filter(({ kind }) => kind === 'exchange')).toMatchObject([
    { server: ROOT_SERVER, result: 'referral' },
    { server: EXAMPLE_SERVER, result: 'referral' },
    { server: '192.0.2.2', result: 'answer' },
  ]);
});

test('the next walk starts at the closest zone cut that is known', async () => {
  const internet = threeLevels();
  await internet.ask('www.example. A');

  const { exchanges, events } = await internet.ask('www.sub.example. A');

  expect(exchanges).toBe(2);
  expect(events[0]).toMatchObject({ kind: 'start', from: 'cache' });
  expect((await internet.ask('mail.example. A')).exchanges).toBe(1);
});

test('an answer from the cache has a TTL that counts down, and asks nobody', async () => {
  const internet = threeLevels();
  await internet.ask('www.example. A');
  internet.wait(100_000);

  const { reply, exchanges } = await internet.ask('www.example. A');

  expect(reply).toAnswer('www.example. 200 A 203.0.113.7');
  expect(reply.source).toBe('cache');
  expect(exchanges).toBe(0);
});

test('a record is asked for again when its TTL has ended', async () => {
  const internet = threeLevels();
  await internet.ask('www.example. A');
  internet.wait(300_000);
  expect((await internet.ask('www.example. A')).exchanges).toBe(1);
});

test('a record with TTL 0 is answered and not kept (RFC 1035 §3.2.1)', async () => {
  const internet = simulatedInternet().zone('.', { at: ROOT_SERVER, records: 'now 0 A 203.0.113.7' });
  expect((await internet.ask('now. A')).reply).toAnswer('now. 0 A 203.0.113.7');
  expect(await internet.ask('now. A')).toMatchObject({ exchanges: 1 });
});

describe('at the apex of a zone', () => {
  test('the zone itself answers for data, SOA and NS, not its parent', async () => {
    const internet = threeLevels();
    expect((await internet.ask('sub.example. TXT')).reply).toAnswer('sub.example. 300 TXT "apex"');
    expect((await internet.ask('sub.example. NS')).reply).toAnswer('sub.example. 3600 NS ns1.sub.example.');
    expect((await internet.ask('sub.example. SOA')).reply.answer).toMatchObject([{ count: 1 }]);
    expect(internet.seen('192.0.2.2')).toEqual(['sub.example. TXT', 'sub.example. NS', 'sub.example. SOA']);
  });

  test('a cold question for NS is answered by the child', async () => {
    const { reply, events } = await threeLevels().ask('sub.example. NS');
    expect(reply).toAnswer('sub.example. 3600 NS ns1.sub.example.');
    expect(events).toContainEqual(expect.objectContaining({ server: '192.0.2.2', result: 'answer' }));
  });

  test('the root answers for the root', async () => {
    expect((await threeLevels().ask('. NS')).reply).toAnswer('. 3600 NS ns1.root.');
  });
});

describe('DS is answered by the parent side of a zone cut (RFC 4035 §3.1.4.1)', () => {
  const DS = '60485 5 1 2BB183AF5F22588179A53B0A98631FAD1A292118';
  const signed = (at: string) =>
    simulatedInternet()
      .zone('.', { at: ROOT_SERVER })
      .zone('example.', { at: EXAMPLE_SERVER, records: `sub DS ${DS}` })
      .zone('sub.example.', { at });

  test.each([
    ['on servers of its own', '192.0.2.2'],
    ['on the servers of its parent', EXAMPLE_SERVER],
  ])('for a child %s', async (_, at) => {
    const internet = signed(at);
    const answer = `sub.example. 300 DS ${DS}`;
    expect((await internet.ask('sub.example. DS')).reply).toAnswer(answer);
  });

  test('also when the child is known already', async () => {
    const internet = signed('192.0.2.2');
    await internet.ask('sub.example. SOA');
    expect((await internet.ask('sub.example. DS')).reply).toAnswer(`sub.example. 300 DS ${DS}`);
    expect(internet.seen('192.0.2.2')).toEqual(['sub.example. SOA']);
  });

  test('a cut without DS is NODATA from the parent', async () => {
    const { reply, events } = await threeLevels().ask('sub.example. DS');
    expect(reply).toDeny('nodata');
    expect(events.filter(({ kind }) => kind === 'exchange')).toHaveLength(2);
  });

  test('the root has no parent: its own servers are asked', async () => {
    expect((await threeLevels().ask('. DS')).reply).toDeny('nodata');
  });
});

test('one server may serve a zone and its child, and then refers to nobody', async () => {
  const internet = simulatedInternet()
    .zone('.', { at: ROOT_SERVER })
    .zone('example.', { at: EXAMPLE_SERVER })
    .zone('sub.example.', { at: EXAMPLE_SERVER, records: 'www A 203.0.113.8' });
  const { reply, exchanges } = await internet.ask('www.sub.example. A');
  expect(reply).toAnswer('www.sub.example. 300 A 203.0.113.8');
  expect(exchanges).toBe(3);
});

test('the servers of the root may serve a zone below it', async () => {
  const internet = simulatedInternet()
    .zone('.', { at: ROOT_SERVER })
    .zone('example.', { at: ROOT_SERVER, records: 'www A 203.0.113.7' });
  expect((await internet.ask('www.example. A')).reply).toAnswer('www.example. 300 A 203.0.113.7');
});

test('a wildcard answers under the name that was asked (RFC 4592)', async () => {
  const internet = simulatedInternet()
    .zone('.', { at: ROOT_SERVER })
    .zone('example.', { at: EXAMPLE_SERVER, records: '* A 203.0.113.7' });
  expect((await internet.ask('any.thing.example. A')).reply).toAnswer('any.thing.example. 300 A 203.0.113.7');
});

test('a type that nobody has heard of passes unharmed (RFC 3597)', async () => {
  const internet = simulatedInternet().zone('.', { at: ROOT_SERVER, records: String.raw`odd TYPE65400 \# 4 0AFF0010` });
  const { reply } = await internet.ask('odd. TYPE65400');
  expect(reply.answer).toMatchObject([{ type: 65_400, packed: Uint8Array.of(0, 4, 0x0a, 0xff, 0, 0x10) }]);
});

test('when the reply is there, no timer is set and no flow is open', async () => {
  const internet = threeLevels();
  await internet.ask('www.sub.example. A');
  const { clock, network } = internet.build();
  expect(clock.pending()).toBe(0);
  expect(network.counts().open).toBe(0);
});
