/**
 * Answers that nobody has to be asked for: what validated denials in the cache say of other names (RFC 8198), and the
 * NXDOMAIN of a name above (RFC 8020).
 *
 * Every answer is proven anew by the functions that judge what servers send (src/validate/denial.ts), from records that
 * were validated when they came. Finding the records in the cache is denial-records.ts. Never used:
 * - NSEC3 with opt-out: an unsigned delegation may stand in its span (RFC 8198 §5.2), so it does not get here;
 * - what a zone says of names that the operator has given a way of their own: configured zones, trust anchors below it,
 *   negative trust anchors.
 *
 * RFC 8198 §5.4: the answer lives no longer than any record that it is made of, and no longer than the SOA allows.
 */

import type { Cache } from '../cache/cache.ts';
import { ROOT, isWildcard, parentOf, prepend, type Name } from '../dns/name.ts';
import { Type } from '../dns/record-type.ts';
import { withTtl, type RRset } from '../dns/rrset.ts';
import type { Evidence, Shown } from '../query/evidence.ts';
import { proveExpansion, proveNodata, proveNxdomain, type Denial } from '../validate/denial.ts';
import type { CryptoBudget, ValidationPolicy } from '../validate/policy.ts';
import { candidatesFor, keepDenials } from './denial-records.ts';
import type { Step } from './step.ts';

export type SynthesisOptions = {
  /** RFC 8198; without it, only what is below an NXDOMAIN is denied. */
  readonly aggressive: boolean;
  readonly policy: ValidationPolicy;
  /** Whether what `zone` says of a name decides, as far as the configuration knows. */
  readonly speaksFor: (zone: Name, name: Name) => boolean;
};

export type Synthesis = {
  /** Keeps what a proof has shown, until `notAfter`. */
  learn(shown: Shown, notAfter: number): void;
  /** The answer that follows from what is known. */
  step(qname: Name, qtype: number): Step | undefined;
};

/** Rounds of hashing for one look-up: a dozen names of a zone without iterations (RFC 9276 §3.1). */
const HASH_ROUNDS = 100;

export function createSynthesis({ aggressive, policy, speaksFor }: SynthesisOptions, cache: Cache): Synthesis {
  const { ranges, denials } = cache;

  return {
    learn({ zone, denials: sets, soa, wildcard }, notAfter) {
      if (!aggressive) return;
      const isUsed = keepDenials(ranges, zone, sets, notAfter);
      if (!isUsed) return;
      if (soa?.owner === zone) ranges.putSoa(zone, soa, notAfter);
      if (wildcard !== undefined) ranges.putWildcard(zone, wildcard, notAfter);
    },

    step: (qname, qtype) => cutAbove(qname, qtype) ?? (aggressive ? fromRanges(qname, qtype) : undefined),
  };

  function cutAbove(qname: Name, qtype: number): Step | undefined {
    const above = denials.secureAbove(qname);
    if (above === undefined || !speaksFor(above.provenance.zone, qname)) return undefined;
    const { zone } = above.provenance;
    return denied('nxdomain', qname, qtype, zone, above.soa, above.proof);
  }

  function fromRanges(qname: Name, qtype: number): Step | undefined {
    if (isAboutProofs(qtype)) return undefined;
    // RFC 4035 §2.4: DS belongs to the zone above the cut.
    const zone = closestKnown(qtype === Type.DS && qname !== ROOT ? parentOf(qname) : qname);
    if (zone === undefined || !speaksFor(zone, qname)) return undefined;
    const budget = limitedBudget(HASH_ROUNDS);
    for (const { denial, sets } of candidatesFor(ranges, zone, qname, policy, budget)) {
      const step = fromDenial(denial, sets, qname, qtype, budget);
      if (step !== undefined) return step;
    }
    return undefined;
  }

  function fromDenial(
    denial: Denial,
    sets: readonly RRset[],
    qname: Name,
    qtype: number,
    budget: CryptoBudget,
  ): Step | undefined {
    const { zone } = denial;
    const soa = ranges.soa(zone);
    if (soa === undefined) return undefined;
    const ttl = Math.min(soa.ttl, ...sets.map((set) => set.ttl));
    if (proveNodata(qname, qtype, denial, budget).kind === 'proven')
      return denied('nodata', qname, qtype, zone, withTtl(soa, ttl), sets);
    if (proveNxdomain(qname, denial, budget).kind === 'proven')
      return denied('nxdomain', qname, qtype, zone, withTtl(soa, ttl), sets);
    return expanded(denial, sets, qname, qtype, ttl, budget);
  }

  /** RFC 8198 §5.3: the name does not exist, and the wildcard that stands for it is known. */
  function expanded(
    denial: Denial,
    sets: readonly RRset[],
    qname: Name,
    qtype: number,
    ttl: number,
    budget: CryptoBudget,
  ): Step | undefined {
    const { zone } = denial;
    if (isWildcard(qname)) return undefined;
    for (let encloser = qname; encloser !== zone;) {
      encloser = parentOf(encloser);
      const owner = prepend('*', encloser);
      const wildcard = owner && ranges.wildcard(zone, owner, qtype);
      if (wildcard === undefined) continue;
      if (proveExpansion(qname, encloser, denial, budget).kind !== 'proven') return undefined;
      const set = { ...wildcard, owner: qname, ttl: Math.min(wildcard.ttl, ttl) };
      const evidence: Evidence = { kind: 'set', set, proof: sets, ...saidBy(zone) };
      return { kind: 'answer', sets: [set], evidence: [evidence], isSynthesised: true };
    }
    return undefined;
  }

  /** The deepest zone at or above the name of which denials are kept. */
  function closestKnown(name: Name): Name | undefined {
    for (let zone = name; ; zone = parentOf(zone)) {
      if (ranges.has(zone)) return zone;
      if (zone === ROOT) return undefined;
    }
  }
}

/** Records about the proof itself are never denied by it as others are. */
function isAboutProofs(qtype: number): boolean {
  return qtype === Type.NSEC || qtype === Type.NSEC3 || qtype === Type.RRSIG || qtype === Type.ANY;
}

function denied(
  kind: 'nodata' | 'nxdomain',
  qname: Name,
  qtype: number,
  zone: Name,
  soa: RRset,
  proof: readonly RRset[],
): Step {
  const evidence: Evidence = { kind: 'denial', denial: kind, qname, qtype, soa, proof, ...saidBy(zone) };
  return { kind, soa, evidence: [evidence], isSynthesised: true };
}

/** Nobody said it just now, and it has been proven. */
function saidBy(zone: Name): Pick<Evidence, 'zone' | 'server' | 'security'> {
  return { zone, server: '', security: { state: 'secure' } };
}

/** For proofs from records whose signatures are not looked at. */
export function limitedBudget(rounds: number): CryptoBudget {
  let left = rounds;
  return {
    takeVerification: () => false,
    countFailure: () => undefined,
    takeHash(taken) {
      left -= taken;
      return left >= 0;
    },
    isSpent: () => left < 0,
  };
}
