/**
 * The canonical form and order of records, over which signatures and denials are computed (RFC 4034 §6.2, §6.3).
 *
 * Of the types that RFC 4034 §6.2 lists, NSEC keeps its letter case and HINFO holds no name (RFC 6840 §5.1). Types made
 * since then keep theirs too (RFC 3597 §7). A6 (historic, RFC 6563) is left as it is.
 */

import { foldOctet } from './name.ts';
import { Type } from './record-type.ts';
import { hasRdataLayout, rdataLayout } from './wire/rdata-layout.ts';

const foldedTypes = new Set<number>([
  Type.NS,
  Type.MD,
  Type.MF,
  Type.CNAME,
  Type.SOA,
  Type.MB,
  Type.MG,
  Type.MR,
  Type.PTR,
  Type.MINFO,
  Type.MX,
  Type.RP,
  Type.AFSDB,
  Type.RT,
  Type.SIG,
  Type.PX,
  Type.NXT,
  Type.NAPTR,
  Type.KX,
  Type.SRV,
  Type.DNAME,
  Type.RRSIG,
]);

/**
 * RDATA (names uncompressed) with the names of the listed types in lower case; the same octets where nothing changes.
 * RDATA that does not have the shape of its type is nobody's to change.
 */
export function canonicalRdata(type: number, rdata: Uint8Array): Uint8Array {
  if (!foldedTypes.has(type) || !hasRdataLayout(type, rdata)) return rdata;
  // A Buffer's slice would share memory, and folding it would change the caller's octets.
  const folded = new Uint8Array(rdata);
  let at = 0;
  for (const field of rdataLayout(type)!) {
    if (field === 'name') at = foldName(folded, at);
    else if (field === 'character-string') at += folded[at] + 1;
    else at = field === 'rest' ? folded.length : at + field;
  }
  return folded;
}

/** Folds the letters of the name at `start` where it stands; returns the offset behind it. */
function foldName(octets: Uint8Array, start: number): number {
  let at = start;
  for (; octets[at] !== 0; at += octets[at] + 1) {
    for (let i = at + 1; i <= at + octets[at]; i++) octets[i] = foldOctet(octets[i]);
  }
  return at + 1;
}

/** RFC 4034 §6.3: as unsigned octets from the left, the absence of an octet before a zero octet. */
export function compareRdata(a: Uint8Array, b: Uint8Array): number {
  return Buffer.compare(a, b);
}

/** The RDATA of a set in canonical form and order, equal ones once (RFC 4034 §6.3). */
export function canonicalRRset(type: number, rdata: readonly Uint8Array[]): Uint8Array[] {
  const sorted = rdata.map((octets) => canonicalRdata(type, octets)).sort(compareRdata);
  return sorted.filter((octets, i) => i === 0 || compareRdata(octets, sorted[i - 1]) !== 0);
}
