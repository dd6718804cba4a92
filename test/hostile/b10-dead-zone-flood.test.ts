/**
 * B10. Water torture (2014): names that nobody has asked for below a zone that does not answer, a thousand a second, so
 * that every slot is taken by a question that waits, and the dying servers are asked more than ever.
 *
 * At most 24 questions at once are put to a zone that has not answered; when its servers were silent, all further ones
 * fail at once with that reason, and one exchange at a time probes whether it is back (iterate/silent-zones.ts,
 * iterate/crowd.ts; RFC 9520 §3.2).
 */

import { describe, expect, test } from 'vitest';

import { Rcode } from '../../src/dns/record-type.ts';
import { silent, tcpHangs } from '../../src/lab/misbehaviour.ts';
import { replaceServer } from '../support/replace-server.ts';
import type { SimulatedInternet } from '../support/simulated-internet.ts';
import { simulatedInternet } from '../support/walking-resolver.ts';
import { besieged, numbered, pass, type Besieged, type Told } from './besieged.ts';
import { recordFigure } from './figures.ts';

const DEAD = (servers: number): string[] => numbered(servers, (i) => `203.0.113.${i + 1}`);

function withDeadZone(servers: number): SimulatedInternet {
  const internet = simulatedInternet()
    .zone('.', { at: '198.51.100.1' })
    .zone('healthy.', { at: '192.0.2.1', records: '* 300 A 203.0.113.200' })
    .zone('dead.', { at: DEAD(servers), records: '* 300 A 203.0.113.200' });
  for (const address of DEAD(servers)) internet.server(address, silent, tcpHangs);
  return internet;
}

/** A flood of 1,000 a second, and beside it 10 a second each for a cached and for a fresh name. */
async function flood(resolver: Besieged, seconds: number) {
  const [dead, cached, fresh]: Promise<Told>[][] = [[], [], []];
  await resolver.ask('cached.healthy. A');
  for (let tick = 0; tick < seconds * 100; tick++) {
    for (let i = 0; i < 10; i++) dead.push(resolver.begin(`n${tick * 10 + i}.dead. A`));
    if (tick % 10 === 0) cached.push(resolver.begin('cached.healthy. A'));
    if (tick % 10 === 5) fresh.push(resolver.begin(`n${tick}.healthy. A`));
    await pass(resolver.clock, 10);
  }
  const all = (list: Promise<Told>[]): Promise<Told[]> => resolver.clock.run(Promise.all(list));
  return { dead: await all(dead), cached: await all(cached), fresh: await all(fresh) };
}

const served = (told: readonly Told[]): number =>
  (100 * told.filter(({ reply, tookMs }) => reply.rcode === Rcode.NOERROR && tookMs <= 2000).length) / told.length;

describe.each([1, 2, 13])('12,000 fresh names in 12 s below a zone of %i silent servers', (servers) => {
  test('cost its servers little and other clients nothing', async () => {
    const resolver = besieged(withDeadZone(servers));
    let mostWalks = 0;
    const watch = (): void => {
      mostWalks = Math.max(mostWalks, resolver.resolver.recursion.walksInFlight());
      if (resolver.clock.now() < 12_000) resolver.clock.after(50, watch);
    };
    watch();
    const { dead, cached, fresh } = await flood(resolver, 12);
    expect(dead.every(({ reply }) => reply.rcode === Rcode.SERVFAIL)).toBe(true);
    recordFigure('B10', `packets to ${servers} dead servers`, resolver.packets(DEAD(servers)), 400);
    recordFigure('B10', 'cached names served, %', served(cached), { atLeast: 99.9 });
    recordFigure('B10', 'fresh healthy names served, %', served(fresh), { atLeast: 99 });
    recordFigure('B10', 'walks in flight at once', mostWalks, 1500);
    recordFigure(
      'B10',
      'simulated ms until the last client is told',
      Math.max(...dead.map(({ tookMs }) => tookMs)),
      5000,
    );
    expect(dead.at(-1)!.reply).toFail(/^the servers of dead\. \(.*\) were silent when they were asked last/);
  });
});

test('a zone that comes back is served again within 5 s', async () => {
  const internet = withDeadZone(2);
  const resolver = besieged(internet);
  await flood(resolver, 4);
  for (const address of DEAD(2)) replaceServer(internet, address, { 'dead.': '* 300 A 203.0.113.200' });
  const since = resolver.clock.now();
  for (let i = 0; ; i++) {
    const { reply } = await resolver.ask(`back${i}.dead. A`);
    if (reply.rcode === Rcode.NOERROR) break;
    await pass(resolver.clock, 50);
  }
  recordFigure('B10', 'simulated ms until a zone that is back is served', resolver.clock.now() - since, 5000);
  const { packets, reply } = await resolver.ask('next.dead. A');
  expect(reply.rcode).toBe(Rcode.NOERROR);
  expect(packets).toBe(1);
});

test('a thousand names at once in a zone that is healthy and cold are all answered', async () => {
  const resolver = besieged(withDeadZone(1));
  const told = await resolver.clock.run(Promise.all(numbered(1000, (i) => resolver.begin(`n${i}.healthy. A`))));
  recordFigure(
    'B10',
    'of 1,000 cold names at once answered',
    told.filter(({ reply }) => reply.rcode === Rcode.NOERROR).length,
    {
      exactly: 1000,
    },
  );
});

test('servers that are silent to one type only answer all the others', async () => {
  const internet = simulatedInternet()
    .zone('.', { at: '198.51.100.1' })
    .zone('example.', { at: '192.0.2.1', records: '* A 203.0.113.7' })
    .server('192.0.2.1', { ...silent, only: { qtype: 65 } });
  const resolver = besieged(internet);
  for (let i = 0; i < 5; i++) {
    expect((await resolver.ask(`n${i}.example. TYPE65`)).reply).toFail();
    expect((await resolver.ask(`n${i}.example. A`)).reply).toAnswer(`n${i}.example. 300 A 203.0.113.7`);
  }
});
