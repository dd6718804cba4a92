import { expect, test } from 'vitest';
import { createSeededRandom } from '../../test/support/seeded-random.ts';
import { shuffle } from './random.ts';

test('every order of the servers of a zone is equally likely', () => {
  const random = createSeededRandom(1);
  const counts = new Map<string, number>();
  for (let i = 0; i < 6000; i++) {
    const order = shuffle(['a', 'b', 'c'], random).join('');
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  expect(counts.size).toBe(6);
  for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(120);
});

test('nothing and a single server stay as they are, without a draw', () => {
  const random = {
    below: (): number => {
      throw new Error('a lot was drawn');
    },
  };
  expect(shuffle([], random)).toEqual([]);
  expect(shuffle(['a'], random)).toEqual(['a']);
});
