import { expect, test } from 'vitest';
import { createHandClock } from '../../test/support/hand-clock.ts';
import { createQueryFaults } from './query-faults.ts';

function faultsWithLog() {
  const clock = createHandClock();
  const logged: object[] = [];
  const error = (facts: object): void => void logged.push(facts);
  return { clock, logged, faults: createQueryFaults({ clock, log: { error } }) };
}

test('a fault is logged with its stack and the id of its query', () => {
  const { logged, faults } = faultsWithLog();
  faults.report(new Error('broken'), { id: 'q1' });
  expect(logged).toEqual([{ id: 'q1', fault: expect.stringMatching(/^Error: broken\n +at /) }]);
});

test('of a thousand within a minute ten are logged and all counted; the next minute logs again', () => {
  const { clock, logged, faults } = faultsWithLog();
  for (let i = 0; i < 1000; i++) faults.report('broken', { id: `q${i}` });
  expect([faults.count, logged.length]).toEqual([1000, 10]);
  clock.advance(60_000);
  faults.report('broken', { id: 'q1000' });
  expect([faults.count, logged.length]).toEqual([1001, 11]);
});
