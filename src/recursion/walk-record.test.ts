import { expect, test } from 'vitest';
import { at, exchange } from '../../test/support/finished-query.ts';
import { name } from '../dns/name.ts';
import { Type } from '../dns/record-type.ts';
import type { ExchangeResult } from '../query/walk-event.ts';
import { toWalkRecord } from './walk-record.ts';

type Span = [startedMs: number, roundTripMs: number, result?: ExchangeResult];

test.each<[string, Span[], number]>([
  ['one server', [[5, 400]], 400],
  [
    'one after the other',
    [
      [0, 10],
      [30, 20],
    ],
    30,
  ],
  [
    'two at the same time',
    [
      [0, 2200],
      [400, 1800],
    ],
    2200,
  ],
  [
    'two that overlap, the later noted first',
    [
      [100, 100],
      [0, 150],
    ],
    200,
  ],
  [
    'another that was quicker',
    [
      [0, 50, 'cancelled'],
      [20, 10],
    ],
    10,
  ],
  ['nobody', [], 0],
])('the time waited for servers counts once: %s', (_, spans, networkMs) => {
  const events = spans.map(([startedMs, roundTripMs, result = 'timeout']) =>
    at(exchange('example.', { startedMs, roundTripMs, result })),
  );
  const record = toWalkRecord(events, name('www.example.'), Type.A, 'w1');
  expect(record).toMatchObject({ exchanges: spans.length, networkMs });
});
