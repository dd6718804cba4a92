/**
 * For how long what was learned may be kept: the TTL that the zone's owner chose, within the bounds that the operator
 * chose, for the whole cache and for single zones.
 *
 * Pure. Which clock it runs on, and what the expiry of something else makes shorter still, is decided by each cache.
 *
 * RFC 2181 §8 (a TTL's range); RFC 2308 §5 (denials); RFC 8767 §4 (an upper bound of days is sound).
 */

import { ROOT, parentOf, type Name } from '../dns/name.ts';

/** All in seconds. */
export type TtlLimits = { readonly minTtl: number; readonly maxTtl: number; readonly maxNegativeTtl: number };
export type TtlOverride = { readonly zone: Name; readonly minTtl?: number; readonly maxTtl?: number };

export type TtlBounds = {
  /** The TTL to keep an RRset of this owner for. */
  positiveTtl(owner: Name, ttl: number): number;
  /** The TTL to keep a denial for, from the SOA that came with it. */
  negativeTtl(qname: Name, soaTtl: number, soaMinimum: number): number;
  /** The TTL to keep a delegation for. */
  delegationTtl(zone: Name, ttl: number): number;
};

export function createTtlBounds(limits: TtlLimits, overrides: readonly TtlOverride[]): TtlBounds {
  const byZone = new Map(overrides.map((override) => [override.zone, override]));

  const closestOverride = (owner: Name): TtlOverride | undefined => {
    if (byZone.size === 0) return undefined;
    for (let zone = owner; ; zone = parentOf(zone)) {
      const override = byZone.get(zone);
      if (override !== undefined || zone === ROOT) return override;
    }
  };
  const maxTtlOf = (owner: Name): number => closestOverride(owner)?.maxTtl ?? limits.maxTtl;

  return {
    positiveTtl(owner, ttl) {
      // RFC 1035 §3.2.1: zero means "this transaction only". A least TTL stretches a life, it does not begin one.
      if (ttl === 0) return 0;
      const override = closestOverride(owner);
      const minTtl = override?.minTtl ?? limits.minTtl;
      const maxTtl = override?.maxTtl ?? limits.maxTtl;
      // Where the two bounds contradict each other, the one that forgets sooner is the safe one.
      return Math.min(Math.max(ttl, minTtl), maxTtl);
    },
    negativeTtl(qname, soaTtl, soaMinimum) {
      // RFC 2308 §5: a denial lives for the lesser of the SOA's own TTL and its MINIMUM field.
      return Math.min(soaTtl, soaMinimum, limits.maxNegativeTtl, maxTtlOf(qname));
    },
    delegationTtl(zone, ttl) {
      // No least TTL here: it would keep a delegation that the parent has taken back.
      return Math.min(ttl, maxTtlOf(zone));
    },
  };
}

/**
 * When what is kept for `ttl` seconds from `now` expires, at the latest at `notAfter`. In whole ms, rounded down: such
 * a number stands in an object's field itself, where a fraction would be one more place in memory to look at.
 */
export function expiryOf(now: number, ttl: number, notAfter = Infinity): number {
  return Math.floor(Math.min(now + ttl * 1000, notAfter));
}

/**
 * Whole seconds that remain of `ttl`, a begun second counted: at least 1 for what is fresh, so that a cached record is
 * never handed on as "for this transaction only", and never more than it was kept for.
 */
export function remainingTtl(ttl: number, expiresAt: number, now: number): number {
  return Math.min(ttl, Math.ceil((expiresAt - now) / 1000));
}
