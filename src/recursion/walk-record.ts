/** The record of a walk as observers see it, from what was noted on the way. */

import { nameFromWire, type Name } from '../dns/name.ts';
import { Type } from '../dns/record-type.ts';
import { firstRdata } from '../dns/rrset.ts';
import type { Recorder } from '../iterate/task.ts';
import type { WalkEvent, WalkRecord } from '../query/walk-event.ts';
import type { Step } from './step.ts';

export function toWalkRecord(events: readonly WalkEvent[], qname: Name, qtype: number, id: string): WalkRecord {
  let exchanges = 0;
  let networkMs = 0;
  for (const event of events) {
    if (event.kind !== 'exchange') continue;
    exchanges++;
    networkMs += event.result === 'cancelled' ? 0 : event.roundTripMs;
  }
  return { id, qname, qtype, events, exchanges, networkMs };
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
