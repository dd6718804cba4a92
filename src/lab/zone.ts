/**
 * One authoritative zone: what it holds for a question (RFC 1034 §4.3.2 step 3). Wildcards are those of RFC 4592, an
 * empty non-terminal included; DNAME is RFC 6672; a DS question at a zone cut belongs to the parent (RFC 4035 §3.1.4.1).
 *
 * Pure: one step, so an alias is reported and not followed. Which of several zones is asked, following aliases and
 * putting the message together is authoritative.ts. A signed zone is one whose records have RRSIG, NSEC and NSEC3 among
 * them (signer.ts makes these): signatures go with the sets they cover, and `prove` gives what a denial is sent with.
 *
 * Tolerant where a lab has to be: a zone may lack its SOA, and a CNAME may stand beside other data (the type asked for
 * wins).
 */

import {
  ROOT,
  isAtOrBelow,
  isBelow,
  nameFromWire,
  nameToText,
  nameToWire,
  parentOf,
  prepend,
  substituteSuffix,
  type Name,
} from '../dns/name.ts';
import { Type, typeToText } from '../dns/record-type.ts';
import { firstRdata, rdataOf, rrset, type RRset } from '../dns/rrset.ts';
import { parseZoneText } from '../dns/zone-text.ts';
import { createProof, type Prove } from './denial-proof.ts';

export type ZoneData = {
  readonly owner: Name;
  readonly type: number;
  readonly ttl: number;
  readonly rdata: Uint8Array;
};

/** What a zone holds for one question. */
export type Lookup =
  /** The sets asked for: one, or for ANY all of the name; synthesised from `wildcard` where that is their source. */
  | { readonly kind: 'answer'; readonly rrsets: readonly RRset[]; readonly wildcard?: Name }
  /** A CNAME, or a DNAME and the CNAME synthesised from it, leads to `target`. */
  | { readonly kind: 'alias'; readonly rrsets: readonly RRset[]; readonly target: Name; readonly wildcard?: Name }
  /** RFC 6672 §2.2: the name that a DNAME makes is longer than 255 octets, and the answer is YXDOMAIN. */
  | { readonly kind: 'alias-too-long'; readonly rrsets: readonly RRset[] }
  | {
      readonly kind: 'referral';
      readonly ns: RRset;
      readonly ds: RRset | undefined;
      /** Addresses that this zone holds for the servers' names. */
      readonly glue: readonly RRset[];
    }
  | { readonly kind: 'nodata'; readonly isEmptyNonTerminal: boolean; readonly wildcard?: Name }
  | { readonly kind: 'nxdomain'; readonly closestEncloser: Name };

export type Zone = {
  readonly apex: Name;
  readonly soa: RRset | undefined;
  /** `qname` must be at or below the apex. */
  lookup(qname: Name, qtype: number): Lookup;
  /** The NSEC or NSEC3 sets that go with what was found for `qname`; none in an unsigned zone. */
  readonly prove: Prove;
  /** The set as it stands in the zone, glue included. */
  rrset(owner: Name, type: number): RRset | undefined;
  /** Every set but RRSIG, with the signatures that cover it. */
  rrsets(): readonly RRset[];
  /** The A and AAAA sets that the zone holds for a name, glue included. */
  addresses(owner: Name): readonly RRset[];
};

type Node = ReadonlyMap<number, RRset>;

/** The zone from its records. Throws on a record that does not belong to it: lab zones are part of the program. */
export function createZone(apex: Name, records: readonly ZoneData[]): Zone {
  const isHashed = ({ owner, type, rdata }: ZoneData): boolean =>
    type === Type.NSEC3 || (type === Type.RRSIG && owner !== apex && typeCovered(rdata) === Type.NSEC3);
  const nodes = collectNodes(
    apex,
    records.filter((record) => !isHashed(record)),
  );
  // RFC 5155 §7.2.8: their owners are no names of the zone.
  const hashed = collectNodes(apex, records.filter(isHashed));
  const find = (owner: Name, type: number): RRset | undefined => nodes.get(owner)?.get(type);
  const addresses = (owner: Name): readonly RRset[] =>
    [find(owner, Type.A), find(owner, Type.AAAA)].filter((set) => set !== undefined);

  const referral = (ns: RRset): Lookup => ({
    kind: 'referral',
    ns,
    ds: find(ns.owner, Type.DS),
    glue: rdataOf(ns).flatMap((rdata) => addresses(nameFromWire(rdata))),
  });

  return {
    apex,
    soa: find(apex, Type.SOA),
    rrset: find,
    rrsets: () => [...nodes.values(), ...hashed.values()].flatMap((node) => [...node.values()]).filter(isNotSignature),
    addresses,
    prove: createProof(apex, denials(nodes, hashed), find(apex, Type.NSEC3PARAM)),
    lookup(qname, qtype) {
      let encloser = apex;
      for (const node of pathFrom(apex, qname)) {
        if (!nodes.has(node)) return fromWildcard(nodes, encloser, qname, qtype);
        encloser = node;
        const ns = node === apex ? undefined : find(node, Type.NS);
        if (ns !== undefined && !(node === qname && qtype === Type.DS)) return referral(ns);
        const dname = node === qname ? undefined : find(node, Type.DNAME);
        if (dname !== undefined) return fromDname(dname, qname);
      }
      return fromNode(nodes.get(qname)!, qtype);
    },
  };
}

function isNotSignature({ type }: RRset): boolean {
  return type !== Type.RRSIG;
}

function denials(nodes: ReadonlyMap<Name, Node>, hashed: ReadonlyMap<Name, Node>): Map<Name, RRset> {
  const all = [...nodes, ...hashed].map(
    ([owner, node]) => [owner, node.get(Type.NSEC) ?? node.get(Type.NSEC3)] as const,
  );
  return new Map(all.filter((entry): entry is [Name, RRset] => entry[1] !== undefined));
}

/** The zone from its master file text; throws with every problem found. */
export function zoneFromText(apex: Name, text: string, defaultTtl = 300): Zone {
  return createZone(apex, readZoneText(apex, text, defaultTtl));
}

export function readZoneText(apex: Name, text: string, defaultTtl: number): ZoneData[] {
  const { records, problems } = parseZoneText(text, { origin: apex, defaultTtl });
  if (problems.length === 0) return records;
  const list = problems.map(({ line, why }) => `line ${line}: ${why}`).join('; ');
  throw new TypeError(`zone ${nameToText(apex)}: ${list}`);
}

/** Every name that exists, empty non-terminals among them (RFC 4592 §2.2.2), with the sets it owns. */
function collectNodes(apex: Name, records: readonly ZoneData[]): Map<Name, Node> {
  const grouped = new Map<Name, Map<number, ZoneData[]>>([[apex, new Map()]]);
  for (const record of records) {
    if (!isAtOrBelow(record.owner, apex)) {
      throw new TypeError(`${nameToText(record.owner)} ${typeToText(record.type)} is outside ${nameToText(apex)}`);
    }
    for (let node = record.owner; !grouped.has(node); node = parentOf(node)) grouped.set(node, new Map());
    const sets = grouped.get(record.owner)!;
    const set = sets.get(record.type);
    if (set === undefined) sets.set(record.type, [record]);
    else set.push(record);
  }
  const nodes = new Map<Name, Node>();
  for (const [owner, sets] of grouped) {
    const signatures = sets.get(Type.RRSIG) ?? [];
    nodes.set(owner, new Map([...sets].map(([type, group]) => [type, toRRset(owner, type, group, signatures)])));
  }
  return nodes;
}

/** RFC 4034 §3.1.1. */
function typeCovered(rdata: Uint8Array): number {
  return (rdata[0] << 8) | rdata[1];
}

/** RFC 2181 §5.2: the records of a set have one TTL, here the least. */
function toRRset(owner: Name, type: number, group: readonly ZoneData[], signatures: readonly ZoneData[]): RRset {
  const ttl = Math.min(...group.map((record) => record.ttl));
  const set = rrset(owner, type, ttl, group.map(rdataIn));
  const covering = signatures.filter(({ rdata }) => typeCovered(rdata) === type);
  if (covering.length === 0) return set;
  const { count, packed } = rrset(owner, Type.RRSIG, ttl, covering.map(rdataIn));
  return { ...set, signatures: { count, packed } };
}

function rdataIn({ rdata }: ZoneData): Uint8Array {
  return rdata;
}

/** The names from the apex down to `qname`, both included. */
function pathFrom(apex: Name, qname: Name): Name[] {
  const path = [qname];
  for (let node = qname; node !== apex; path.push(node)) node = parentOf(node);
  return path.reverse();
}

/** RFC 1034 §4.3.2 step 3a. */
function fromNode(node: Node, qtype: number): Extract<Lookup, { wildcard?: Name }> {
  // For ANY the signatures are sets of their own, and need not be sent twice.
  if (qtype === Type.ANY && node.size > 0) return { kind: 'answer', rrsets: [...node.values()].map(withoutSignatures) };
  const set = qtype === Type.RRSIG ? signaturesIn(node) : node.get(qtype);
  if (set !== undefined) return { kind: 'answer', rrsets: [set] };
  const cname = node.get(Type.CNAME);
  if (cname !== undefined) return { kind: 'alias', rrsets: [cname], target: nameFromWire(firstRdata(cname)) };
  return { kind: 'nodata', isEmptyNonTerminal: node.size === 0 };
}

/** All that are at the name, which are kept with the sets that they cover. */
function signaturesIn(node: Node): RRset | undefined {
  const signed = [...node.values()].filter(({ signatures }) => signatures !== undefined);
  if (signed.length === 0) return undefined;
  const all = signed.flatMap(({ owner, ttl, signatures }) => rdataOf({ owner, type: Type.RRSIG, ttl, ...signatures! }));
  return rrset(signed[0].owner, Type.RRSIG, Math.min(...signed.map(({ ttl }) => ttl)), all);
}

function withoutSignatures({ owner, type, ttl, count, packed }: RRset): RRset {
  return { owner, type, ttl, count, packed };
}

/** RFC 4592 §3.3: the wildcard directly below the closest encloser, and no other, is the source of synthesis. */
function fromWildcard(nodes: ReadonlyMap<Name, Node>, encloser: Name, qname: Name, qtype: number): Lookup {
  const wildcard = prepend('*', encloser);
  const source = wildcard === undefined ? undefined : nodes.get(wildcard);
  if (wildcard === undefined || source === undefined) return { kind: 'nxdomain', closestEncloser: encloser };
  const synthesised = new Map([...source].map(([type, set]) => [type, { ...set, owner: qname }]));
  return { ...fromNode(synthesised, qtype), wildcard };
}

function fromDname(dname: RRset, qname: Name): Lookup {
  const target = substituteSuffix(qname, dname.owner, nameFromWire(firstRdata(dname)));
  if (target === undefined) return { kind: 'alias-too-long', rrsets: [dname] };
  // RFC 6672 §3.1: the synthesised CNAME has the TTL of the DNAME.
  const cname = rrset(qname, Type.CNAME, dname.ttl, [nameToWire(target)]);
  return { kind: 'alias', rrsets: [dname, cname], target };
}

/** Zones that one server is the authority for, found by name. */
export type ZoneSet = {
  readonly zones: readonly Zone[];
  /** The deepest zone that `qname` is at or below. A DS question at an apex goes to the zone above, if it is here. */
  find(qname: Name, qtype: number): Zone | undefined;
};

export function createZoneSet(zones: readonly Zone[]): ZoneSet {
  const byApex = new Map(zones.map((zone) => [zone.apex, zone]));
  const deepest = (from: Name): Zone | undefined => {
    for (let node = from; ; node = parentOf(node)) {
      const zone = byApex.get(node);
      if (zone !== undefined || node === ROOT) return zone;
    }
  };
  return {
    zones,
    find(qname, qtype) {
      const zone = deepest(qname);
      if (qtype !== Type.DS || zone === undefined || !isApexBelowRoot(zone, qname)) return zone;
      return deepest(parentOf(qname)) ?? zone;
    },
  };
}

function isApexBelowRoot(zone: Zone, qname: Name): boolean {
  return zone.apex === qname && isBelow(qname, ROOT);
}
