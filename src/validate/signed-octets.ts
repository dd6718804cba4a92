/**
 * The octets that a signature is over (RFC 4034 §3.1.8.1): the RRSIG's own fields, then every record of the set in
 * canonical form and order, made from wire octets alone.
 */

import { canonicalRRset } from '../dns/canonical.ts';
import { writeName, type Name } from '../dns/name.ts';
import { Class } from '../dns/record-type.ts';
import { rdataOf, type RRset } from '../dns/rrset.ts';
import { closestEncloserOf, RRSIG_FIXED_OCTETS, type Rrsig } from './rrsig.ts';

/** The RDATA of a set in canonical form and order, the same for all its signatures. */
export function canonicalRdataOf(set: RRset): readonly Uint8Array[] {
  return canonicalRRset(set.type, rdataOf(set));
}

export function signedOctets(signature: Rrsig, set: RRset, canonical: readonly Uint8Array[]): Uint8Array {
  const owner = signedOwner(signature, set.owner);
  const octets = new Uint8Array(sizeOf(signature, owner, canonical));
  octets.set(signature.rdata.subarray(0, RRSIG_FIXED_OCTETS));
  let at = writeName(signature.signer, octets, RRSIG_FIXED_OCTETS);
  const view = new DataView(octets.buffer);
  for (const rdata of canonical) {
    at = writeName(owner, octets, at);
    view.setUint16(at, set.type);
    view.setUint16(at + 2, Class.IN);
    // RFC 4034 §3.1.4: the TTL that it was signed with, not the one that caches have counted down.
    view.setUint32(at + 4, signature.originalTtl);
    view.setUint16(at + 8, rdata.length);
    octets.set(rdata, at + 10);
    at += 10 + rdata.length;
  }
  return octets;
}

function sizeOf(signature: Rrsig, owner: string, canonical: readonly Uint8Array[]): number {
  let size = RRSIG_FIXED_OCTETS + signature.signer.length;
  for (const rdata of canonical) size += owner.length + 10 + rdata.length;
  return size;
}

/** RFC 4035 §5.3.2: with fewer labels than the owner has, it was the wildcard below the closest encloser that was signed. */
function signedOwner(signature: Rrsig, owner: Name): Name {
  const closestEncloser = closestEncloserOf(signature, owner);
  return closestEncloser === undefined ? owner : (('\x01*' + closestEncloser) as Name);
}
