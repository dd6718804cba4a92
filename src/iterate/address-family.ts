/**
 * Whether servers may be asked at their IPv4 and at their IPv6 addresses.
 *
 * `on` and `off` are the operator's word. `auto` looks at what comes of it: many a machine has IPv6 addresses and no
 * way out (or the reverse), and every server asked over the dead family costs a time-out. A family is taken for dead
 *   - when several addresses in a row could not be reached at all (no route, no local address), or
 *   - when many addresses in a row did not answer while the other family's did.
 * Addresses, not attempts, are counted: one dead server says nothing about its family. A dead family is left alone for
 * a minute, then one question tries it; each failed trial makes the pause longer, up to a quarter of an hour, and a
 * response ends it. Where both would be dead, the machine is offline, and neither is held back.
 *
 * How a single server fares is server-statistics.ts.
 */

import { isOwnFault } from '../exchange/own-fault.ts';
import type { Clock } from '../system/clock.ts';

export type FamilyUse = 'auto' | 'on' | 'off';
export type FamilyOptions = { readonly ipv4: FamilyUse; readonly ipv6: FamilyUse };
export type FamilyOutcome = 'response' | 'timeout' | 'unreachable';

export type AddressFamilies = {
  mayUse(address: string): boolean;
  /** Whether it is worth looking up addresses of this family. Begins no trial. */
  isInUse(family: 4 | 6): boolean;
  /**
   * `code` where it is known: a refused connection (`ECONNREFUSED`) shows that the family's packets arrive, and a
   * failure of our own (`EMFILE`) shows nothing.
   */
  recordOutcome(address: string, outcome: FamilyOutcome, code?: string): void;
};

const UNREACHABLE_ADDRESSES = 3;
const SILENT_ADDRESSES = 6;
const LEAST_PAUSE_MS = 60_000;
const MOST_PAUSE_MS = 15 * 60_000;
/** How long `mayUse` says yes for a trial: time for one walk to choose its server, not for many. */
const TRIAL_CHOICE_MS = 5;
/** When no word of a trial came by then (nobody chose the family), there is another. */
const TRIAL_AGAIN_MS = 5000;

/** Codes that the other end, not the way to it, is the cause of. */
const ARRIVED = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'EOF']);

type Standing =
  | { readonly kind: 'alive' }
  | { readonly kind: 'paused'; readonly pauseMs: number; readonly untilMs: number }
  | { readonly kind: 'trial'; readonly pauseMs: number; readonly choiceUntilMs: number; readonly againMs: number };

type Family = {
  readonly use: FamilyUse;
  standing: Standing;
  /** Addresses that failed since the family's last response; bounded by the counts above. */
  readonly unreachable: Set<string>;
  readonly silent: Set<string>;
  /** The other family has answered while this one was silent. */
  otherAnswers: boolean;
};

export function createAddressFamilies(options: FamilyOptions, around: { clock: Clock }): AddressFamilies {
  const { clock } = around;
  const ipv4 = createFamily(options.ipv4);
  const ipv6 = createFamily(options.ipv6);
  const familyOf = (address: string): Family => (address.includes(':') ? ipv6 : ipv4);
  const otherThan = (family: Family): Family => (family === ipv4 ? ipv6 : ipv4);

  return {
    mayUse(address) {
      const family = familyOf(address);
      if (family.use !== 'auto') return family.use === 'on';
      return isOut(otherThan(family)) || admits(family, clock.now());
    },
    isInUse(family) {
      const [one, other] = family === 4 ? [ipv4, ipv6] : [ipv6, ipv4];
      if (one.use !== 'auto') return one.use === 'on';
      return isOut(other) || one.standing.kind === 'alive';
    },
    recordOutcome(address, outcome, code) {
      const family = familyOf(address);
      const other = otherThan(family);
      if (code !== undefined && isOwnFault(code)) return;
      if (outcome === 'response' || (code !== undefined && ARRIVED.has(code))) {
        revive(family);
        other.otherAnswers ||= other.silent.size > 0;
        judge(other, clock.now());
      } else {
        addUpTo(SILENT_ADDRESSES, family.silent, address);
        if (outcome === 'unreachable') addUpTo(UNREACHABLE_ADDRESSES, family.unreachable, address);
        if (family.standing.kind === 'trial') pause(family, family.standing.pauseMs * 2, clock.now());
        else judge(family, clock.now());
      }
    },
  };
}

function createFamily(use: FamilyUse): Family {
  return { use, standing: { kind: 'alive' }, unreachable: new Set(), silent: new Set(), otherAnswers: false };
}

/** True when nothing goes over this family anyway, so that holding the other one back would leave no way at all. */
function isOut(family: Family): boolean {
  return family.use === 'off' || (family.use === 'auto' && family.standing.kind !== 'alive');
}

/** Whether the family may be used now; begins a trial when the pause is over. */
function admits(family: Family, now: number): boolean {
  const { standing } = family;
  switch (standing.kind) {
    case 'alive':
      return true;
    case 'paused':
      return now >= standing.untilMs && beginTrial(family, standing.pauseMs, now);
    case 'trial':
      return now < standing.choiceUntilMs || (now >= standing.againMs && beginTrial(family, standing.pauseMs, now));
    default:
      return standing satisfies never;
  }
}

function beginTrial(family: Family, pauseMs: number, now: number): true {
  family.standing = { kind: 'trial', pauseMs, choiceUntilMs: now + TRIAL_CHOICE_MS, againMs: now + TRIAL_AGAIN_MS };
  return true;
}

/** Takes a family that was alive for dead, when enough addresses say so; what is heard during a pause changes nothing. */
function judge(family: Family, now: number): void {
  if (family.standing.kind !== 'alive') return;
  const isCutOff = family.unreachable.size >= UNREACHABLE_ADDRESSES;
  const isSilent = family.silent.size >= SILENT_ADDRESSES && family.otherAnswers;
  if (isCutOff || isSilent) pause(family, LEAST_PAUSE_MS, now);
}

function pause(family: Family, wantedMs: number, now: number): void {
  const pauseMs = Math.min(wantedMs, MOST_PAUSE_MS);
  family.standing = { kind: 'paused', pauseMs, untilMs: now + pauseMs };
}

function revive(family: Family): void {
  family.standing = { kind: 'alive' };
  family.unreachable.clear();
  family.silent.clear();
  family.otherAnswers = false;
}

function addUpTo(most: number, addresses: Set<string>, address: string): void {
  if (addresses.size < most) addresses.add(address);
}
