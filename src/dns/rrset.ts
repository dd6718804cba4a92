/**
 * An RRset: all records of one owner, class and type (RFC 2181 §5), class IN throughout.
 *
 * The RDATA octets stand packed one after the other, each behind its length in two octets, names inside them
 * uncompressed: one allocation a set, and ready to be copied into a message.
 */

import type { Name } from './name.ts';

export type RRset = {
  readonly owner: Name;
  /** RR type number, see record-type.ts. */
  readonly type: number;
  /** Seconds. RFC 2181 §5.2: one TTL for the whole set, the least where a server sent several. */
  readonly ttl: number;
  /** How many records; at least 1. */
  readonly count: number;
  /** `count` times: RDLENGTH in two octets, RDATA. */
  readonly packed: Uint8Array;
  /** The RRSIG records that cover the set (RFC 4034 §3), packed alike, where they came along. */
  readonly signatures?: Signatures;
};

export type Signatures = { readonly count: number; readonly packed: Uint8Array };

/** A set from separate RDATA octets; equal RDATA is kept once (RFC 2181 §5). */
export function rrset(owner: Name, type: number, ttl: number, rdata: readonly Uint8Array[]): RRset {
  const distinct = withoutRepeats(rdata);
  let size = 0;
  for (const octets of distinct) size += 2 + octets.length;
  const packed = new Uint8Array(size);
  let at = 0;
  for (const octets of distinct) {
    packed[at] = octets.length >> 8;
    packed[at + 1] = octets.length;
    packed.set(octets, at + 2);
    at += 2 + octets.length;
  }
  return { owner, type, ttl, count: distinct.length, packed };
}

/** Small sets, nearly all, are compared pair by pair; in a large one that would be quadratic. */
const MAX_COMPARED_IN_PAIRS = 8;

function withoutRepeats(rdata: readonly Uint8Array[]): readonly Uint8Array[] {
  if (rdata.length === 1) return rdata;
  if (rdata.length <= MAX_COMPARED_IN_PAIRS) {
    return rdata.filter((octets, i) => rdata.findIndex((other) => sameOctets(octets, other)) === i);
  }
  const byOctets = new Map<string, Uint8Array>();
  for (const octets of rdata) {
    const key = Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString('latin1');
    if (!byOctets.has(key)) byOctets.set(key, octets);
  }
  return [...byOctets.values()];
}

/** The RDATA of each record, as views into the packed octets. */
export function rdataOf(set: RRset): Uint8Array[] {
  const list: Uint8Array[] = [];
  const { packed } = set;
  for (let at = 0; at < packed.length;) {
    const length = (packed[at] << 8) | packed[at + 1];
    list.push(packed.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  return list;
}

/** The RDATA of the first record, as a view. */
export function firstRdata(set: RRset): Uint8Array {
  return set.packed.subarray(2, 2 + ((set.packed[0] << 8) | set.packed[1]));
}

export function withTtl(set: RRset, ttl: number): RRset {
  return ttl === set.ttl ? set : { ...set, ttl };
}

export function sameOctets(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
