/**
 * Denials: that a name does not exist (NXDOMAIN), or has no records of a type (NODATA), with the SOA that says until
 * when (RFC 2308 §5).
 *
 * An NXDOMAIN stored for a name answers every type at it, and names below it only when it is secure. Which
 * response is a denial, and what to do with one that has no SOA, is for the walk; it does not come here.
 */

import { ROOT, parentOf, type Name } from '../dns/name.ts';
import { firstRdata, sameOctets, withTtl, type RRset } from '../dns/rrset.ts';
import type { Security } from '../query/security.ts';
import type { Clock } from '../system/clock.ts';
import { forgetRecords } from './contradictions.ts';
import { ENTRY_BYTES, ownName, ownRRset, ownRRsets, provenanceBytes, rrsetBytes, rrsetsBytes } from './heap-size.ts';
import { EVERY_TYPE, type Entry, type NameTable } from './name-table.ts';
import type { Provenance, StoredRRset } from './rrset-cache.ts';
import { expiryOf, remainingTtl, type TtlBounds } from './ttl-bounds.ts';

export type Denial = {
  readonly kind: 'nxdomain' | 'nodata';
  /** Its TTL is what remains, at least 1 (RFC 2308 §5: it goes into the reply, counted down). */
  readonly soa: RRset;
  readonly provenance: Provenance;
  /** What was proved of it; undefined while nobody has looked. */
  readonly security: Security | undefined;
  /** The NSEC or NSEC3 sets that came with it (RFC 4035 §3.1.3). */
  readonly proof: readonly RRset[];
};

export type DenialCache = {
  get(qname: Name, qtype: number): Denial | undefined;
  /**
   * An NXDOMAIN of a name above. RFC 8020 §2 has it deny every name below; we take it so only when it is secure, since
   * careless servers say NXDOMAIN for empty non-terminals.
   */
  secureAbove(qname: Name): Denial | undefined;
  /** Keeps a denial for the lesser of the SOA's TTL and its MINIMUM; with 0 it only ends what it contradicts. */
  put(
    qname: Name,
    qtype: number,
    kind: Denial['kind'],
    soa: RRset,
    provenance: Provenance,
    proof?: readonly RRset[],
  ): void;
  /**
   * Remembers what was proved of a denial, and of the proof what was needed for it; without effect when another stands
   * there by now.
   */
  judge(
    qname: Name,
    qtype: number,
    of: { readonly soa: RRset; readonly proof: readonly RRset[] },
    security: Security,
    notAfter: number,
    needed?: readonly RRset[],
  ): void;
};

export type StoredDenial = Entry &
  Omit<Denial, 'security' | 'proof'> & { security: Security | undefined; proof: readonly RRset[] };

export function createDenialCache(
  tables: { rrsets: NameTable<StoredRRset>; denials: NameTable<StoredDenial> },
  bounds: TtlBounds,
  clock: Clock,
): DenialCache {
  return {
    get(qname, qtype) {
      const now = clock.now();
      const stored = tables.denials.find(qname, qtype, now);
      return stored === undefined ? undefined : toDenial(stored, now);
    },

    secureAbove(qname) {
      const now = clock.now();
      for (let above = qname; above !== ROOT;) {
        above = parentOf(above);
        const stored = tables.denials.peek(above, EVERY_TYPE, now);
        if (stored?.security?.state === 'secure') return toDenial(stored, now);
      }
      return undefined;
    },

    put(qname, qtype, kind, soa, provenance, proof = []) {
      const now = clock.now();
      const type = kind === 'nxdomain' ? EVERY_TYPE : qtype;
      forgetRecords(tables.rrsets, qname, type);
      const ttl = bounds.negativeTtl(qname, soa.ttl, minimumOf(soa));
      if (ttl > 0) {
        const own = { ...ownRRset(soa), ttl };
        const kept = { kind, soa: own, provenance, proof: ownRRsets(proof), security: undefined };
        const bytes = ENTRY_BYTES + rrsetBytes(own) + provenanceBytes(provenance) + rrsetsBytes(kept.proof);
        tables.denials.put(ownName(qname), { type, expiresAt: expiryOf(now, ttl), bytes, ...kept }, now);
      } else {
        tables.denials.remove(qname, (stored) => type === EVERY_TYPE || stored.type === type);
      }
    },

    judge(qname, qtype, { soa, proof }, security, notAfter, needed) {
      const stored = tables.denials.peek(qname, qtype, clock.now());
      if (stored === undefined || !isSameProof([stored.soa, ...stored.proof], [soa, ...proof])) return;
      stored.security = security;
      if (needed !== undefined) stored.proof = ownRRsets(needed);
      stored.expiresAt = Math.min(stored.expiresAt, Math.floor(notAfter));
    },
  };
}

export function toDenial(stored: StoredDenial, now: number): Denial {
  const soa = withTtl(stored.soa, remainingTtl(stored.soa.ttl, stored.expiresAt, now));
  const { kind, provenance, security, proof } = stored;
  return { kind, soa, provenance, security, proof };
}

/** MINIMUM, the last four octets of the SOA's RDATA (RFC 1035 §3.3.13); 0 for RDATA that cannot be a SOA's. */
export function minimumOf(soa: RRset): number {
  const rdata = firstRdata(soa);
  if (rdata.length < 22) return 0;
  const minimum = new DataView(rdata.buffer, rdata.byteOffset).getUint32(rdata.length - 4);
  // RFC 2181 §8: a value with its top bit set is taken as 0.
  return minimum > 0x7fffffff ? 0 : minimum;
}

function isSameProof(a: readonly RRset[], b: readonly RRset[]): boolean {
  return a.length === b.length && a.every((set, i) => sameOctets(set.packed, b[i].packed));
}
