/**
 * B4. Cyclic dependencies, TsuNAME (2021): the servers of `a.` are named in `b.` and the reverse; resolvers go round, and
 * clients ask again and again.
 *
 * Who waits for whom is known (iterate/waiting.ts), so a cycle ends where it closes, without a time-out; the failure is
 * remembered (cache/failure-cache.ts).
 */

import { describe, expect, test } from 'vitest';

import type { SimulatedInternet } from '../support/simulated-internet.ts';
import { simulatedInternet } from '../support/walking-resolver.ts';
import { besieged, numbered, pass } from './besieged.ts';
import { recordFigure } from './figures.ts';

const begin = (): SimulatedInternet => simulatedInternet().zone('.', { at: '198.51.100.1' });

function ring(size: number): SimulatedInternet {
  const names = numbered(size, (i) => `z${i}.`);
  return simulatedInternet().zone('.', {
    at: '198.51.100.1',
    delegates: Object.fromEntries(names.map((zone, i) => [zone, { [`ns.${names[(i + 1) % size]}`]: [] }])),
  });
}

/** The most packets of the first query, and of 500 retries in 10 s. */
type Most = readonly [number, number];
const cycles: readonly (readonly [string, () => SimulatedInternet, string, Most])[] = [
  ['two zones', () => ring(2), 'www.z0. A', [3, 2]],
  ['three zones', () => ring(3), 'www.z0. A', [3, 2]],
  // Each zone has to be asked for once before the circle can be seen.
  ['ten zones', () => ring(10), 'www.z0. A', [10, 2]],
  ['a zone whose only server is inside it, without glue', () => ring(1), 'www.z0. A', [3, 2]],
  [
    'two zones, and one server of each is known and refuses',
    () =>
      simulatedInternet()
        .zone('.', {
          at: '198.51.100.1',
          delegates: { 'a.': { 'ns.b.': [], 'ns.a.': ['192.0.2.9'] }, 'b.': { 'ns.a.': [] } },
        })
        .server('192.0.2.9'),
    'www.a. A',
    // The one that refuses is tried once more in that time.
    [5, 8],
  ],
  [
    'two zones, behind an alias',
    () =>
      begin()
        .zone('alias.', { at: '192.0.2.1', records: 'www CNAME www.a.' })
        .zone('tld.', {
          at: '192.0.2.2',
          delegates: { 'a.tld.': { 'ns.b.tld.': [] }, 'b.tld.': { 'ns.a.tld.': [] } },
          records: 'www CNAME www.a.tld.',
        })
        .zone('a.', { at: '192.0.2.3', records: 'www CNAME www.a.tld.' }),
    'www.alias. A',
    [8, 2],
  ],
];

describe.each(cycles)('%s', (_, internet, question, [first, retries]) => {
  test('cost little, and 500 retries in 10 s next to nothing', async () => {
    const resolver = besieged(internet());
    const { reply, packets, tookMs } = await resolver.ask(question);
    expect(reply).toFail();
    recordFigure('B4', `packets of the first query (${_})`, packets, first);
    recordFigure('B4', 'simulated ms until the client is told', tookMs, 1000);
    const before = resolver.packets();
    for (let i = 0; i < 500; i++) {
      await pass(resolver.clock, 20);
      expect((await resolver.ask(question)).reply).toFail();
    }
    recordFigure('B4', 'packets of 500 retries in 10 s', resolver.packets() - before, retries);
  });
});

test('zones that are each other’s second servers are found', async () => {
  const internet = begin()
    .zone('a.', { at: { 'ns.a.': '192.0.2.1', 'ns.b.': '192.0.2.2' }, records: 'www A 203.0.113.7' })
    .zone('b.', { at: { 'ns.b.': '192.0.2.2', 'ns.a.': '192.0.2.1' }, records: 'www A 203.0.113.8' });
  const resolver = besieged(internet);
  expect((await resolver.ask('www.a. A')).reply).toAnswer('www.a. 300 A 203.0.113.7');
  expect((await resolver.ask('www.b. A')).reply).toAnswer('www.b. 300 A 203.0.113.8');
});
