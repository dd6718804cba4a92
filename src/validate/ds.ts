/**
 * Reads DS records (RFC 4034 §5), says which of them can be used, and whether a key is the one that a DS names.
 *
 * A zone none of whose DS can be used is insecure (RFC 4035 §5.2), whatever is in it.
 */

import { hash } from 'node:crypto';

import { nameToWire, type Name } from '../dns/name.ts';
import { Type } from '../dns/record-type.ts';
import { rdataOf, type RRset } from '../dns/rrset.ts';
import { DigestType, digestOf, isSupportedAlgorithm } from './algorithm.ts';
import { isRevoked, isZoneKey, type Dnskey } from './dnskey.ts';
import type { ValidationPolicy } from './policy.ts';

export type Ds = {
  readonly keyTag: number;
  readonly algorithm: number;
  readonly digestType: number;
  readonly digest: Uint8Array;
};

/** Undefined when the octets are too few. */
export function readDs(rdata: Uint8Array): Ds | undefined {
  if (rdata.length < 5) return undefined;
  return {
    keyTag: (rdata[0] << 8) | rdata[1],
    algorithm: rdata[2],
    digestType: rdata[3],
    digest: rdata.subarray(4),
  };
}

/** The records of a DS set, those that cannot be read left out. */
export function dsOf(set: RRset): Ds[] {
  if (set.type !== Type.DS) return [];
  return rdataOf(set)
    .map(readDs)
    .filter((ds) => ds !== undefined);
}

export type UsableDs =
  | { readonly kind: 'usable'; readonly ds: readonly Ds[] }
  | {
      readonly kind: 'none';
      readonly check: 'unsupported-algorithm' | 'unsupported-digest';
      readonly algorithm: number;
    };

/** RFC 4035 §5.2; RFC 4509 §3: SHA-1 counts only where nothing better that we can use stands beside it. */
export function usableDs(all: readonly Ds[], policy: ValidationPolicy): UsableDs {
  const ofAlgorithm = all.filter(({ algorithm }) => isSupportedAlgorithm(algorithm, policy));
  const ofDigest = ofAlgorithm.filter(({ digestType }) => digestOf(digestType) !== undefined);
  if (ofDigest.length > 0) {
    const better = ofDigest.filter(({ digestType }) => digestType !== DigestType.SHA1);
    return { kind: 'usable', ds: better.length > 0 ? better : ofDigest };
  }
  const [first] = ofAlgorithm.length > 0 ? ofAlgorithm : all;
  const check = ofAlgorithm.length > 0 ? 'unsupported-digest' : 'unsupported-algorithm';
  return { kind: 'none', check, algorithm: first?.algorithm ?? 0 };
}

/** The DS records of a zone, to be asked which keys they name: each question costs the same, however many there are. */
export type DsIndex = {
  /** The digest types with which the key may be named, before anything is hashed. */
  digestTypesFor(key: Dnskey): readonly number[];
  /** Computes one digest. */
  names(key: Dnskey, digestType: number): boolean;
};

export function indexDs(zone: Name, all: readonly Ds[]): DsIndex {
  const owner = nameToWire(zone);
  const byKey = new Map<string, Map<number, Set<string>>>();
  for (const { keyTag, algorithm, digestType, digest } of all) {
    if (digestOf(digestType) === undefined) continue;
    const byType = getOrMake(byKey, `${keyTag} ${algorithm}`, () => new Map<number, Set<string>>());
    getOrMake(byType, digestType, () => new Set<string>()).add(Buffer.from(digest).toString('latin1'));
  }
  const named = ({ tag, algorithm }: Dnskey): ReadonlyMap<number, Set<string>> | undefined =>
    byKey.get(`${tag} ${algorithm}`);
  return {
    digestTypesFor: (key) => (isZoneKey(key) && !isRevoked(key) ? [...(named(key)?.keys() ?? [])] : []),
    names(key, digestType) {
      const wanted = named(key)?.get(digestType);
      // RFC 4034 §5.1.4: the digest is over the owner in canonical form and the RDATA of the key.
      const octets = Buffer.concat([owner, key.rdata]);
      return wanted?.has(hash(digestOf(digestType)!.hash, octets, 'latin1')) ?? false;
    },
  };
}

function getOrMake<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

/** Whether one DS names the key. */
export function matchesDs(zone: Name, key: Dnskey, ds: Ds): boolean {
  const index = indexDs(zone, [ds]);
  return index.digestTypesFor(key).some((digestType) => index.names(key, digestType));
}
