/**
 * What a server sends to prove a denial: from the NSEC or NSEC3 sets of a zone those that RFC 4035 §3.1.3 or
 * RFC 5155 §7.2 ask for. Each comes with its part in the proof, so that misbehaviour can leave out one of them.
 *
 * A set is found by its owner's place in the order, never by what its RDATA says: records that lie are sent where the
 * honest ones would have been.
 */

import { compareCanonical, labelsOf, parentOf, prepend, type Name } from '../dns/name.ts';
import { Type } from '../dns/record-type.ts';
import { firstRdata, type RRset } from '../dns/rrset.ts';
import { hashLabel, type HashParameters } from './nsec3-hash.ts';
import type { Lookup } from './zone.ts';

export type DenialPart = {
  readonly part:
    /** Of the name that was asked for, with the types it has. */
    | 'match'
    | 'closest-encloser'
    /** Covers the name that does not exist; with NSEC3, its ancestor just below the closest encloser. */
    | 'next-closer'
    /** Covers the wildcard that would have answered, or is it. */
    | 'wildcard';
  readonly set: RRset;
};

type Prover = {
  nxdomain(qname: Name, encloser: Name): Found[];
  nodata(qname: Name): Found[];
  wildcardNodata(qname: Name, encloser: Name): Found[];
  /** Nothing closer than the wildcard exists. */
  expansion(qname: Name, encloser: Name): Found[];
};
type Found = { readonly part: DenialPart['part']; readonly set: RRset | undefined };

/** Proves what a lookup found; undefined for a zone without such records. */
export type Prove = (qname: Name, found: Lookup) => readonly DenialPart[];

export function createProof(apex: Name, records: ReadonlyMap<Name, RRset>, param: RRset | undefined): Prove {
  if (records.size === 0) return () => [];
  const isHashed = [...records.values()].some(({ type }) => type === Type.NSEC3);
  const prover = isHashed ? nsec3Prover(apex, records, param) : nsecProver(records);
  return (qname, found) => distinct(prove(prover, qname, found));
}

function prove(prover: Prover, qname: Name, found: Lookup): Found[] {
  switch (found.kind) {
    case 'answer':
    case 'alias':
      return found.wildcard === undefined ? [] : prover.expansion(qname, parentOf(found.wildcard));
    case 'alias-too-long':
      return [];
    case 'referral':
      return found.ds === undefined ? prover.nodata(found.ns.owner) : [];
    case 'nodata':
      return found.wildcard === undefined
        ? prover.nodata(qname)
        : prover.wildcardNodata(qname, parentOf(found.wildcard));
    case 'nxdomain':
      return prover.nxdomain(qname, found.closestEncloser);
    default:
      return found satisfies never;
  }
}

/** One set may play two parts and is sent once. */
function distinct(found: readonly Found[]): DenialPart[] {
  const parts: DenialPart[] = [];
  for (const { part, set } of found) {
    if (set !== undefined && !parts.some((known) => known.set === set)) parts.push({ part, set });
  }
  return parts;
}

/** RFC 4035 §3.1.3. An empty non-terminal has no record, and the one before it shows that names stand below. */
function nsecProver(records: ReadonlyMap<Name, RRset>): Prover {
  const owners = [...records.keys()].sort(compareCanonical);
  const covering = (name: Name): RRset | undefined =>
    records.get(lastBefore(owners, (owner) => compareCanonical(owner, name) < 0));
  const atOrCovering = (name: Name): RRset | undefined => records.get(name) ?? covering(name);
  return {
    nxdomain: (qname, encloser) => [
      { part: 'next-closer', set: covering(qname) },
      { part: 'wildcard', set: covering(wildcardOf(encloser)) },
    ],
    nodata: (qname) => [{ part: 'match', set: atOrCovering(qname) }],
    wildcardNodata: (qname, encloser) => [
      { part: 'wildcard', set: atOrCovering(wildcardOf(encloser)) },
      { part: 'next-closer', set: covering(qname) },
    ],
    expansion: (qname) => [{ part: 'next-closer', set: covering(qname) }],
  };
}

/** RFC 5155 §7.2. */
function nsec3Prover(apex: Name, records: ReadonlyMap<Name, RRset>, param: RRset | undefined): Prover {
  const sorted = [...records].map(([owner, set]) => ({ label: labelsOf(owner)[0], set }));
  sorted.sort((a, b) => (a.label < b.label ? -1 : 1));
  const byLabel = new Map(sorted.map(({ label, set }) => [label, set]));
  const parameters = readParameters(param ?? sorted[0].set);
  const match = (name: Name): RRset | undefined => byLabel.get(hashLabel(name, parameters));
  const covering = (name: Name): RRset => {
    const label = hashLabel(name, parameters);
    return lastBefore(sorted, (entry) => entry.label < label).set;
  };
  const encloserProof = (qname: Name, encloser: Name): Found[] => [
    { part: 'closest-encloser', set: match(encloser) },
    { part: 'next-closer', set: covering(childOnPath(qname, encloser)) },
  ];
  /** RFC 5155 §7.2.1, §7.2.4: a delegation in an opt-out span has no record, nor a name that only leads to such. */
  const closestProvable = (qname: Name): Name => {
    let encloser = qname;
    while (encloser !== apex && match(encloser) === undefined) encloser = parentOf(encloser);
    return encloser;
  };
  return {
    nxdomain(qname, above) {
      const encloser = closestProvable(above);
      return [...encloserProof(qname, encloser), { part: 'wildcard', set: covering(wildcardOf(encloser)) }];
    },
    nodata(qname) {
      const set = match(qname);
      return set === undefined ? encloserProof(qname, closestProvable(qname)) : [{ part: 'match', set }];
    },
    wildcardNodata: (qname, encloser) => [
      ...encloserProof(qname, encloser),
      { part: 'wildcard', set: match(wildcardOf(encloser)) },
    ],
    expansion: (qname, encloser) => [{ part: 'next-closer', set: covering(childOnPath(qname, encloser)) }],
  };
}

/** In a ring in order, the last that stands before a place; before the first there is the last of all. */
function lastBefore<T>(ring: readonly T[], isBefore: (one: T) => boolean): T {
  let [low, high] = [0, ring.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBefore(ring[middle])) low = middle + 1;
    else high = middle;
  }
  return ring[(low + ring.length - 1) % ring.length];
}

function wildcardOf(encloser: Name): Name {
  return prepend('*', encloser) ?? encloser;
}

/** RFC 5155 §1.3: the next closer name. */
function childOnPath(name: Name, ancestor: Name): Name {
  let node = name;
  while (node !== ancestor && parentOf(node) !== ancestor) node = parentOf(node);
  return node;
}

/** NSEC3 and NSEC3PARAM begin alike: algorithm, flags, iterations, salt (RFC 5155 §3.2, §4.2). */
function readParameters(set: RRset): HashParameters {
  const rdata = firstRdata(set);
  return { iterations: (rdata[2] << 8) | rdata[3], salt: rdata.subarray(5, 5 + rdata[4]) };
}
