/**
 * The resolver as the configuration wants it: the stages of the pipeline with all rooms behind them. A reload makes a
 * new service beside the running one; the cache and what is known of servers go over, and queries in work end where
 * they began.
 */

import { readFileSync } from 'node:fs';
import { createClientAcl } from '../access/client-acl.ts';
import { createRateLimit } from '../access/rate-limit.ts';
import { createWalkShare } from '../access/walk-share.ts';
import type { Config } from '../config/schema.ts';
import { DEFAULT_RECORD_TTL } from '../config/values.ts';
import { ROOT } from '../dns/name.ts';
import { parseZoneText, type ZoneRecord } from '../dns/zone-text.ts';
import type { Network } from '../exchange/network.ts';
import type { PrimingEvent } from '../iterate/priming.ts';
import { delegationFromHints } from '../iterate/root-hints.ts';
import type { ConfiguredZone } from '../iterate/servers.ts';
import { createHostsStage } from '../local/hosts-table.ts';
import { createHostsWatcher, type HostsEvent } from '../local/hosts-watcher.ts';
import { createLocalRecords } from '../local/local-records.ts';
import { createLocalZones } from '../local/local-zones.ts';
import { createServerIdentity } from '../local/server-identity.ts';
import { createSpecialUseNames } from '../local/special-use-names.ts';
import { createPipeline, stages, type Pipeline, type PipelineAround } from '../pipeline.ts';
import { createRecordOrder } from '../respond/order.ts';
import type { Files } from '../system/file-watch.ts';
import type { Random } from '../system/random.ts';
import { guardedAgainstRebinding } from './guarded-recursion.ts';
import { ownAddresses } from './own-addresses.ts';
import type { AnchorKeeper } from '../validate/anchor-keeper.ts';
import type { NegativeTrustAnchor } from '../validate/negative-trust-anchor.ts';
import { defaultPolicy } from '../validate/policy.ts';
import { readTrustAnchors } from '../validate/trust-anchor.ts';
import { createResolver, type Kept, type Resolver, type ResolverOptions } from './resolver.ts';
import type { ClockEvent, DnssecOptions } from './validation.ts';

export type ServiceEvent = PrimingEvent | HostsEvent | ClockEvent;

export type ServiceAround = Omit<PipelineAround, 'rateLimit'> & {
  readonly random: Random;
  readonly network: Network;
  readonly files: Files;
  readonly temporaryAnchors?: () => readonly NegativeTrustAnchor[];
  /** Keeps the trust anchors up to date; without it they stay as they are configured. */
  readonly anchorKeeper?: AnchorKeeper;
  readonly report: (event: ServiceEvent) => void;
};

export type Service = {
  readonly pipeline: Pipeline;
  readonly resolver: Resolver;
  /** Those of the configuration. */
  readonly negativeAnchors: readonly NegativeTrustAnchor[];
  /** Settles when the hosts files have been read. */
  start(): Promise<void>;
  /** Asks who serves the root (RFC 9609), unless told not to. */
  prime(): Promise<void>;
  stop(): void;
};

export function createService(config: Config, kept: Kept | undefined, around: ServiceAround): Service {
  const { clock, random, network, newId, files, report, temporaryAnchors, anchorKeeper } = around;
  const options = resolverOptions(config);
  const { anchors = [], policy = defaultPolicy } = options.dnssec ?? {};
  anchorKeeper?.use(anchors, policy, config.dnssec.rollover);
  const mayAsk = mayAskServer(config, options);
  const resolver = createResolver(options, {
    clock,
    random,
    network,
    newId,
    mayAsk,
    report,
    ...(temporaryAnchors && { temporaryAnchors }),
    ...(anchorKeeper && { trustPoints: () => anchorKeeper.trustPoints() }),
    // Only these: what belongs to the former resolver besides, and to the one before it, is let go.
    ...(kept && { kept: { cache: kept.cache, statistics: kept.statistics } }),
  });
  const hosts = createHostsWatcher(config.local.hostsFiles, { clock, files, report });
  const pipeline: Pipeline = createPipeline(
    stages({
      clientAcl: createClientAcl(config.access.allow),
      serverIdentity: createServerIdentity(config.identity),
      localRecords: createLocalZones(createLocalRecords(localRecords(config)), {
        lookUp: (query) => pipeline.answer(query),
      }),
      hostsFile: createHostsStage(() => hosts.table()),
      specialUseNames: createSpecialUseNames({
        isEnabled: config.local.specialUse,
        configuredZones: config.zones.map(({ name }) => name),
      }),
      recursion: guardedAgainstRebinding(resolver.recursion, config),
      walkShare: createWalkShare(config.walks),
    }),
    {
      order: createRecordOrder(config.answers.order, random),
      maxUdpPayload: config.listen.maxUdpPayload,
      nsid: Buffer.from(config.identity.hostname),
      tcpIdleTimeoutMs: config.listen.tcp.idleTimeoutMs,
    },
    { ...around, rateLimit: createRateLimit(config.access.rateLimit, { clock }) },
  );
  return {
    pipeline,
    resolver,
    negativeAnchors: configuredNegativeAnchors(config),
    start: () => hosts.start(),
    async prime() {
      if (config.roots.prime) await resolver.priming.prime();
    },
    stop: () => hosts.stop(),
  };
}

/** The EDNS payload size that servers are offered (RFC 9715 §3). */
const PAYLOAD_SIZE = 1232;

function resolverOptions(config: Config): ResolverOptions {
  const { iteration, cache } = config;
  return {
    cache,
    families: iteration,
    asking: {
      serverPort: iteration.serverPort,
      caseRandomisation: iteration.caseRandomisation,
      payloadSize: PAYLOAD_SIZE,
      dnssecOk: false,
    },
    walking: { minimisation: iteration.qnameMinimisation, zones: config.zones.map(toConfiguredZone) },
    recursion: { budget: iteration.budget, maxWalks: config.walks.max },
    hints: delegationFromHints(parseZoneText(readFileSync(config.roots.hints, 'utf8'), { origin: ROOT }).records),
    prime: config.roots.prime,
    ...(config.dnssec.validate && { dnssec: dnssecOptions(config) }),
  };
}

function dnssecOptions(config: Config): DnssecOptions {
  const { dnssec } = config;
  const { trustAnchors } = dnssec;
  const text = trustAnchors.kind === 'file' ? readFileSync(trustAnchors.path, 'utf8') : trustAnchors.lines.join('\n');
  const { aggressiveNsec, acceptRsaSha1: acceptsRsaSha1, maxNsec3Iterations, clockSkew } = dnssec;
  return {
    anchors: readTrustAnchors(text).anchors,
    negativeAnchors: configuredNegativeAnchors(config),
    policy: { acceptsRsaSha1, maxNsec3Iterations, clockSkew },
    aggressiveNsec,
    clockNames: dnssec.clockNames,
    rootKeySentinel: dnssec.rootKeySentinel,
  };
}

function configuredNegativeAnchors({ dnssec }: Config): NegativeTrustAnchor[] {
  return dnssec.negativeTrustAnchors.map(({ zone, reason, until }) => ({ zone, reason, expiresAt: until }));
}

function localRecords({ local }: Config): ZoneRecord[] {
  return parseZoneText(local.records.join('\n'), { defaultTtl: DEFAULT_RECORD_TTL }).records;
}

function toConfiguredZone(zone: Config['zones'][number]): ConfiguredZone {
  const addresses = zone.servers.map(({ address, port }) => (port === undefined ? { address } : { address, port }));
  const first = zone.kind === 'forward' && zone.first;
  return { zone: zone.name, addresses, kind: zone.kind, first };
}

/**
 * `iteration.doNotQuery` speaks of addresses that strangers' zones give, and so do our own; those that the operator
 * gives are asked.
 */
function mayAskServer(config: Config, { hints }: ResolverOptions): (address: string) => boolean {
  const forbidden = createClientAcl(config.iteration.doNotQuery);
  const given = new Set([
    ...hints.servers.flatMap(({ addresses }) => addresses),
    ...config.zones.flatMap(({ servers }) => servers.map(({ address }) => address)),
  ]);
  const own = ownAddresses(config.listen.dns, config.iteration.serverPort);
  return (address) => given.has(address) || !(own.has(address) || forbidden.mayRecurse(address));
}
