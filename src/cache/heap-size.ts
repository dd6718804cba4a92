/**
 * What entries cost in heap bytes, so that `cache.maxBytes` bounds memory and not a number of records; and copies that
 * hold on to nothing else.
 *
 * The numbers are those of V8 14 on 64 bits. What is counted against the heap after a full collection, 200,000 entries
 * each (bench/cache-cost.ts): an A record 612 bytes for 570, A and AAAA at one name 1224 for 1226, TXT of 800 octets
 * 1408 for 1325, NXDOMAIN 723 for 650, a failure 665 for 608, a delegation to two servers with glue 839 for 708.
 * Garbage that V8 has not collected yet comes on top.
 */

import type { Name } from '../dns/name.ts';
import type { RRset, Signatures } from '../dns/rrset.ts';
import type { Provenance } from './rrset-cache.ts';

/** A name's slot in lru-cache: hash table, places of key and value, two links, a size. */
export const SLOT_BYTES = 80;
/** The list around the entries of a name that has more than one. */
export const LIST_BYTES = 120;
/** An entry's own object, its numbers inside it. */
export const ENTRY_BYTES = 112;
/** Any other object of a few fields; a short array. */
export const OBJECT_BYTES = 56;
/** Header and rounding. */
const STRING_BYTES = 28;
/** A Uint8Array, which costs far more than the octets of an address. */
const OCTETS_BYTES = 192;

export function octetsBytes(octets: Uint8Array): number {
  return OCTETS_BYTES + octets.length;
}

export function nameBytes(name: Name): number {
  return STRING_BYTES + name.length;
}

/** A character beyond Latin-1 makes its whole string take two bytes a character. */
export function textBytes(text: string): number {
  return STRING_BYTES + (isLatin1(text) ? text.length : 2 * text.length);
}

/** Counted in full for each entry, though the records of one response share it. */
export function provenanceBytes({ server, zone, walkId }: Provenance): number {
  return OBJECT_BYTES + textBytes(server) + nameBytes(zone) + textBytes(walkId);
}

/** Sets kept inside an entry: SOA, proofs. */
export function rrsetBytes({ owner, packed, signatures }: RRset): number {
  const own = OBJECT_BYTES + nameBytes(owner) + octetsBytes(packed);
  return signatures === undefined ? own : own + OBJECT_BYTES + octetsBytes(signatures.packed);
}

export function rrsetsBytes(sets: readonly RRset[]): number {
  let bytes = 0;
  for (const set of sets) bytes += rrsetBytes(set);
  return bytes;
}

/** A set that holds on to nothing else. */
export function ownRRset(set: RRset): RRset {
  const own = { ...set, owner: ownName(set.owner), packed: ownOctets(set.packed) };
  return set.signatures === undefined ? own : { ...own, signatures: ownSignatures(set.signatures) };
}

const NO_SETS: readonly RRset[] = [];

/** The same for the sets of a proof; most have none, and share one list. */
export function ownRRsets(sets: readonly RRset[]): readonly RRset[] {
  return sets.length === 0 ? NO_SETS : sets.map(ownRRset);
}

function ownSignatures({ count, packed }: Signatures): Signatures {
  return { count, packed: ownOctets(packed) };
}

/** The name in a string of its own: a slice would hold on to the longer name, a concatenation to its pieces. */
export function ownName(name: Name): Name {
  return Buffer.from(name, 'latin1').toString('latin1') as Name;
}

/** Octets in memory of their own, so that they pin no receive buffer and nobody else can change them. */
function ownOctets(octets: Uint8Array): Uint8Array {
  return new Uint8Array(octets);
}

function isLatin1(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0xff) return false;
  return true;
}
