/**
 * The denials of one chain in the order of their keys (RFC 4034 §6.1 for NSEC, of hashes for NSEC3): found by what
 * stands at a place or before it, and removed from the oldest on. A map remembers which is the oldest, a sorted list
 * where each stands.
 */

import type { RRset } from '../dns/rrset.ts';

/** A set is kept with the TTL that it starts from. */
export type Kept = { readonly set: RRset; readonly expiresAt: number; readonly bytes: number };

export class DenialChain {
  readonly #records = new Map<string, Kept>();
  readonly #order: string[] = [];

  get size(): number {
    return this.#records.size;
  }

  /** By how many bytes the chain has grown. */
  put(key: string, kept: Kept): number {
    const before = this.#records.get(key);
    if (before === undefined) this.#order.splice(this.#placeOf(key), 0, key);
    // Written anew, a record is the youngest again.
    else this.#records.delete(key);
    this.#records.set(key, kept);
    return kept.bytes - (before?.bytes ?? 0);
  }

  find(key: string, wraps: boolean): Kept | undefined {
    const place = this.#placeOf(key);
    const found = this.#order[place] === key ? key : this.#order[place - 1];
    if (found !== undefined) return this.#records.get(found);
    return wraps && this.#order.length > 0 ? this.#records.get(this.#order[this.#order.length - 1]) : undefined;
  }

  /** How many bytes that freed. */
  removeOldest(): number {
    for (const [key, { bytes }] of this.#records) {
      this.#records.delete(key);
      this.#order.splice(this.#placeOf(key), 1);
      return bytes;
    }
    return 0;
  }

  bytes(): number {
    let bytes = 0;
    for (const kept of this.#records.values()) bytes += kept.bytes;
    return bytes;
  }

  /** How many keys sort before this one. */
  #placeOf(key: string): number {
    let [low, high] = [0, this.#order.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#order[middle] < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
