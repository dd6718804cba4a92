/**
 * B2. NRDelegation (2022; CVE-2022-3204, CVE-2022-2795, CVE-2022-40188): the names of a delegation's servers lie in zones
 * whose own servers are silent, so that each of them costs retries and time-outs.
 *
 * Attempts at servers for the sake of a name count from the first that is overdue and for each further one as it begins
 * (iterate/ask-zone.ts); when there have been five, no more names are looked up. Silent zones are remembered
 * (iterate/silent-zones.ts).
 */

import { describe, expect, test } from 'vitest';

import { silent, tcpHangs } from '../../src/lab/misbehaviour.ts';
import type { SimulatedInternet } from '../support/simulated-internet.ts';
import { simulatedInternet } from '../support/walking-resolver.ts';
import { besieged, numbered, pass } from './besieged.ts';
import { recordFigure } from './figures.ts';

/** Addresses enough for 1,000 zones of two servers. */
const address = (i: number): string => `203.${i >> 8}.113.${i & 255}`;

function attack(names: number, serversEach: number): { internet: SimulatedInternet; dead: string[] } {
  const zones = Math.min(names, 40);
  const dead = numbered(zones * serversEach, address);
  const internet = simulatedInternet()
    .zone('.', { at: '198.51.100.1' })
    .zone('healthy.', { at: '192.0.2.1', records: '* 1 A 203.0.113.7' })
    .zone('attacker.', {
      at: '192.0.2.66',
      delegates: {
        'sub.attacker.': Object.fromEntries(numbered(names, (i) => [`ns${i}.dead${i % zones}.`, []])),
      },
    });
  for (let i = 0; i < zones; i++)
    internet.zone(`dead${i}.`, { at: dead.slice(i * serversEach, (i + 1) * serversEach) });
  for (const each of dead) internet.server(each, silent, tcpHangs);
  return { internet, dead };
}

describe.each([20, 1000])('%i names of servers', (names) => {
  test.each([1, 2, 4])('whose zones have %i silent servers each', async (serversEach) => {
    const { internet, dead } = attack(names, serversEach);
    const resolver = besieged(internet);
    const { reply, tookMs } = await resolver.ask('www.sub.attacker. A');
    expect(reply).toFail(/no address was found for the servers of sub\.attacker\./);
    recordFigure('B2', 'packets to silent servers', resolver.packets(dead), 5);
    recordFigure('B2', 'simulated ms until the client is told', tookMs, 5000);
  });
});

test.each([1, 10, 50])('%i queries a second for 10 s', async (rate) => {
  const { internet, dead } = attack(1000, 1);
  const resolver = besieged(internet);
  const told: { ms: number }[] = [];
  const healthy: { ms: number }[] = [];
  const all: Promise<void>[] = [];
  const ask = async (question: string, into: { ms: number }[]): Promise<void> => {
    const { tookMs } = await resolver.begin(question);
    into.push({ ms: tookMs });
  };
  for (let i = 0; i < rate * 10; i++) {
    all.push(ask(`w${i}.sub.attacker. A`, told), ask(`w${i}.healthy. A`, healthy));
    await pass(resolver.clock, 1000 / rate);
  }
  await resolver.clock.run(Promise.all(all));
  recordFigure('B2', `packets to silent servers a query, ${rate} a second`, resolver.packets(dead) / (rate * 10), 5);
  recordFigure(
    'B2',
    'simulated ms until the last of many clients is told',
    Math.max(...told.map(({ ms }) => ms)),
    5000,
  );
  const slowest = healthy.map(({ ms }) => ms).sort((a, b) => a - b)[Math.floor(healthy.length * 0.99) - 1];
  recordFigure('B2', 'simulated ms for a healthy name meanwhile, 99th of 100', slowest, 60);
});

test('a zone one of whose two servers has a name below a silent zone is found, whichever comes first', async () => {
  for (let seed = 1; seed <= 20; seed++) {
    const internet = simulatedInternet({ seed })
      .zone('.', { at: '198.51.100.1' })
      .zone('dead.', { at: '203.0.113.1' })
      .zone('hoster.', { at: '192.0.2.3', records: 'ns A 192.0.2.1' })
      .zone('example.', {
        at: { 'ns.hoster.': '192.0.2.1' },
        ns: { 'ns.dead.': [], 'ns.hoster.': [] },
        records: 'www A 203.0.113.7',
      })
      .server('203.0.113.1', silent, tcpHangs);
    const { reply, tookMs } = await internet.ask('www.example. A');
    expect(reply).toAnswer('www.example. 300 A 203.0.113.7');
    recordFigure('B2', 'simulated ms until an honest zone with one such server is found', tookMs, 2500);
  }
});
