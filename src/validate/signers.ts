/** Who signed a group of sets, and which of its members hold under that zone's keys. */

import { isAtOrBelow, type Name } from '../dns/name.ts';
import { Type } from '../dns/record-type.ts';
import { rdataOf, type RRset } from '../dns/rrset.ts';
import type { SecurityCheck, SecurityReason } from '../query/security.ts';
import type { Dnskey } from './dnskey.ts';
import type { Validating } from './policy.ts';
import { readRrsig } from './rrsig.ts';
import { verifyRRset } from './verify.ts';

/** An honest set is signed by one zone; who names more has them tried up to this many. */
const MAX_SIGNERS = 3;

/** The zones that the signatures of the sets name and that are at or above `name`, deepest first. */
export function signersOf(sets: readonly RRset[], name: Name): Name[] {
  const signers = new Set<Name>();
  for (const { owner, ttl, signatures } of sets) {
    if (signatures === undefined) continue;
    for (const rdata of rdataOf({ owner, type: Type.RRSIG, ttl, ...signatures })) {
      const signer = readRrsig(rdata)?.signer;
      if (signer !== undefined && isAtOrBelow(name, signer)) signers.add(signer);
      if (signers.size === MAX_SIGNERS) break;
    }
  }
  return [...signers].sort((a, b) => b.length - a.length);
}

/** What is wrong where no signature names a zone that could speak: nothing came at all, nothing signed, or signed by others. */
export function whyNobodySigned(sets: readonly RRset[]): SecurityCheck {
  if (sets.length === 0) return 'denial-missing';
  return sets.some(({ signatures }) => signatures !== undefined) ? 'signature-out-of-place' : 'signature-missing';
}

export type CheckedProof = {
  /**
   * Whether the set holds, found out when it is asked for. A proof needs two or three of the sets that came; who sends
   * hundreds has no more of them verified than that.
   */
  readonly holds: (set: RRset) => boolean;
  /** Those that were asked for and hold. */
  readonly sets: readonly RRset[];
  /** The least of theirs, seconds. */
  readonly ttl: number;
  /** Why the first of the others does not. */
  readonly reason: SecurityReason | undefined;
};

export function createCheckedProof(
  keys: readonly Dnskey[],
  zone: Name,
  nowSeconds: number,
  around: Validating,
): CheckedProof {
  const known = new Map<RRset, boolean>();
  const sets: RRset[] = [];
  let ttl = Infinity;
  let reason: SecurityReason | undefined;
  let isTooDear = false;
  const check = (set: RRset): boolean => {
    // One set with too many signatures is enough to know whom we deal with.
    if (isTooDear) return false;
    const result = verifyRRset(set, keys, zone, nowSeconds, around);
    if (result.kind === 'failed') {
      reason ??= result.reason;
      isTooDear = result.reason.check === 'work-budget';
      return false;
    }
    // What was expanded from a wildcard proves nothing (RFC 4035 §5.4).
    if (result.closestEncloser !== undefined) return false;
    sets.push(set);
    ttl = Math.min(ttl, result.ttl);
    return true;
  };
  return {
    sets,
    holds(set) {
      const before = known.get(set);
      if (before !== undefined) return before;
      const isHolding = check(set);
      known.set(set, isHolding);
      return isHolding;
    },
    get ttl() {
      return ttl;
    },
    get reason() {
      return reason;
    },
  };
}
