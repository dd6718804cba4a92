import { expect, test } from 'vitest';
import { answered, aWalk, at, dropped, exchange } from '../../test/support/finished-query.ts';
import { createHandClock } from '../../test/support/hand-clock.ts';
import { createCache } from '../cache/cache.ts';
import type { StatusReport } from '../daemon/control-protocol.ts';
import { createListenCounts } from '../daemon/listen-counts.ts';
import { createCounters } from '../observe/counters.ts';
import type { Finished } from '../query/finished.ts';
import { statusLines } from './status.ts';

function statusAfter(finished: readonly Finished[], changes: Partial<StatusReport> = {}): string[] {
  const counters = createCounters();
  for (const one of finished) counters.record(one);
  const limits = { maxBytes: 2 ** 20, minTtl: 0, maxTtl: 86_400, maxNegativeTtl: 3600, ttlOverrides: [] };
  return statusLines({
    version: '0.1.0',
    runtime: '26.10.0',
    uptimeSeconds: 42,
    listening: ['127.0.0.1:53', '[::1]:53'],
    walksInFlight: 2,
    counters: counters.snapshot(),
    listeners: createListenCounts().snapshot(),
    cache: createCache(limits, { clock: createHandClock() }).statistics(),
    queryLog: { state: 'on', why: undefined, written: 1234, lost: 0, waiting: 0 },
    stalls: { longestMs: 12.5, nearlyAllMs: 1 },
    queryFaults: 0,
    rssBytes: 100 * 2 ** 20,
    ...changes,
  });
}

test('a daemon that has only just begun has nothing to tell but how it is', () => {
  expect(statusAfter([])).toEqual([
    'rootwalk 0.1.0 on Node 26.10.0, started 42 s ago',
    'listening on   127.0.0.1:53, [::1]:53',
    'queries        0',
    'walks          0, 2 under way',
    'exchanges      0',
    'cache          0 entries in 0.0 MiB of 1.0 MiB',
    'query log      on, 1,234 lines written',
    'memory         100.0 MiB',
    'longest stall  12.5 ms',
  ]);
});

test('queries are told by where the answers came from, and exchanges by what came of them', () => {
  const walk = aWalk([at(exchange('example.')), at(exchange('example.', { result: 'answer' }))]);
  const lines = statusAfter([
    answered('www.example.', { source: 'recursion', walk }),
    answered('www.example.', {}, { totalMs: 0.2 }),
    answered('www.example.', {}, { totalMs: 0.2 }),
    dropped('malformed'),
  ]);
  expect(lines).toContain('queries        4 (udp 4)');
  expect(lines).toContain('answered from  cache 2, recursion 1');
  expect(lines).toContain('said           NOERROR 3');
  expect(lines).toContain('not answered   malformed 1');
  expect(lines).toContain('time           half within 0.25 ms, 99 % within 1 ms');
  expect(lines).toContain('exchanges      2 (timeout 1, answer 1)');
});

test('an answer that took longer than the last bound is told as that', () => {
  expect(statusAfter([answered('www.example.', {}, { totalMs: 20_000 })])).toContain(
    'time           half in more than 10000 ms, 99 % in more than 10000 ms',
  );
});

test.each([
  [0, '0 s'],
  [3599, '59 min'],
  [3600, '1 h 0 min'],
  [172_799, '47 h 59 min'],
  [172_800, '2 d'],
])('%i seconds since the start are read as %s', (uptimeSeconds, text) => {
  expect(statusAfter([], { uptimeSeconds })[0]).toBe(`rootwalk 0.1.0 on Node 26.10.0, started ${text} ago`);
});

test('what has gone wrong has a line, and has none before', () => {
  const lines = statusAfter([], {
    queryFaults: 1,
    queryLog: { state: 'off', why: 'ENOSPC: no space left on device', written: 1, lost: 3, waiting: 0 },
    listeners: { repliesNotSent: { ENOBUFS: 7 }, socketFaults: {}, connectionsRefused: 1000, connectionsClosed: {} },
  });
  expect(lines).toContain('query log         off (ENOSPC: no space left on device), 1 line written, 3 lost');
  expect(lines).toContain('replies not sent  ENOBUFS 7');
  expect(lines).toContain('TCP refused       1,000');
  expect(lines).toContain('faults            1 met a bug of ours; the log has the stack');
  expect(statusAfter([], { queryLog: null })).toContain('query log      not kept (queryLog.enabled)');
});
