/**
 * The servers that a walk can ask at one zone cut: learned from referrals (the cache holds them), from the root hints,
 * or configured for a stub or forward zone.
 *
 * Makes a delegation out of a referral, with the bounds of the budget; finds where a walk starts.
 */

import { ROOT, isAtOrBelow, isBelow, nameFromWire, nameToText, parentOf, type Name } from '../dns/name.ts';
import { Type } from '../dns/record-type.ts';
import { rdataOf, type RRset } from '../dns/rrset.ts';
import { addressToText } from '../dns/address.ts';
import type { Delegation, DelegationCache, NameServer } from '../cache/delegation-cache.ts';
import type { Random } from '../system/random.ts';

/** Servers of one zone as the walk asks them. */
export type ZoneServers = {
  readonly zone: Name;
  readonly servers: readonly NameServer[];
  /** Configured addresses without a name; asked as they are. */
  readonly addresses: readonly ConfiguredServer[];
  /** `forwarder`: they walk for us, so RD is set and they refer nowhere. */
  readonly role: 'authoritative' | 'forwarder';
  /** When the knowledge ends, clock ms; a deeper delegation learned through it ends with it. */
  readonly expiresAt: number;
};

export type ConfiguredServer = { readonly address: string; readonly port?: number };

/** A stub or forward zone of the configuration. */
export type ConfiguredZone = {
  readonly zone: Name;
  readonly addresses: readonly ConfiguredServer[];
  readonly kind: 'stub' | 'forward';
  /** Forward zones: walk when the forwarders fail. */
  readonly first: boolean;
};

export type Start = {
  readonly servers: ZoneServers;
  readonly from: 'hints' | 'cache' | 'stub' | 'forward';
  readonly configured?: ConfiguredZone;
};

/** RFC 1034 §5.3.3 step 2: the closest known servers to the name. The parent of a cut answers for DS (RFC 4035 §3.1.4.1). */
export function findStart(
  sname: Name,
  qtype: number,
  known: { delegations: DelegationCache; hints: Delegation; zones: readonly ConfiguredZone[] },
  options: { skipForward: boolean },
): Start {
  const below = qtype === Type.DS && sname !== ROOT ? parentOf(sname) : sname;
  const configured = closestConfigured(below, known.zones, options.skipForward);
  if (configured?.kind === 'forward') return { servers: fromConfigured(configured), from: 'forward', configured };
  const cached = known.delegations.closest(below);
  // What was learned below a stub zone leads on from it; for the zone itself the configuration decides.
  if (configured !== undefined && !(cached !== undefined && isBelow(cached.delegation.zone, configured.zone))) {
    return { servers: fromConfigured(configured), from: 'stub', configured };
  }
  if (cached !== undefined) {
    const start: Start = { servers: fromDelegation(cached.delegation, cached.expiresAt), from: 'cache' };
    return configured === undefined ? start : { ...start, configured };
  }
  return { servers: fromDelegation(known.hints, Infinity), from: 'hints' };
}

function closestConfigured(
  name: Name,
  zones: readonly ConfiguredZone[],
  skipForward: boolean,
): ConfiguredZone | undefined {
  let best: ConfiguredZone | undefined;
  for (const candidate of zones) {
    if (skipForward && candidate.kind === 'forward') continue;
    if (isAtOrBelow(name, candidate.zone) && (best === undefined || candidate.zone.length > best.zone.length))
      best = candidate;
  }
  return best;
}

export function fromDelegation(delegation: Delegation, expiresAt: number): ZoneServers {
  return { zone: delegation.zone, servers: delegation.servers, addresses: [], role: 'authoritative', expiresAt };
}

function fromConfigured({ zone, addresses, kind }: ConfiguredZone): ZoneServers {
  return {
    zone,
    servers: [],
    addresses,
    role: kind === 'forward' ? 'forwarder' : 'authoritative',
    expiresAt: Infinity,
  };
}

/**
 * The delegation that a referral makes: at most `most` server names, drawn at random when there are more so that a
 * long list cannot choose for us, each with the addresses that were sent along.
 */
export function delegationFrom(
  cut: RRset,
  glue: readonly RRset[],
  limits: { names: number; addresses: number },
  random: Random,
): Delegation {
  const names = [...new Set(rdataOf(cut).map((rdata) => nameFromWire(rdata)))];
  while (names.length > limits.names) names.splice(random.below(names.length), 1);
  const servers = names.map((name) => ({
    name,
    addresses: addressesOf(glue.filter((set) => set.owner === name)).slice(0, limits.addresses),
  }));
  return { zone: cut.owner, servers };
}

/** True when both name the same servers of the same zone, at the same addresses. */
export function sameServers(one: ZoneServers, other: ZoneServers): boolean {
  return one.zone === other.zone && one.role === other.role && serversToText(one) === serversToText(other);
}

function serversToText({ servers, addresses }: ZoneServers): string {
  const named = servers.map((server) => [server.name, ...[...server.addresses].sort()].join(' '));
  return [...named.sort(), ...addresses.map(({ address, port }) => `${address} ${port}`)].join('\n');
}

/** More than this are counted, not told. */
const MAX_SERVERS_TOLD = 5;

/** For people: the zone, and its servers by name, or by address where the configuration has no more. */
export function serversInWords({ zone, servers, addresses }: ZoneServers): string {
  const all = [...servers.map(({ name }) => nameToText(name)), ...addresses.map(({ address }) => address)];
  const told = all.slice(0, MAX_SERVERS_TOLD);
  if (all.length > told.length) told.push(`${all.length - told.length} more`);
  return `the servers of ${nameToText(zone)} (${told.join(', ')})`;
}

/** The addresses in A and AAAA sets, as text. */
export function addressesOf(sets: readonly RRset[]): string[] {
  return sets.flatMap((set) => rdataOf(set).map(addressToText));
}
