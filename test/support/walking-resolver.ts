/** The resolver as the daemon builds it, for a small internet in memory. */

import { ROOT } from '../../src/dns/name.ts';
import { createResolver, type Resolver, type ResolverOptions } from '../../src/daemon/resolver.ts';
import { internetAskedBy, type AskFactory } from './simulated-internet.ts';

export const defaultOptions: Omit<ResolverOptions, 'hints'> = {
  cache: { maxBytes: 16 * 1024 * 1024, minTtl: 0, maxTtl: 86400, maxNegativeTtl: 3600, ttlOverrides: [] },
  families: { ipv4: 'auto', ipv6: 'auto' },
  asking: { serverPort: 53, caseRandomisation: true, payloadSize: 1232, dnssecOk: false },
  walking: { minimisation: 'relaxed', zones: [] },
  recursion: {
    budget: {
      exchanges: 50,
      octets: 204_800,
      aliases: 11,
      milliseconds: 10_000,
      depth: 16,
      unresolvableServerNames: 5,
      serverNamesPerDelegation: 13,
      addressesPerServerName: 4,
    },
    maxWalks: 2000,
  },
  // Priming is a scenario of its own; elsewhere it would only add an exchange to count.
  prime: false,
};

/** `seen` is given the resolver, for tests that look into its cache. */
export function walkingResolver(
  options: Partial<ResolverOptions> = {},
  seen: (resolver: Resolver) => void = () => undefined,
): AskFactory {
  return ({ network, clock, random, hints }) => {
    let serial = 0;
    const newId = (): string => `walk-${++serial}`;
    const resolver = createResolver(
      { ...defaultOptions, ...options, hints: { zone: ROOT, servers: hints } },
      { network, clock, random, newId, mayAsk: () => true, report: () => undefined },
    );
    seen(resolver);
    return {
      resolve: (qname, qtype) =>
        Promise.resolve(resolver.recursion.fromCache(qname, qtype) ?? resolver.recursion.resolve(qname, qtype, newId())),
    };
  };
}

export const simulatedInternet = internetAskedBy(walkingResolver());
