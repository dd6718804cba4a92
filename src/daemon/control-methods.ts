/** What the control socket can ask of the running daemon. */

import { nameToWire } from '../dns/name.ts';
import { Class } from '../dns/record-type.ts';
import { endpointToText } from '../dns/ip-address.ts';
import type { ClientQuery } from '../query/client-query.ts';
import { packageVersion } from '../system/package-directory.ts';
import type { StallWatch } from '../system/stall-watch.ts';
import { dumpEntries } from './cache-dump.ts';
import type { ControlMethods } from './control-requests.ts';
import type { Listeners } from './listeners.ts';
import type { Observing } from './observing.ts';
import type { QueryFaults } from './query-faults.ts';
import type { Service, ServiceAround } from './service.ts';

export type ControlAround = Pick<ServiceAround, 'clock' | 'newId'> & {
  readonly stalls: StallWatch;
  readonly faults: QueryFaults;
};

export function createControlMethods(
  service: () => Service,
  listeners: Listeners,
  observing: Observing,
  { clock, newId, stalls, faults }: ControlAround,
): ControlMethods {
  const startedAt = clock.now();
  return {
    async query({ qname, qtype }) {
      const query: ClientQuery = {
        id: newId(),
        client: { address: '127.0.0.1', port: 0, transport: 'tcp' },
        question: { qname, qtype, qclass: Class.IN },
        wireName: nameToWire(qname),
        octets: 0,
        isAddressProven: true,
        messageId: 0,
        recursionDesired: true,
        checkingDisabled: false,
        authenticData: false,
        edns: undefined,
        receivedAt: clock.now(),
        receivedWallMs: clock.wallMs(),
      };
      const result = await service().pipeline.answer(query);
      if (result.kind !== 'reply') throw new Error(`a stage answered ${result.kind}`);
      return result.reply;
    },
    cacheDump: ({ name }) => dumpEntries(service().resolver.cache.dump(), name),
    cacheFlush(scope) {
      const { cache } = service().resolver;
      switch (scope.scope) {
        case 'name':
          return { removed: cache.flush(scope.name) };
        case 'subtree':
          return { removed: cache.flushSubtree(scope.name) };
        case 'all':
          return { removed: cache.flushAll() };
        default:
          return scope satisfies never;
      }
    },
    status: () => ({
      version: packageVersion,
      runtime: process.versions.node,
      uptimeSeconds: Math.round((clock.now() - startedAt) / 1000),
      listening: listeners.at.map(({ address, port }) => endpointToText(address, port)),
      walksInFlight: service().resolver.recursion.walksInFlight(),
      counters: observing.counters.snapshot(),
      cache: service().resolver.cache.statistics(),
      queryLog: observing.queryLogStatistics() ?? null,
      /** While the event loop stalls nothing is answered: the longest since the start, and what 999 of 1000 stay below. */
      stalls: { longestMs: stalls.longestMs(), nearlyAllMs: stalls.nearlyAllMs() },
      queryFaults: faults.count,
      rssBytes: process.memoryUsage.rss(),
    }),
  };
}
