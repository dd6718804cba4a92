import { expect, test } from 'vitest';

import { createSeededRandom } from './seeded-random.ts';

test('the same seed draws the same numbers, another seed others, all below the bound and none left out', () => {
  const draw = (seed: number): number[] => {
    const random = createSeededRandom(seed);
    return Array.from({ length: 200 }, () => random.below(10));
  };
  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
  expect([...new Set(draw(7))].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});
