/**
 * Takes addresses of the operator's own networks out of answers that came from the public DNS, so that a stranger's
 * name cannot make a browser talk to the router or to a service on this machine (DNS rebinding, Princeton 1996): for
 * the browser, page and router are then of one origin.
 *
 * Looks at A and AAAA, at IPv4 addresses inside IPv6 ones (mapped, RFC 4291 §2.5.5.2; NAT64, RFC 6052 §2.1), and at the
 * hints of SVCB and HTTPS (RFC 9460 §7.3), whose record is then left out whole: hints are optional, and the name behind
 * them is asked for anyway. The answer may lack records afterwards, so it is no longer what was signed: signatures and
 * what DNSSEC proved are left out, and the client is told (RFC 8914 §4.16, Blocked: by a policy of this server).
 *
 * A zone may be allowed to have such addresses; then the question and every alias on the way must be in such a zone, as
 * a stranger's alias of an allowed name would be a way around. Which prefixes and zones is the configuration's
 * (`answers.privateAddresses`, `answers.privateAllowedIn`); local data never comes through here.
 */

import { addressToText } from '../dns/address.ts';
import { ErrorCode } from '../dns/extended-error.ts';
import { isAtOrBelow, nameToText, type Name } from '../dns/name.ts';
import { Type } from '../dns/record-type.ts';
import { rdataOf, rrset, type RRset } from '../dns/rrset.ts';
import type { Reply } from '../query/reply.ts';

export type RebindingGuard = (qname: Name, reply: Reply) => Reply;

export type RebindingOptions = {
  /** `address` is text. */
  readonly isPrivate: (address: string) => boolean;
  readonly allowedIn: readonly Name[];
};

export function createRebindingGuard({ isPrivate, allowedIn }: RebindingOptions): RebindingGuard {
  const isAllowed = (name: Name): boolean => allowedIn.some((zone) => isAtOrBelow(name, zone));
  const isHarmful = (address: Uint8Array): boolean =>
    isPrivate(addressToText(address)) || (isNat64(address) && isPrivate(addressToText(address.subarray(12))));

  return (qname, reply) => {
    const harmful = reply.answer.filter((set) => addressesIn(set).some(isHarmful));
    if (harmful.length === 0) return reply;
    if (isAllowed(qname) && reply.answer.every(({ owner }) => isAllowed(owner))) return reply;
    const answer = reply.answer.flatMap((set) => (harmful.includes(set) ? without(set, isHarmful) : [set]));
    const { security: _, ...unproved } = reply;
    const { owner } = harmful[0];
    const text = `private addresses of ${nameToText(owner)} left out (answers.privateAddresses)`;
    return { ...unproved, answer, errors: [...reply.errors, { code: ErrorCode.BLOCKED, text }] };
  };
}

/** What is left of a set; nothing where it was all harmful. */
function without(set: RRset, isHarmful: (address: Uint8Array) => boolean): RRset[] {
  const kept = rdataOf(set).filter((rdata) => !addressesInRdata(set.type, rdata).some(isHarmful));
  return kept.length === 0 ? [] : [rrset(set.owner, set.type, set.ttl, kept)];
}

function addressesIn(set: RRset): Uint8Array[] {
  return hasAddresses(set.type) ? rdataOf(set).flatMap((rdata) => addressesInRdata(set.type, rdata)) : [];
}

function hasAddresses(type: number): boolean {
  return type === Type.A || type === Type.AAAA || type === Type.SVCB || type === Type.HTTPS;
}

function addressesInRdata(type: number, rdata: Uint8Array): Uint8Array[] {
  return type === Type.A || type === Type.AAAA ? [rdata] : hintsIn(rdata);
}

/** RFC 9460 §14.3.2. */
const hintOctets = new Map([
  [4, 4], // ipv4hint
  [6, 16], // ipv6hint
]);

/** RFC 9460 §2.2: priority in two octets, the target's name, then keys and values, each value behind its length. */
function hintsIn(rdata: Uint8Array): Uint8Array[] {
  const addresses: Uint8Array[] = [];
  for (let at = targetEnd(rdata); at + 4 <= rdata.length;) {
    const key = (rdata[at] << 8) | rdata[at + 1];
    const end = at + 4 + ((rdata[at + 2] << 8) | rdata[at + 3]);
    const size = hintOctets.get(key);
    if (size !== undefined) {
      for (let from = at + 4; from + size <= end; from += size) addresses.push(rdata.subarray(from, from + size));
    }
    at = end;
  }
  return addresses;
}

const PRIORITY_OCTETS = 2;

function targetEnd(rdata: Uint8Array): number {
  let at = PRIORITY_OCTETS;
  while (rdata[at] > 0) at += 1 + rdata[at];
  return at + 1;
}

/** 64:ff9b::/96, with the IPv4 address in the last four octets. */
const NAT64_PREFIX = Uint8Array.of(0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0);

function isNat64(address: Uint8Array): boolean {
  return address.length === 16 && NAT64_PREFIX.every((octet, i) => address[i] === octet);
}
