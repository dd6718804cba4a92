/**
 * B10, one query: servers that are silent, all or most, and servers that are only slow or can only be reached over TCP.
 *
 * A server that is overdue is taken for silent while its reply is still welcome; one of the silent is asked again and
 * another over TCP beside it, and after 2.2 s the client is told (iterate/ask-zone.ts, iterate/attempts.ts).
 */

import { describe, expect, test } from 'vitest';

import { delays, dropsEdns, loses, only, silent, tcpHangs, tcpRefused } from '../../src/lab/misbehaviour.ts';
import type { Misbehaviour } from '../../src/lab/misbehaviour.ts';
import { simulatedInternet } from '../support/walking-resolver.ts';
import { besieged, numbered, type Besieged } from './besieged.ts';
import { recordFigure } from './figures.ts';

const at = (count: number): string[] => numbered(count, (i) => `192.0.2.${i + 1}`);

function zoneOf(count: number, deeds: readonly Misbehaviour[], seed = 1): Besieged {
  const internet = simulatedInternet({ seed })
    .zone('.', { at: '198.51.100.1' })
    .zone('example.', { at: at(count), records: 'www A 203.0.113.7' });
  for (const address of at(count)) internet.server(address, ...deeds);
  return besieged(internet);
}

test.each([
  [1, 3, 3000],
  [2, 4, 3000],
  [4, 6, 3000],
  [13, 15, 4000],
])('of %i silent servers the client is told soon', async (count, mostPackets, mostMs) => {
  const resolver = zoneOf(count, [silent, tcpHangs]);
  const { reply, tookMs } = await resolver.ask('www.example. A');
  expect(reply).toFail(/^no server of example\. answered: .* timed out after/);
  recordFigure('B10', `packets to ${count} silent servers, one query`, resolver.packets(at(count)), mostPackets);
  recordFigure('B10', `simulated ms until the client is told, ${count} silent`, tookMs, mostMs);
});

describe.each([1, 2])('%i honest but difficult servers are heard', (count) => {
  test.each<[string, number, Misbehaviour[]]>([
    ['that take a second', 1100, [delays(1000)]],
    ['that take two seconds', 2300, [delays(2000)]],
    ['that take a second, without TCP', 1100, [delays(1000), tcpRefused]],
    ['that only TCP reaches', 800, [only({ transport: 'udp' }, silent)]],
    ['that drop what has EDNS', 1000, [dropsEdns]],
    ['that lose every second query', 1000, [loses(1, 2)]],
  ])('%s', async (what, mostMs, deeds) => {
    for (let seed = 1; seed <= 10; seed++) {
      const { reply, tookMs } = await zoneOf(count, deeds, seed).ask('www.example. A');
      expect(reply).toAnswer('www.example. 300 A 203.0.113.7');
      recordFigure('B10', `simulated ms for servers ${what}`, tookMs, mostMs);
    }
  });
});

test('the only server may lose two of three queries', async () => {
  const { reply } = await zoneOf(1, [loses(2, 3)]).ask('www.example. A');
  expect(reply).toAnswer('www.example. 300 A 203.0.113.7');
});

test('a slow server is not asked twice once it is known to be slow', async () => {
  const resolver = zoneOf(1, [delays(1000)]);
  await resolver.ask('www.example. A');
  const { reply, packets } = await resolver.ask('none.example. A');
  expect(reply).toDeny('nxdomain');
  recordFigure('B10', 'packets to a server that is known to be slow', packets, 1);
});
