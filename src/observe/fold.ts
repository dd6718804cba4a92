/**
 * Folds floods: what was refused, answered with an error from its header alone, or dropped is logged once for each
 * client, kind and second, with how many there were. A flood then costs a line a second instead of the disk.
 *
 * The second is that of the arrival by the wall clock. The table is bounded; when a flood comes from more addresses
 * than it holds (they are forged), the rest of that second is one entry for each kind, from the address seen first.
 */

import { Rcode } from '../dns/record-type.ts';
import type { Finished } from '../query/finished.ts';

export type Folded = {
  /** The first of them: its question and port stand for all. */
  readonly finished: Finished;
  readonly count: number;
  readonly firstWallMs: number;
  readonly lastWallMs: number;
  /** They came from more addresses than could be told apart. */
  readonly isManyClients: boolean;
};

export type Fold = {
  add(finished: Finished, kind: string): void;
  /** Takes out what did not arrive within the second that `wallMs` stands in (the clock may have been set back). */
  takeAllBut(wallMs: number): Folded[];
  takeAll(): Folded[];
  readonly size: number;
};

type Entry = { -readonly [Key in keyof Folded]: Folded[Key] } & { second: number };

export function createFold(maxEntries: number): Fold {
  const entries = new Map<string, Entry>();
  const take = (exceptSecond: number | undefined): Folded[] => {
    const taken: Folded[] = [];
    for (const [key, entry] of entries) {
      if (entry.second === exceptSecond) continue;
      entries.delete(key);
      taken.push(entry);
    }
    return taken.sort((a, b) => a.firstWallMs - b.firstWallMs);
  };
  return {
    get size() {
      return entries.size;
    },
    add(finished, kind) {
      const at = finished.receivedWallMs;
      const second = Math.floor(at / 1000);
      let key = `${second} ${kind} ${finished.client.address}`;
      let entry = entries.get(key);
      const isManyClients = entry === undefined && entries.size >= maxEntries;
      if (isManyClients) {
        key = `${second} ${kind} *`;
        entry = entries.get(key);
      }
      if (entry === undefined) {
        entries.set(key, { finished, count: 1, firstWallMs: at, lastWallMs: at, isManyClients, second });
      } else {
        entry.count++;
        entry.firstWallMs = Math.min(entry.firstWallMs, at);
        entry.lastWallMs = Math.max(entry.lastWallMs, at);
      }
    },
    takeAllBut: (wallMs) => take(Math.floor(wallMs / 1000)),
    takeAll: () => take(undefined),
  };
}

/** The kind under which a query is folded; undefined for what gets a line of its own. */
export function foldKind(finished: Finished): string | undefined {
  switch (finished.kind) {
    case 'answered':
      return finished.reply.source === 'rule' && finished.reply.rcode !== Rcode.NOERROR
        ? `rule ${finished.reply.rcode}`
        : undefined;
    case 'rejected':
      return `rejected ${finished.rcode}`;
    case 'dropped':
      // Clients that go away are no flood by themselves, but a crowd of them is.
      return `dropped ${finished.reason}`;
    default:
      return finished satisfies never;
  }
}
