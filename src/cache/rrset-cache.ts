/**
 * RRsets that servers told us, each with how far it is believed and who said it.
 *
 * Decides which of two sets for the same owner and type stands (RFC 2181 §5.4.1) and for how long. Whether a server
 * may say a record at all is bailiwick.ts; denials are negative-cache.ts; the zone cuts that the walk goes by are
 * delegation-cache.ts, and nothing here leads a walk to a server of a zone by NS records.
 *
 * RFC 2181 §5 (RRsets), §8 (TTL); RFC 1035 §3.2.1 (TTL 0).
 */

import type { Name } from '../dns/name.ts';
import { sameOctets, type RRset } from '../dns/rrset.ts';
import type { Security } from '../query/security.ts';
import type { Clock } from '../system/clock.ts';
import { forgetDenials } from './contradictions.ts';
import { mayAnswer, mayReplace, type Credibility } from './credibility.ts';
import {
  ENTRY_BYTES,
  OBJECT_BYTES,
  octetsBytes,
  ownRRset,
  ownRRsets,
  provenanceBytes,
  rrsetsBytes,
} from './heap-size.ts';
import type { Entry, NameTable } from './name-table.ts';
import { expiryOf, remainingTtl, type TtlBounds } from './ttl-bounds.ts';

/** Who said it: the server's address, the zone it was asked for, and the walk that asked. */
export type Provenance = { readonly server: string; readonly zone: Name; readonly walkId: string };

export type CachedRRset = {
  /** Its TTL is what remains, at least 1. */
  readonly rrset: RRset;
  readonly credibility: Credibility;
  readonly provenance: Provenance;
  readonly ageMs: number;
  /** What was proved of it; undefined while nobody has looked. */
  readonly security: Security | undefined;
  /** NSEC or NSEC3 sets that came along: they prove that a wildcard was to be expanded (RFC 4035 §3.1.3.3). */
  readonly proof: readonly RRset[];
};

export type RRsetCache = {
  /** The fresh set; also one that may not answer a client (`mayAnswer`). */
  get(owner: Name, type: number): CachedRRset | undefined;
  /**
   * Keeps a set, at the latest until `notAfter` (by the clock, in ms). False when a fresh set stands there that is
   * believed more: then nothing has changed. A set with TTL 0 takes the place of what stood there and is gone at once.
   */
  put(
    rrset: RRset,
    credibility: Credibility,
    provenance: Provenance,
    more?: { readonly notAfter?: number; readonly proof?: readonly RRset[] },
  ): boolean;
  /**
   * Remembers what was proved of a set, that it holds no longer than `notAfter`, and of the proof that came along what
   * was needed. Without effect when other records stand there by now.
   */
  judge(rrset: RRset, security: Security, notAfter: number, proof?: readonly RRset[]): void;
};

/** The set's own fields stand in the entry, `ttl` being what it is kept for: one object fewer to fetch from memory. */
export type StoredRRset = Entry &
  RRset & {
    readonly credibility: Credibility;
    readonly provenance: Provenance;
    /** By the monotonic clock, in whole ms. */
    readonly storedAt: number;
    proof: readonly RRset[];
    security: Security | undefined;
  };

export function createRRsetCache<D extends Entry>(
  tables: { rrsets: NameTable<StoredRRset>; denials: NameTable<D> },
  bounds: TtlBounds,
  clock: Clock,
): RRsetCache {
  return {
    get(owner, type) {
      const now = clock.now();
      const stored = tables.rrsets.find(owner, type, now);
      return stored === undefined ? undefined : toCachedRRset(stored, now);
    },

    put(rrset, credibility, provenance, { notAfter = Infinity, proof = [] } = {}) {
      const now = clock.now();
      const { owner, type } = rrset;
      const standing = tables.rrsets.peek(owner, type, now);
      if (standing !== undefined && !mayReplace(credibility, standing.credibility)) return false;
      if (mayAnswer(credibility)) forgetDenials(tables.denials, owner, type);
      const ttl = bounds.positiveTtl(owner, rrset.ttl);
      const expiresAt = expiryOf(now, ttl, notAfter);
      if (expiresAt > now) {
        const own = ownRRset(rrset);
        const said = { credibility, provenance, proof: ownRRsets(proof), security: undefined };
        const bytes = bytesOf(own) + provenanceBytes(provenance) + rrsetsBytes(said.proof);
        tables.rrsets.put(own.owner, { ...own, ttl, expiresAt, bytes, storedAt: Math.floor(now), ...said }, now);
      } else {
        tables.rrsets.remove(owner, (stored) => stored.type === type);
      }
      return true;
    },

    judge({ owner, type, packed }, security, notAfter, proof) {
      const stored = tables.rrsets.peek(owner, type, clock.now());
      if (stored === undefined || !sameOctets(stored.packed, packed)) return;
      stored.security = security;
      if (proof !== undefined) stored.proof = ownRRsets(proof);
      stored.expiresAt = Math.min(stored.expiresAt, Math.floor(notAfter));
    },
  };
}

function bytesOf({ packed, signatures }: RRset): number {
  const bytes = ENTRY_BYTES + octetsBytes(packed);
  return signatures === undefined ? bytes : bytes + OBJECT_BYTES + octetsBytes(signatures.packed);
}

export function toCachedRRset(stored: StoredRRset, now: number): CachedRRset {
  const { credibility, provenance, security, proof } = stored;
  return { rrset: toRRset(stored, now), credibility, provenance, ageMs: now - stored.storedAt, security, proof };
}

/** Without what the entry says of it: it is handed on, and need not carry that along. */
function toRRset({ owner, type, ttl, expiresAt, count, packed, signatures }: StoredRRset, now: number): RRset {
  const set = { owner, type, ttl: remainingTtl(ttl, expiresAt, now), count, packed };
  return signatures === undefined ? set : { ...set, signatures };
}
