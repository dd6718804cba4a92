/**
 * Follows aliases within one response: from QNAME over CNAME and DNAME to the records that were asked for.
 *
 * Pure. The chain is followed from QNAME onward through the sets that bailiwick.ts let in, so a set that no link leads
 * to is left behind. A DNAME's CNAME is made here (RFC 6672 §3.1), never taken from the message: a synthesised CNAME
 * that a server sends along is right only if it says the same.
 */

import { ROOT, isBelow, nameFromWire, nameToWire, parentOf, substituteSuffix, type Name } from '../dns/name.ts';
import { Type } from '../dns/record-type.ts';
import { firstRdata, rrset, type RRset } from '../dns/rrset.ts';

/** Finds a set by owner and type; the cache and a response are both asked this way. */
export type FindRRset = (owner: Name, type: number) => RRset | undefined;

export type AliasLink = {
  readonly owner: Name;
  readonly target: Name;
  /** The DNAME that the CNAME was made from. */
  readonly dname: RRset | undefined;
  readonly cname: RRset;
};

export type AliasStep =
  | { readonly kind: 'link'; readonly link: AliasLink }
  | { readonly kind: 'none' }
  /** RFC 6672 §2.2: the DNAME makes a name longer than 255 octets, which is YXDOMAIN. */
  | { readonly kind: 'too-long'; readonly dname: RRset };

/** The records that a client is shown for a link. */
export function setsOf({ dname, cname }: AliasLink): RRset[] {
  return dname === undefined ? [cname] : [dname, cname];
}

const NONE: AliasStep = { kind: 'none' };

/** One step from `sname`; DNAME owners are looked for below `zone` and at it. */
export function aliasAt(sname: Name, qtype: number, zone: Name, find: FindRRset, maySeeDname: boolean): AliasStep {
  if (maySeeDname) {
    const step = dnameAbove(sname, zone, find);
    if (step.kind !== 'none') return step;
  }
  // RFC 1034 §3.6.2: a CNAME answers a question for CNAME itself.
  const cname = qtype === Type.CNAME ? undefined : find(sname, Type.CNAME);
  if (cname === undefined) return NONE;
  return { kind: 'link', link: { owner: sname, target: nameFromWire(firstRdata(cname)), dname: undefined, cname } };
}

function dnameAbove(sname: Name, zone: Name, find: FindRRset): AliasStep {
  for (let owner = sname; isBelow(owner, zone);) {
    owner = parentOf(owner);
    const dname = find(owner, Type.DNAME);
    if (dname !== undefined) return synthesise(sname, dname);
    if (owner === ROOT) break;
  }
  return NONE;
}

/** RFC 6672 §3.1: the CNAME has the DNAME's TTL. */
function synthesise(sname: Name, dname: RRset): AliasStep {
  const target = substituteSuffix(sname, dname.owner, nameFromWire(firstRdata(dname)));
  if (target === undefined) return { kind: 'too-long', dname };
  const cname = rrset(sname, Type.CNAME, dname.ttl, [nameToWire(target)]);
  return { kind: 'link', link: { owner: sname, target, dname, cname } };
}
