/**
 * The denials of a zone in the cache: where each record stands in its chain, and which of them may speak of a name.
 *
 * They have been validated before they come here. Left out are records that can help nobody else: NSEC3 with opt-out
 * (RFC 8198 §5.2) or with many iterations, and NSEC made to order for one name, whose next name is the very first
 * after it (RFC 4470 §4; RFC 9824 §2) - of these, some servers list fewer types than there are.
 */

import type { DenialRanges } from '../cache/denial-ranges.ts';
import { canonicalKey } from '../dns/canonical-order.ts';
import { ancestorWithLabels, labelCount, parentOf, prepend, type Name } from '../dns/name.ts';
import { Type } from '../dns/record-type.ts';
import type { RRset } from '../dns/rrset.ts';
import { denialFrom, type Denial } from '../validate/denial.ts';
import { nsecClosestEncloser, nsecFrom } from '../validate/denial-nsec.ts';
import { nsec3From, nsec3Spans, type Nsec3 } from '../validate/denial-nsec3.ts';
import { hashName } from '../validate/nsec3-hash.ts';
import { defaultPolicy, type CryptoBudget, type ValidationPolicy } from '../validate/policy.ts';

export type Candidates = { readonly denial: Denial; readonly sets: readonly RRset[] };

const NSEC_CHAIN = 'nsec';
/** Each name that is looked up costs as many hashes more; RFC 9276 §3.1 wants none. */
const MAX_ITERATIONS = 10;

/** Keeps what can speak of other names; false when nothing of it can. */
export function keepDenials(ranges: DenialRanges, zone: Name, sets: readonly RRset[], notAfter: number): boolean {
  let isUsed = false;
  for (const set of sets) {
    const place = placeOf(set, zone);
    if (place === undefined) continue;
    ranges.put(zone, place.chain, place.key, set, notAfter);
    isUsed = true;
  }
  return isUsed;
}

function placeOf(set: RRset, zone: Name): { chain: string; key: string } | undefined {
  // Two records at one place are a zone in the middle of a change.
  if (set.count !== 1) return undefined;
  if (set.type === Type.NSEC) {
    const [nsec] = nsecFrom(zone, [set]);
    if (nsec === undefined || isMadeToOrder(nsec)) return undefined;
    return { chain: NSEC_CHAIN, key: canonicalKey(nsec.owner) };
  }
  const [record] = nsec3From(zone, [set], defaultPolicy).records;
  if (record === undefined || record.isOptOut || record.iterations > MAX_ITERATIONS) return undefined;
  return { chain: chainOf(record), key: record.hash };
}

function isMadeToOrder({ owner, next }: { owner: Name; next: Name }): boolean {
  return next === prepend('\0', owner);
}

/** Salt and iterations, as they stand in the RDATA. */
function chainOf({ iterations, salt }: Nsec3): string {
  return `nsec3 ${iterations} ${Buffer.from(salt).toString('latin1')}`;
}

/** The records that may prove what there is not at `qname`, chain by chain. */
export function candidatesFor(
  ranges: DenialRanges,
  zone: Name,
  qname: Name,
  policy: ValidationPolicy,
  budget: CryptoBudget,
): Candidates[] {
  return ranges.chains(zone).flatMap((chain) => {
    const found =
      chain === NSEC_CHAIN
        ? nsecCandidates(ranges, zone, qname, policy)
        : nsec3Candidates(ranges, zone, chain, qname, policy, budget);
    return found === undefined ? [] : [found];
  });
}

function nsecCandidates(
  ranges: DenialRanges,
  zone: Name,
  qname: Name,
  policy: ValidationPolicy,
): Candidates | undefined {
  const find = (name: Name): RRset | undefined => ranges.find(zone, NSEC_CHAIN, canonicalKey(name), false);
  const own = find(qname);
  if (own === undefined) return undefined;
  const alone = { denial: denialFrom(zone, [own], policy), sets: [own] };
  const encloser = nsecClosestEncloser(qname, alone.denial);
  const wildcard = encloser && prepend('*', encloser);
  const beside = wildcard && find(wildcard);
  if (beside === undefined || beside.owner === own.owner) return alone;
  const sets = [own, beside];
  return { denial: denialFrom(zone, sets, policy), sets };
}

/**
 * The record of the name, or those of the closest name above that exists, of the one below that which does not, and of
 * the wildcard between (RFC 5155 §8.3). From the apex down, so that a name of many labels costs no more than another.
 */
function nsec3Candidates(
  ranges: DenialRanges,
  zone: Name,
  chain: string,
  qname: Name,
  policy: ValidationPolicy,
  budget: CryptoBudget,
): Candidates | undefined {
  const hashes = new Map<Name, string>();
  const parameters = parametersOf(chain);
  /** The record of the name, or the one that spans it. */
  const find = (name: Name): { set: RRset; isOwn: boolean } | undefined => {
    const hash = hashes.get(name) ?? hashWithin(budget, name, parameters);
    if (hash === undefined) return undefined;
    hashes.set(name, hash);
    const set = ranges.find(zone, chain, hash, true);
    const record = set && nsec3From(zone, [set], policy).records[0];
    if (set === undefined || record === undefined) return undefined;
    const isOwn = record.hash === hash;
    return isOwn || nsec3Spans(record, hash) ? { set, isOwn } : undefined;
  };
  const conclude = (...sets: RRset[]): Candidates => {
    const distinct = [...new Set(sets)];
    const denial = denialFrom(zone, distinct, policy);
    for (const [name, hash] of hashes) denial.nsec3.hashes.set(name, hash);
    return { denial, sets: distinct };
  };

  const own = find(qname);
  if (own?.isOwn === true) return conclude(own.set);
  let above = find(zone);
  const depth = labelCount(qname);
  for (let labels = labelCount(zone) + 1; above?.isOwn === true && labels <= depth; labels++) {
    const name = ancestorWithLabels(qname, labels);
    const at = find(name);
    if (at === undefined) return undefined;
    if (at.isOwn) {
      above = at;
      continue;
    }
    const wildcard = prepend('*', parentOf(name));
    const beside = wildcard && find(wildcard);
    return beside === undefined ? conclude(above.set, at.set) : conclude(above.set, at.set, beside.set);
  }
  return undefined;
}

type Parameters = { readonly iterations: number; readonly salt: Uint8Array };

function parametersOf(chain: string): Parameters {
  const [, iterations] = chain.split(' ', 2);
  return { iterations: Number(iterations), salt: Buffer.from(chain.slice(`nsec3 ${iterations} `.length), 'latin1') };
}

function hashWithin(budget: CryptoBudget, name: Name, { iterations, salt }: Parameters): string | undefined {
  return budget.takeHash(iterations + 1) ? hashName(name, iterations, salt) : undefined;
}
