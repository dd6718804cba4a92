/**
 * Where names stand inside RDATA, by type: what reading has to decompress (RFC 3597 §4 and the RFC of each type),
 * what writing may compress (RFC 3597 §4: the types of RFC 1035 alone), and what length a type must have.
 *
 * A type that is not listed is octets without shape (RFC 3597 §3) and passes through unharmed.
 */

import { MAX_LABEL_OCTETS, MAX_NAME_OCTETS } from '../name.ts';
import { Type } from '../record-type.ts';

/** A number: that many octets. */
export type Field = number | 'name' | 'character-string' | 'rest';

const layouts = new Map<number, readonly Field[]>([
  [Type.A, [4]],
  [Type.AAAA, [16]],
  [Type.NS, ['name']],
  [Type.MD, ['name']],
  [Type.MF, ['name']],
  [Type.CNAME, ['name']],
  [Type.SOA, ['name', 'name', 20]],
  [Type.MB, ['name']],
  [Type.MG, ['name']],
  [Type.MR, ['name']],
  [Type.PTR, ['name']],
  [Type.MINFO, ['name', 'name']],
  [Type.MX, [2, 'name']],
  [Type.RP, ['name', 'name']],
  [Type.AFSDB, [2, 'name']],
  [Type.RT, [2, 'name']],
  [Type.SIG, [18, 'name', 'rest']],
  [Type.PX, [2, 'name', 'name']],
  [Type.NXT, ['name', 'rest']],
  [Type.SRV, [6, 'name']],
  [Type.NAPTR, [4, 'character-string', 'character-string', 'character-string', 'name']],
  [Type.KX, [2, 'name']],
  [Type.DNAME, ['name']],
  [Type.RRSIG, [18, 'name', 'rest']],
  [Type.NSEC, ['name', 'rest']],
  [Type.LP, [2, 'name']],
  [Type.SVCB, [2, 'name', 'rest']],
  [Type.HTTPS, [2, 'name', 'rest']],
]);

const mayBeCompressed = new Set<number>([
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
]);

/** The fields of the RDATA of `type`, or undefined where it is octets without shape. */
export function rdataLayout(type: number): readonly Field[] | undefined {
  return layouts.get(type);
}

/** True when uncompressed RDATA has the length and the names that its type asks for; the composer relies on it. */
export function hasRdataLayout(type: number, rdata: Uint8Array): boolean {
  let at = 0;
  for (const field of layouts.get(type) ?? ['rest']) {
    if (field === 'name') at = endOfPlainName(rdata, at);
    else if (field === 'character-string') at += at < rdata.length ? rdata[at] + 1 : 1;
    else at = field === 'rest' ? Math.max(at, rdata.length) : at + field;
    if (at > rdata.length) return false;
  }
  return at === rdata.length;
}

/** The offset behind the uncompressed name at `start`; beyond the end of the octets when it is not sound. */
function endOfPlainName(octets: Uint8Array, start: number): number {
  for (let at = start; at < octets.length; at += octets[at] + 1) {
    if (octets[at] > MAX_LABEL_OCTETS || at + 1 - start > MAX_NAME_OCTETS) break;
    if (octets[at] === 0) return at + 1;
  }
  return octets.length + 1;
}

/** RFC 3597 §4: only the types of RFC 1035 may be sent with compressed names in their RDATA. */
export function mayCompressRdata(type: number): boolean {
  return mayBeCompressed.has(type);
}
