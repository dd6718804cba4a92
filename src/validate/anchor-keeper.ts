/**
 * Keeps trust anchors up to date by what their zones say (RFC 5011): looks at each zone's keys at the intervals of
 * §2.3, lets anchor-state.ts decide what that changes, and keeps the states on disk.
 *
 * Begins with the anchors of the configuration, DS or DNSKEY. The file goes before them for keys that it knows; it is
 * not used for a zone of which it knows no key that the configuration names, since then the operator has begun anew.
 * A file that cannot be read is set aside and told, and the anchors are those of the configuration again.
 */

import type { Name } from '../dns/name.ts';
import { Type } from '../dns/record-type.ts';
import { rdataOf, sameOctets, type RRset } from '../dns/rrset.ts';
import type { Clock, Timer } from '../system/clock.ts';
import type { KeptFiles } from '../system/kept-file.ts';
import { readAnchorFile, writeAnchorFile } from './anchor-file.ts';
import {
  afterSighting,
  beforeRevocation,
  isConfigured,
  trustPointOf,
  type AnchorKey,
  type ZoneAnchors,
} from './anchor-state.ts';
import { dnskeysOf, isRevoked, isSecureEntryPoint, isZoneKey, type Dnskey } from './dnskey.ts';
import { validateKeySet, type TrustPoint } from './key-set.ts';
import type { CryptoBudget, Validating, ValidationPolicy } from './policy.ts';
import { createPublicKeys } from './public-key.ts';
import { readRrsig, secondsFrom } from './rrsig.ts';
import { verifyRRset } from './verify.ts';

export type AnchorEvent =
  | {
      readonly kind: 'anchor-changed';
      readonly zone: Name;
      readonly key: Dnskey;
      readonly from: string;
      readonly to: string;
    }
  /** Every key was revoked: the zone is not validated any more. */
  | { readonly kind: 'anchors-all-revoked'; readonly zone: Name }
  | { readonly kind: 'anchors-not-refreshed'; readonly zone: Name; readonly why: string }
  | { readonly kind: 'state-file-set-aside'; readonly path: string; readonly why: string; readonly aside: string }
  | { readonly kind: 'state-file-not-written'; readonly path: string; readonly why: string };

export type AnchorKeeper = {
  /** The anchors of the configuration; with `rollsOver` false they are all there is. */
  use(configured: readonly TrustPoint[], policy: ValidationPolicy, rollsOver: boolean): void;
  /** What is trusted now. */
  trustPoints(): readonly TrustPoint[];
  list(): readonly ZoneAnchors[];
  /** Reads the file, then looks at the zones as it becomes time. */
  start(): Promise<void>;
  stop(): void;
};

const HOUR = 3600;
const DAY = 86_400;
/** The wall clock may be set meanwhile, so it is looked at now and then. */
const LONGEST_NAP_MS = HOUR * 1000;

export function createAnchorKeeper(
  { path }: { readonly path: string },
  around: {
    readonly clock: Clock;
    readonly files: KeptFiles;
    /** The DNSKEY set of the zone with its signatures, from its servers and not from a cache. */
    readonly fetchKeys: (zone: Name) => Promise<RRset | undefined>;
    readonly report: (event: AnchorEvent) => void;
    /** The trust in the zone is another one now. */
    readonly changed: (zone: Name) => void;
  },
): AnchorKeeper {
  const { clock, files, report } = around;
  const publicKeys = createPublicKeys();
  let zones = new Map<Name, ZoneAnchors>();
  let configured: readonly TrustPoint[] = [];
  let trusted: readonly TrustPoint[] = [];
  let policy: ValidationPolicy | undefined;
  let rollsOver = false;
  let isStarted = false;
  let timer: Timer | undefined;
  /** One look after the other, also when a reload comes in between. */
  let looking: Promise<void> = Promise.resolve();
  const nowSeconds = (): number => Math.floor(clock.wallMs() / 1000);

  return {
    use(points, usedPolicy, isOn) {
      configured = points;
      policy = usedPolicy;
      rollsOver = isOn;
      settle(zones);
      if (isStarted) schedule();
    },
    trustPoints: () => trusted,
    list: () => [...zones.values()],
    async start() {
      if (rollsOver) await load();
      isStarted = true;
      schedule();
    },
    stop() {
      isStarted = false;
      timer?.cancel();
    },
  };

  async function load(): Promise<void> {
    const file = await files.read(path);
    if (file.kind === 'missing') return;
    const read = file.kind === 'text' ? readAnchorFile(file.text) : file;
    if ('why' in read) {
      report({ kind: 'state-file-set-aside', path, why: read.why, aside: (await files.setAside(path)) ?? path });
      return;
    }
    settle(new Map(read.zones.map((zone) => [zone.zone, zone])));
  }

  /** Takes over what is known of the zones that are configured. */
  function settle(known: ReadonlyMap<Name, ZoneAnchors>): void {
    zones = new Map(
      configured.map((point) => {
        const { zone } = point;
        const before = known.get(zone);
        const isTheSame = before?.keys.some(({ key }) => isConfigured(key, point)) === true;
        return [zone, isTheSame ? before : { zone, keys: [], dueAt: nowSeconds() }];
      }),
    );
    trust();
  }

  function trust(): void {
    trusted = rollsOver
      ? configured
          .map((point) => trustPointOf(point, zones.get(point.zone)?.keys ?? []))
          .filter((point) => point !== undefined)
      : configured;
  }

  function schedule(): void {
    timer?.cancel();
    if (!rollsOver || zones.size === 0) return;
    const next = Math.min(...Array.from(zones.values(), ({ dueAt }) => dueAt));
    const napMs = Math.min(Math.max((next - nowSeconds()) * 1000, 0), LONGEST_NAP_MS);
    timer = clock.after(napMs, () => {
      looking = looking.then(lookAtThoseDue).finally(() => isStarted && schedule());
    });
  }

  async function lookAtThoseDue(): Promise<void> {
    const due = [...zones.values()].filter(({ dueAt }) => dueAt <= nowSeconds());
    for (const { zone } of due) await look(zone);
    if (due.length > 0) await save();
  }

  async function save(): Promise<void> {
    const why = await files.replace(path, writeAnchorFile([...zones.values()]));
    if (why !== undefined) report({ kind: 'state-file-not-written', path, why });
  }

  async function look(zone: Name): Promise<void> {
    const set = await around.fetchKeys(zone);
    const point = configured.find((one) => one.zone === zone);
    const before = zones.get(zone);
    // A reload may have taken it away meanwhile.
    if (point === undefined || before === undefined) return;
    const seen = set === undefined ? undefined : sight(set, point, before.keys);
    const dueAt = nowSeconds() + (seen?.nextLook ?? HOUR);
    if (seen === undefined || seen.why !== undefined) {
      report({ kind: 'anchors-not-refreshed', zone, why: seen?.why ?? 'its keys could not be fetched' });
    }
    const keys = seen === undefined ? before.keys : afterSighting(before.keys, point, seen.sighting);
    zones.set(zone, { zone, keys, dueAt });
    tellChanges(zone, before.keys, keys);
  }

  type Seen = {
    readonly sighting: Parameters<typeof afterSighting>[2];
    readonly nextLook: number;
    readonly why: string | undefined;
  };

  /** RFC 5011 §2.1: only a set that a key in force has signed says anything, but a key may always revoke itself. */
  function sight(set: RRset, point: TrustPoint, keys: readonly AnchorKey[]): Seen {
    const { zone } = point;
    const validating: Validating = { policy: policy!, publicKeys, budget: boundedBudget() };
    const now = nowSeconds();
    const all = dnskeysOf(set).filter((key) => isZoneKey(key) && isSecureEntryPoint(key));
    const revoked = all
      .filter(isRevoked)
      .filter((key) => verifyRRset(set, [key], zone, now, validating).kind === 'verified')
      .map(beforeRevocation);
    const trustPoint = trustPointOf(point, keys);
    const result = trustPoint && validateKeySet(set, trustPoint, now, validating);
    const { originalTtl, expiresIn } = timesOf(set, now);
    if (result?.kind !== 'secure') {
      const why =
        result === undefined ? 'all its keys are revoked' : `its keys are ${result.kind}: ${result.reason.check}`;
      const nextLook = between(HOUR, Math.min(DAY, 0.1 * originalTtl, 0.1 * expiresIn));
      return { sighting: { present: undefined, revoked, originalTtl, nowSeconds: now }, nextLook, why };
    }
    const present = all.filter((key) => !isRevoked(key));
    const nextLook = between(HOUR, Math.min(15 * DAY, 0.5 * originalTtl, 0.5 * expiresIn));
    return { sighting: { present, revoked, originalTtl, nowSeconds: now }, nextLook, why: undefined };
  }

  function tellChanges(zone: Name, before: readonly AnchorKey[], after: readonly AnchorKey[]): void {
    const every = new Map([...before, ...after].map(({ key }) => [Buffer.from(key.rdata).toString('latin1'), key]));
    for (const key of every.values()) {
      const [from, to] = [stateIn(before, key), stateIn(after, key)];
      if (from !== to) report({ kind: 'anchor-changed', zone, key, from, to });
    }
    const wasTrusted = trusted;
    trust();
    const [was, is] = [wasTrusted, trusted].map((points) => points.find((one) => one.zone === zone));
    if (was !== undefined && is === undefined) report({ kind: 'anchors-all-revoked', zone });
    if (isTurned(was, is)) around.changed(zone);
  }
}

/**
 * Whether what was judged before may be judged otherwise now: trust began or ended, or a key lost it. A key that has
 * gained trust changes nothing for what others have proved.
 */
function isTurned(was: TrustPoint | undefined, is: TrustPoint | undefined): boolean {
  if (was === undefined || is === undefined) return was !== is;
  const kept = is.keys ?? [];
  return (was.keys ?? []).some((key) => !kept.some(({ rdata }) => sameOctets(rdata, key.rdata)));
}

function stateIn(keys: readonly AnchorKey[], sought: Dnskey): string {
  return keys.find(({ key }) => sameOctets(key.rdata, sought.rdata))?.state ?? 'unknown';
}

/** RFC 5011 §2.3: OrigTTL and RRSigExpirationInterval. */
function timesOf(set: RRset, now: number): { originalTtl: number; expiresIn: number } {
  const { owner, ttl, signatures } = set;
  const read = signatures === undefined ? [] : rdataOf({ owner, type: Type.RRSIG, ttl, ...signatures }).map(readRrsig);
  const sound = read.filter((signature) => signature !== undefined);
  if (sound.length === 0) return { originalTtl: ttl, expiresIn: 0 };
  return {
    originalTtl: Math.max(...sound.map(({ originalTtl }) => originalTtl)),
    expiresIn: Math.min(...sound.map(({ expiration }) => secondsFrom(now, expiration))),
  };
}

/** The lower bound is the stronger one: nobody's TTL makes us ask more often. */
function between(least: number, wanted: number): number {
  return Math.round(Math.max(least, wanted));
}

/** A zone's key set has a few keys and signatures; beyond this nobody looks (KeyTrap). */
function boundedBudget(): CryptoBudget {
  let verifications = 32;
  let hashes = 64;
  return {
    takeVerification: () => verifications-- > 0,
    countFailure: () => undefined,
    takeHash: () => hashes-- > 0,
    isSpent: () => verifications <= 0 || hashes <= 0,
  };
}
