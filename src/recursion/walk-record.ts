/** The record of a walk as observers see it, from what was noted on the way. */

import { nameFromWire, type Name } from '../dns/name.ts';
import { Type } from '../dns/record-type.ts';
import { firstRdata } from '../dns/rrset.ts';
import type { Recorder } from '../iterate/task.ts';
import type { ExchangeEvent, WalkEvent, WalkRecord } from '../query/walk-event.ts';
import type { Step } from './step.ts';

export function toWalkRecord(events: readonly WalkEvent[], qname: Name, qtype: number, id: string): WalkRecord {
  const exchanges = events.filter((event) => event.kind === 'exchange');
  return { id, qname, qtype, events, exchanges: exchanges.length, networkMs: waitedFor(exchanges) };
}

/** Where several servers were waited for at the same time, that time counts once. */
function waitedFor(exchanges: readonly ExchangeEvent[]): number {
  const spans = exchanges.filter(({ result }) => result !== 'cancelled').toSorted((a, b) => a.startedMs - b.startedMs);
  let sum = 0;
  let until = 0;
  for (const { startedMs, roundTripMs } of spans) {
    const end = startedMs + roundTripMs;
    sum += Math.max(0, end - Math.max(startedMs, until));
    until = Math.max(until, end);
  }
  return sum;
}

export function noteFromCache(record: Recorder, qname: Name, qtype: number, step: Step): void {
  const isDenial = step.kind === 'nodata' || step.kind === 'nxdomain';
  record.note({
    kind: 'cache',
    qname,
    qtype,
    found: step.kind === 'failed' ? 'failure' : isDenial ? 'denial' : 'rrset',
  });
}

/** A CNAME that was made from a DNAME is told as the DNAME. */
export function noteAliases(record: Recorder, { sets }: Step & { kind: 'alias' }): void {
  let byDname = false;
  for (const set of sets) {
    if (set.type === Type.CNAME) {
      const target = nameFromWire(firstRdata(set));
      record.note({ kind: 'alias', owner: set.owner, target, type: byDname ? 'DNAME' : 'CNAME' });
    }
    byDname = set.type === Type.DNAME;
  }
}
