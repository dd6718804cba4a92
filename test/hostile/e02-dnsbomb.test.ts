/**
 * E2: DNSBomb (2024, CVE-2024-33655): a trickle of queries with a victim's address, for names of a server that holds all
 * its answers back and then gives them at once. What was sent over seconds arrives as one pulse.
 *
 * While its address is not proven a client has at most `walks.maxPerClient` queries waiting (access/walk-share.ts), so
 * the pulse has a bound whatever the rate; what is above it is told so at once, with no more octets than it sent. We do
 * not throw old answers away, as some resolvers do: a name that takes two seconds is an ordinary name.
 */

import { expect, test } from 'vitest';
import { Option } from '../../src/dns/edns.ts';
import { queryOctets } from '../support/client-query.ts';
import { readResponse } from '../support/messages.ts';
import { serveInternet, type Served, type Sent } from '../support/served-internet.ts';
import { clientInternet } from './client-internet.ts';
import { recordFigure } from './figures.ts';

const SHARE = 200;

async function pulse(internet: Served, queries: Uint8Array[]): Promise<{ replies: Sent[]; waiting: number }> {
  await internet.ask(queryOctets({ qname: 'warm.slow.' }));
  const sending = queries.map((octets) => internet.send(octets));
  const waiting = internet.service.pipeline.inFlight();
  return { replies: await internet.clock.run(Promise.all(sending)), waiting };
}

function octetsOf(replies: readonly Sent[]): number {
  return replies.reduce((sum, { octets }) => sum + (octets?.length ?? 0), 0);
}

test.each([
  ['names of its own', (i: number) => `n${i}.slow.`],
  ['one name', () => 'same.slow.'],
])('1,000 queries for %s, all held back: what waits has a bound, and so has the pulse', async (what, qname) => {
  const internet = serveInternet(clientInternet());
  const queries = Array.from({ length: 1000 }, (_, i) => queryOctets({ qname: qname(i), edns: {} }));
  const { replies, waiting } = await pulse(internet, queries);
  recordFigure('E2', `queries waiting for one address: ${what}`, waiting, SHARE);

  const first = Math.min(...replies.map(({ atMs }) => atMs));
  const late = replies.filter(({ atMs }) => atMs > first);
  recordFigure('E2', `octets of the pulse: ${what}`, octetsOf(late), SHARE * 1232);
  const refused = replies.filter(({ atMs }) => atMs === first);
  recordFigure('E2', `refusals ÷ their queries: ${what}`, octetsOf(refused) / (queries[0].length * refused.length), 1);
});

test('a page of fifty names, all slow, is answered to a neighbour in full', async () => {
  const internet = serveInternet(clientInternet());
  const { replies } = await pulse(
    internet,
    Array.from({ length: 50 }, (_, i) => queryOctets({ qname: `n${i}.slow.` })),
  );
  expect(replies.every(({ octets }) => readResponse(octets).answer.length === 1)).toBe(true);
});

test('a forwarder that proves its address by a cookie may have more waiting', async () => {
  const internet = serveInternet(clientInternet());
  const asks = (qname: string, cookie: Uint8Array): Uint8Array =>
    queryOctets({ qname, edns: { options: [{ code: Option.COOKIE, data: cookie }] } });
  const cookie = (await internet.ask(asks('www.example.', new Uint8Array(8))))!.slice(-24);
  const { replies } = await pulse(
    internet,
    Array.from({ length: 500 }, (_, i) => asks(`n${i}.slow.`, cookie)),
  );
  expect(replies.every(({ octets }) => readResponse(octets).answer.length === 1)).toBe(true);
});
