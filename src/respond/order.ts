/**
 * The order of the records inside each RRset of a reply. The order of the sets is never touched: an alias stands
 * before what it leads to.
 *
 * Many clients take the first address, so whoever publishes several to share the load gets it shared only if the
 * first one changes (RFC 1794 §3). `rotate` counts for each question by itself: one counter for all replies would
 * stand at the same parity for a client that asks A and AAAA in turn, and of two addresses it would always see one.
 */

import type { RRset } from '../dns/rrset.ts';
import type { Question } from '../query/client-query.ts';
import type { Random } from '../system/random.ts';

export type OrderName = 'rotate' | 'random' | 'fixed';

/** Called once for a reply; what it returns is called for each set of that reply. */
export type RecordOrder = (question: Question) => (set: RRset) => RRset;

export function createRecordOrder(order: OrderName, random: Random): RecordOrder {
  switch (order) {
    case 'rotate':
      return rotate();
    case 'random':
      return () => (set) => (set.count === 1 ? set : shuffled(set, random));
    case 'fixed':
      return () => (set) => set;
    default:
      return order satisfies never;
  }
}

/** Questions that fall on the same counter only make each other's turn less regular. */
const COUNTERS = 4096;

function rotate(): RecordOrder {
  const counters = new Uint32Array(COUNTERS);
  return (question) => {
    let turn = -1;
    return (set) => {
      if (set.count === 1) return set;
      if (turn < 0) turn = counters[slotOf(question)]++;
      return startingWith(set, turn % set.count);
    };
  };
}

function slotOf({ qname, qtype }: Question): number {
  let hash = qtype;
  for (let i = 0; i < qname.length; i++) hash = Math.imul(hash ^ qname.charCodeAt(i), 0x01000193);
  return (hash ^ (hash >>> 15)) & (COUNTERS - 1);
}

/** The set with record number `first` in front and those before it behind the last. */
function startingWith(set: RRset, first: number): RRset {
  if (first === 0) return set;
  const { packed } = set;
  let at = 0;
  for (let skip = first; skip > 0; skip--) at = behindRecord(packed, at);
  const turned = new Uint8Array(packed.length);
  turned.set(packed.subarray(at));
  turned.set(packed.subarray(0, at), packed.length - at);
  return { owner: set.owner, type: set.type, ttl: set.ttl, count: set.count, packed: turned };
}

/** Fisher and Yates: every order is equally likely. */
function shuffled(set: RRset, random: Random): RRset {
  const records: Uint8Array[] = [];
  for (let at = 0; at < set.packed.length;) {
    const behind = behindRecord(set.packed, at);
    records.push(set.packed.subarray(at, behind));
    at = behind;
  }
  for (let i = records.length - 1; i > 0; i--) {
    const other = random.below(i + 1);
    [records[i], records[other]] = [records[other], records[i]];
  }
  return { owner: set.owner, type: set.type, ttl: set.ttl, count: set.count, packed: Buffer.concat(records) };
}

function behindRecord(packed: Uint8Array, at: number): number {
  return at + 2 + ((packed[at] << 8) | packed[at + 1]);
}
