import { expect, test } from 'vitest';
import { aClient, aWalk, answered, at, dropped, exchange, rejected } from '../../test/support/finished-query.ts';
import { Rcode } from '../dns/record-type.ts';
import { LATENCY_BOUNDS_MS, createCounters } from './counters.ts';

test('queries are counted by where the answer is from, RCODE and transport; drops by their reason', () => {
  const counters = createCounters();
  counters.record(answered('a.example.'));
  counters.record(answered('b.example.', { rcode: Rcode.NXDOMAIN, source: 'negative' }, { isTruncated: true }));
  counters.record(answered('c.example.', {}, { client: { ...aClient, transport: 'tcp' } }));
  counters.record(rejected(Rcode.FORMERR, 'x'));
  counters.record(dropped('source-port-0'));
  expect(counters.snapshot()).toMatchObject({
    queries: 5,
    byTransport: { udp: 4, tcp: 1 },
    bySource: { cache: 2, negative: 1 },
    byRcode: { NOERROR: 2, NXDOMAIN: 1, FORMERR: 1 },
    rejected: 1,
    truncated: 1,
    dropped: { 'source-port-0': 1 },
  });
});

test('a walk shared by several clients is counted once', () => {
  const counters = createCounters();
  const walk = aWalk([at(exchange('example.')), at(exchange('example.', { result: 'answer' }))]);
  for (let i = 0; i < 3; i++) counters.record(answered('www.example.', { walk, source: 'recursion' }));
  expect(counters.snapshot()).toMatchObject({
    walks: 1,
    exchanges: 2,
    timeouts: 1,
    exchangeResults: { timeout: 1, answer: 1 },
  });
});

test('the histogram puts a time that equals a bound below it, and has a class for everything above', () => {
  const counters = createCounters();
  for (const totalMs of [0.1, 0.11, 10_000, 10_001]) counters.record(answered('a.example.', {}, { totalMs }));
  const { counts, sumMs } = counters.snapshot().latency;
  expect(counts).toHaveLength(LATENCY_BOUNDS_MS.length + 1);
  expect([counts[0], counts[1], counts.at(-2), counts.at(-1)]).toEqual([1, 1, 1, 1]);
  expect(sumMs).toBeCloseTo(20_001.21);
});

test('a snapshot does not change with what comes later', () => {
  const counters = createCounters();
  const before = counters.snapshot();
  counters.record(answered('a.example.'));
  expect(before).toMatchObject({ queries: 0, bySource: {} });
});
