/**
 * Gathers the admitted records of a response into RRsets, by what they were admitted as.
 *
 * Pure, one pass. A record whose RDATA has not the shape of its type is left out and named among the refused. RFC 2181
 * §5.2: where the TTLs of one set differ, the least counts. A set keeps at most MAX_RECORDS_PER_SET records; beyond
 * that it is left out whole, as half a set is none. Signatures go with the set that they cover.
 */

import { isAtOrBelow, type Name } from '../dns/name.ts';
import { Type } from '../dns/record-type.ts';
import { rrset, type RRset } from '../dns/rrset.ts';
import type { MessageView, Section } from '../dns/wire/message-view.ts';
import { admitRecord, type Admission, type Asked } from './bailiwick.ts';

const MAX_RECORDS_PER_SET = 2000;
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
  /** DS sets for zones on the way to QNAME. */
  readonly ds: readonly RRset[];
  /** NSEC and NSEC3 sets. */
  readonly proof: readonly RRset[];
  readonly glue: readonly RRset[];
  readonly refused: readonly Refusal[];
};

type Gathering = {
  readonly owner: Name;
  readonly type: number;
  readonly as: Admission['kind'];
  ttl: number;
  readonly rdata: Uint8Array[];
  readonly signatures: Uint8Array[];
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
    const rdata = message.rdata(i);
    if (rdata === undefined) {
      refuse(owner, type, 'RDATA has not the shape of its type');
      continue;
    }
    const isSignature = type === Type.RRSIG && !isWanted(message.section(i), owner, asked);
    const setType = isSignature ? (rdata[0] << 8) | rdata[1] : type;
    const admission = admitRecord(message.section(i), owner, setType, message.recordClass(i), asked);
    if (admission.kind === 'refused') {
      refuse(owner, type, admission.why);
      continue;
    }
    const group = groupOf(groups, owner, setType, admission.kind);
    if (isSignature) {
      group.signatures.push(rdata);
    } else {
      group.ttl = Math.min(group.ttl, message.ttl(i));
      group.rdata.push(rdata);
    }
  }
  return sortOut(groups, refuse, refused);
}

/** Whoever asks for RRSIG wants the records themselves; of a DNAME above and of a denial they are still the signatures. */
function isWanted(section: Section, owner: Name, { qname, qtype }: Asked): boolean {
  return qtype === Type.RRSIG && section === 'answer' && owner === qname;
}

function groupOf(groups: Map<string, Gathering>, owner: Name, type: number, as: Admission['kind']): Gathering {
  const key = `${as} ${String.fromCharCode(type)}${owner}`;
  let group = groups.get(key);
  if (group === undefined) {
    group = { owner, type, as, ttl: Infinity, rdata: [], signatures: [] };
    groups.set(key, group);
  }
  return group;
}

function sortOut(
  groups: Map<string, Gathering>,
  refuse: (owner: Name, type: number, why: string) => void,
  refused: readonly Refusal[],
): Collected {
  const wrongCuts: Name[] = [];
  const sets = { answer: none(), cut: none(), ds: none(), proof: none(), glue: none() };
  let soa: RRset | undefined;
  for (const { owner, type, as, ttl, rdata, signatures } of groups.values()) {
    if (rdata.length === 0) continue; // signatures of nothing
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
    const set = signedBy(rrset(owner, type, ttl, rdata), signatures);
    if (as === 'soa') soa = soa === undefined || isAtOrBelow(owner, soa.owner) ? set : soa;
    else if (as !== 'refused') sets[as].push(set);
  }
  return { ...sets, cuts: sets.cut, wrongCuts, soa, refused };
}

function isSingleton(type: number): boolean {
  return type === Type.CNAME || type === Type.DNAME || type === Type.SOA;
}

function signedBy(set: RRset, signatures: readonly Uint8Array[]): RRset {
  if (signatures.length === 0) return set;
  const { count, packed } = rrset(set.owner, Type.RRSIG, set.ttl, signatures);
  return { ...set, signatures: { count, packed } };
}

function none(): RRset[] {
  return [];
}
