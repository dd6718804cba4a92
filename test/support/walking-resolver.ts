/** The resolver as the daemon builds it, for a small internet in memory. */

import { ROOT } from '../../src/dns/name.ts';
import { createResolver, type Resolver, type ResolverAround, type ResolverOptions } from '../../src/daemon/resolver.ts';
import { defaultOptions } from './resolver-options.ts';
import { internetAskedBy, type AskFactory } from './simulated-internet.ts';

/** `seen` is given the resolver, for tests that look into its cache; `more` replaces what it depends on. */
export function walkingResolver(
  options: Partial<ResolverOptions> = {},
  seen: (resolver: Resolver) => void = () => undefined,
  more: Partial<ResolverAround> = {},
): AskFactory {
  return ({ network, clock, random, hints }) => {
    let serial = 0;
    const newId = (): string => `walk-${++serial}`;
    const resolver = createResolver(
      { ...defaultOptions, ...options, hints: { zone: ROOT, servers: hints } },
      { network, clock, random, newId, mayAsk: () => true, report: () => undefined, ...more },
    );
    seen(resolver);
    return {
      resolve: (qname, qtype) =>
        Promise.resolve(
          resolver.recursion.fromCache(qname, qtype) ?? resolver.recursion.resolve(qname, qtype, newId()),
        ),
    };
  };
}

export const simulatedInternet = internetAskedBy(walkingResolver());
export { defaultOptions } from './resolver-options.ts';
