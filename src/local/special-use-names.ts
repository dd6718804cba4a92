/**
 * Answers names that RFCs keep out of the public DNS, so that they are not leaked to the root and its servers are
 * spared (RFC 6761, RFC 6303). Which names, is data: special-use-zones.ts.
 *
 * Local records and the hosts file come before: what the operator says of a name is heard first. So does a zone of his
 * with servers of its own (stub, forward) at or below such a name: questions in it pass, and the names above it are
 * denied only as far as that leaves it reachable.
 */

import { ErrorCode, type ExtendedError } from '../dns/extended-error.ts';
import { ROOT, isAtOrBelow, isBelow, name, nameToText, nameToWire, parentOf, type Name } from '../dns/name.ts';
import { Class, Type } from '../dns/record-type.ts';
import { rrset, type RRset } from '../dns/rrset.ts';
import { PASS, type Stage, type StageResult } from '../query/stage.ts';
import { localAnswer, localDenial, ownSoa } from './local-reply.ts';
import { specialUseZones, type SpecialUseGroup, type SpecialUseZone } from './special-use-zones.ts';

/** RFC 6303 §3: three hours. */
const TTL = 10_800;

export type SpecialUseOptions = {
  readonly isEnabled: Readonly<Record<SpecialUseGroup, boolean>>;
  /** Zones that are configured with servers to ask. */
  readonly configuredZones: readonly Name[];
};

export function createSpecialUseNames({ isEnabled, configuredZones }: SpecialUseOptions): Stage {
  const zones = new Map(specialUseZones.filter(({ group }) => isEnabled[group]).map((zone) => [zone.zone, zone]));

  return ({ question: { qname, qtype, qclass } }) => {
    if (qclass !== Class.IN || qname === ROOT) return PASS;
    const zone = findZone(zones, qname);
    if (zone === undefined) return PASS;
    if (zone.isDelegated && qtype === Type.DS && qname === zone.zone) return PASS;
    const within = configuredZones.filter((configured) => isAtOrBelow(configured, zone.zone));
    if (within.some((configured) => isAtOrBelow(qname, configured))) return PASS;
    const hasNamesBelow = within.some((configured) => isBelow(configured, qname));
    return answerFrom(zone, qname, qtype, hasNamesBelow);
  };
}

function findZone(zones: ReadonlyMap<Name, SpecialUseZone>, qname: Name): SpecialUseZone | undefined {
  for (let at = qname; at !== ROOT; at = parentOf(at)) {
    const zone = zones.get(at);
    if (zone !== undefined) return zone;
  }
  return undefined;
}

function answerFrom(zone: SpecialUseZone, qname: Name, qtype: number, hasNamesBelow: boolean): StageResult {
  const soa = ownSoa(zone.zone, TTL);
  const records = recordsOf(zone, qname, qtype, soa);
  if (records !== undefined) return localAnswer('special-use', [records]);
  const exists = qname === zone.zone || hasNamesBelow || everyNameExists(zone) || isPathToPointer(zone, qname);
  return localDenial('special-use', exists ? 'nodata' : 'nxdomain', soa, explain(zone));
}

function recordsOf({ zone, content }: SpecialUseZone, qname: Name, qtype: number, soa: RRset): RRset | undefined {
  if (content === 'loopback' && qtype === Type.A) return rrset(qname, qtype, TTL, [loopback4]);
  if (content === 'loopback' && qtype === Type.AAAA) return rrset(qname, qtype, TTL, [loopback6]);
  if (typeof content === 'object' && qtype === Type.PTR && qname === content.pointer) {
    return rrset(qname, qtype, TTL, [nameToWire(LOCALHOST)]);
  }
  if (qname !== zone) return undefined;
  if (qtype === Type.SOA) return soa;
  // RFC 6303 §3: the zone names itself as its server, and an address for it does not exist.
  return qtype === Type.NS ? rrset(qname, qtype, TTL, [nameToWire(zone)]) : undefined;
}

const LOCALHOST = name('localhost.');
const loopback4 = Uint8Array.of(127, 0, 0, 1);
const loopback6 = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);

function everyNameExists({ content }: SpecialUseZone): boolean {
  return content === 'loopback' || content === 'nodata';
}

/** RFC 8020 §2: NXDOMAIN denies what is below, so it may not be said of an empty non-terminal. */
function isPathToPointer({ content }: SpecialUseZone, qname: Name): boolean {
  return typeof content === 'object' && isAtOrBelow(content.pointer, qname);
}

/** RFC 8914 §4.1: no code is for this, so the text says it. `localhost` and its like explain themselves. */
function explain({ zone, content, why }: SpecialUseZone): readonly ExtendedError[] {
  if (content === 'loopback') return [];
  return [{ code: ErrorCode.OTHER, text: `${nameToText(zone)} ${why}` }];
}
