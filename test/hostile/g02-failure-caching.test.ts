/**
 * G2. Failures that are asked for again and again (RFC 9520): by clients that repeat at once, and by resolvers that ask
 * each server anew for each of them.
 *
 * A failure is remembered for 5 s, twice, then for longer, up to a minute (cache/failure-cache.ts), with its reason; what
 * all servers of a zone were silent to, for the zone (B10).
 */

import { describe, expect, test } from 'vitest';

import { Rcode } from '../../src/dns/record-type.ts';
import { failsAlways, refuses, says, silent, tcpHangs, truncates, tcpCloses } from '../../src/lab/misbehaviour.ts';
import type { Misbehaviour } from '../../src/lab/misbehaviour.ts';
import { replaceServer } from '../support/replace-server.ts';
import { simulatedInternet } from '../support/walking-resolver.ts';
import { besieged, pass } from './besieged.ts';
import { recordFigure } from './figures.ts';

const AT = ['192.0.2.1', '192.0.2.2'];

describe.each<[string, Misbehaviour[]]>([
  ['silent', [silent, tcpHangs]],
  ['refusing', [refuses]],
  ['failing', [failsAlways]],
  ['answering FORMERR', [says(Rcode.FORMERR)]],
  ['truncating, without TCP', [truncates, tcpCloses]],
])('a name whose servers are %s', (what, deeds) => {
  test('costs two tries in 1,000 queries and 10 s, and is found within 5 s after it was mended', async () => {
    const internet = simulatedInternet().zone('.', { at: '198.51.100.1' }).zone('example.', { at: AT });
    for (const address of AT) internet.server(address, ...deeds);
    const resolver = besieged(internet);
    const first = await resolver.ask('www.example. A');
    expect(first.reply).toFail();
    const oneTry = resolver.packets(AT);
    for (let i = 1; i < 1000; i++) {
      await pass(resolver.clock, 10);
      void resolver.begin('www.example. A');
    }
    recordFigure('G2', `tries in 1,000 queries (${what})`, resolver.packets(AT) / oneTry, 2);

    for (const address of AT) replaceServer(internet, address, { 'example.': 'www A 203.0.113.7' });
    const mendedAt = resolver.clock.now();
    while ((await resolver.ask('www.example. A')).reply.rcode !== Rcode.NOERROR) await pass(resolver.clock, 50);
    recordFigure('G2', `simulated ms until it is found again (${what})`, resolver.clock.now() - mendedAt, 5000);
  });
});

test('the reason is told again, and that it is remembered', async () => {
  const internet = simulatedInternet().zone('.', { at: '198.51.100.1' }).zone('example.', { at: AT });
  for (const address of AT) internet.server(address, refuses);
  const resolver = besieged(internet);
  const first = await resolver.ask('www.example. A');
  const { reply, packets } = await resolver.ask('www.example. A');
  expect(reply.errors[0]).toEqual(first.reply.errors[0]);
  expect(reply.errors[1].text).toMatch(/^remembered; asked again in \d s/);
  recordFigure('G2', 'packets for a remembered failure', packets, 0);
});
