/** Zones that have no plan: a server whose every reply is made up for the question it gets. */

import { name, nameFromWire, nameToText, nameToWire, type Name } from '../../src/dns/name.ts';
import { Rcode, Type } from '../../src/dns/record-type.ts';
import { rrset, type RRset } from '../../src/dns/rrset.ts';
import { addressSets } from '../../src/lab/address-sets.ts';
import type { ResponseDraft } from '../../src/lab/authoritative.ts';
import type { Deed } from '../../src/lab/misbehaviour.ts';

/** What is said to a question; undefined leaves what the zones say. */
export type Invention = (qname: Name, labels: readonly string[], qtype: number) => Partial<ResponseDraft> | undefined;

export function invents(invention: Invention): Deed {
  return {
    kind: 'redrafts',
    change(draft) {
      if (draft.question === undefined) return draft;
      const qname = nameFromWire(draft.question.wireName);
      const labels = nameToText(qname).toLowerCase().split('.').slice(0, -1);
      const said = invention(qname, labels, draft.question.qtype);
      return said === undefined ? draft : { ...draft, ...nothing, ...said };
    },
  };
}

const nothing = {
  rcode: Rcode.NOERROR,
  isTruncated: false,
  answer: [],
  authority: [],
  proof: [],
  glue: [],
  additional: [],
} as const;

/** `servers` by name, with the addresses sent along. */
export function referral(zone: string, servers: Readonly<Record<string, readonly string[]>>): Partial<ResponseDraft> {
  const targets = Object.keys(servers).map((server) => nameToWire(name(server)));
  return {
    isAuthoritative: false,
    meaning: 'referral',
    authority: [rrset(name(zone), Type.NS, 3600, targets)],
    glue: Object.entries(servers).flatMap(([server, addresses]) => addressSets(name(server), 3600, addresses)),
  };
}

export function answer(...sets: readonly RRset[]): Partial<ResponseDraft> {
  return { isAuthoritative: true, meaning: 'answer', answer: sets };
}

export function alias(owner: Name, target: string, ttl = 300): RRset {
  return rrset(owner, Type.CNAME, ttl, [nameToWire(name(target))]);
}

/** NODATA, so that a name above others is one that exists. */
export const nodata: Partial<ResponseDraft> = { isAuthoritative: true, meaning: 'nodata' };
