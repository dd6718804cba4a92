/**
 * A small internet from a plan: which zones there are, at which addresses, and which servers misbehave. Delegations,
 * glue, NS and SOA records follow from the plan, so that it says only what a scenario is about.
 *
 * What follows, unless the plan says otherwise:
 * - A zone is delegated by the deepest zone above it, to the servers it is at. Glue is sent for servers named at or
 *   below the zone itself, and for no others (RFC 9471 §2.1, §2.2).
 * - A server given by address alone is called `ns1`, `ns2`, … in its zone (of the root: `ns1.root.`).
 * - The addresses of a server's name stand in the deepest zone that the name belongs to.
 * - `delegates` gives the parent's own view, with exactly the glue written there, and the child agrees with its names.
 * - A zone with `signed` is signed (signer.ts), and the zone above it, where that is signed too, has its DS set.
 *
 * The result has no network yet: memory-network.ts or loopback-server.ts takes the hosts.
 */

import { ROOT, isAtOrBelow, isBelow, name, nameToText, nameToWire, parentOf, type Name } from '../dns/name.ts';
import { rdataFromText, rdataToText } from '../dns/presentation.ts';
import { Type } from '../dns/record-type.ts';
import { rdataOf } from '../dns/rrset.ts';
import { addressSets } from './address-sets.ts';
import { createLabServer, type LabServer } from './lab-server.ts';
import type { Misbehaviour, NamedServer } from './misbehaviour.ts';
import { planTampering, signedPlan, type PlannedTampering, type SignedPlan } from './signed-plan.ts';
import { delegationSigners, signZone } from './signer.ts';
import { createZone, readZoneText, type Zone, type ZoneData } from './zone.ts';

/** An address, several, or addresses by server name (none means: without addresses). */
export type ServersPlan = string | readonly string[] | Readonly<Record<string, string | readonly string[]>>;

export type ZonePlan = {
  readonly at: ServersPlan;
  /** Children as this zone sees them, by name; for those that are not declared, or whose servers it has wrong. */
  readonly delegates?: Readonly<Record<string, ServersPlan>>;
  /** Master file text; relative names belong to the zone, the TTL is 300 unless given. */
  readonly records?: string;
  /** The NS set the zone itself has, where the parent says something else. */
  readonly ns?: ServersPlan;
  /** TTL of the zone's own NS set and of its servers' addresses. */
  readonly nsTtl?: number;
  /** TTL of the NS sets and glue it refers with. */
  readonly delegationTtl?: number;
  /** False leaves the SOA out. */
  readonly soa?: boolean;
  /** True: ECDSA P-256, two keys, NSEC. */
  readonly signed?: boolean | SignedPlan;
};

export type ServerPlan = { readonly misbehaviour?: readonly Misbehaviour[]; readonly latencyMs?: number };

export type InternetPlan = {
  /** By apex. */
  readonly zones: Readonly<Record<string, ZonePlan>>;
  /** By address; only those that are more than an ordinary server of their zones. */
  readonly servers?: Readonly<Record<string, ServerPlan>>;
  /** Of servers that have none of their own. */
  readonly latencyMs?: number;
};

export type Host = { readonly address: string; readonly server: LabServer; readonly latencyMs: number };
export type Internet = {
  readonly hosts: readonly Host[];
  readonly hints: readonly NamedServer[];
  /** DS records of the signed root, as a master file; empty where the root is not signed. */
  readonly trustAnchors: string;
  /** By apex. */
  readonly zones: ReadonlyMap<Name, Zone>;
};

/** Says when zones are signed. */
export type SigningTime = { wallMs(): number };
/** Where nobody turns a clock: the day on which simulated time begins. */
const NEW_YEAR: SigningTime = { wallMs: () => Date.UTC(2026, 0, 1) };

const DEFAULT_LATENCY_MS = 10;
const NS_TTL = 3600;
const RECORD_TTL = 300;

export function planInternet(plan: InternetPlan, around: SigningTime = NEW_YEAR): Internet {
  const layout = layOut(plan);
  const signedAt = Math.floor(around.wallMs() / 1000);
  const zones = new Map([...layout.zones.keys()].map((apex) => [apex, buildZone(layout, apex, signedAt)]));
  const zonesAt = new Map<string, Zone[]>(Object.keys(plan.servers ?? {}).map((address) => [address, []]));
  const brokenAt = new Map<string, Misbehaviour[]>();
  for (const [apex, zone] of layout.zones) {
    const { misbehaviour: broken = [] } = layout.tampering.all(apex);
    for (const address of namedServers(apex, zone.at).flatMap((server) => server.addresses)) {
      zonesAt.set(address, [...(zonesAt.get(address) ?? []), zones.get(apex)!]);
      brokenAt.set(address, [...(brokenAt.get(address) ?? []), ...broken]);
    }
  }
  const hosts = [...zonesAt].map(([address, served]): Host => {
    const { misbehaviour = [], latencyMs = plan.latencyMs ?? DEFAULT_LATENCY_MS } = plan.servers?.[address] ?? {};
    return {
      address,
      latencyMs,
      server: createLabServer(
        served,
        [...(brokenAt.get(address) ?? []), ...misbehaviour].map((deed) => withServers(layout, deed)),
      ),
    };
  });
  return {
    hosts,
    hints: layout.zones.has(ROOT) ? withAddresses(layout, layout.ownServers(ROOT)) : [],
    trustAnchors: trustAnchors(layout),
    zones,
  };
}

function trustAnchors({ zones, tampering }: Layout): string {
  const plan = signedPlan(zones.get(ROOT));
  if (plan === undefined) return '';
  const ds = delegationSigners(ROOT, plan, tampering.own(ROOT));
  return ds.map((rdata) => `. ${NS_TTL} IN DS ${rdataToText(Type.DS, rdata)}\n`).join('');
}

type Delegation = { readonly parent: Name; readonly child: Name; readonly servers: readonly NamedServer[] };

/** The plan with everything that follows from it, before records are made. */
type Layout = {
  readonly zones: ReadonlyMap<Name, ZonePlan>;
  readonly delegations: readonly Delegation[];
  ownServers(apex: Name): readonly NamedServer[];
  /** Addresses of every server's name. */
  readonly addresses: ReadonlyMap<Name, readonly string[]>;
  readonly tampering: PlannedTampering;
};

function layOut(plan: InternetPlan): Layout {
  const zones = new Map(Object.entries(plan.zones).map(([apex, zone]) => [name(apex), zone]));
  const stated = [...zones].flatMap(([parent, { delegates = {} }]) =>
    Object.entries(delegates).map(([text, servers]): Delegation => {
      const child = name(text);
      return { parent, child, servers: namedServers(child, servers) };
    }),
  );
  const isStated = (apex: Name): boolean => stated.some(({ child }) => child === apex);
  const implied = [...zones].flatMap(([child, { at }]): Delegation[] => {
    const parent = child === ROOT || isStated(child) ? undefined : enclosingZone(zones, parentOf(child));
    if (parent === undefined) return [];
    const servers = namedServers(child, at).map((server) =>
      isAtOrBelow(server.name, child) ? server : glueless(server),
    );
    return [{ parent, child, servers }];
  });
  const ownServers = (apex: Name): readonly NamedServer[] => {
    const { ns, at } = zones.get(apex)!;
    if (ns !== undefined) return namedServers(apex, ns);
    return stated.find(({ child }) => child === apex)?.servers ?? namedServers(apex, at);
  };
  const addresses = new Map<Name, readonly string[]>();
  const learn = (servers: readonly NamedServer[]): void => {
    for (const server of servers) {
      if (server.addresses.length > 0 && !addresses.has(server.name)) addresses.set(server.name, server.addresses);
    }
  };
  // Where a server is, the zone that is there knows best; where only addresses are given, their names are the parent's.
  for (const [apex, { at }] of zones) if (!isStated(apex) || hasNames(at)) learn(namedServers(apex, at));
  for (const apex of zones.keys()) learn(ownServers(apex));
  for (const { servers } of stated) learn(servers);
  const delegations = [...stated, ...implied];
  return { zones, delegations, ownServers, addresses, tampering: planTampering(zones, delegations) };
}

function hasNames(servers: ServersPlan): servers is Readonly<Record<string, string | readonly string[]>> {
  return typeof servers === 'object' && !Array.isArray(servers);
}

function namedServers(apex: Name, servers: ServersPlan): NamedServer[] {
  if (!hasNames(servers)) {
    const home = apex === ROOT ? 'root.' : nameToText(apex);
    return [servers].flat().map((address, i) => ({ name: name(`ns${i + 1}.${home}`), addresses: [address] }));
  }
  return Object.entries(servers).map(([text, addresses]) => ({ name: name(text), addresses: [addresses].flat() }));
}

function glueless(server: NamedServer): NamedServer {
  return { name: server.name, addresses: [] };
}

/** The deepest declared zone that a name belongs to. */
function enclosingZone(zones: ReadonlyMap<Name, ZonePlan>, from: Name): Name | undefined {
  for (let node = from; ; node = parentOf(node)) {
    if (zones.has(node)) return node;
    if (node === ROOT) return undefined;
  }
}

function withAddresses(layout: Layout, servers: readonly NamedServer[]): NamedServer[] {
  return servers.map((server) => ({ name: server.name, addresses: layout.addresses.get(server.name) ?? [] }));
}

/** A referral to a zone of the plan names the zone's servers. */
function withServers(layout: Layout, deed: Misbehaviour): Misbehaviour {
  if (deed.kind !== 'refers' || deed.servers !== undefined || !layout.zones.has(deed.to)) return deed;
  return { ...deed, servers: withAddresses(layout, layout.ownServers(deed.to)) };
}

function buildZone(layout: Layout, apex: Name, signedAt: number): Zone {
  const plan = layout.zones.get(apex)!;
  const written = readZoneText(apex, plan.records ?? '', RECORD_TTL);
  const has = (owner: Name, type: number): boolean =>
    written.some((record) => record.owner === owner && record.type === type);
  const own = layout.ownServers(apex);
  const signing = signedPlan(plan);
  const { nsTtl = NS_TTL, delegationTtl = NS_TTL } = plan;
  const records = [...written];
  if (plan.soa !== false && !has(apex, Type.SOA)) records.push(startOfAuthority(apex, own));
  if (!has(apex, Type.NS)) records.push(...nsRecords(apex, nsTtl, own));
  for (const { parent, child, servers } of layout.delegations) {
    if (parent !== apex) continue;
    records.push(...delegationRecords(apex, child, delegationTtl, servers));
    if (signing !== undefined && !has(child, Type.DS)) records.push(...dsRecords(layout, child, delegationTtl));
  }
  for (const [owner, addresses] of layout.addresses) {
    const isWritten = has(owner, Type.A) || has(owner, Type.AAAA);
    if (enclosingZone(layout.zones, owner) === apex && !isWritten)
      records.push(...addressRecords(owner, nsTtl, addresses));
  }
  if (signing === undefined) return createZone(apex, records);
  return createZone(apex, signZone(apex, records, signing, signedAt, layout.tampering.all(apex)));
}

/** What the parent says of a child that is signed and wants it said. */
function dsRecords({ zones, tampering }: Layout, child: Name, ttl: number): ZoneData[] {
  const plan = signedPlan(zones.get(child));
  if (plan === undefined || plan.inParent === false) return [];
  const ds = delegationSigners(child, plan, tampering.own(child));
  return ds.map((rdata) => ({ owner: child, type: Type.DS, ttl, rdata }));
}

function startOfAuthority(apex: Name, servers: readonly NamedServer[]): ZoneData {
  const primary = nameToText(servers[0]?.name ?? apex);
  const words = [primary, 'hostmaster', '1', '7200', '3600', '1209600', '300'];
  return { owner: apex, type: Type.SOA, ttl: NS_TTL, rdata: rdataFromText(Type.SOA, words, apex) as Uint8Array };
}

function nsRecords(owner: Name, ttl: number, servers: readonly NamedServer[]): ZoneData[] {
  return servers.map((server) => ({ owner, type: Type.NS, ttl, rdata: nameToWire(server.name) }));
}

/** Glue can only be what belongs to the parent's own tree. */
function delegationRecords(apex: Name, child: Name, ttl: number, servers: readonly NamedServer[]): ZoneData[] {
  if (!isBelow(child, apex)) throw new TypeError(`${nameToText(apex)} cannot delegate ${nameToText(child)}`);
  const inside = servers.filter((server) => isAtOrBelow(server.name, apex));
  const glue = inside.flatMap((server) => addressRecords(server.name, ttl, server.addresses));
  return [...nsRecords(child, ttl, servers), ...glue];
}

function addressRecords(owner: Name, ttl: number, addresses: readonly string[]): ZoneData[] {
  return addressSets(owner, ttl, addresses).flatMap((set) =>
    rdataOf(set).map((rdata) => ({ owner, type: set.type, ttl, rdata })),
  );
}
