/**
 * Gathers the admitted records of a response into RRsets, by what they were admitted as.
 *
 * Pure, one pass. A record whose RDATA has not the shape of its type is left out and named among the refused. RFC 2181
 * §5.2: where the TTLs of one set differ, the least counts. A set keeps at most MAX_RECORDS_PER_SET records; beyond
 * that it is left out whole, as half a set is none.
 */

import { isAtOrBelow, type Name } from '../dns/name.ts';
import { Type } from '../dns/record-type.ts';
import { rrset, type RRset } from '../dns/rrset.ts';
import type { MessageView } from '../dns/wire/message-view.ts';
import { admitRecord, type Admission, type Asked } from './bailiwick.ts';

export const MAX_RECORDS_PER_SET = 2000;
/** How many refused records are named; the others are only dropped. */
const MAX_NAMED_REFUSALS = 8;

export type Refusal = { readonly owner: Name; readonly type: number; readonly why: string };

export type Collected = {
  readonly answer: readonly RRset[];
  /** NS sets that refer downward. */
  readonly cuts: readonly RRset[];
  /** Owner names of NS sets that do not. */
  readonly wrongCuts: readonly Name[];
  readonly soa: RRset | undefined;
  readonly glue: readonly RRset[];
  readonly refused: readonly Refusal[];
};

type Gathering = {
  readonly owner: Name;
  readonly type: number;
  readonly as: Admission['kind'];
  ttl: number;
  readonly rdata: Uint8Array[];
};

export function collect(message: MessageView, asked: Asked): Collected {
  const groups = new Map<string, Gathering>();
  const refused: Refusal[] = [];
  const refuse = (owner: Name, type: number, why: string): void => {
    if (refused.length < MAX_NAMED_REFUSALS) refused.push({ owner, type, why });
  };
  for (let i = 0; i < message.recordCount; i++) {
    const type = message.type(i);
    if (type === Type.OPT) continue;
    const owner = message.owner(i);
    const admission = admitRecord(message.section(i), owner, type, message.recordClass(i), asked);
    if (admission.kind === 'refused') {
      refuse(owner, type, admission.why);
      continue;
    }
    const rdata = message.rdata(i);
    if (rdata === undefined) {
      refuse(owner, type, 'RDATA has not the shape of its type');
      continue;
    }
    gather(groups, owner, type, admission.kind, message.ttl(i), rdata);
  }
  return sortOut(groups, refuse, refused);
}

function gather(
  groups: Map<string, Gathering>,
  owner: Name,
  type: number,
  as: Admission['kind'],
  ttl: number,
  rdata: Uint8Array,
): void {
  const key = as.charAt(0) + String.fromCharCode(type) + owner;
  const group = groups.get(key);
  if (group === undefined) {
    groups.set(key, { owner, type, as, ttl, rdata: [rdata] });
  } else {
    group.ttl = Math.min(group.ttl, ttl);
    group.rdata.push(rdata);
  }
}

function sortOut(
  groups: Map<string, Gathering>,
  refuse: (owner: Name, type: number, why: string) => void,
  refused: readonly Refusal[],
): Collected {
  const answer: RRset[] = [];
  const cuts: RRset[] = [];
  const wrongCuts: Name[] = [];
  const glue: RRset[] = [];
  let soa: RRset | undefined;
  for (const { owner, type, as, ttl, rdata } of groups.values()) {
    if (as === 'wrong-cut') {
      wrongCuts.push(owner);
      continue;
    }
    if (rdata.length > MAX_RECORDS_PER_SET) {
      refuse(owner, type, `a set of ${rdata.length} records`);
      continue;
    }
    // RFC 2181 §10.1, RFC 1034 §3.6.2: one alias per name, one SOA per zone; a second one is a contradiction.
    if (rdata.length > 1 && isSingleton(type)) rdata.length = 1;
    const set = rrset(owner, type, ttl, rdata);
    if (as === 'answer') answer.push(set);
    else if (as === 'cut') cuts.push(set);
    else if (as === 'glue') glue.push(set);
    else if (soa === undefined || isAtOrBelow(owner, soa.owner)) soa = set;
  }
  return { answer, cuts, wrongCuts, soa, glue, refused };
}

function isSingleton(type: number): boolean {
  return type === Type.CNAME || type === Type.DNAME || type === Type.SOA;
}
