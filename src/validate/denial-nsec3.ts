/**
 * What NSEC3 records prove (RFC 5155 §8). Pure but for the budget and `holds`, which is asked of a record only when the
 * proof has need of it: whoever sends more than that has it passed over.
 *
 * Which NSEC3 may speak at all: of the SHA-1 chain, without flags that we do not know (RFC 5155 §8.1, §8.2), with an
 * owner directly below the apex. All of one proof must have the same salt and iterations (RFC 5155 §8.2): those of the
 * first record that holds; and above a bound of iterations they prove nothing (RFC 9276 §3.2).
 *
 * Hashes: the name asked for first, then from the apex down until a name that exists is followed by one that does not.
 * Below that, nothing can exist, so it is the closest encloser however many labels follow. A name of a hundred labels
 * below the apex of a zone costs three hashes, as a short one does.
 */

import { ancestorWithLabels, labelCount, isBelow, parentOf, prepend, type Name } from '../dns/name.ts';
import { Type } from '../dns/record-type.ts';
import { rdataOf, sameOctets, type RRset } from '../dns/rrset.ts';
import { octetsFromBase32Hex } from '../dns/text/dnssec-fields.ts';
import { OctetSource } from '../dns/text/octets.ts';
import { hashName } from './nsec3-hash.ts';
import type { CryptoBudget, ValidationPolicy } from './policy.ts';
import { MISSING, OVER_BUDGET, WRONG, allHold } from './proof.ts';
import type { CutProof, Holds, Insecure, Proof, Unproven } from './proof.ts';
import { deniesType, hasType, isSoundBitmap, speaksForNamesBelow } from './type-bitmap.ts';

export type Nsec3 = {
  /** Hash of the owner's name and of the next one: 20 octets, one a character. */
  readonly hash: string;
  readonly next: string;
  readonly isOptOut: boolean;
  readonly types: Uint8Array;
  readonly iterations: number;
  readonly salt: Uint8Array;
  /** Whether the zone has signed it. */
  readonly holds: () => boolean;
};

export type Nsec3Chain = {
  readonly zone: Name;
  readonly records: readonly Nsec3[];
  readonly maxIterations: number;
  /** Hashes computed so far, by name. */
  readonly hashes: Map<Name, string>;
};

/** The NSEC3 records that may speak for the zone. */
export function nsec3From(
  zone: Name,
  sets: readonly RRset[],
  { maxNsec3Iterations: maxIterations }: ValidationPolicy,
  holds: Holds = allHold,
): Nsec3Chain {
  const records = sets
    .filter(({ owner, type }) => type === Type.NSEC3 && owner !== zone && parentOf(owner) === zone)
    .flatMap((set) => rdataOf(set).map((rdata) => readNsec3(set.owner, rdata, () => holds(set))))
    .filter((record) => record !== undefined);
  return { zone, records, maxIterations, hashes: new Map() };
}

const SHA1 = 1;
const HASH_OCTETS = 20;
const OPT_OUT = 1;

/** Undefined for a record that must be passed over: not sound, of another hash algorithm, or with unknown flags. */
function readNsec3(owner: Name, rdata: Uint8Array, holds: () => boolean): Nsec3 | undefined {
  const from = new OctetSource(rdata);
  const [algorithm, flags, iterations] = [from.number(1), from.number(1), from.number(2)];
  const [salt, next] = [from.counted(), from.counted()];
  const types = from.rest();
  const hash = octetsFromBase32Hex(owner.slice(1, 1 + owner.charCodeAt(0)));
  if (algorithm !== SHA1 || flags === undefined || flags > OPT_OUT || iterations === undefined) return undefined;
  if (hash?.length !== HASH_OCTETS || next?.length !== HASH_OCTETS || salt === undefined) return undefined;
  if (!isSoundBitmap(types)) return undefined;
  return { hash: latin1(hash), next: latin1(next), isOptOut: flags === OPT_OUT, types, iterations, salt, holds };
}

function latin1(octets: Uint8Array): string {
  return Buffer.from(octets).toString('latin1');
}

/** RFC 5155 §8.4. */
export function nsec3Nxdomain(qname: Name, chain: Nsec3Chain, budget: CryptoBudget): Proof {
  return withHashes(chain, budget, (hashes) => {
    const encloser = findClosestEncloser(qname, hashes);
    if (encloser === undefined) return WRONG;
    const { closestEncloser, nextCloserSpan } = encloser;
    const wildcard = prepend('*', closestEncloser);
    if (wildcard !== undefined && hashes.spanOf(wildcard) === undefined) return WRONG;
    // RFC 5155 §9.2: an unsigned delegation may stand in the span.
    return nextCloserSpan.isOptOut ? OPTED_OUT : { kind: 'proven', closestEncloser };
  });
}
const OPTED_OUT: Insecure = { kind: 'insecure', check: 'opt-out' };

/** RFC 5155 §8.5 to §8.7. */
export function nsec3Nodata(qname: Name, qtype: number, chain: Nsec3Chain, budget: CryptoBudget): Proof {
  return withHashes(chain, budget, (hashes) => {
    const at = hashes.recordOf(qname);
    if (at !== undefined)
      return deniesType(at.types, qtype, qname) ? { kind: 'proven', closestEncloser: qname } : WRONG;
    const encloser = findClosestEncloser(qname, hashes);
    if (encloser === undefined) return WRONG;
    const { closestEncloser, nextCloserSpan } = encloser;
    const wildcard = prepend('*', closestEncloser);
    const atWildcard = wildcard === undefined ? undefined : hashes.recordOf(wildcard);
    if (atWildcard !== undefined && !deniesType(atWildcard.types, qtype, qname)) return WRONG;
    // RFC 5155 §8.6, and for every type: names that only lead to unsigned delegations may have no NSEC3 (RFC 7129 §5.1).
    if (nextCloserSpan.isOptOut) return OPTED_OUT;
    return atWildcard === undefined ? WRONG : { kind: 'proven', closestEncloser };
  });
}

/** RFC 5155 §8.8: the answer itself shows that the encloser exists; the name next closer to qname must not. */
export function nsec3Expansion(qname: Name, closestEncloser: Name, chain: Nsec3Chain, budget: CryptoBudget): Proof {
  return withHashes(chain, budget, (hashes) => {
    if (!isBelow(qname, closestEncloser)) return WRONG;
    const span = hashes.spanOf(ancestorWithLabels(qname, labelCount(closestEncloser) + 1));
    if (span === undefined) return WRONG;
    return span.isOptOut ? OPTED_OUT : { kind: 'proven', closestEncloser };
  });
}

/** RFC 5155 §8.6, §8.9. */
export function nsec3NoDs(name: Name, chain: Nsec3Chain, budget: CryptoBudget): CutProof {
  return withHashes<CutProof>(chain, budget, (hashes) => {
    // At the apex of this zone, nobody but the parent can say whether there is a DS.
    if (!isBelow(name, chain.zone)) return WRONG;
    const at = hashes.recordOf(name);
    if (at !== undefined) {
      if (hasType(at.types, Type.DS) || hasType(at.types, Type.SOA)) return WRONG;
      return hasType(at.types, Type.NS) ? { kind: 'unsigned-delegation' } : { kind: 'no-delegation' };
    }
    const encloser = findClosestEncloser(name, hashes);
    if (encloser === undefined) return WRONG;
    return encloser.nextCloserSpan.isOptOut ? OPTED_OUT : { kind: 'no-delegation' };
  });
}

type ClosestEncloser = { readonly closestEncloser: Name; readonly nextCloserSpan: Nsec3 };

/** RFC 5155 §8.3: a name that exists, directly above one that does not. */
function findClosestEncloser(qname: Name, hashes: Hashes): ClosestEncloser | undefined {
  if (!isBelow(qname, hashes.zone)) return undefined;
  let above = hashes.recordOf(hashes.zone);
  const depth = labelCount(qname);
  for (let labels = labelCount(hashes.zone) + 1; labels <= depth; labels++) {
    const name = ancestorWithLabels(qname, labels);
    if (above !== undefined) {
      // From above a cut or at a DNAME: what is below is not for this zone to deny.
      if (!speaksForNamesBelow(above.types)) return undefined;
      const nextCloserSpan = hashes.spanOf(name);
      if (nextCloserSpan !== undefined) return { closestEncloser: parentOf(name), nextCloserSpan };
    }
    above = hashes.recordOf(name);
  }
  return undefined;
}

function withHashes<P>(chain: Nsec3Chain, budget: CryptoBudget, prove: (hashes: Hashes) => P): P | Insecure | Unproven {
  const first = chain.records.find((record) => record.holds());
  if (first === undefined) return MISSING;
  if (first.iterations > chain.maxIterations) return { kind: 'insecure', check: 'nsec3-iterations' };
  const hashes = new Hashes(chain, first, budget);
  const proof = prove(hashes);
  return hashes.isOverBudget ? OVER_BUDGET : proof;
}

/** Looks names up by their hashes among the records of one chain; without budget left, it finds nothing more. */
class Hashes {
  isOverBudget = false;
  readonly #chain: Nsec3Chain;
  /** Those with the salt and iterations of the first. */
  readonly #records: readonly Nsec3[];
  readonly #first: Nsec3;
  readonly #budget: CryptoBudget;

  constructor(chain: Nsec3Chain, first: Nsec3, budget: CryptoBudget) {
    this.#chain = chain;
    this.#first = first;
    this.#records = chain.records.filter(
      ({ iterations, salt }) => iterations === first.iterations && sameOctets(salt, first.salt),
    );
    this.#budget = budget;
  }

  get zone(): Name {
    return this.#chain.zone;
  }

  recordOf(name: Name): Nsec3 | undefined {
    const hash = this.#hashOf(name);
    return hash === undefined ? undefined : this.#records.find((record) => record.hash === hash && record.holds());
  }

  spanOf(name: Name): Nsec3 | undefined {
    const hash = this.#hashOf(name);
    return hash === undefined ? undefined : this.#records.find((record) => nsec3Spans(record, hash) && record.holds());
  }

  #hashOf(name: Name): string | undefined {
    const known = this.#chain.hashes.get(name);
    if (known !== undefined || this.isOverBudget) return known;
    const { iterations, salt } = this.#first;
    if (!this.#budget.takeHash(iterations + 1)) {
      this.isOverBudget = true;
      return undefined;
    }
    const hash = hashName(name, iterations, salt);
    this.#chain.hashes.set(name, hash);
    return hash;
  }
}

/** The last span of the chain runs over its end to the first hash (RFC 5155 §3.1.7). */
export function nsec3Spans({ hash, next }: Nsec3, name: string): boolean {
  return hash < next ? hash < name && name < next : hash < name || name < next;
}
