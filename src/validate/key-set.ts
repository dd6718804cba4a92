/**
 * Which keys of a zone may be trusted: a DNSKEY set is when one of its keys is named by a DS of the parent, or by a
 * trust anchor, and that key signs the set (RFC 4035 §5.2, §5).
 *
 * Where the DS records come from, and that they are themselves proven, is for whoever walks the chain.
 */

import type { Name } from '../dns/name.ts';
import { Type } from '../dns/record-type.ts';
import type { RRset } from '../dns/rrset.ts';
import type { SecurityCheck, SecurityReason } from '../query/security.ts';
import { isSupportedAlgorithm } from './algorithm.ts';
import { dnskeysOf, isZoneKey, isRevoked, type Dnskey } from './dnskey.ts';
import { indexDs, usableDs, type Ds } from './ds.ts';
import type { Validating, ValidationPolicy } from './policy.ts';
import { verifyRRset } from './verify.ts';

/** What the parent, or the operator, says about a zone's keys. */
export type TrustPoint = {
  readonly zone: Name;
  readonly ds: readonly Ds[];
  /** Only of trust anchors: the keys themselves. */
  readonly keys?: readonly Dnskey[];
};

export type KeySet =
  /** `ttl` bounds how long the keys may be kept. */
  | { readonly kind: 'secure'; readonly zone: Name; readonly keys: readonly Dnskey[]; readonly ttl: number }
  | { readonly kind: 'insecure'; readonly reason: SecurityReason }
  | { readonly kind: 'bogus'; readonly reason: SecurityReason };

/** Before the keys are fetched: undefined when the zone is to be validated, else why it is insecure. */
export function whyUnusable({ zone, ds, keys = [] }: TrustPoint, policy: ValidationPolicy): SecurityReason | undefined {
  if (keys.some(({ algorithm }) => isSupportedAlgorithm(algorithm, policy))) return undefined;
  const usable = usableDs(ds, policy);
  return usable.kind === 'usable' ? undefined : { check: usable.check, zone, algorithm: usable.algorithm };
}

export function validateKeySet(set: RRset, trust: TrustPoint, nowSeconds: number, around: Validating): KeySet {
  const { zone } = trust;
  const unusable = whyUnusable(trust, around.policy);
  if (unusable !== undefined) return { kind: 'insecure', reason: unusable };
  const bogus = (check: SecurityCheck): KeySet => ({
    kind: 'bogus',
    reason: { check, zone, owner: set.owner, type: Type.DNSKEY },
  });
  const keys = dnskeysOf(set);
  const entryPoints = namedKeys(keys, trust, around);
  if (entryPoints === 'work-budget') return bogus('work-budget');
  if (entryPoints.length === 0) return bogus(keys.some(isZoneKey) ? 'ds-matches-no-key' : 'no-zone-key');
  const result = verifyRRset(set, entryPoints, zone, nowSeconds, around);
  if (result.kind === 'failed') return { kind: 'bogus', reason: result.reason };
  const trusted = keys.filter((key) => isZoneKey(key) && !isRevoked(key));
  return { kind: 'secure', zone, keys: trusted, ttl: result.ttl };
}

/** As many as a set of keys is given; in honest zones, tags collide in pairs at most. */
const MAX_DIGESTS = 16;

/**
 * A digest is computed once for a key, however many DS records name its tag, and for so many keys: the cost is that of
 * the keys' octets (HashTrap).
 */
function namedKeys(
  keys: readonly Dnskey[],
  trust: TrustPoint,
  { policy, budget }: Validating,
): Dnskey[] | 'work-budget' {
  const usable = usableDs(trust.ds, policy);
  const index = indexDs(trust.zone, usable.kind === 'usable' ? usable.ds : []);
  const named: Dnskey[] = [];
  let computed = 0;
  for (const key of keys) {
    let isNamed = isAnchored(key, trust);
    for (const digestType of index.digestTypesFor(key)) {
      if (isNamed) break;
      if (++computed > MAX_DIGESTS || !budget.takeHash(1)) return 'work-budget';
      isNamed = index.names(key, digestType);
    }
    if (isNamed) named.push(key);
  }
  return named;
}

function isAnchored(key: Dnskey, { keys = [] }: TrustPoint): boolean {
  if (!isZoneKey(key) || isRevoked(key)) return false;
  return keys.some((anchor) => Buffer.compare(anchor.rdata, key.rdata) === 0);
}
