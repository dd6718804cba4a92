/**
 * Mixes the letter case of a QNAME, so that whoever forges a response has one more bit to guess for every letter
 * (draft-vixie-dnsext-dns0x20; RFC 4343 lets servers compare without case, and nearly all send back what they got).
 *
 * Pure but for the lots that are drawn. Whether the case came back is match-response.ts; which server is spared is
 * known to iterate/server-statistics.ts.
 */

import { foldOctet, nameToWire, type Name } from '../dns/name.ts';
import { HEADER_OCTETS, type MessageView } from '../dns/wire/message-view.ts';
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

/**
 * Folds the question of a response that has been matched. Names in its RDATA are compressed into the question, and
 * would otherwise carry the case that we drew into the cache and to clients, as if the zone's owner had written it so.
 */
export function foldQuestion(message: MessageView): void {
  const { octets, questionEnd } = message;
  for (let at = HEADER_OCTETS; at < questionEnd - 4; at++) octets[at] = foldOctet(octets[at]);
}

/** A `Name` is folded, and a length octet (at most 63) is below every letter, so labels need not be told apart. */
function isSmallLetter(octet: number): boolean {
  return octet >= 0x61 && octet <= 0x7a;
}
