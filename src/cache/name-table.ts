/**
 * Entries by name and type, bounded in bytes, each with an expiry of its own: what every cache of this room stands on.
 *
 * A name has one slot in an LRU table (lru-cache) that holds all its entries. So a look-up costs one hash, which the
 * name's string remembers, and everything known at a name can be seen together: that is how contradictions are found
 * and how a name is flushed. Types at one name are few and are searched in a row. In a large table most of a look-up
 * is waiting for memory (bench/cache-cost.ts), so a slot with one entry is that entry, without a list around it.
 *
 * Expiry is ours, as lru-cache reads a `ttl` of 0 as "for ever" and keeps the bytes of what has expired. An expired
 * entry is never found. It is removed when its name is written again, and by a sweep that each `put` moves a little
 * further, from the name that has rested longest; so the sweep costs nothing when nothing is learned, and never stalls.
 *
 * What an entry means, and which entries exclude each other across tables, is for the caches above.
 */

import { LRUCache } from 'lru-cache';
import { isAtOrBelow, type Name } from '../dns/name.ts';
import { LIST_BYTES, SLOT_BYTES, nameBytes } from './heap-size.ts';

export type Entry = {
  /** RR type, or EVERY_TYPE. */
  readonly type: number;
  /** By the monotonic clock, in whole ms: found while the clock is before it. */
  expiresAt: number;
  /** Heap bytes of the entry, all that it holds included. */
  readonly bytes: number;
};

/**
 * Not the number of any type. An entry of this type is found for every type, and it and entries of single types at its
 * name exclude each other: the newer replaces the older.
 */
export const EVERY_TYPE = -1;

/** A stranger may ask for 65,000 types at one name of his own; each would make finding the others slower. */
export const MAX_TYPES_PER_NAME = 32;

/** Two for each that is added: the sweep gains on the growth and comes round once in half as many puts as names. */
const NAMES_SWEPT_PER_PUT = 2;

export type TableStatistics = {
  readonly entries: number;
  readonly names: number;
  readonly bytes: number;
  readonly maxBytes: number;
  readonly hits: number;
  readonly misses: number;
  /** Fresh or expired entries that had to leave because the table was full. */
  readonly evictions: number;
  /** Expired entries that the sweep removed. */
  readonly swept: number;
};

type Slot<E> = E | readonly E[];

export class NameTable<E extends Entry> {
  readonly #slots: LRUCache<Name, Slot<E>>;
  readonly #maxBytes: number;
  #cursor: Iterator<Name>;
  #nextSwept: Name | undefined;
  #entries = 0;
  #hits = 0;
  #misses = 0;
  #evictions = 0;
  #swept = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
    this.#slots = new LRUCache<Name, Slot<E>>({
      maxSize: maxBytes,
      dispose: (slot, _name, reason) => {
        const { length } = entriesOf(slot);
        this.#entries -= length;
        if (reason === 'evict') this.#evictions += length;
      },
    });
    this.#cursor = this.#slots.rkeys();
  }

  /** The fresh entry that answers for `type` at `name`; counted as a hit or a miss, and as a use of the name. */
  find(name: Name, type: number, now: number): E | undefined {
    const entry = freshEntry(this.#slots.get(name), type, now);
    if (entry === undefined) this.#misses++;
    else this.#hits++;
    return entry;
  }

  /** The same without leaving a trace. */
  peek(name: Name, type: number, now: number): E | undefined {
    return freshEntry(this.#slots.peek(name), type, now);
  }

  /** Keeps `entry` in place of what stood for its type. What is larger than the whole table is not kept. */
  put(name: Name, entry: E, now: number): void {
    const standing = entriesOf(this.#slots.peek(name));
    const others = standing.filter(
      (other) =>
        other.expiresAt > now && other.type !== entry.type && other.type !== EVERY_TYPE && entry.type !== EVERY_TYPE,
    );
    this.#write(name, [...others.slice(1 - MAX_TYPES_PER_NAME), entry]);
    this.#sweep(now);
  }

  /** Removes the entries at `name` that `isUnwanted` says, all when it is not given; returns how many. */
  remove(name: Name, isUnwanted: (entry: E) => boolean = () => true): number {
    const slot = this.#slots.peek(name);
    if (slot === undefined) return 0;
    const standing = entriesOf(slot);
    const kept = standing.filter((entry) => !isUnwanted(entry));
    if (kept.length === 0) this.#slots.delete(name);
    else if (kept.length < standing.length) this.#write(name, kept);
    return standing.length - kept.length;
  }

  /** Everything at or below `zone`. Looks at every name: an operator's command, not a step of a query. */
  removeSubtree(zone: Name): number {
    const names = [...this.#slots.keys()].filter((name) => isAtOrBelow(name, zone));
    return names.reduce((removed, name) => removed + this.remove(name), 0);
  }

  clear(): number {
    const removed = this.#entries;
    this.#slots.clear();
    return removed;
  }

  /** The fresh entries, name by name. The names are those of the first step; the table may change between steps. */
  *list(now: () => number): Iterable<readonly [Name, E]> {
    const names = [...this.#slots.keys()];
    for (const name of names) {
      for (const entry of entriesOf(this.#slots.peek(name))) if (entry.expiresAt > now()) yield [name, entry];
    }
  }

  statistics(): TableStatistics {
    return {
      entries: this.#entries,
      names: this.#slots.size,
      bytes: this.#slots.calculatedSize,
      maxBytes: this.#maxBytes,
      hits: this.#hits,
      misses: this.#misses,
      evictions: this.#evictions,
      swept: this.#swept,
    };
  }

  #write(name: Name, entries: readonly E[]): void {
    let size = SLOT_BYTES + nameBytes(name) + (entries.length > 1 ? LIST_BYTES : 0);
    for (const entry of entries) size += entry.bytes;
    if (size > this.#maxBytes) {
      this.#slots.delete(name);
      return;
    }
    this.#entries += entries.length;
    this.#slots.set(name, entries.length === 1 ? entries[0] : entries, { size });
  }

  #sweep(now: number): void {
    for (let i = 0; i < NAMES_SWEPT_PER_PUT; i++) {
      const name = this.#nextSwept;
      // The cursor steps on before the name is removed: from a slot that is gone (and soon given to a newcomer) it
      // would find itself at the young end. There it also gets, and begins anew, when the name it stands on is used.
      const step = this.#cursor.next();
      this.#nextSwept = step.done === true ? undefined : step.value;
      if (step.done === true) this.#cursor = this.#slots.rkeys();
      if (name === undefined) continue;
      const entries = entriesOf(this.#slots.peek(name));
      // A name with something fresh is left whole: writing it would make it look used.
      if (entries.some((entry) => entry.expiresAt > now)) continue;
      this.#swept += entries.length;
      this.#slots.delete(name);
    }
  }
}

function entriesOf<E extends Entry>(slot: Slot<E> | undefined): readonly E[] {
  if (slot === undefined) return [];
  return isList(slot) ? slot : [slot];
}

function isList<E extends Entry>(slot: Slot<E>): slot is readonly E[] {
  return Array.isArray(slot);
}

function freshEntry<E extends Entry>(slot: Slot<E> | undefined, type: number, now: number): E | undefined {
  if (slot === undefined) return undefined;
  if (!isList(slot)) return answersFor(slot, type, now) ? slot : undefined;
  for (const entry of slot) if (answersFor(entry, type, now)) return entry;
  return undefined;
}

function answersFor(entry: Entry, type: number, now: number): boolean {
  return (entry.type === type || entry.type === EVERY_TYPE) && entry.expiresAt > now;
}
