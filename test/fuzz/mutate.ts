/** Damage to a message, of the kinds that have broken readers: bits, lengths, counts, pointers, cuts and splices. */

import type { Random } from '../../src/system/random.ts';

/** A damaged copy of one of `corpus`; one to four wounds. */
export function mutate(corpus: readonly Uint8Array[], random: Random): Uint8Array {
  let octets: Uint8Array = corpus[random.below(corpus.length)].slice();
  for (let wounds = 1 + random.below(4); wounds > 0; wounds--) octets = wound(octets, corpus, random);
  return octets;
}

function wound(octets: Uint8Array, corpus: readonly Uint8Array[], random: Random): Uint8Array {
  if (octets.length < 2) return Uint8Array.of(random.below(256), random.below(256));
  const at = random.below(octets.length);
  const pair = Math.min(at, octets.length - 2);
  switch (random.below(12)) {
    case 0:
      octets[at] ^= 1 << random.below(8);
      return octets;
    case 1:
      octets[at] = random.below(256);
      return octets;
    case 2: // what lengths and label kinds turn on
      octets[at] = EDGES[random.below(EDGES.length)];
      return octets;
    case 3: // a 16-bit number near its edges
      return put16(octets, pair, EDGES_16[random.below(EDGES_16.length)]);
    case 4: // one of the four counts of the header
      return put16(octets, Math.min(4 + 2 * random.below(4), octets.length - 2), random.below(4) * random.below(65536));
    case 5: // a pointer to anywhere
      return put16(octets, pair, 0xc000 | random.below(Math.min(octets.length + 16, 0x4000)));
    case 6: // a pointer a little way back
      return put16(octets, pair, 0xc000 | Math.max(0, pair - random.below(40)));
    case 7:
      return octets.slice(0, at);
    case 8: {
      // The front of this one and the back of another.
      const other = corpus[random.below(corpus.length)];
      return join(octets.subarray(0, at), other.subarray(random.below(other.length)));
    }
    case 9: // a stretch twice
      return join(octets.subarray(0, at), octets.subarray(Math.max(0, at - random.below(64))));
    case 10: // a stretch lost
      return join(octets.subarray(0, at), octets.subarray(Math.min(octets.length, at + 1 + random.below(32))));
    default: // another type, where there is one
      return put16(octets, pair, random.below(66) === 0 ? random.below(65536) : random.below(66));
  }
}

const EDGES = [0x00, 0x01, 0x3e, 0x3f, 0x40, 0x41, 0x7f, 0x80, 0xbf, 0xc0, 0xfe, 0xff];
const EDGES_16 = [0, 1, 0xff, 0x100, 0x3fff, 0x4000, 0x7fff, 0x8000, 0xc000, 0xc00c, 0xfffe, 0xffff];
const MAX_OCTETS = 65535;

function put16(octets: Uint8Array, at: number, value: number): Uint8Array {
  octets[at] = value >> 8;
  octets[at + 1] = value;
  return octets;
}

function join(a: Uint8Array, b: Uint8Array): Uint8Array {
  const joined = new Uint8Array(Math.min(a.length + b.length, MAX_OCTETS));
  joined.set(a);
  joined.set(b.subarray(0, joined.length - a.length), a.length);
  return joined;
}
