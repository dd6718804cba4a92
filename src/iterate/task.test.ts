import { expect, test } from 'vitest';
import { createHandClock } from '../../test/support/hand-clock.ts';
import { name } from '../dns/name.ts';
import type { WalkEvent, WalkFact } from '../query/walk-event.ts';
import { createRecorder } from './task.ts';

const fact = (why: string): WalkFact => ({ kind: 'failed', why });
const exchange: WalkFact = {
  kind: 'exchange',
  zone: name('example.'),
  serverName: name('ns.example.'),
  server: '192.0.2.1',
  transport: 'udp',
  qname: name('www.example.'),
  qtype: 1,
  startedMs: 0,
  roundTripMs: 5,
  result: 'answer',
  rcode: 0,
  detail: '',
};
const times = (events: readonly WalkEvent[]) => events.map(({ atMs, depth }) => ({ atMs, depth }));

test('what a part of a walk notes is told in the time of the whole', () => {
  const clock = createHandClock();
  const record = createRecorder(clock);
  clock.advance(10);
  const part = record.branch();
  clock.advance(5);
  part.note(fact('no server answered'));
  record.include(part);
  expect(times(record.events)).toEqual([{ atMs: 15, depth: 0 }]);
});

test('what was noted while the name of a server was looked up is one level deeper', () => {
  const record = createRecorder(createHandClock());
  const below = record.branch();
  below.note(fact('no server answered'));
  record.include(below, 1);
  expect(times(record.events)).toEqual([{ atMs: 0, depth: 1 }]);
});

test('of a walk that was joined, what was before one came is at the beginning, and the rest is in the time of who joined', () => {
  const clock = createHandClock();
  const joined = createRecorder(clock);
  joined.note(exchange);
  clock.advance(100);
  const record = createRecorder(clock);
  clock.advance(30);
  joined.note({ ...exchange, startedMs: 110 });
  record.include(joined);
  expect(times(record.events)).toEqual([
    { atMs: 0, depth: 0 },
    { atMs: 30, depth: 0 },
  ]);
  expect(record.events.map((event) => event.kind === 'exchange' && event.startedMs)).toEqual([0, 10]);
});

test('an endless walk is not told to its end', () => {
  const record = createRecorder(createHandClock());
  for (let i = 0; i < 1000; i++) record.note(fact('again'));
  expect(record.events.length).toBeLessThan(1000);
});
