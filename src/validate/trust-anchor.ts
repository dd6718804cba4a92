/**
 * The trust anchors: what is believed without proof, from text in the form of a master file with DS or DNSKEY records
 * for one or more zones (RFC 4033 §2). root-hints/root-anchors.ds is such a file.
 *
 * Which anchor counts for a name is decided here; how anchors change over time (RFC 5011) is not.
 */

import { isAtOrBelow, nameToText, type Name } from '../dns/name.ts';
import { Type, typeToText } from '../dns/record-type.ts';
import { parseZoneText, type ZoneProblem, type ZoneRecord } from '../dns/zone-text.ts';
import { isRevoked, isZoneKey, readDnskey, type Dnskey } from './dnskey.ts';
import { readDs, type Ds } from './ds.ts';
import type { TrustPoint } from './key-set.ts';

/** The anchors by zone; lines that are none are problems, and the others still count. */
export function readTrustAnchors(text: string): { anchors: TrustPoint[]; problems: ZoneProblem[] } {
  // The TTL of an anchor means nothing; files have it or not.
  const { records, problems } = parseZoneText(text, { defaultTtl: 0 });
  const byZone = new Map<Name, { zone: Name; ds: Ds[]; keys: Dnskey[] }>();
  for (const record of records) {
    const why = whyNoAnchor(record);
    if (why !== undefined) {
      problems.push({ line: record.line, why });
      continue;
    }
    const { owner: zone } = record;
    const anchor = byZone.get(zone) ?? { zone, ds: [], keys: [] };
    byZone.set(zone, anchor);
    if (record.type === Type.DS) anchor.ds.push(readDs(record.rdata)!);
    else anchor.keys.push(readDnskey(record.rdata)!);
  }
  return { anchors: [...byZone.values()], problems: problems.sort((a, b) => a.line - b.line) };
}

function whyNoAnchor({ owner, type, rdata }: ZoneRecord): string | undefined {
  if (type === Type.DS) return readDs(rdata) === undefined ? 'the DS record is too short' : undefined;
  if (type !== Type.DNSKEY)
    return `${nameToText(owner)} ${typeToText(type)} is no trust anchor: only DS and DNSKEY are`;
  const key = readDnskey(rdata);
  if (key === undefined) return 'the DNSKEY record is too short';
  if (!isZoneKey(key)) return `key ${key.tag} is not a zone key (RFC 4034 §2.1.1)`;
  return isRevoked(key) ? `key ${key.tag} is revoked (RFC 5011 §2.1)` : undefined;
}

/** The deepest anchor at or above the name (RFC 4035 §4.2 leaves the choice; the closest was put there on purpose). */
export function anchorFor(name: Name, anchors: readonly TrustPoint[]): TrustPoint | undefined {
  let closest: TrustPoint | undefined;
  for (const anchor of anchors) {
    if (!isAtOrBelow(name, anchor.zone)) continue;
    if (closest === undefined || anchor.zone.length > closest.zone.length) closest = anchor;
  }
  return closest;
}
