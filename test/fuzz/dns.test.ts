import { expect, test } from 'vitest';
import { fuzzMessages } from './message-view.fuzz.ts';
import { fuzzZoneText } from './zone-text.fuzz.ts';

const MOST_GROWTH_OCTETS = 2 * 2 ** 20;

test('100,000 damaged messages are views or malformed, and leave nothing behind', () => {
  const { ends, heapGrowthOctets } = fuzzMessages({ inputs: 100_000, seed: 1 });
  expect(ends.views + ends.malformed).toBe(100_000);
  // Both ends were met often, so that the run has looked at both.
  expect(Math.min(ends.views, ends.malformed)).toBeGreaterThan(10_000);
  expect(heapGrowthOctets).toBeLessThan(MOST_GROWTH_OCTETS);
});

test('10,000 damaged zone texts give records and problems, and leave nothing behind', () => {
  const { ends, heapGrowthOctets } = fuzzZoneText({ inputs: 10_000, seed: 1 });
  expect(ends.sound + ends['with problems']).toBe(10_000);
  expect(Math.min(ends.sound, ends['with problems'])).toBeGreaterThan(500);
  expect(heapGrowthOctets).toBeLessThan(MOST_GROWTH_OCTETS);
});
