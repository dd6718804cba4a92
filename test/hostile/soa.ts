/** A start of authority, for denials that are put into a cache by hand. */

import { name, nameToWire } from '../../src/dns/name.ts';
import { Type } from '../../src/dns/record-type.ts';
import { rrset, type RRset } from '../../src/dns/rrset.ts';

export function soaSet(zone: string, ttl = 300): RRset {
  const numbers = [1, 7200, 3600, 1_209_600, ttl].flatMap((word) => [
    word >>> 24,
    (word >>> 16) & 255,
    (word >>> 8) & 255,
    word & 255,
  ]);
  const rdata = Uint8Array.from([...nameToWire(name(`ns.${zone}`)), ...nameToWire(name(`h.${zone}`)), ...numbers]);
  return rrset(name(zone), Type.SOA, ttl, [rdata]);
}
