/**
 * Names inside a message, followed through their compression pointers (RFC 1035 §4.1.4).
 *
 * `endOfName` checks a name; the others rely on that and check nothing. A name costs at most 255 octets and
 * MAX_POINTER_HOPS hops, and its pointers lead ever further towards the header, so that nothing goes round.
 */

import { MAX_NAME_OCTETS, foldOctet, nameFromFolded, type Name } from '../name.ts';

/** Well-kept software points once or twice; 127 labels leave no honest message room for more hops than this. */
export const MAX_POINTER_HOPS = 127;
export const HEADER_OCTETS = 12;

/** Reasons that `endOfName` gives as negative numbers, so that the hot path makes no objects. */
export const nameFaults = [
  '',
  'a name runs past the end',
  'a label of a reserved kind (RFC 1035 §4.1.4)',
  'a compression pointer that does not point back',
  'too many compression pointers in one name',
  'a name longer than 255 octets',
];

/**
 * The offset behind the name at `start` (behind its first pointer, if it has one), or minus the number of a fault.
 * The whole name is followed, so that whoever reads it later needs no checks.
 */
export function endOfName(octets: Uint8Array, start: number): number {
  let at = start;
  let before = start;
  let behind = -1;
  let length = 0;
  let hops = 0;
  for (;;) {
    if (at >= octets.length) return -1;
    const octet = octets[at];
    if (octet === 0) {
      return behind < 0 ? at + 1 : behind;
    }
    if (octet < 0x40) {
      length += octet + 1;
      // One octet must be left for the root label.
      if (length >= MAX_NAME_OCTETS) return -5;
      at += octet + 1;
    } else if (octet >= 0xc0) {
      if (at + 1 >= octets.length) return -1;
      const target = pointerTarget(octets, at);
      // RFC 1035 §4.1.4: a pointer names a prior occurrence, so each must lead in front of all that was read so far.
      if (target >= before || target < HEADER_OCTETS) return -3;
      if (++hops > MAX_POINTER_HOPS) return -4;
      if (behind < 0) behind = at + 2;
      before = target;
      at = target;
    } else {
      return -2;
    }
  }
}

/** The folded name at an offset that `readMessage` has checked. */
export function nameAt(octets: Uint8Array, start: number): Name {
  let at = start;
  for (let length = 0; ;) {
    const octet = octets[at];
    if (octet >= 0xc0) {
      at = pointerTarget(octets, at);
      continue;
    }
    nameScratch[length++] = octet;
    if (octet === 0) return nameFromFolded(nameScratch, length);
    for (const end = at + octet; at < end;) nameScratch[length++] = foldOctet(octets[++at]);
    at++;
  }
}
const nameScratch = Buffer.allocUnsafeSlow(MAX_NAME_OCTETS);

/** Where the pointer at `at` points. */
export function pointerTarget(octets: Uint8Array, at: number): number {
  return ((octets[at] & 0x3f) << 8) | octets[at + 1];
}

/** Copies the name at `start` uncompressed and with its case to `target`; returns the octets written. */
export function copyName(octets: Uint8Array, start: number, target: Uint8Array, to: number): number {
  let at = start;
  let out = to;
  for (;;) {
    const octet = octets[at];
    if (octet >= 0xc0) {
      at = pointerTarget(octets, at);
      continue;
    }
    for (const end = at + octet; at <= end;) target[out++] = octets[at++]!;
    if (octet === 0) return out - to;
  }
}
