import { expect, test } from 'vitest';
import { slopePerMinute } from './trend.ts';

const every10Seconds = (values: readonly number[]) => values.map((value, i) => ({ atMs: i * 10_000, value }));

test.each([
  ['one that stays', [7, 7, 7, 7], 0],
  ['one that goes up and down', [7, 9, 9, 7], 0],
  ['one that grows by 1 in 10 seconds', [1, 2, 3, 4], 6],
  ['one that falls', [4, 3, 2], -6],
  ['a single reading', [4], 0],
  ['no reading', [], 0],
])('of %s', (_, values, slope) => {
  expect(slopePerMinute(every10Seconds(values))).toBeCloseTo(slope);
});
