/**
 * What signed denials prove: the entrance to denial-nsec.ts and denial-nsec3.ts, one for both.
 *
 * Here is decided which records may speak for the zone at all, and by which kind the proof is led. That the zone has
 * signed them is asked of `holds` (signers.ts, which takes no denial that was expanded from a wildcard), of those that the
 * proof needs and of no others: each costs a verification, and a response may have hundreds (CVE-2026-11605).
 */

import type { Name } from '../dns/name.ts';
import type { RRset } from '../dns/rrset.ts';
import { nsecFrom, nsecNxdomain, nsecNodata, nsecExpansion, nsecNoDs, type Nsec } from './denial-nsec.ts';
import { nsec3From, nsec3Nxdomain, nsec3Nodata, nsec3Expansion, nsec3NoDs, type Nsec3Chain } from './denial-nsec3.ts';
import type { CryptoBudget, ValidationPolicy } from './policy.ts';
import { allHold, type CutProof, type Holds, type Proof, type Unproven } from './proof.ts';

export type Denial = {
  readonly zone: Name;
  readonly nsec: readonly Nsec[];
  readonly nsec3: Nsec3Chain;
};

/**
 * The NSEC and NSEC3 sets of one zone, as they came in one response, to be verified by `holds`, or out of the cache;
 * other types are passed over.
 */
export function denialFrom(
  zone: Name,
  sets: readonly RRset[],
  policy: ValidationPolicy,
  holds: Holds = allHold,
): Denial {
  return { zone, nsec: nsecFrom(zone, sets, holds), nsec3: nsec3From(zone, sets, policy, holds) };
}

/** The name does not exist, nor a wildcard that would stand for it. */
export function proveNxdomain(qname: Name, denial: Denial, budget: CryptoBudget): Proof {
  return best(nsecNxdomain(qname, denial), () => nsec3Nxdomain(qname, denial.nsec3, budget));
}

/** The name exists, or a wildcard stands for it, without records of the type and without CNAME. */
export function proveNodata(qname: Name, qtype: number, denial: Denial, budget: CryptoBudget): Proof {
  return best(nsecNodata(qname, qtype, denial), () => nsec3Nodata(qname, qtype, denial.nsec3, budget));
}

/** Nothing closer to `qname` exists than the wildcard below `closestEncloser`, from which its answer was expanded. */
export function proveExpansion(qname: Name, closestEncloser: Name, denial: Denial, budget: CryptoBudget): Proof {
  return best(nsecExpansion(qname, closestEncloser, denial), () =>
    nsec3Expansion(qname, closestEncloser, denial.nsec3, budget),
  );
}

/** `name` has no DS in this zone; and is it a delegation at all? */
export function proveNoDs(name: Name, denial: Denial, budget: CryptoBudget): CutProof {
  return best(nsecNoDs(name, denial), () => nsec3NoDs(name, denial.nsec3, budget));
}

/** A zone is denied by one kind; while it changes from one to the other, either complete proof will do. */
function best<P extends { readonly kind: string }>(byNsec: P | Unproven, byNsec3: () => P | Unproven): P | Unproven {
  if (byNsec.kind !== 'unproven') return byNsec;
  const other = byNsec3();
  return isMissing(other) ? byNsec : other;
}

function isMissing(proof: { readonly kind: string; readonly check?: string }): boolean {
  return proof.kind === 'unproven' && proof.check === 'denial-missing';
}
