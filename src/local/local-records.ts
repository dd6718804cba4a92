/**
 * Records of our own, found by name as RFC 1034 §4.3.2 finds them in a zone.
 *
 * There need not be a zone: a name with records is ours and says NODATA for the types it lacks, while its neighbours are
 * asked of the DNS. Writing an SOA makes one: then every name at and below its owner is ours, and those that are not
 * there do not exist. A wildcard stands in for names that do not exist (RFC 4592): not for a name that is there with
 * other types, nor below one.
 *
 * Known limits: NS records below an SOA are records and no zone cut; a DNAME is not followed.
 */

import { ROOT, isWildcard, nameToText, parentOf, prepend, type Name } from '../dns/name.ts';
import { Type } from '../dns/record-type.ts';
import { firstRdata, rrset, withTtl, type RRset } from '../dns/rrset.ts';
import type { ZoneProblem, ZoneRecord } from '../dns/zone-text.ts';
import { ownSoa } from './local-reply.ts';

export type LocalNode = ReadonlyMap<number, RRset>;

export type LocalFinding =
  | { readonly kind: 'node'; readonly node: LocalNode }
  /** The name is in a zone of ours and has no records; `nodata` where names below it have. */
  | { readonly kind: 'nxdomain' | 'nodata' }
  | { readonly kind: 'not-ours' };

export type LocalRecords = {
  find(qname: Name): LocalFinding;
  /** The SOA for a denial at the name, its TTL already that of the denial. */
  soaFor(qname: Name): RRset;
  readonly problems: readonly ZoneProblem[];
};

/** For names without an SOA: short, as the configuration may change at any time. */
const DENIAL_TTL = 60;

export function createLocalRecords(records: readonly ZoneRecord[]): LocalRecords {
  const { nodes, problems } = toNodes(records);
  const existing = new Set<Name>();
  for (const owner of nodes.keys()) addWithAncestors(existing, owner);
  const hasWildcards = [...nodes.keys()].some(isWildcard);
  const hasZones = [...nodes.values()].some((node) => node.has(Type.SOA));

  const zoneSoa = (qname: Name): RRset | undefined => {
    if (!hasZones) return undefined;
    for (let at = qname; ; at = parentOf(at)) {
      const soa = nodes.get(at)?.get(Type.SOA);
      if (soa !== undefined || at === ROOT) return soa;
    }
  };
  const wildcardNode = (qname: Name): LocalNode | undefined => {
    if (!hasWildcards || existing.has(qname)) return undefined;
    const wildcard = prepend('*', closestEncloser(existing, qname));
    return wildcard === undefined ? undefined : nodes.get(wildcard);
  };

  return {
    problems,
    find(qname) {
      const node = nodes.get(qname) ?? wildcardNode(qname);
      if (node !== undefined) return { kind: 'node', node };
      if (zoneSoa(qname) === undefined) return { kind: 'not-ours' };
      return { kind: existing.has(qname) ? 'nodata' : 'nxdomain' };
    },
    soaFor(qname) {
      const soa = zoneSoa(qname);
      // RFC 2308 §3: the SOA of a denial has the lesser of its TTL and its MINIMUM.
      return soa === undefined ? ownSoa(qname, DENIAL_TTL) : withTtl(soa, Math.min(soa.ttl, minimumOf(soa)));
    },
  };
}

function toNodes(records: readonly ZoneRecord[]): { nodes: Map<Name, Map<number, RRset>>; problems: ZoneProblem[] } {
  const grouped = new Map<Name, Map<number, ZoneRecord[]>>();
  for (const record of records) {
    const types = grouped.get(record.owner) ?? new Map<number, ZoneRecord[]>();
    grouped.set(record.owner, types);
    types.set(record.type, [...(types.get(record.type) ?? []), record]);
  }
  const problems: ZoneProblem[] = [];
  const nodes = new Map<Name, Map<number, RRset>>();
  for (const [owner, types] of grouped) {
    problems.push(...settleConflicts(owner, types));
    nodes.set(owner, new Map([...types].map(([type, list]) => [type, toRRset(owner, type, list)])));
  }
  return { nodes, problems };
}

/** Leaves out what cannot stand beside the rest, and says so. */
function settleConflicts(owner: Name, types: Map<number, ZoneRecord[]>): ZoneProblem[] {
  const problems: ZoneProblem[] = [];
  const aliases = types.get(Type.CNAME);
  if (aliases !== undefined && types.size > 1) {
    // RFC 2181 §10.1: where a CNAME is, no other data is.
    types.delete(Type.CNAME);
    problems.push({
      line: aliases[0].line,
      why: `${nameToText(owner)} has other records too, so its CNAME is left out`,
    });
  }
  for (const type of [Type.CNAME, Type.SOA]) {
    const list = types.get(type) ?? [];
    if (list.length < 2) continue;
    types.set(type, list.slice(0, 1));
    const what = type === Type.SOA ? 'SOA' : 'CNAME';
    problems.push({ line: list[1].line, why: `${nameToText(owner)} has a ${what} already; the first one counts` });
  }
  return problems;
}

/** RFC 2181 §5.2: one TTL for a set, the least where several were written. */
function toRRset(owner: Name, type: number, records: readonly ZoneRecord[]): RRset {
  const ttl = Math.min(...records.map((record) => record.ttl));
  return rrset(
    owner,
    type,
    ttl,
    records.map((record) => record.rdata),
  );
}

function addWithAncestors(existing: Set<Name>, owner: Name): void {
  for (let at = owner; !existing.has(at); at = parentOf(at)) {
    existing.add(at);
    if (at === ROOT) return;
  }
}

/** RFC 4592 §3.3.1: the deepest ancestor that exists. The root always does. */
function closestEncloser(existing: ReadonlySet<Name>, qname: Name): Name {
  let at = parentOf(qname);
  while (at !== ROOT && !existing.has(at)) at = parentOf(at);
  return at;
}

/** RFC 1035 §3.3.13: the last field. */
function minimumOf(soa: RRset): number {
  const rdata = firstRdata(soa);
  return new DataView(rdata.buffer, rdata.byteOffset, rdata.length).getUint32(rdata.length - 4);
}
