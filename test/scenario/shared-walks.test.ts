/** Clients of the same question share one walk, and walks share what they ask of the same zone (RFC 5452 §5). */

import { expect, test } from 'vitest';

import { name } from '../../src/dns/name.ts';
import { delays, refuses, silent, tcpHangs } from '../../src/lab/misbehaviour.ts';
import { resolverIn } from '../support/resolver-in.ts';
import { defaultOptions, simulatedInternet } from '../support/walking-resolver.ts';

const ROOT_SERVER = '198.51.100.1';
const SERVER = '192.0.2.1';

const example = (records: string) =>
  simulatedInternet().zone('.', { at: ROOT_SERVER }).zone('example.', { at: SERVER, records });

test('300 clients of one slow name cause one walk, and all are answered', async () => {
  const resolver = resolverIn(example('www A 203.0.113.7').server(SERVER, delays(90)));
  const replies = await resolver.askTogether(Array.from({ length: 300 }, () => 'www.example. A'));
  for (const reply of replies) expect(reply).toAnswer('www.example. 300 A 203.0.113.7');
  expect(resolver.seen(ROOT_SERVER)).toEqual(['example. A']);
  expect(resolver.seen(SERVER)).toEqual(['www.example. A']);
});

test('300 clients of one dead name cause one walk, and all are told why', async () => {
  const resolver = resolverIn(example('').server(SERVER, silent));
  const replies = await resolver.askTogether(Array.from({ length: 300 }, () => 'www.example. A'));
  for (const reply of replies) expect(reply).toFail(/192\.0\.2\.1\) timed out/);
  expect(resolver.exchanges()).toBeLessThanOrEqual(5);
});

test('100 names asked cold share the question to the root', async () => {
  const names = Array.from({ length: 100 }, (_, i) => `n${i}`);
  const resolver = resolverIn(example(names.map((each) => `${each} A 203.0.113.7`).join('\n')));
  const replies = await resolver.askTogether(names.map((each) => `${each}.example. A`));
  for (const reply of replies) expect(reply.answer).toHaveLength(1);
  expect(resolver.seen(ROOT_SERVER)).toEqual(['example. A']);
  expect(resolver.seen(SERVER)).toHaveLength(100);
});

test('100 zones of one top level domain asked cold share the question for its servers', async () => {
  const internet = simulatedInternet().zone('.', { at: ROOT_SERVER }).zone('test.', { at: '192.0.2.53' });
  const zones = Array.from({ length: 100 }, (_, i) => `z${i}.test.`);
  for (const zone of zones) internet.zone(zone, { at: SERVER, records: 'www A 203.0.113.7' });
  const resolver = resolverIn(internet);
  const replies = await resolver.askTogether(zones.map((zone) => `www.${zone} A`));
  for (const reply of replies) expect(reply.answer).toHaveLength(1);
  expect(resolver.seen(ROOT_SERVER)).toEqual(['test. A']);
});

test('a hundred glueless zones at one host share the look-up of its address', async () => {
  const internet = simulatedInternet().zone('.', { at: ROOT_SERVER }).zone('hosting.', { at: '192.0.2.53' });
  const zones = Array.from({ length: 100 }, (_, i) => `z${i}.`);
  for (const zone of zones) internet.zone(zone, { at: { 'ns.hosting.': SERVER }, records: 'www A 203.0.113.7' });
  const resolver = resolverIn(internet);
  const replies = await resolver.askTogether(zones.map((zone) => `www.${zone} A`));
  for (const reply of replies) expect(reply.answer).toHaveLength(1);
  expect(resolver.seen('192.0.2.53')).toEqual(['ns.hosting. A']);
});

test('when the root is dead, a hundred cold names do not each ask it', async () => {
  const resolver = resolverIn(example('').server(ROOT_SERVER, silent));
  const replies = await resolver.askTogether(Array.from({ length: 100 }, (_, i) => `n${i}.example. A`));
  for (const reply of replies) expect(reply).toFail(/198\.51\.100\.1\) timed out/);
  expect(resolver.exchanges()).toBeLessThanOrEqual(5);
});

test('who waits for a walk that was cut short walks on from a budget of its own', async () => {
  const internet = simulatedInternet()
    .zone('.', { at: ROOT_SERVER })
    .zone('victim.', { at: '192.0.2.2', records: 'www A 203.0.113.7' })
    .zone('attacker.', { at: '192.0.2.66', records: 'a.a.a.a CNAME www.victim.' })
    .server('192.0.2.2', delays(90));
  const { recursion } = defaultOptions;
  const budget = { ...recursion.budget, exchanges: 7 };
  const resolver = resolverIn(internet, { recursion: { ...recursion, budget } });
  // The attacker's walk comes to the victim's name with an exchange left; a client asks for that name just then.
  const first = resolver.ask('a.a.a.a.attacker. A');
  const victim = (async () => {
    while (!resolver.seen().includes('victim. A')) await new Promise((resolve) => setImmediate(resolve));
    return resolver.ask('www.victim. A');
  })();
  expect(await first).toFail(/budget was spent/);
  expect(await victim).toAnswer('www.victim. 300 A 203.0.113.7');
});

test('nobody waits for the walk of another beyond the end of his own time', async () => {
  const internet = simulatedInternet()
    .zone('.', { at: ROOT_SERVER })
    .zone('other.', { at: '192.0.2.2' })
    .zone('example.', { at: SERVER, records: 'www CNAME a.other.' })
    .server(SERVER, delays(300))
    .server('192.0.2.2', silent, tcpHangs);
  const { recursion } = defaultOptions;
  const resolver = resolverIn(internet, {
    recursion: { ...recursion, budget: { ...recursion.budget, milliseconds: 1000 } },
  });
  const startedAt = resolver.clock.now();
  let endedAt = 0;
  const first = resolver.ask('www.example. A').then((reply) => {
    endedAt = resolver.clock.now();
    return reply;
  });
  // By the time the alias is there, somebody who came 250 ms later is asking for what it leads to.
  resolver.clock.after(250, () => void resolver.resolver.recursion.resolve(name('a.other.'), 1, 'later'));
  expect(await first).toFail(/waiting for another walk to find a\.other\./);
  expect(endedAt - startedAt).toBe(1000);
});

test('a client beyond the bound on walks is told so at once, and answers from the cache go on', async () => {
  const internet = example('www A 203.0.113.7\nslow A 203.0.113.8').server(SERVER, delays(50));
  const resolver = resolverIn(internet, { recursion: { ...defaultOptions.recursion, maxWalks: 2 } });
  await resolver.ask('www.example. A');
  const replies = await resolver.askTogether(['a.example. A', 'b.example. A', 'slow.example. A', 'www.example. A']);
  expect(replies[2]).toFail(/too busy: 2 walks/);
  expect(replies[3]).toAnswer('www.example. 300 A 203.0.113.7');
  expect(await resolver.ask('slow.example. A')).toAnswer('slow.example. 300 A 203.0.113.8');
});

test('nothing is left behind: no timer, no flow, no walk', async () => {
  const resolver = resolverIn(example('www A 203.0.113.7').server(SERVER, refuses));
  await resolver.askTogether(['www.example. A', 'www.example. AAAA', 'other.example. A']);
  expect(resolver.clock.pending()).toBe(0);
  expect(resolver.network.counts().open).toBe(0);
  expect(resolver.resolver.recursion.walksInFlight()).toBe(0);
});
