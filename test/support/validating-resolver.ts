/** The resolver with validation on, trusting the root of a small internet in memory. */

import type { Resolver, ResolverAround, ResolverOptions } from '../../src/daemon/resolver.ts';
import { defaultPolicy } from '../../src/validate/policy.ts';
import { readTrustAnchors } from '../../src/validate/trust-anchor.ts';
import { internetAskedBy, type AskFactory } from './simulated-internet.ts';
import { walkingResolver } from './walking-resolver.ts';

export function validatingResolver(
  options: Partial<ResolverOptions> = {},
  seen: (resolver: Resolver) => void = () => undefined,
  more: Partial<ResolverAround> = {},
): AskFactory {
  return (around) => {
    const { anchors } = readTrustAnchors(around.trustAnchors);
    const dnssec = { anchors, negativeAnchors: [], policy: defaultPolicy, aggressiveNsec: true };
    return walkingResolver({ dnssec, ...options }, seen, more)(around);
  };
}

export const validatedInternet = internetAskedBy(validatingResolver());
