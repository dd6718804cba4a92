/**
 * Is this set what the zone signed? Tries the signatures that came with it on the keys of the zone, within bounds, and
 * says with which one it holds, or the most telling reason why none does (RFC 4035 §5.3).
 *
 * Pure but for the cache of imported keys and the budget. The keys must be trusted already (key-set.ts). A set that was
 * expanded from a wildcard is `verified` too, but not proven until a denial shows that nothing closer exists
 * (denial.ts, `proveExpansion`).
 *
 * One signature that holds is enough, of whatever algorithm (RFC 6840 §5.11).
 */

import type { Name } from '../dns/name.ts';
import { Type } from '../dns/record-type.ts';
import { rdataOf, type RRset } from '../dns/rrset.ts';
import type { SecurityCheck, SecurityReason } from '../query/security.ts';
import { isSupportedAlgorithm } from './algorithm.ts';
import { isRevoked, isZoneKey, type Dnskey } from './dnskey.ts';
import type { Validating } from './policy.ts';
import { allowedSkew, closestEncloserOf, problemOfTime, readRrsig, secondsFrom, standsInPlace } from './rrsig.ts';
import type { Rrsig } from './rrsig.ts';
import { verifySignature } from './signature.ts';
import { canonicalRdataOf, signedOctets } from './signed-octets.ts';

export type Verified = {
  readonly kind: 'verified';
  /** How long the set may be kept at most (RFC 4035 §5.3.3). */
  readonly ttl: number;
  readonly key: Dnskey;
  readonly signature: Rrsig;
  /** Where the set was expanded from a wildcard: the name that the wildcard stands below. */
  readonly closestEncloser: Name | undefined;
};

export type Failed = { readonly kind: 'failed'; readonly reason: SecurityReason };

/** KeyTrap (CVE-2023-50387): tags collide by chance in one of 2^16 pairs of keys; more than two is an attack. */
const MAX_KEYS_OF_ONE_TAG = 2;
const MAX_FAILED_VERIFICATIONS = 4;

export function verifyRRset(
  set: RRset,
  keys: readonly Dnskey[],
  zone: Name,
  nowSeconds: number,
  around: Validating,
): Verified | Failed {
  const now = Math.floor(nowSeconds);
  const failures = new Failures(set, zone);
  let canonical: readonly Uint8Array[] | undefined;
  for (const signature of signaturesOf(set)) {
    const problem = problemBeforeKeys(signature, set, zone, now, around);
    if (problem !== undefined) {
      failures.add(problem, signature);
      continue;
    }
    const candidates = keysFor(signature, set, keys);
    if (typeof candidates === 'string') failures.add(candidates, signature);
    else {
      canonical ??= canonicalRdataOf(set);
      const octets = signedOctets(signature, set, canonical);
      for (const key of candidates) {
        if (failures.verifications >= MAX_FAILED_VERIFICATIONS || !around.budget.takeVerification(key.algorithm)) {
          failures.add('work-budget', signature);
          return failures.worst();
        }
        if (verifySignature(signature, key, octets, around.publicKeys))
          return verified(set, signature, key, now, around);
        around.budget.countFailure();
        failures.verifications++;
        failures.add('signature-wrong', signature);
      }
    }
  }
  return failures.worst();
}

function signaturesOf(set: RRset): Rrsig[] {
  if (set.signatures === undefined) return [];
  const { packed, count } = set.signatures;
  return rdataOf({ owner: set.owner, type: Type.RRSIG, ttl: set.ttl, count, packed })
    .map(readRrsig)
    .filter((signature) => signature !== undefined);
}

function problemBeforeKeys(
  signature: Rrsig,
  set: RRset,
  zone: Name,
  now: number,
  { policy }: Validating,
): SecurityCheck | undefined {
  if (!standsInPlace(signature, set, zone)) return 'signature-out-of-place';
  if (!isSupportedAlgorithm(signature.algorithm, policy)) return 'unsupported-algorithm';
  return problemOfTime(signature, now, policy.clockSkew);
}

/** RFC 4035 §5.3.1: the zone keys with the tag and algorithm of the signature. */
function keysFor(signature: Rrsig, set: RRset, keys: readonly Dnskey[]): Dnskey[] | 'key-missing' | 'no-zone-key' {
  const ofTag = keysByTag(keys).get(signature.keyTag) ?? [];
  const named = ofTag.filter(({ algorithm }) => algorithm === signature.algorithm);
  if (named.length === 0) return 'key-missing';
  const zoneKeys = named.filter(isZoneKey);
  if (zoneKeys.length === 0) return 'no-zone-key';
  const inForce = zoneKeys.filter((key) => set.type === Type.DNSKEY || !isRevoked(key));
  return inForce.length === 0 ? 'key-missing' : inForce.slice(0, MAX_KEYS_OF_ONE_TAG);
}

/** Thousands of keys and thousands of signatures fit into two messages. */
const tagsOfKeys = new WeakMap<readonly Dnskey[], ReadonlyMap<number, Dnskey[]>>();

function keysByTag(keys: readonly Dnskey[]): ReadonlyMap<number, Dnskey[]> {
  let byTag = tagsOfKeys.get(keys);
  if (byTag === undefined) tagsOfKeys.set(keys, (byTag = Map.groupBy(keys, ({ tag }) => tag)));
  return byTag;
}

function verified(set: RRset, signature: Rrsig, key: Dnskey, now: number, { policy }: Validating): Verified {
  const ttl = Math.min(
    set.ttl,
    signature.originalTtl,
    secondsLeft(signature, now, allowedSkew(signature, policy.clockSkew)),
  );
  return { kind: 'verified', ttl, key, signature, closestEncloser: closestEncloserOf(signature, set.owner) };
}

/** What the clock skew alone keeps alive is kept for a minute at a time. */
const MAX_SECONDS_ON_SKEW = 60;

/** RFC 4035 §5.3.3: not longer than to the signature's expiration. */
function secondsLeft({ expiration }: Rrsig, now: number, skew: number): number {
  const left = secondsFrom(now, expiration);
  return left > 0 ? left : Math.min(left + skew, MAX_SECONDS_ON_SKEW);
}

/** From the least to the most telling: what a person has to look at first. */
const telling: readonly SecurityCheck[] = [
  'signature-missing',
  'unsupported-algorithm',
  'signature-out-of-place',
  'key-missing',
  'no-zone-key',
  'signature-wrong',
  'signature-before-inception',
  'signature-not-yet-valid',
  'signature-expired',
  'work-budget',
];

class Failures {
  verifications = 0;
  readonly #set: RRset;
  readonly #zone: Name;
  #check: SecurityCheck = 'signature-missing';
  #signature: Rrsig | undefined;

  constructor(set: RRset, zone: Name) {
    this.#set = set;
    this.#zone = zone;
  }

  add(check: SecurityCheck, signature: Rrsig): void {
    if (telling.indexOf(check) <= telling.indexOf(this.#check)) return;
    this.#check = check;
    this.#signature = signature;
  }

  worst(): Failed {
    const { owner, type } = this.#set;
    const reason = { check: this.#check, zone: this.#zone, owner, type };
    const signature = this.#signature;
    if (signature === undefined) return { kind: 'failed', reason };
    const { keyTag, algorithm, inception, expiration } = signature;
    return { kind: 'failed', reason: { ...reason, keyTag, algorithm, inception, expiration } };
  }
}
