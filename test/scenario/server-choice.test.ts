/**
 * A thousand questions to one zone, its servers of different quickness: who is asked, and what clients wait for.
 * The asking is that of the walk in short: best server first, the next one beside it when it is late, first answer wins.
 */

import { describe, expect, test } from 'vitest';
import { name } from '../../src/dns/name.ts';
import { orderServers } from '../../src/iterate/server-selection.ts';
import { createServerStatistics } from '../../src/iterate/server-statistics.ts';
import { createHandClock } from '../support/hand-clock.ts';
import { createSeededRandom } from '../support/seeded-random.ts';

const zone = name('example.');
const QUESTION_EVERY_MS = 100;
const SILENT = Infinity;

type Told = { readonly first: Map<string, number>; readonly meanMs: number; readonly worstMs: number };

function createZone(roundTripsMs: Record<string, number>): { ask(questions: number): Told } {
  const clock = createHandClock();
  const statistics = createServerStatistics({ clock });
  const random = createSeededRandom(11);
  const candidates = Object.keys(roundTripsMs).map((address) => ({ serverName: undefined, address }));

  const askOnce = (): { readonly first: string; readonly waitedMs: number } => {
    const order = orderServers(candidates, statistics, zone, random, clock.now()).map(({ address }) => address);
    const asked: { readonly address: string; readonly atMs: number }[] = [];
    let answeredMs = Infinity;
    let atMs = 0;
    for (const address of order) {
      if (atMs >= answeredMs) break;
      asked.push({ address, atMs });
      answeredMs = Math.min(answeredMs, atMs + roundTripsMs[address]);
      atMs += statistics.hedgeAfterMs(address);
    }
    for (const each of asked) {
      const isWinner = each.atMs + roundTripsMs[each.address] === answeredMs;
      if (isWinner) statistics.recordResponse(each.address, answeredMs - each.atMs);
      else statistics.recordLate(each.address, answeredMs - each.atMs);
    }
    clock.advance(QUESTION_EVERY_MS);
    return { first: asked[0].address, waitedMs: answeredMs };
  };

  return {
    ask(questions) {
      const first = new Map<string, number>();
      const waits: number[] = [];
      for (let i = 0; i < questions; i++) {
        const told = askOnce();
        first.set(told.first, (first.get(told.first) ?? 0) + 1);
        waits.push(told.waitedMs);
      }
      const meanMs = waits.reduce((sum, each) => sum + each, 0) / questions;
      return { first, meanMs, worstMs: Math.max(...waits) };
    },
  };
}

test('the quickest servers share nearly all questions, and the far one is still known', () => {
  const { first, meanMs } = createZone({ '192.0.2.1': 10, '2001:db8::2': 14, '203.0.113.3': 180 }).ask(1000);
  expect(first.get('192.0.2.1')).toBeGreaterThan(400);
  expect(first.get('2001:db8::2')).toBeGreaterThan(400);
  expect(first.get('203.0.113.3')).toBeGreaterThan(0);
  expect(meanMs).toBeLessThan(20);
});

describe('a server that is silent from the start', () => {
  test('is hardly noticed: it is asked less than one time in twenty, and nobody waits long for it', () => {
    const { first, meanMs, worstMs } = createZone({ '192.0.2.1': 20, '192.0.2.2': SILENT }).ask(1000);
    expect(first.get('192.0.2.2')).toBeLessThan(50);
    expect(meanMs).toBeLessThan(30);
    expect(worstMs).toBeLessThanOrEqual(140);
  });

  test('among many that are silent does not hide the one that answers', () => {
    const silent = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`203.0.113.${i}`, SILENT]));
    const { first } = createZone({ ...silent, '192.0.2.1': 20 }).ask(1000);
    expect(first.get('192.0.2.1')).toBeGreaterThan(850);
  });
});

test('a server that falls silent loses its questions at once, and has its share again when it is mended', () => {
  const roundTripsMs = { '192.0.2.1': 20, '192.0.2.2': 20 };
  const exampleZone = createZone(roundTripsMs);
  expect(exampleZone.ask(1000).first.get('192.0.2.2')).toBeGreaterThan(400);

  roundTripsMs['192.0.2.2'] = SILENT;
  const silent = exampleZone.ask(1000);
  expect(silent.first.get('192.0.2.2')).toBeLessThan(50);
  expect(silent.meanMs).toBeLessThan(30);

  roundTripsMs['192.0.2.2'] = 20;
  exampleZone.ask(6000);
  expect(exampleZone.ask(1000).first.get('192.0.2.2')).toBeGreaterThan(400);
});

test('a server that becomes slow hands over to the others, and is taken back when it is quick again', () => {
  const roundTripsMs = { '192.0.2.1': 30, '192.0.2.2': 100 };
  const exampleZone = createZone(roundTripsMs);
  exampleZone.ask(500);

  roundTripsMs['192.0.2.1'] = 400;
  exampleZone.ask(100);
  const slow = exampleZone.ask(1000);
  expect(slow.first.get('192.0.2.2')).toBeGreaterThan(900);
  expect(slow.meanMs).toBeLessThan(120);

  roundTripsMs['192.0.2.1'] = 30;
  exampleZone.ask(6000);
  expect(exampleZone.ask(1000).first.get('192.0.2.1')).toBeGreaterThan(900);
});
