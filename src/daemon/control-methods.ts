/** What the control socket can ask of the running daemon. */

import { ROOT, nameToText, nameToWire } from '../dns/name.ts';
import { Class } from '../dns/record-type.ts';
import { endpointToText } from '../dns/ip-address.ts';
import { dateToText } from '../observe/time-text.ts';
import type { ClientQuery } from '../query/client-query.ts';
import { packageVersion } from '../system/package-directory.ts';
import type { AnchorKeeper } from '../validate/anchor-keeper.ts';
import type { NegativeTrustAnchor } from '../validate/negative-trust-anchor.ts';
import type { StallWatch } from '../system/stall-watch.ts';
import { dumpEntries } from './cache-dump.ts';
import type { ControlMethods } from './control-requests.ts';
import { anchorEntries } from './anchor-entries.ts';
import type { NegativeAnchorEntry, StatusReport } from './control-protocol.ts';
import type { NegativeAnchors } from './negative-anchors.ts';
import type { Listeners } from './listeners.ts';
import type { Observing } from './observing.ts';
import type { QueryFaults } from './query-faults.ts';
import type { Service, ServiceAround } from './service.ts';

export type ControlAround = Pick<ServiceAround, 'clock' | 'newId'> & {
  readonly stalls: StallWatch;
  readonly faults: QueryFaults;
  readonly negativeAnchors: NegativeAnchors;
  readonly anchorKeeper: AnchorKeeper;
};

export function createControlMethods(
  service: () => Service,
  listeners: Listeners,
  observing: Observing,
  { clock, newId, stalls, faults, negativeAnchors, anchorKeeper }: ControlAround,
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
      const { resolver } = service();
      switch (scope.scope) {
        case 'name':
          // What was concluded about keys below rests on what is flushed here.
          resolver.validation?.validator.chain.forget(scope.name);
          return { removed: resolver.cache.flush(scope.name) };
        case 'subtree':
          return { removed: resolver.forget(scope.name) };
        case 'all':
          resolver.validation?.validator.chain.forget(ROOT);
          return { removed: resolver.cache.flushAll() };
        default:
          return scope satisfies never;
      }
    },
    async ntaAdd(request) {
      const added = await negativeAnchors.add(request);
      if ('why' in added) return added;
      const { anchor, removed } = added;
      return { zone: nameToText(anchor.zone), until: dateToText(anchor.expiresAt), removed };
    },
    async ntaRemove(zone) {
      const removed = await negativeAnchors.remove(zone);
      return { wasThere: removed !== undefined, removed: removed ?? 0 };
    },
    ntaList: () => [
      ...service().negativeAnchors.map((anchor) => toEntry(anchor, 'configuration')),
      ...negativeAnchors.list().map((anchor) => toEntry(anchor, 'command')),
    ],
    anchors: () => anchorEntries(anchorKeeper),
    status: (): StatusReport => ({
      version: packageVersion,
      runtime: process.versions.node,
      uptimeSeconds: Math.round((clock.now() - startedAt) / 1000),
      listening: listeners.at.map(({ address, port }) => endpointToText(address, port)),
      walksInFlight: service().resolver.recursion.walksInFlight(),
      counters: observing.counters.snapshot(),
      listeners: observing.listenCounts.snapshot(),
      cache: service().resolver.cache.statistics(),
      queryLog: observing.queryLogStatistics() ?? null,
      stalls: { longestMs: stalls.longestMs(), nearlyAllMs: stalls.nearlyAllMs() },
      queryFaults: faults.count,
      rssBytes: process.memoryUsage.rss(),
    }),
  };
}

function toEntry(
  { zone, reason, expiresAt }: NegativeTrustAnchor,
  from: NegativeAnchorEntry['from'],
): NegativeAnchorEntry {
  const entry = { zone: nameToText(zone), reason, from };
  return expiresAt === undefined ? entry : { ...entry, until: dateToText(expiresAt) };
}
