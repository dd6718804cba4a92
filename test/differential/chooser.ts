/** Chance in the words in which a random plan is told. */

import type { Random } from '../../src/system/random.ts';

export type Chooser = {
  below(bound: number): number;
  one<const T>(list: readonly T[]): T;
  /** True once in `times`. */
  oneIn(times: number): boolean;
};

export function chooser(random: Random): Chooser {
  return {
    below: (bound) => random.below(bound),
    one: (list) => list[random.below(list.length)],
    oneIn: (times) => random.below(times) === 0,
  };
}
