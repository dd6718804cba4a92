/**
 * Reads DNSKEY records (RFC 4034 §2) and computes their key tags. The key itself is turned into something to verify
 * with by public-key.ts; whether it may be trusted is key-set.ts.
 *
 * The key tag of the ancient RSAMD5 is computed otherwise (RFC 4034 Appendix B.1); as we never verify with it, its
 * tag is of no use and is not computed so.
 */

import { Type } from '../dns/record-type.ts';
import { rdataOf, type RRset } from '../dns/rrset.ts';

export type Dnskey = {
  readonly flags: number;
  readonly protocol: number;
  readonly algorithm: number;
  readonly publicKey: Uint8Array;
  readonly tag: number;
  readonly rdata: Uint8Array;
};

const ZONE = 0x0100;
const REVOKE = 0x0080;
const SECURE_ENTRY_POINT = 0x0001;

/** Undefined when the octets are too few for a key. */
export function readDnskey(rdata: Uint8Array): Dnskey | undefined {
  if (rdata.length < 5) return undefined;
  return {
    flags: (rdata[0] << 8) | rdata[1],
    protocol: rdata[2],
    algorithm: rdata[3],
    publicKey: rdata.subarray(4),
    tag: keyTag(rdata),
    rdata,
  };
}

/** The keys of a DNSKEY set, those that cannot be read left out. */
export function dnskeysOf(set: RRset): Dnskey[] {
  if (set.type !== Type.DNSKEY) return [];
  return rdataOf(set)
    .map(readDnskey)
    .filter((key) => key !== undefined);
}

/** RFC 4034 Appendix B: the sum of the RDATA as 16-bit numbers, the carry added once. */
export function keyTag(rdata: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < rdata.length; i++) sum += i & 1 ? rdata[i] : rdata[i] << 8;
  return (sum + (sum >>> 16)) & 0xffff;
}

/** RFC 4034 §2.1.1, §2.1.2: only a key with the Zone Key flag and protocol 3 may sign records of a zone. */
export function isZoneKey(key: Dnskey): boolean {
  return (key.flags & ZONE) !== 0 && key.protocol === 3;
}

/** RFC 5011 §2.1: it may verify the DNSKEY set that revokes it, and nothing else any more. */
export function isRevoked(key: Dnskey): boolean {
  return (key.flags & REVOKE) !== 0;
}

/** RFC 4034 §2.1.1: a hint for people and for RFC 5011; validation does not look at it. */
export function isSecureEntryPoint(key: Dnskey): boolean {
  return (key.flags & SECURE_ENTRY_POINT) !== 0;
}
