/**
 * E11: more queries than can be walked, most of them junk, from one address, from a hundred, from a hundred thousand.
 *
 * What the cache knows is answered in the turn that it came in, whatever else goes on (pipeline.ts). Walks have a bound,
 * and each client a share of what is free of it (access/walk-share.ts); what is above gets SERVFAIL at once. Junk costs
 * an error of its own size, and those are limited for each address (access/rate-limit.ts). Nothing is left behind.
 */

import { describe, expect, test } from 'vitest';
import { queryOctets } from '../support/client-query.ts';
import { readResponse } from '../support/messages.ts';
import { createSeededRandom } from '../support/seeded-random.ts';
import { serveInternet, type Sent, type Served } from '../support/served-internet.ts';
import { clientInternet } from './client-internet.ts';
import { recordFigure, reportStall } from './figures.ts';

const MAX_WALKS = 2000;
const QUERIES = 5 * MAX_WALKS;

/** In private networks, and not the address of the honest client. */
function floodAddress(i: number): string {
  return `10.${1 + (i >> 16)}.${(i >> 8) & 0xff}.${i & 0xff}`;
}

/** Of ten messages nine cannot be read; the tenth is for a name that nobody answers for. */
function floodMessage(i: number, random: { below(bound: number): number }): Uint8Array {
  if (i % 10 === 0) return queryOctets({ qname: `n${i}.dead.`, edns: {} });
  const octets = queryOctets({ edns: {} }).subarray(0, 12 + random.below(12));
  return octets;
}

async function cachedMeanwhile(internet: Served, flood: () => Promise<Sent>[]): Promise<number> {
  await internet.ask(queryOctets());
  const sending = await reportStall('E11', () => Promise.resolve(flood()));
  let answered = 0;
  const honest = { address: '10.0.0.7' };
  for (let i = 0; i < 1000; i++) {
    const { octets } = await internet.send(queryOctets(), honest);
    if (octets !== undefined && readResponse(octets).answer.length === 1) answered++;
  }
  await internet.clock.run(Promise.all(sending));
  return answered / 1000;
}

describe.each([1, 100, 100_000])('a flood of dead names and junk from %d addresses', (addresses) => {
  test('does not touch the answers from the cache, stays within its bounds, and leaves nothing behind', async () => {
    const internet = serveInternet(clientInternet());
    const random = createSeededRandom(11);
    let most = 0;
    const served = await cachedMeanwhile(internet, () =>
      Array.from({ length: QUERIES * 2 }, (_, i) => {
        const sent = internet.send(floodMessage(i, random), { address: floodAddress(i % addresses) });
        most = Math.max(most, internet.service.pipeline.inFlight());
        return sent;
      }),
    );
    recordFigure('E11', `share of cached answers given, flood from ${addresses}`, served, { atLeast: 0.9 });
    recordFigure('E11', `walks at once, flood from ${addresses}`, most, MAX_WALKS);
    recordFigure('E11', `queries left behind, flood from ${addresses}`, internet.service.pipeline.inFlight(), 0);
    recordFigure('E11', `timers left behind, flood from ${addresses}`, internet.clock.pending(), 0);
    const reply = await internet.ask(queryOctets({ qname: 'after.wild.example.' }));
    expect(readResponse(reply).answer).toHaveLength(1);
  });
});

test('when all walks are taken, one more is told so at once', async () => {
  const internet = serveInternet(clientInternet());
  const flood = Array.from({ length: QUERIES }, (_, i) =>
    internet.send(queryOctets({ qname: `n${i}.slow.` }), { address: floodAddress(i) }),
  );
  recordFigure('E11', 'walks at once from 10,000 addresses', internet.service.pipeline.inFlight(), MAX_WALKS);
  const before = internet.clock.now();
  const { octets, atMs } = await internet.send(queryOctets({ qname: 'late.slow.', edns: {} }), { transport: 'tcp' });
  expect([readResponse(octets).rcode, atMs - before]).toEqual(['SERVFAIL', 0]);
  expect(Buffer.from(octets!).toString('latin1')).toContain('too busy');
  await internet.clock.run(Promise.all(flood));
});
