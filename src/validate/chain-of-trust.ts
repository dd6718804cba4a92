/**
 * Which keys a zone has, as far as they can be trusted: from a trust anchor down, by DS and DNSKEY, one zone after the
 * other (RFC 4035 §5).
 *
 * What is found out is remembered for as long as the signatures and TTLs allow, and shared by all who ask at the same
 * time. Looking things up is passed in; every check on single sets is verify.ts, key-set.ts and denial.ts. A zone's
 * trust only ever waits for zones above it, so nothing waits in a circle.
 */

import { LRUCache } from 'lru-cache';
import { ROOT, ancestorWithLabels, isAtOrBelow, isBelow, labelCount, parentOf, type Name } from '../dns/name.ts';
import { Type } from '../dns/record-type.ts';
import type { RRset } from '../dns/rrset.ts';
import type { Evidence } from '../query/evidence.ts';
import type { SecurityCheck, SecurityReason } from '../query/security.ts';
import type { Clock } from '../system/clock.ts';
import { denialFrom, proveNoDs } from './denial.ts';
import type { Dnskey } from './dnskey.ts';
import { dsOf } from './ds.ts';
import { validateKeySet, whyUnusable, type TrustPoint } from './key-set.ts';
import type { CryptoBudget, Validating } from './policy.ts';
import { createCheckedProof, signersOf, whyNobodySigned } from './signers.ts';
import { verifyRRset } from './verify.ts';

export type Trust =
  | { readonly state: 'secure'; readonly keys: readonly Dnskey[]; readonly notAfter: number }
  | {
      readonly state: 'insecure' | 'bogus' | 'indeterminate';
      readonly reason: SecurityReason;
      readonly notAfter: number;
    }
  /** The name is no zone cut: the zone above it goes on there. */
  | { readonly state: 'no-cut'; readonly notAfter: number };

/** What one question may look up and spend on the way. */
export type Inquiry = {
  readonly budget: CryptoBudget;
  /** Lets others have the thread where much has been verified in one turn. */
  breathe(): Promise<void>;
  /** Undefined when it could not be found out. `avoid`: servers whose answer was no good; then nothing cached is taken. */
  lookUp(qname: Name, qtype: number, avoid?: ReadonlySet<string>): Promise<Evidence | undefined>;
  /** What a referral said about the zone's DS, where one is remembered. */
  referralDs(zone: Name): Evidence | undefined;
};

export type Anchors = {
  at(zone: Name): TrustPoint | undefined;
  /** Whether there is one at or above the name. */
  cover(name: Name): boolean;
  /** RFC 7646: why the operator has validation end at or above the name, and until when (monotonic ms). */
  negative(name: Name): { readonly reason: SecurityReason; readonly notAfter: number } | undefined;
};

export type ChainOfTrust = {
  of(zone: Name, inquiry: Inquiry): Promise<Trust>;
  /**
   * Whether records at `name` may be unsigned, when a server of `zone` has said them: the trust of the zone that the
   * name is in. `secure` means that they ought to be signed.
   */
  whereUnsigned(name: Name, zone: Name, inquiry: Inquiry): Promise<Trust>;
  /** Forgets what is known of zones at and below the name. */
  forget(name: Name): void;
};

const MAX_ZONES = 10_000;
/** How long a failure is believed; longer would outlive the mending (RFC 9520 §3.2 for what failed to be fetched). */
const BOGUS_MS = 60_000;
const UNREACHABLE_MS = 5_000;
/** A bogus answer is asked of this many other servers before it is believed. */
const OTHER_SERVERS = 2;

export type ChainAround = Omit<Validating, 'budget'> & { readonly clock: Clock; readonly anchors: Anchors };

export function createChainOfTrust(around: ChainAround): ChainOfTrust {
  const { clock, anchors, policy, publicKeys } = around;
  const remembered = new LRUCache<Name, Trust>({ max: MAX_ZONES });
  const inFlight = new Map<Name, Promise<Trust>>();
  const nowSeconds = (): number => clock.wallMs() / 1000;
  const validating = ({ budget }: Inquiry): Validating => ({ policy, publicKeys, budget });
  const lasting = (seconds: number): number => clock.now() + seconds * 1000;

  return { of, whereUnsigned, forget };

  async function of(zone: Name, inquiry: Inquiry): Promise<Trust> {
    const known = remembered.get(zone);
    if (known !== undefined && known.notAfter > clock.now()) return known;
    const other = inFlight.get(zone);
    if (other !== undefined) {
      const trust = await other;
      // Whoever found it out may have run out of what it could spend; that says nothing about the zone.
      if (trust.notAfter > clock.now()) return trust;
    }
    const finding = find(zone, inquiry);
    if (!inFlight.has(zone)) inFlight.set(zone, finding);
    try {
      const trust = await finding;
      if (trust.notAfter > clock.now()) remembered.set(zone, trust);
      return trust;
    } finally {
      if (inFlight.get(zone) === finding) inFlight.delete(zone);
    }
  }

  async function find(zone: Name, inquiry: Inquiry): Promise<Trust> {
    const negative = anchors.negative(zone);
    if (negative !== undefined) return { state: 'insecure', ...negative };
    const anchor = anchors.at(zone);
    if (anchor !== undefined) return keysOf(anchor, Infinity, inquiry);
    if (zone === ROOT || !anchors.cover(zone)) {
      return { state: 'indeterminate', reason: { check: 'no-trust-anchor', zone }, notAfter: Infinity };
    }
    const said = inquiry.referralDs(zone);
    const trust = said === undefined ? undefined : await fromDs(zone, said, inquiry);
    if (trust !== undefined && !isWorthAskingOthers(trust)) return trust;
    return askUntilSound(zone, Type.DS, inquiry, (evidence) => fromDs(zone, evidence, inquiry));
  }

  /** Asks, and where the answer is bogus asks other servers of the zone. */
  async function askUntilSound(
    zone: Name,
    qtype: number,
    inquiry: Inquiry,
    judge: (evidence: Evidence) => Promise<Trust> | Trust,
  ): Promise<Trust> {
    const avoid = new Set<string>();
    let trust: Trust | undefined;
    while (avoid.size <= OTHER_SERVERS) {
      const evidence = await inquiry.lookUp(zone, qtype, avoid.size > 0 ? avoid : undefined);
      if (evidence === undefined) break;
      trust = await judge(evidence);
      await inquiry.breathe();
      if (!isWorthAskingOthers(trust) || avoid.has(evidence.server)) return trust;
      avoid.add(evidence.server);
    }
    const reason: SecurityReason = { check: 'proof-unreachable', zone, owner: zone, type: qtype };
    return trust ?? { state: 'indeterminate', reason, notAfter: clock.now() + UNREACHABLE_MS };
  }

  async function fromDs(zone: Name, evidence: Evidence, inquiry: Inquiry): Promise<Trust> {
    const sets = evidence.kind === 'set' ? [evidence.set] : evidence.proof;
    // RFC 4035 §5.2: DS and its denial are the parent's, so a signer at the zone itself or below proves nothing.
    const signer = signersOf(sets, parentOf(zone))[0];
    const above = signer === undefined ? undefined : await of(signer, inquiry);
    if (above?.state !== 'secure') {
      // No signature, or one that anybody could have made: then the zone that says it must itself be unsigned.
      const place = await whereUnsigned(parentOf(zone), evidence.zone, inquiry);
      if (place.state !== 'secure') return place;
      return bogus(signer === undefined ? whyNobodySigned(sets) : 'signature-out-of-place', zone, Type.DS, inquiry);
    }
    return evidence.kind === 'set'
      ? fromDsSet(zone, evidence.set, signer, above, inquiry)
      : fromNoDs(zone, evidence.proof, signer, above, inquiry);
  }

  async function fromDsSet(
    zone: Name,
    set: RRset,
    signer: Name,
    { keys, notAfter }: Trust & { state: 'secure' },
    inquiry: Inquiry,
  ): Promise<Trust> {
    const verified = verifyRRset(set, keys, signer, nowSeconds(), validating(inquiry));
    if (verified.kind === 'failed') return isBogus(verified.reason, inquiry);
    const until = Math.min(notAfter, lasting(verified.ttl));
    // An alias at the name: no zone begins there.
    if (set.type !== Type.DS) return { state: 'no-cut', notAfter: until };
    if (verified.closestEncloser !== undefined) return bogus('signature-out-of-place', zone, Type.DS, inquiry);
    return keysOf({ zone, ds: dsOf(set) }, until, inquiry);
  }

  function fromNoDs(
    zone: Name,
    proof: readonly RRset[],
    signer: Name,
    { keys, notAfter }: Trust & { state: 'secure' },
    inquiry: Inquiry,
  ): Trust {
    const checked = createCheckedProof(keys, signer, nowSeconds(), validating(inquiry));
    const shown = proveNoDs(zone, denialFrom(signer, proof, policy, checked.holds), inquiry.budget);
    const until = Math.min(notAfter, lasting(checked.ttl));
    switch (shown.kind) {
      case 'unsigned-delegation':
        return { state: 'insecure', reason: { check: 'no-ds', zone }, notAfter: until };
      case 'no-delegation':
        return { state: 'no-cut', notAfter: until };
      case 'insecure':
        return { state: 'insecure', reason: { check: shown.check, zone }, notAfter: until };
      case 'unproven':
        return checked.reason === undefined
          ? bogus(shown.check, zone, Type.DS, inquiry)
          : isBogus(checked.reason, inquiry);
      default:
        return shown satisfies never;
    }
  }

  async function keysOf(point: TrustPoint, notAfter: number, inquiry: Inquiry): Promise<Trust> {
    const { zone } = point;
    const unusable = whyUnusable(point, policy);
    if (unusable !== undefined)
      return { state: 'insecure', reason: unusable, notAfter: Math.min(notAfter, lasting(3600)) };
    return askUntilSound(zone, Type.DNSKEY, inquiry, (evidence): Trust => {
      if (evidence.kind !== 'set' || evidence.set.type !== Type.DNSKEY)
        return bogus('key-missing', zone, Type.DNSKEY, inquiry);
      const result = validateKeySet(evidence.set, point, nowSeconds(), validating(inquiry));
      switch (result.kind) {
        case 'secure':
          return { state: 'secure', keys: result.keys, notAfter: Math.min(notAfter, lasting(result.ttl)) };
        case 'insecure':
          return { state: 'insecure', reason: result.reason, notAfter: Math.min(notAfter, lasting(3600)) };
        case 'bogus':
          return isBogus(result.reason, inquiry);
        default:
          return result satisfies never;
      }
    });
  }

  async function whereUnsigned(name: Name, zone: Name, inquiry: Inquiry): Promise<Trust> {
    const top = isAtOrBelow(name, zone) ? zone : name;
    let trust = await closest(top, inquiry);
    for (let labels = labelCount(top) + 1; labels <= labelCount(name); labels++) {
      const lower = ancestorWithLabels(name, labels);
      // Below what is not secure nothing is either, but for an island with an anchor of its own (RFC 4033 §2).
      if (trust.state !== 'secure' && anchors.at(lower) === undefined) continue;
      const below = await of(lower, inquiry);
      if (below.state !== 'no-cut') trust = below;
    }
    return trust;
  }

  /** The trust of the zone that the name is in. */
  async function closest(name: Name, inquiry: Inquiry): Promise<Trust> {
    for (let zone = name; ; zone = parentOf(zone)) {
      const trust = await of(zone, inquiry);
      if (trust.state !== 'no-cut') return trust;
    }
  }

  function bogus(check: SecurityCheck, zone: Name, type: number, inquiry: Inquiry): Trust {
    return isBogus({ check, zone, owner: zone, type }, inquiry);
  }

  function isBogus(reason: SecurityReason, { budget }: Inquiry): Trust {
    // What was left of one query's budget is no property of the zone.
    const isOfQuery = reason.check === 'work-budget' && budget.isSpent();
    return { state: 'bogus', reason, notAfter: isOfQuery ? 0 : clock.now() + BOGUS_MS };
  }

  function forget(name: Name): void {
    for (const zone of remembered.keys()) if (zone === name || isBelow(zone, name)) remembered.delete(zone);
  }
}

/** Whoever has sent more than a query may cost is not asked for more of it elsewhere. */
function isWorthAskingOthers(trust: Trust): boolean {
  return trust.state === 'bogus' && trust.reason.check !== 'work-budget';
}
