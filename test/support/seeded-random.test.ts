import { expect, test } from 'vitest';

import { createSeededRandom } from './seeded-random.ts';

function draw(seed: number): number[] {
  const random = createSeededRandom(seed);
  return Array.from({ length: 200 }, () => random.below(10));
}

test('the same seed draws the same numbers, and another seed others', () => {
  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
});

test('every number below the bound comes, and no other', () => {
  expect(new Set(draw(7))).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]));
});
