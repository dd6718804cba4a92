/**
 * Everything that was learned from servers and is still true: RRsets, denials, failures, delegations, together within
 * `maxBytes`. What the operator configures about it, asks of it and removes from it.
 *
 * Each part has a share of its own, so that a flood of one kind (names that do not exist, questions that fail) cannot
 * push out another. Answering from it is recursion.ts.
 */

import { ROOT, parentOf, type Name } from '../dns/name.ts';
import type { Clock } from '../system/clock.ts';
import {
  createDelegationCache,
  type CachedDelegation,
  type DelegationCache,
  type StoredDelegation,
} from './delegation-cache.ts';
import { createDenialRanges, type DenialRanges } from './denial-ranges.ts';
import {
  createFailureCache,
  toCachedFailure,
  type CachedFailure,
  type FailureCache,
  type StoredFailure,
} from './failure-cache.ts';
import { EVERY_TYPE, NameTable, type TableStatistics } from './name-table.ts';
import { createDenialCache, toDenial, type Denial, type DenialCache, type StoredDenial } from './negative-cache.ts';
import { createRRsetCache, toCachedRRset, type CachedRRset, type RRsetCache, type StoredRRset } from './rrset-cache.ts';
import { createTtlBounds, type TtlBounds, type TtlLimits, type TtlOverride } from './ttl-bounds.ts';

export type CacheOptions = TtlLimits & { readonly maxBytes: number; readonly ttlOverrides: readonly TtlOverride[] };

/** Parts of `maxBytes`, in per cent. Failures carry sentences and are few; a delegation saves several exchanges. */
const shares = { rrsets: 65, denials: 10, ranges: 5, failures: 5, delegations: 15 };

export type CacheEntryView = { readonly name: Name; readonly bytes: number } & (
  | ({ readonly kind: 'rrset' } & CachedRRset)
  /** `qtype` is undefined for an NXDOMAIN, which answers every type. */
  | { readonly kind: 'denial'; readonly qtype: number | undefined; readonly denial: Denial }
  | { readonly kind: 'failure'; readonly qtype: number; readonly failure: CachedFailure }
  | ({ readonly kind: 'delegation'; readonly expiresInMs: number } & Omit<CachedDelegation, 'expiresAt'>)
);

export type CacheStatistics = {
  /** Sums of the parts. */
  readonly bytes: number;
  readonly maxBytes: number;
  readonly entries: number;
  readonly hits: number;
  readonly misses: number;
  readonly evictions: number;
  readonly parts: Readonly<Record<keyof typeof shares, TableStatistics>>;
};

export type Cache = {
  readonly rrsets: RRsetCache;
  readonly denials: DenialCache;
  readonly ranges: DenialRanges;
  readonly failures: FailureCache;
  readonly delegations: DelegationCache;
  /** By what is learned now. */
  readonly ttlBounds: TtlBounds;
  /**
   * Forgets what is known at exactly this name; the zone cut there, if it is one, too; and denials that speak of it from
   * above. Returns how many entries.
   */
  flush(name: Name): number;
  /** The same at and below it. Looks at every name in the cache. */
  flushSubtree(name: Name): number;
  flushAll(): number;
  /** What is fresh. May be read in pieces while the cache goes on. */
  dump(): Iterable<CacheEntryView>;
  statistics(): CacheStatistics;
  /** Other limits for what is learned from now on; what is held keeps the time that it was given. */
  setTtlLimits(limits: TtlLimits & { readonly ttlOverrides: readonly TtlOverride[] }): void;
};

export function createCache(options: CacheOptions, around: { readonly clock: Clock }): Cache {
  const { clock } = around;
  const share = (percent: number): number => Math.max(1, Math.floor((options.maxBytes * percent) / 100));
  const tables = {
    rrsets: new NameTable<StoredRRset>(share(shares.rrsets)),
    denials: new NameTable<StoredDenial>(share(shares.denials)),
    failures: new NameTable<StoredFailure>(share(shares.failures)),
    delegations: new NameTable<StoredDelegation>(share(shares.delegations)),
  };
  const all = Object.values(tables);
  let limits = createTtlBounds(options, options.ttlOverrides);
  const bounds: TtlBounds = {
    positiveTtl: (owner, ttl) => limits.positiveTtl(owner, ttl),
    negativeTtl: (qname, soaTtl, soaMinimum) => limits.negativeTtl(qname, soaTtl, soaMinimum),
    delegationTtl: (zone, ttl) => limits.delegationTtl(zone, ttl),
  };

  const ranges = createDenialRanges(share(shares.ranges), bounds, clock);

  return {
    rrsets: createRRsetCache(tables, bounds, clock),
    denials: createDenialCache(tables, bounds, clock),
    ranges,
    failures: createFailureCache(tables.failures, clock),
    delegations: createDelegationCache(tables.delegations, bounds, clock),
    ttlBounds: bounds,
    flush: (name) => sum(all, (table) => table.remove(name)) + forgetDenialsOf(name),
    flushSubtree: (name) => sum(all, (table) => table.removeSubtree(name)) + forgetDenialsOf(name),
    flushAll: () => sum(all, (table) => table.clear()) + ranges.clear(),
    dump: () => dumpTables(tables, clock),
    statistics() {
      const parts = {
        rrsets: tables.rrsets.statistics(),
        denials: tables.denials.statistics(),
        ranges: ranges.statistics(),
        failures: tables.failures.statistics(),
        delegations: tables.delegations.statistics(),
      };
      const list = Object.values(parts);
      return {
        bytes: sum(list, (part) => part.bytes),
        maxBytes: options.maxBytes,
        entries: sum(list, (part) => part.entries),
        hits: sum(list, (part) => part.hits),
        misses: sum(list, (part) => part.misses),
        evictions: sum(list, (part) => part.evictions),
        parts,
      };
    },
    setTtlLimits(fresh) {
      limits = createTtlBounds(fresh, fresh.ttlOverrides);
    },
  };

  /** What would answer for the name though it stands at others: NXDOMAIN above it, ranges that it lies in. */
  function forgetDenialsOf(name: Name): number {
    let removed = ranges.forget(name);
    for (let above = name; above !== ROOT;) {
      above = parentOf(above);
      removed += tables.denials.remove(above, ({ type }) => type === EVERY_TYPE);
    }
    return removed;
  }
}

type Tables = {
  readonly rrsets: NameTable<StoredRRset>;
  readonly denials: NameTable<StoredDenial>;
  readonly failures: NameTable<StoredFailure>;
  readonly delegations: NameTable<StoredDelegation>;
};

function* dumpTables(tables: Tables, clock: Clock): Iterable<CacheEntryView> {
  const now = (): number => clock.now();
  for (const [name, { bytes, delegation, expiresAt }] of tables.delegations.list(now)) {
    yield { kind: 'delegation', name, bytes, delegation, expiresInMs: expiresAt - now() };
  }
  for (const [name, stored] of tables.rrsets.list(now)) {
    yield { kind: 'rrset', name, bytes: stored.bytes, ...toCachedRRset(stored, now()) };
  }
  for (const [name, stored] of tables.denials.list(now)) {
    const qtype = stored.type === EVERY_TYPE ? undefined : stored.type;
    yield { kind: 'denial', name, bytes: stored.bytes, qtype, denial: toDenial(stored, now()) };
  }
  for (const [name, stored] of tables.failures.list(now)) {
    const failure = toCachedFailure(stored, now());
    if (failure !== undefined) yield { kind: 'failure', name, bytes: stored.bytes, qtype: stored.type, failure };
  }
}

function sum<T>(list: readonly T[], of: (item: T) => number): number {
  return list.reduce((total, item) => total + of(item), 0);
}
