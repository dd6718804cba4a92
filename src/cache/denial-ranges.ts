/**
 * What is proven not to exist: the NSEC and NSEC3 records of each zone in their order, with the zone's SOA and the
 * wildcards that were met, so that names nobody has asked for yet can be answered (RFC 8198).
 *
 * Only what has been validated may come here. Here it is kept, found and forgotten; what a record proves for a name is
 * for whoever asks (src/validate/denial.ts). Memory is bounded for all zones together and for each zone: when one is
 * full, its oldest record leaves; when all are, the zone that has rested longest.
 */

import { LRUCache } from 'lru-cache';
import { isAtOrBelow, type Name } from '../dns/name.ts';
import { withTtl, type RRset } from '../dns/rrset.ts';
import type { Clock } from '../system/clock.ts';
import { DenialChain, type Kept } from './denial-chain.ts';
import { ENTRY_BYTES, SLOT_BYTES, nameBytes, ownName, ownRRset, rrsetBytes, textBytes } from './heap-size.ts';
import type { TableStatistics } from './name-table.ts';
import { minimumOf } from './negative-cache.ts';
import { expiryOf, remainingTtl, type TtlBounds } from './ttl-bounds.ts';

/** Records that are ordered alike: the zone's NSEC, or its NSEC3 with one salt and number of iterations. */
export type ChainId = string;

export type DenialRanges = {
  /** Whether anything is kept of the zone. */
  has(zone: Name): boolean;
  /** Keeps a record at its place in the chain, until its TTL or `notAfter` ends. */
  put(zone: Name, chain: ChainId, key: string, set: RRset, notAfter: number): void;
  /** The fresh record at `key` or, where there is none, the last before it; round the end where `wraps` says so. */
  find(zone: Name, chain: ChainId, key: string, wraps: boolean): RRset | undefined;
  /** The chains that are kept of the zone. */
  chains(zone: Name): readonly ChainId[];
  /** The SOA of the zone, its TTL that of a denial (RFC 2308 §5). */
  putSoa(zone: Name, soa: RRset, notAfter: number): void;
  soa(zone: Name): RRset | undefined;
  /** A set at a wildcard, owner `*.…`. */
  putWildcard(zone: Name, set: RRset, notAfter: number): void;
  wildcard(zone: Name, owner: Name, type: number): RRset | undefined;
  /** Everything that could speak of the name or of names below it; how many records that were. */
  forget(name: Name): number;
  clear(): number;
  statistics(): TableStatistics;
};

type Zone = {
  readonly chains: Map<ChainId, DenialChain>;
  readonly wildcards: Map<string, Kept>;
  soa: Kept | undefined;
  bytes: number;
};

/** While a zone changes its salt it has two chains of NSEC3, while it changes from NSEC to NSEC3 one of each. */
const MAX_CHAINS = 2;
const MAX_WILDCARDS = 100;
/** No single zone may have more than this part of all memory. */
const PART_OF_ONE_ZONE = 4;

export function createDenialRanges(maxBytes: number, bounds: TtlBounds, clock: Clock): DenialRanges {
  const counts = { hits: 0, misses: 0, evictions: 0 };
  const zones = new LRUCache<Name, Zone>({
    maxSize: maxBytes,
    sizeCalculation: (zone) => zone.bytes,
    dispose: (zone, _apex, reason) => {
      if (reason === 'evict') counts.evictions += recordsOf(zone);
    },
  });
  const fresh = (kept: Kept | undefined): RRset | undefined => {
    const now = clock.now();
    if (kept === undefined || kept.expiresAt <= now) return undefined;
    return withTtl(kept.set, remainingTtl(kept.set.ttl, kept.expiresAt, now));
  };
  const keep = (set: RRset, ttl: number, notAfter: number): Kept | undefined => {
    const now = clock.now();
    const expiresAt = expiryOf(now, ttl, notAfter);
    if (expiresAt <= now) return undefined;
    const own = { ...ownRRset(set), ttl };
    return { set: own, expiresAt, bytes: ENTRY_BYTES + rrsetBytes(own) };
  };
  const change = (apex: Name, by: (zone: Zone) => void): void => {
    const zone = zones.peek(apex) ?? emptyZone(apex);
    by(zone);
    while (zone.bytes > maxBytes / PART_OF_ONE_ZONE && removeOldest(zone)) counts.evictions++;
    // lru-cache weighs an entry only when it is new.
    zones.delete(apex);
    zones.set(ownName(apex), zone);
  };

  return {
    has: (zone) => zones.has(zone),
    chains: (zone) => [...(zones.peek(zone)?.chains.keys() ?? [])],

    put(apex, chainId, key, set, notAfter) {
      const kept = keep(set, bounds.negativeTtl(set.owner, set.ttl, Infinity), notAfter);
      if (kept === undefined) return;
      change(apex, (zone) => {
        const chain = zone.chains.get(chainId) ?? startChain(zone, chainId);
        zone.bytes += chain.put(key, { ...kept, bytes: kept.bytes + SLOT_BYTES + 2 * textBytes(key) });
      });
    },

    find(apex, chainId, key, wraps) {
      const found = fresh(zones.get(apex)?.chains.get(chainId)?.find(key, wraps));
      if (found === undefined) counts.misses++;
      else counts.hits++;
      return found;
    },

    putSoa(apex, soa, notAfter) {
      const kept = keep(soa, bounds.negativeTtl(apex, soa.ttl, minimumOf(soa)), notAfter);
      if (kept === undefined) return;
      change(apex, (zone) => {
        zone.bytes += kept.bytes - (zone.soa?.bytes ?? 0);
        zone.soa = kept;
      });
    },
    soa: (apex) => fresh(zones.peek(apex)?.soa),

    putWildcard(apex, set, notAfter) {
      const kept = keep(set, bounds.positiveTtl(set.owner, set.ttl), notAfter);
      if (kept === undefined) return;
      change(apex, (zone) => putWildcard(zone, kept));
    },
    wildcard: (apex, owner, type) => fresh(zones.peek(apex)?.wildcards.get(wildcardKey(owner, type))),

    forget(name) {
      let removed = 0;
      for (const [apex, zone] of zones.entries()) {
        if (!isAtOrBelow(apex, name) && !isAtOrBelow(name, apex)) continue;
        removed += recordsOf(zone);
        zones.delete(apex);
      }
      return removed;
    },

    clear() {
      const removed = sumOf(zones, recordsOf);
      zones.clear();
      return removed;
    },

    statistics: () => ({
      entries: sumOf(zones, recordsOf),
      names: zones.size,
      bytes: zones.calculatedSize,
      maxBytes,
      ...counts,
      swept: 0,
    }),
  };
}

function emptyZone(apex: Name): Zone {
  return { chains: new Map(), wildcards: new Map(), soa: undefined, bytes: SLOT_BYTES + nameBytes(apex) };
}

function startChain(zone: Zone, chainId: ChainId): DenialChain {
  for (const [oldest, former] of zone.chains) {
    if (zone.chains.size < MAX_CHAINS) break;
    zone.bytes -= former.bytes();
    zone.chains.delete(oldest);
  }
  const chain = new DenialChain();
  zone.chains.set(chainId, chain);
  return chain;
}

function putWildcard(zone: Zone, kept: Kept): void {
  const key = wildcardKey(kept.set.owner, kept.set.type);
  zone.bytes += kept.bytes - (zone.wildcards.get(key)?.bytes ?? 0);
  zone.wildcards.delete(key);
  zone.wildcards.set(key, kept);
  if (zone.wildcards.size > MAX_WILDCARDS) removeOldestWildcard(zone);
}

/** False when nothing is left to remove. */
function removeOldest(zone: Zone): boolean {
  for (const chain of zone.chains.values()) {
    const freed = chain.removeOldest();
    zone.bytes -= freed;
    if (freed > 0) return true;
  }
  return removeOldestWildcard(zone);
}

function removeOldestWildcard(zone: Zone): boolean {
  for (const [key, { bytes }] of zone.wildcards) {
    zone.wildcards.delete(key);
    zone.bytes -= bytes;
    return true;
  }
  return false;
}

function wildcardKey(owner: Name, type: number): string {
  return String.fromCharCode(type) + owner;
}

function recordsOf({ chains, wildcards, soa }: Zone): number {
  let count = wildcards.size + (soa === undefined ? 0 : 1);
  for (const chain of chains.values()) count += chain.size;
  return count;
}

function sumOf(zones: LRUCache<Name, Zone>, of: (zone: Zone) => number): number {
  let sum = 0;
  for (const zone of zones.values()) sum += of(zone);
  return sum;
}
