/**
 * How far each key of a trust point is trusted, as the zone publishes and revokes keys over the months (RFC 5011 §4).
 *
 * Pure: a sighting of the zone's DNSKEY set changes the states, time alone changes none. A key that the zone itself has
 * introduced is trusted only after it has been there, unbroken, for a hold-down of 30 days and is then seen once more:
 * a thief of the old key would have to go unnoticed for as long. Whether a set was sound, and when to look, is
 * anchor-keeper.ts.
 *
 * Bounded: at most MOST_PENDING keys wait at once. Others are not noted until there is room, so a crowd of new keys
 * shortens nobody's time. Keys that were revoked are kept in mind, so that a configuration that still names one does
 * not bring it back.
 */

import type { Name } from '../dns/name.ts';
import { sameOctets } from '../dns/rrset.ts';
import { matchesDs } from './ds.ts';
import { readDnskey, type Dnskey } from './dnskey.ts';
import type { TrustPoint } from './key-set.ts';

export type AnchorKeyState = 'add-pending' | 'valid' | 'missing' | 'revoked' | 'removed';

export type AnchorKey = {
  /** As it was before it was revoked, if it was. */
  readonly key: Dnskey;
  readonly state: AnchorKeyState;
  /** Seconds since 1970, as all times here. */
  readonly since: number;
  /** When the hold-down is over that leads to the next state. */
  readonly until?: number;
};

export type Sighting = {
  /** Keys with the SEP flag in a set that was validated; undefined where it was not, as the only key was revoked. */
  readonly present: readonly Dnskey[] | undefined;
  /** Keys, as they were before, that stand there as revoked and have signed that themselves (RFC 5011 §2.1). */
  readonly revoked: readonly Dnskey[];
  readonly originalTtl: number;
  readonly nowSeconds: number;
};

const DAY = 86_400;
/** RFC 5011 §2.4.1, §2.4.2. */
const ADD_HOLD_DOWN = 30 * DAY;
const REMOVE_HOLD_DOWN = 30 * DAY;
const MOST_PENDING = 8;
const MOST_REMOVED = 16;
const REVOKE = 0x0080;

export function afterSighting(
  keys: readonly AnchorKey[],
  configured: TrustPoint,
  sighting: Sighting,
): readonly AnchorKey[] {
  const kept = keys.map((one) => next(one, configured, sighting)).filter((one) => one !== undefined);
  return withoutOldest([...kept, ...newKeys(kept, configured, sighting)], configured);
}

/** The same key, or undefined where it starts anew. */
function next(one: AnchorKey, configured: TrustPoint, sighting: Sighting): AnchorKey | undefined {
  const { key, state } = one;
  const { present, revoked, nowSeconds: since } = sighting;
  const isPresent = present === undefined ? undefined : has(present, key);
  if (has(revoked, key) && (state === 'valid' || state === 'missing')) {
    return { key, state: 'revoked', since, until: since + REMOVE_HOLD_DOWN };
  }
  switch (state) {
    case 'add-pending':
      if (has(revoked, key) || isPresent === false) return undefined;
      if (isPresent === undefined) return one;
      return isConfigured(key, configured) || since >= one.until! ? { key, state: 'valid', since } : one;
    case 'valid':
      return isPresent === false ? { key, state: 'missing', since } : one;
    case 'missing':
      return isPresent === true ? { key, state: 'valid', since } : one;
    case 'revoked':
      return since >= one.until! ? { key, state: 'removed', since } : one;
    case 'removed':
      return one;
    default:
      return state satisfies never;
  }
}

function newKeys(known: readonly AnchorKey[], configured: TrustPoint, sighting: Sighting): AnchorKey[] {
  const { present = [], revoked, originalTtl, nowSeconds: since } = sighting;
  const isNew = (key: Dnskey): boolean => !known.some((one) => isSame(one.key, key));
  const room = MOST_PENDING - known.filter(({ state }) => state === 'add-pending').length;
  const fresh = present.filter((key) => isNew(key) && !has(revoked, key));
  // RFC 5011 §2.4.1: or until the set that it was first seen in has run out everywhere, if that is longer.
  const until = since + Math.max(ADD_HOLD_DOWN, originalTtl);
  const pending = fresh.filter((key) => !isConfigured(key, configured)).slice(0, Math.max(room, 0));
  return [
    ...fresh.filter((key) => isConfigured(key, configured)).map((key): AnchorKey => ({ key, state: 'valid', since })),
    ...pending.map((key): AnchorKey => ({ key, state: 'add-pending', since, until })),
    ...revoked
      .filter((key) => isNew(key) && isConfigured(key, configured))
      .map((key): AnchorKey => ({ key, state: 'revoked', since, until: since + REMOVE_HOLD_DOWN })),
  ];
}

/** What the configuration still names is never forgotten to have been removed. */
function withoutOldest(keys: readonly AnchorKey[], configured: TrustPoint): readonly AnchorKey[] {
  const forgettable = keys.filter(({ key, state }) => state === 'removed' && !isConfigured(key, configured));
  const forgotten = forgettable.toSorted((a, b) => b.since - a.since).slice(MOST_REMOVED);
  return forgotten.length === 0 ? keys : keys.filter((one) => !forgotten.includes(one));
}

/**
 * What validation may start from: the keys that are in force, and what the configuration names beside them. Undefined
 * when every key was revoked; RFC 5011 §5: then it is as if there had never been a trust point.
 */
export function trustPointOf(configured: TrustPoint, keys: readonly AnchorKey[]): TrustPoint | undefined {
  const { zone } = configured;
  const inForce = keys.filter(({ state }) => state === 'valid' || state === 'missing').map(({ key }) => key);
  const known = keys.map(({ key }) => key);
  const others = configured.keys?.filter((key) => !has(known, key)) ?? [];
  const ds = configured.ds.filter((one) => !known.some((key) => matchesDs(zone, key, one)));
  const all = [...inForce, ...others];
  return all.length + ds.length === 0 ? undefined : { zone, ds, keys: all };
}

/** The operator has named the key: it needs no hold-down. */
export function isConfigured(key: Dnskey, { zone, ds, keys = [] }: TrustPoint): boolean {
  return has(keys, key) || ds.some((one) => matchesDs(zone, key, one));
}

/** RFC 5011 §2.1: revoking changes a flag, and with it the key tag; the key is still the same. */
export function beforeRevocation(key: Dnskey): Dnskey {
  const rdata = new Uint8Array(key.rdata);
  rdata[1] &= ~REVOKE;
  return readDnskey(rdata) ?? key;
}

function has(keys: readonly Dnskey[], key: Dnskey): boolean {
  return keys.some((other) => isSame(other, key));
}

function isSame(a: Dnskey, b: Dnskey): boolean {
  return sameOctets(a.rdata, b.rdata);
}

export type ZoneAnchors = {
  readonly zone: Name;
  readonly keys: readonly AnchorKey[];
  /** When the zone's keys are to be looked at again. */
  readonly dueAt: number;
};
