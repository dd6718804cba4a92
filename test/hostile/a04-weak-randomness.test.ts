/**
 * A4. Weak randomness (2007 BIND; CVE-2025-40780 BIND, CVE-2026-50252 Unbound): from what a resolver sends to the
 * attacker's own server, the state of its generator is found out, and with it the next port and ID.
 *
 * Here ports, IDs, letter case, the choice of the server and cookies all come from the system's cryptographic generator
 * (system/random.ts; test/habits/doors.test.ts sees to it that nothing else is used), and one thread draws for all.
 * Statistics cannot prove that, but a generator put in its place by mistake would show.
 */

import { describe, expect, test } from 'vitest';

import { randomiseCase } from '../../src/exchange/case-randomisation.ts';
import { createCookieJar } from '../../src/exchange/cookies.ts';
import { drawSourcePort } from '../../src/exchange/source-port.ts';
import { name } from '../../src/dns/name.ts';
import { orderServers } from '../../src/iterate/server-selection.ts';
import { createServerStatistics } from '../../src/iterate/server-statistics.ts';
import { createSystemRandom } from '../../src/system/random.ts';
import { createHandClock } from '../support/hand-clock.ts';
import { chiSquare, correlation } from './chi-square.ts';
import { recordFigure } from './figures.ts';

const QUERIES = 100_000;
/** 6 / √n: above it by chance once in 10^9. */
const MOST_CORRELATION = 6 / Math.sqrt(QUERIES);
const LAGS = [1, 2, 3, 7, 64, 1024];

const random = createSystemRandom();
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const qname = name(`${LETTERS}.example.`);
const draws = Array.from({ length: QUERIES }, () => ({
  port: drawSourcePort(random),
  id: random.below(0x10000),
  wire: randomiseCase(qname, random),
}));

/** The case of the 26 letters as a number. */
function caseBits(wire: Uint8Array): number {
  return wire.subarray(1, 27).reduce((bits, octet) => bits * 2 + (octet < 0x61 ? 1 : 0), 0);
}

describe.each([
  ['port', draws.map(({ port }) => port)],
  ['ID', draws.map(({ id }) => id)],
  ['letter case', draws.map(({ wire }) => caseBits(wire))],
])('the %s of 100,000 queries', (what, numbers) => {
  test('says nothing of those that follow', () => {
    const most = Math.max(...LAGS.map((lag) => Math.abs(correlation(numbers, lag))));
    recordFigure('A4', `correlation of ${what}s at lags 1 to 1024`, most, MOST_CORRELATION);
  });
});

test.each([
  ['the port', 'the ID', draws.map(({ port, id }) => [port, id])],
  ['the ID', 'the letter case', draws.map(({ id, wire }) => [id, caseBits(wire)])],
])('%s says nothing of %s', (one, other, pairs) => {
  recordFigure('A4', `correlation of ${one} with ${other}`, Math.abs(pairCorrelation(pairs)), MOST_CORRELATION);
});

function pairCorrelation(pairs: readonly (readonly number[])[]): number {
  const mean = (at: 0 | 1): number => pairs.reduce((sum, pair) => sum + pair[at], 0) / pairs.length;
  const [left, right] = [mean(0), mean(1)];
  let [both, a, b] = [0, 0, 0];
  for (const [x, y] of pairs) {
    both += (x - left) * (y - right);
    a += (x - left) ** 2;
    b += (y - right) ** 2;
  }
  return both / Math.sqrt(a * b);
}

test('each letter is upper case half of the time, whatever its neighbours are', () => {
  const upper = Array.from({ length: 26 }, (_, i) => draws.filter(({ wire }) => wire[1 + i] < 0x61).length);
  // Half of 100,000 with a deviation of 158: six of them.
  for (const count of upper) expect(Math.abs(count - QUERIES / 2)).toBeLessThan(950);
  const words = draws.map(({ wire }) => caseBits(wire) & 0xff);
  recordFigure('A4', 'chi-square of 8 letters, in 256 bins', chiSquare(words, 256), 405);
});

test('of servers that are equally quick, none is asked more often than chance would have it', () => {
  const clock = createHandClock();
  const statistics = createServerStatistics({ clock });
  const candidates = Array.from({ length: 8 }, (_, i) => ({ serverName: undefined, address: `192.0.2.${i}` }));
  for (const { address } of candidates) statistics.recordResponse(address, 20);
  const first = Array.from({ length: 20_000 }, () => {
    const [{ address }] = orderServers(candidates, statistics, name('example.'), random, clock.now());
    return Number(address.slice('192.0.2.'.length));
  });
  // 7 degrees of freedom: above it by chance once in 10^9.
  recordFigure('A4', 'chi-square of the server asked first, of 8', chiSquare(first, 8), 57);
});

test('client cookies of 20,000 servers are all different', () => {
  const jar = createCookieJar({ clock: createHandClock(), random });
  const cookies = Array.from({ length: 20_000 }, (_, i) =>
    Buffer.from(jar.cookieFor(`10.0.${i >> 8}.${i & 0xff}`).client).toString('hex'),
  );
  recordFigure('A4', 'client cookies that two servers share, of 20,000', 20_000 - new Set(cookies).size, 0);
});
