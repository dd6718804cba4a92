/**
 * Zone cuts: which servers a zone's parent says it has. The walk starts from the deepest one that is known.
 *
 * The parent decides. Only referrals, the root hints and the priming response (RFC 9609) come here, never the NS set
 * that a child says of itself: it would let a zone keep itself alive after its parent has taken it away ("ghost
 * domain name", RFC 9499 §7). And a delegation lives no longer than the one that it was learned through
 * (`notAfter`), so that neither a referral from a zone's own servers nor a chain of new zones below it ("phoenix
 * domain") can outlive what the parent said: whatever was learned through a delegation, at any number of steps, is
 * gone when it is gone, and only a walk that starts above can bring it back.
 *
 * So a newer referral always replaces an older one, also a fresh one: learned from above it is the parent's latest
 * word, shorter or longer, with other servers or none of the old; learned through the zone itself it ends by the same
 * time as before. Keeping the older one instead would hold on to servers that the parent has replaced.
 *
 * Referrals that do not lead downward never get here: classify-response.ts.
 */

import { ROOT, parentOf, type Name } from '../dns/name.ts';
import type { RRset } from '../dns/rrset.ts';
import type { Clock } from '../system/clock.ts';
import {
  ENTRY_BYTES,
  OBJECT_BYTES,
  nameBytes,
  ownName,
  ownRRset,
  ownRRsets,
  rrsetBytes,
  rrsetsBytes,
  textBytes,
} from './heap-size.ts';
import { EVERY_TYPE, type Entry, type NameTable } from './name-table.ts';
import { expiryOf, type TtlBounds } from './ttl-bounds.ts';

export type NameServer = {
  readonly name: Name;
  /** Glue sent along. */
  readonly addresses: readonly string[];
};
export type Delegation = {
  readonly zone: Name;
  readonly servers: readonly NameServer[];
  /** What the referral said about the zone's keys: the DS set, or the NSEC or NSEC3 sets that deny it (RFC 4035 §3.1.4). */
  readonly ds?: RRset;
  readonly dsProof?: readonly RRset[];
};

export type CachedDelegation = {
  readonly delegation: Delegation;
  /** By the monotonic clock, in ms; the `notAfter` of whatever is learned through it. */
  readonly expiresAt: number;
};

export type DelegationCache = {
  /** The deepest fresh one at or above `name`. */
  closest(name: Name): CachedDelegation | undefined;
  /**
   * Keeps a delegation for `ttl` seconds, at the latest until `notAfter`: the expiry of the one that it was learned
   * through; Infinity for the hints and the priming response alone.
   */
  put(delegation: Delegation, ttl: number, notAfter: number): void;
};

export type StoredDelegation = Entry & { readonly delegation: Delegation };

export function createDelegationCache(
  delegations: NameTable<StoredDelegation>,
  bounds: TtlBounds,
  clock: Clock,
): DelegationCache {
  return {
    closest(name) {
      const now = clock.now();
      for (let zone = name; ; zone = parentOf(zone)) {
        const stored = delegations.find(zone, EVERY_TYPE, now);
        if (stored !== undefined) return { delegation: stored.delegation, expiresAt: stored.expiresAt };
        if (zone === ROOT) return undefined;
      }
    },

    put(delegation, ttl, notAfter) {
      const now = clock.now();
      const { zone } = delegation;
      const expiresAt = expiryOf(now, bounds.delegationTtl(zone, ttl), notAfter);
      if (expiresAt > now) {
        const own = ownDelegation(delegation);
        const bytes = delegationBytes(own);
        delegations.put(own.zone, { type: EVERY_TYPE, expiresAt, bytes, delegation: own }, now);
      } else {
        delegations.remove(zone);
      }
    },
  };
}

function ownDelegation({ zone, servers, ds, dsProof }: Delegation): Delegation {
  return {
    zone: ownName(zone),
    servers: servers.map(({ name, addresses }) => ({ name: ownName(name), addresses: [...addresses] })),
    ...(ds && { ds: ownRRset(ds) }),
    ...(dsProof && { dsProof: ownRRsets(dsProof) }),
  };
}

function delegationBytes({ servers, ds, dsProof = [] }: Delegation): number {
  let bytes = ENTRY_BYTES + 2 * OBJECT_BYTES;
  if (ds !== undefined) bytes += rrsetBytes(ds);
  bytes += rrsetsBytes(dsProof);
  for (const { name, addresses } of servers) {
    bytes += 2 * OBJECT_BYTES + nameBytes(name);
    for (const address of addresses) bytes += textBytes(address);
  }
  return bytes;
}
