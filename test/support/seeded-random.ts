/** Chance that is the same in every run: a test that failed once fails again (mulberry32, 32 bits of state). */

import type { Random } from '../../src/system/random.ts';

export function createSeededRandom(seed: number): Random {
  let state = seed >>> 0;
  const word = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  return { below: (bound) => Math.floor((word() / 2 ** 32) * bound) };
}
