/** The lists of types that NSEC and NSEC3 carry (RFC 4034 §4.1.2, RFC 5155 §3.2.1), read in place. */

import { ROOT, type Name } from '../dns/name.ts';
import { Type } from '../dns/record-type.ts';

/** Windows ascend, and each has 1 to 32 octets. */
export function isSoundBitmap(bitmap: Uint8Array): boolean {
  let last = -1;
  for (let at = 0; at < bitmap.length; at += 2 + bitmap[at + 1]) {
    const length = bitmap[at + 1];
    if (bitmap[at] <= last || length === undefined || length === 0 || length > 32) return false;
    if (at + 2 + length > bitmap.length) return false;
    last = bitmap[at];
  }
  return true;
}

/** True when a sound bitmap lists the type. */
export function hasType(bitmap: Uint8Array, type: number): boolean {
  for (let at = 0; at < bitmap.length; at += 2 + bitmap[at + 1]) {
    if (bitmap[at] !== type >> 8) continue;
    const octet = (type & 0xff) >> 3;
    return octet < bitmap[at + 1] && (bitmap[at + 2 + octet] & (0x80 >> (type & 7))) !== 0;
  }
  return false;
}

/** A denial from the upper side of a zone cut: NS without SOA (RFC 6840 §4.1, "ancestor delegation"). */
export function isOfDelegation(bitmap: Uint8Array): boolean {
  return hasType(bitmap, Type.NS) && !hasType(bitmap, Type.SOA);
}

/**
 * May the record of `owner` say that names below it do not exist? Not from above a zone cut (RFC 6840 §4.1), where
 * they are another zone's, nor at a DNAME (RFC 6672 §5.3.4.1), where they are redirected.
 */
export function speaksForNamesBelow(bitmap: Uint8Array): boolean {
  return !isOfDelegation(bitmap) && !hasType(bitmap, Type.DNAME);
}

/**
 * Does the record at a name prove that it has no records of the type? Types and CNAME must be absent (RFC 6840 §4.3).
 * At a cut the parent's record speaks of DS alone, and the child's of everything but DS (RFC 6840 §4.1, §4.4).
 */
export function deniesType(bitmap: Uint8Array, qtype: number, owner: Name): boolean {
  if (qtype === Type.ANY || hasType(bitmap, qtype) || hasType(bitmap, Type.CNAME)) return false;
  // Only the root speaks of its own DS: nobody is above it.
  return qtype === Type.DS && owner !== ROOT ? !hasType(bitmap, Type.SOA) : !isOfDelegation(bitmap);
}
