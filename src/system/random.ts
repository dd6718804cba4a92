/**
 * Chance. Query IDs, source ports and letter case are a defence (RFC 5452 §9), so it comes from the system's
 * cryptographic generator, drawn in blocks: a call to the generator costs more than the octets.
 */

import { randomFillSync } from 'node:crypto';

export type Random = {
  /** A whole number from 0 to `bound - 1`, every one equally likely; `bound` is 1 to 2^32. */
  below(bound: number): number;
};

/** Puts the list itself into an order of which every one is equally likely (Fisher and Yates). */
export function shuffle<T>(list: T[], random: Random): T[] {
  for (let i = list.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [list[i], list[j]] = [list[j], list[i]];
  }
  return list;
}

const BLOCK_WORDS = 1024;

export function createSystemRandom(): Random {
  const block = new Uint32Array(BLOCK_WORDS);
  let used = BLOCK_WORDS;
  const word = (): number => {
    if (used === BLOCK_WORDS) {
      randomFillSync(block);
      used = 0;
    }
    const drawn = block[used];
    block[used++] = 0; // a drawn number is not left in memory to be found again
    return drawn;
  };
  return {
    below(bound) {
      // Words above the last whole multiple of `bound` are drawn again: otherwise the low numbers would be likelier.
      const limit = 2 ** 32 - (2 ** 32 % bound);
      let drawn = word();
      while (drawn >= limit) drawn = word();
      return drawn % bound;
    },
  };
}
