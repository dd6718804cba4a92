/** The options of the daemon as it is delivered, for resolvers in a small internet in memory. */

import type { ResolverOptions } from '../../src/daemon/resolver.ts';

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
      milliseconds: 7000,
      depth: 16,
      unresolvableServerNames: 5,
      serverNamesPerDelegation: 13,
      addressesPerServerName: 4,
      signatures: 128,
      hashes: 2000,
    },
    maxWalks: 2000,
  },
  // Priming is a scenario of its own; elsewhere it would only add an exchange to count.
  prime: false,
};
