import { expect, test } from 'vitest';
import { fuzzWalker } from './walker.fuzz.ts';

test('3,000 lying replies neither stop the walker, nor exceed its budget, nor get a foreign record into the cache', async () => {
  const { replies, byRcode, heapGrowthOctets } = await fuzzWalker({ replies: 3000, seed: 1 });
  expect(replies).toBeGreaterThanOrEqual(3000);
  // Lies that were believed of the liar's own names, denials and failures were all met, so that the run has seen each.
  for (const rcode of [0, 2, 3]) expect(byRcode[rcode]).toBeGreaterThan(50);
  expect(heapGrowthOctets).toBeLessThan(8 * 2 ** 20);
});
