/**
 * Puts the rooms of the resolver together: cache, exchange, iterate, recursion. The daemon gives it sockets and the
 * system's clock; tests and the benchmarks give it a small internet in memory.
 */

import { createCache, type Cache, type CacheOptions } from '../cache/cache.ts';
import type { Delegation } from '../cache/delegation-cache.ts';
import type { Name } from '../dns/name.ts';
import { Type } from '../dns/record-type.ts';
import type { RRset } from '../dns/rrset.ts';
import { createExchange } from '../exchange/create-exchange.ts';
import type { Network } from '../exchange/network.ts';
import { createAddressFamilies, type FamilyOptions } from '../iterate/address-family.ts';
import { createAskZone, type AskZoneOptions } from '../iterate/ask-zone.ts';
import { createPriming, type Priming, type PrimingEvent } from '../iterate/priming.ts';
import { createServerAddresses } from '../iterate/server-addresses.ts';
import { createServerStatistics, type ServerStatistics } from '../iterate/server-statistics.ts';
import { shareAsking } from '../iterate/share-asking.ts';
import { createWalk, type Walk, type WalkOptions } from '../iterate/walk.ts';
import { explainFailure } from '../observe/explain.ts';
import { createRecursion, type Recursion, type RecursionOptions } from '../recursion/recursion.ts';
import type { Clock } from '../system/clock.ts';
import type { Random } from '../system/random.ts';
import type { TrustPoint } from '../validate/key-set.ts';
import type { NegativeTrustAnchor } from '../validate/negative-trust-anchor.ts';
import { createValidation, type ClockEvent, type DnssecOptions, type Validation } from './validation.ts';

export type ResolverOptions = {
  readonly cache: CacheOptions;
  readonly families: FamilyOptions;
  readonly asking: AskZoneOptions;
  readonly walking: Omit<WalkOptions, 'hints'>;
  readonly recursion: RecursionOptions;
  readonly hints: Delegation;
  /** Whether the root is primed when a walk has had to start from the hints (RFC 9609). */
  readonly prime: boolean;
  /** Undefined where validation is switched off. */
  readonly dnssec?: DnssecOptions;
};

export type ResolverAround = {
  readonly clock: Clock;
  readonly random: Random;
  readonly network: Network;
  readonly newId: () => string;
  readonly mayAsk: (address: string) => boolean;
  readonly report: (event: PrimingEvent | ClockEvent) => void;
  /** Negative trust anchors that are set while the daemon runs. */
  readonly temporaryAnchors?: () => readonly NegativeTrustAnchor[];
  /** The trust anchors as they are now, where they roll over. */
  readonly trustPoints?: () => readonly TrustPoint[];
  /** Of a resolver before this one. */
  readonly kept?: Kept;
};

/** What was learned and outlives a change of the configuration. */
export type Kept = { readonly cache: Cache; readonly statistics: ServerStatistics };

export type Resolver = Kept & {
  readonly recursion: Recursion;
  readonly priming: Priming;
  /** Undefined where validation is switched off. */
  readonly validation: Validation | undefined;
  /** Forgets everything at and below the name, and what was judged by it; how many entries of the cache that were. */
  forget(name: Name): number;
  /** The keys of a zone with their signatures, from its servers and not from the cache; nothing is judged. */
  fetchKeys(zone: Name): Promise<RRset | undefined>;
  /** Asks the servers of the zone above, whatever the cache knows (RFC 8145 §5.1: type NULL). */
  signal(qname: Name): Promise<unknown>;
};

export function createResolver(options: ResolverOptions, around: ResolverAround): Resolver {
  const { clock, random, network, newId, mayAsk, kept } = around;
  const cache = kept?.cache ?? createCache(options.cache, { clock });
  cache.setTtlLimits(options.cache);
  const statistics = kept?.statistics ?? createServerStatistics({ clock });
  const families = createAddressFamilies(options.families, { clock });
  const exchange = createExchange({ network, clock, random });
  const configuredZones = options.walking.zones.map(({ zone }) => zone);
  const validation =
    options.dnssec &&
    createValidation(options.dnssec, {
      clock,
      cache,
      configuredZones,
      temporaryAnchors: around.temporaryAnchors,
      trustPoints: around.trustPoints,
      report: around.report,
    });
  let priming: Priming | undefined;
  let walk: Walk | undefined;

  const recursion = createRecursion(
    options.recursion,
    {
      clock,
      cache,
      families,
      newId,
      describeFailure: (walk) => explainFailure(walk) ?? '',
      ...(validation && { validating: validation }),
    },
    ({ lookUpAddresses, newTask }) => {
      const serverAddresses = createServerAddresses({
        clock,
        random,
        cache,
        statistics,
        families,
        lookUpAddresses,
        mayAsk,
      });
      const askZone = shareAsking(
        createAskZone(
          { ...options.asking, dnssecOk: validation !== undefined },
          { clock, exchange, statistics, families, serverAddresses },
        ),
      );
      const toPrime = createPriming({
        clock,
        random,
        cache,
        hints: options.hints,
        askZone,
        newTask,
        report: around.report,
      });
      priming = toPrime;
      const onHintsUsed = (): void => {
        if (options.prime) void toPrime.prime();
      };
      walk = createWalk(
        { ...options.walking, hints: options.hints },
        {
          clock,
          random,
          cache,
          askZone,
          onHintsUsed,
          ...(validation && { showsAbsence: validation.showsAbsence }),
        },
      );
      return walk;
    },
  );
  const forget = (name: Name): number => {
    validation?.validator.chain.forget(name);
    return cache.flushSubtree(name);
  };
  const fetchKeys = async (zone: Name): Promise<RRset | undefined> => {
    const outcome = await walk!(zone, Type.DNSKEY, recursion.newTask());
    if (outcome.kind === 'failed' || outcome.meaning.kind !== 'answer') return undefined;
    return outcome.meaning.sets.find(({ owner, type }) => owner === zone && type === Type.DNSKEY);
  };
  const signal = (qname: Name): Promise<unknown> => walk!(qname, Type.NULL, recursion.newTask());
  return { recursion, cache, statistics, priming: priming!, validation, forget, fetchKeys, signal };
}
