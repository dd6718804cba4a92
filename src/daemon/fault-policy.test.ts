import { expect, test } from 'vitest';
import { createHandClock } from '../../test/support/hand-clock.ts';
import { createFaultPolicy } from './fault-policy.ts';

test('ten faults within a minute are gone on after, the eleventh ends the process', () => {
  const policy = createFaultPolicy(createHandClock());
  expect(Array.from({ length: 11 }, () => policy.judge())).toEqual([
    ...Array.from({ length: 10 }, () => 'go-on'),
    'end',
  ]);
});

test('faults that are far apart never end it', () => {
  const clock = createHandClock();
  const policy = createFaultPolicy(clock);
  for (let i = 0; i < 100; i++) {
    expect(policy.judge()).toBe('go-on');
    clock.advance(10_000);
  }
  expect(policy.count).toBe(100);
});
