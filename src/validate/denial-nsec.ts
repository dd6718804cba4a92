/**
 * What NSEC records prove (RFC 4035 §5.4, RFC 6840 §4). Pure but for `holds`, which is asked of a record only when the
 * proof has need of it: whoever sends more than that has it passed over.
 *
 * Which NSEC may speak at all:
 * - its owner and its next name are in the zone: with a next name outside, the span would run over the names of others;
 * - a span that runs backwards is the last of the zone, and ends at the apex (RFC 4034 §4.1.1);
 * - for names below its owner, only when no zone cut and no DNAME is there (type-bitmap.ts).
 */

import {
  commonAncestor,
  compareCanonical,
  isAtOrBelow,
  isBelow,
  nameFromWire,
  prepend,
  type Name,
} from '../dns/name.ts';
import { Type } from '../dns/record-type.ts';
import { rdataOf, type RRset } from '../dns/rrset.ts';
import { OctetSource } from '../dns/text/octets.ts';
import { MISSING, WRONG, allHold, type CutProof, type Holds, type Proof, type Unproven } from './proof.ts';
import { deniesType, hasType, isSoundBitmap, speaksForNamesBelow } from './type-bitmap.ts';

export type Nsec = {
  readonly owner: Name;
  readonly next: Name;
  readonly types: Uint8Array;
  /** Whether the zone has signed it. */
  readonly holds: () => boolean;
};

export type NsecDenial = { readonly zone: Name; readonly nsec: readonly Nsec[] };

/** The NSEC records that may speak for the zone. */
export function nsecFrom(zone: Name, sets: readonly RRset[], holds: Holds = allHold): Nsec[] {
  return sets
    .filter(({ type }) => type === Type.NSEC)
    .flatMap((set) => rdataOf(set).map((rdata) => readNsec(set.owner, rdata, () => holds(set))))
    .filter((nsec) => nsec !== undefined)
    .filter((nsec) => belongsTo(nsec, zone));
}

function readNsec(owner: Name, rdata: Uint8Array, holds: () => boolean): Nsec | undefined {
  const from = new OctetSource(rdata);
  const next = from.name();
  const types = from.rest();
  if (next === undefined || !isSoundBitmap(types)) return undefined;
  return { owner, next: nameFromWire(next), types, holds };
}

function belongsTo({ owner, next }: Nsec, zone: Name): boolean {
  if (!isAtOrBelow(owner, zone) || !isAtOrBelow(next, zone)) return false;
  return next === zone || compareCanonical(owner, next) < 0;
}

export function nsecNxdomain(qname: Name, denial: NsecDenial): Proof {
  const span = spanOf(qname, denial);
  if (span === undefined || isEmptyNonTerminal(qname, span)) return unproven(denial);
  const closestEncloser = closestEncloserIn(qname, span);
  const wildcard = prepend('*', closestEncloser);
  // No room for a wildcard: then none can exist.
  if (wildcard === undefined) return { kind: 'proven', closestEncloser };
  const wildcardSpan = spanOf(wildcard, denial);
  if (wildcardSpan === undefined || isEmptyNonTerminal(wildcard, wildcardSpan)) return WRONG;
  return { kind: 'proven', closestEncloser };
}

export function nsecNodata(qname: Name, qtype: number, denial: NsecDenial): Proof {
  if (hasNone(qname, qtype, denial)) return { kind: 'proven', closestEncloser: qname };
  const span = spanOf(qname, denial);
  if (span === undefined || isEmptyNonTerminal(qname, span)) return unproven(denial);
  // The name does not exist, so it is a wildcard that has no such type (RFC 4035 §3.1.3.4).
  const closestEncloser = closestEncloserIn(qname, span);
  const wildcard = prepend('*', closestEncloser);
  if (wildcard === undefined || !hasNone(wildcard, qtype, denial)) return WRONG;
  return { kind: 'proven', closestEncloser };
}

export function nsecExpansion(qname: Name, closestEncloser: Name, denial: NsecDenial): Proof {
  const span = spanOf(qname, denial);
  if (span === undefined || isEmptyNonTerminal(qname, span)) return unproven(denial);
  // RFC 4035 §5.3.4: no closer match. A name below the encloser that is above qname would be one.
  if (isBelow(closestEncloserIn(qname, span), closestEncloser)) return WRONG;
  return { kind: 'proven', closestEncloser };
}

/** The closest name above `qname` that exists; undefined when no record here shows that `qname` does not. */
export function nsecClosestEncloser(qname: Name, denial: NsecDenial): Name | undefined {
  const span = spanOf(qname, denial);
  return span === undefined || isEmptyNonTerminal(qname, span) ? undefined : closestEncloserIn(qname, span);
}

export function nsecNoDs(name: Name, denial: NsecDenial): CutProof {
  // At the apex of this zone, nobody but the parent can say whether there is a DS.
  if (name === denial.zone) return WRONG;
  const at = recordAt(name, denial);
  if (at === undefined) return spanOf(name, denial) === undefined ? unproven(denial) : { kind: 'no-delegation' };
  if (hasType(at.types, Type.DS) || hasType(at.types, Type.SOA)) return WRONG;
  return hasType(at.types, Type.NS) ? { kind: 'unsigned-delegation' } : { kind: 'no-delegation' };
}

/** The name exists, as the owner of records or as an empty non-terminal, without records of the type. */
function hasNone(name: Name, qtype: number, denial: NsecDenial): boolean {
  const at = recordAt(name, denial);
  if (at !== undefined) return deniesType(at.types, qtype, name);
  const span = spanOf(name, denial);
  return span !== undefined && isEmptyNonTerminal(name, span);
}

function recordAt(name: Name, { nsec }: NsecDenial): Nsec | undefined {
  return nsec.find((one) => one.owner === name && one.holds());
}

/** The NSEC that says that `name` owns no records, by spanning it. */
function spanOf(name: Name, { zone, nsec }: NsecDenial): Nsec | undefined {
  return isBelow(name, zone) ? nsec.find((one) => spans(one, name, zone) && one.holds()) : undefined;
}

function spans({ owner, next, types }: Nsec, name: Name, zone: Name): boolean {
  if (compareCanonical(owner, name) >= 0) return false;
  if (next !== zone && compareCanonical(name, next) >= 0) return false;
  return !isBelow(name, owner) || speaksForNamesBelow(types);
}

/** RFC 4592 §2.2.2: it has no records, but a name below it does, so it exists. */
function isEmptyNonTerminal(name: Name, span: Nsec): boolean {
  return isBelow(span.next, name);
}

/** Both ends of the span exist, and so does every name above them; nothing between them does. */
function closestEncloserIn(qname: Name, { owner, next }: Nsec): Name {
  const [before, after] = [commonAncestor(qname, owner), commonAncestor(qname, next)];
  return before.length > after.length ? before : after;
}

function unproven({ nsec }: NsecDenial): Unproven {
  return nsec.length === 0 ? MISSING : WRONG;
}
