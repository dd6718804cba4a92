/**
 * E12: one client takes everything that there is for all (2026, CVE-2026-42534 of Unbound): thousands of names that are
 * slow to be found, so that nobody else's are looked for.
 *
 * A client (an IPv4 address, an IPv6 /64) may have as many walks as are still free, so there are always some left for
 * the next (access/walk-share.ts), whatever it proves of its address.
 */

import { describe, expect, test } from 'vitest';
import type { Client } from '../../src/query/client-query.ts';
import { queryOctets } from '../support/client-query.ts';
import { readResponse } from '../support/messages.ts';
import { serveInternet, type Sent } from '../support/served-internet.ts';
import { clientInternet } from './client-internet.ts';
import { recordFigure } from './figures.ts';

const SLOW = 5000;

describe.each<[string, (i: number) => Partial<Client>]>([
  ['one address over UDP', () => ({ address: '10.9.9.9' })],
  ['one address over TCP', () => ({ address: '10.9.9.9', transport: 'tcp' })],
  ['5,000 addresses of one /64, over TCP', (i) => ({ address: `fd00:9::${i.toString(16)}`, transport: 'tcp' })],
  ['this machine', () => ({ address: '127.0.0.1' })],
  ['four addresses over TCP', (i) => ({ address: `10.9.9.${i % 4}`, transport: 'tcp' })],
])('5,000 slow queries of %s', (what, greedy) => {
  test('leave the ten others what they ask for', async () => {
    const internet = serveInternet(clientInternet());
    const flood: Promise<Sent>[] = [];
    for (let i = 0; i < SLOW; i++) flood.push(internet.send(queryOctets({ qname: `n${i}.dead.` }), greedy(i)));

    const honest: Promise<Sent>[] = [];
    for (let client = 0; client < 10; client++) {
      for (let i = 0; i < 10; i++) {
        const qname = `c${client}n${i}.wild.example.`;
        honest.push(internet.send(queryOctets({ qname }), { address: `10.0.1.${client}` }));
      }
    }
    const answered = (await internet.clock.run(Promise.all(honest))).filter(
      ({ octets }) => octets !== undefined && readResponse(octets).answer.length === 1,
    );
    recordFigure('E12', `share of the others answered beside ${what}`, answered.length / honest.length, {
      atLeast: 0.99,
    });
    await internet.clock.run(Promise.all(flood));
    expect(internet.service.pipeline.inFlight()).toBe(0);
  });
});

test('300 clients behind one address that wait for one slow name are all answered by one exchange', async () => {
  const internet = serveInternet(clientInternet());
  await internet.ask(queryOctets({ qname: 'warm.slow.' }));
  const before = internet.exchanges();
  const waiting = Array.from({ length: 300 }, (_, i) =>
    internet.send(queryOctets({ qname: 'same.slow.' }), { address: '127.0.0.1', port: 10_000 + i }),
  );
  const sent = await internet.clock.run(Promise.all(waiting));
  const answered = sent.filter(({ octets }) => readResponse(octets).answer.length === 1);
  recordFigure('E12', 'of 300 behind one address, answered', answered.length, { atLeast: 300 });
  recordFigure('E12', 'exchanges for the 300', internet.exchanges() - before, 1);
});
