/** Damage to a text: pieces that its grammar turns on, other characters, stretches lost, told twice, and cuts. */

import type { Random } from '../../src/system/random.ts';

/** One to four wounds. */
export function woundText(text: string, pieces: readonly string[], random: Random): string {
  let wounded = text;
  for (let wounds = 1 + random.below(4); wounds > 0; wounds--) wounded = wound(wounded, pieces, random);
  return wounded;
}

function wound(text: string, pieces: readonly string[], random: Random): string {
  const at = random.below(text.length + 1);
  switch (random.below(5)) {
    case 0:
      return text.slice(0, at) + pieces[random.below(pieces.length)] + text.slice(at);
    case 1:
      return text.slice(0, at) + String.fromCharCode(random.below(256)) + text.slice(at + 1);
    case 2:
      return text.slice(0, at) + text.slice(at + 1 + random.below(10));
    case 3:
      return text.slice(0, at) + text.slice(Math.max(0, at - random.below(100)));
    default:
      return text.slice(0, at);
  }
}
