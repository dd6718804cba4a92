/**
 * Negative trust anchors (RFC 7646): the operator says that a zone, known to be broken and not under attack, is not to
 * be validated for a while. What it covers is insecure, at the name and below it, until a trust anchor further down.
 *
 * Kept and listed by whoever the operator talks to; here is decided what one covers, and when it ends.
 */

import { isAtOrBelow, isBelow, type Name } from '../dns/name.ts';
import type { TrustPoint } from './key-set.ts';

export type NegativeTrustAnchor = {
  readonly zone: Name;
  /** In the operator's words. */
  readonly reason: string;
  /** Seconds since 1970; RFC 7646 §2 wants it to end. Undefined for one in the configuration that does not. */
  readonly expiresAt: number | undefined;
};

export function isInForce({ expiresAt }: NegativeTrustAnchor, nowSeconds: number): boolean {
  return expiresAt === undefined || nowSeconds < expiresAt;
}

/**
 * The closest one in force that covers the name. RFC 7646 §1.1: a positive anchor below it turns validation on again;
 * at the same name the negative one wins.
 */
export function negativeAnchorFor(
  name: Name,
  negatives: readonly NegativeTrustAnchor[],
  anchors: readonly TrustPoint[],
  nowSeconds: number,
): NegativeTrustAnchor | undefined {
  let closest: NegativeTrustAnchor | undefined;
  for (const negative of negatives) {
    if (!isAtOrBelow(name, negative.zone) || !isInForce(negative, nowSeconds)) continue;
    if (closest === undefined || negative.zone.length > closest.zone.length) closest = negative;
  }
  if (closest === undefined) return undefined;
  const { zone } = closest;
  const isOverruled = anchors.some((anchor) => isBelow(anchor.zone, zone) && isAtOrBelow(name, anchor.zone));
  return isOverruled ? undefined : closest;
}
