/**
 * Mixes the letter case of a QNAME, so that whoever forges a response has one more bit to guess for every letter
 * (draft-vixie-dnsext-dns0x20; RFC 4343 lets servers compare without case, and nearly all send back what they got).
 *
 * Pure but for the lots that are drawn. Whether the case came back is match-response.ts; which server is spared is
 * known to iterate/server-statistics.ts.
 */

import { nameToWire, type Name } from '../dns/name.ts';
import type { Random } from '../system/random.ts';

const CASE_BIT = 0x20;
const BITS_A_DRAW = 32;

/** The name's octets, uncompressed, each letter in upper or lower case with equal chance. */
export function randomiseCase(name: Name, random: Random): Uint8Array {
  const octets = nameToWire(name);
  let bits = 0;
  let left = 0;
  for (let i = 0; i < octets.length; i++) {
    if (!isSmallLetter(octets[i])) continue;
    if (left === 0) {
      bits = random.below(2 ** BITS_A_DRAW);
      left = BITS_A_DRAW;
    }
    if (bits & 1) octets[i] ^= CASE_BIT;
    bits >>>= 1;
    left--;
  }
  return octets;
}

/** A `Name` is folded, and a length octet (at most 63) is below every letter, so labels need not be told apart. */
function isSmallLetter(octet: number): boolean {
  return octet >= 0x61 && octet <= 0x7a;
}
