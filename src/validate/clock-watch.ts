/**
 * Is it our own clock that is wrong? When the signatures of the root, or of several top-level domains one after the
 * other, are all over or all not begun, it is far likelier that this machine woke up without a battery than that they
 * all forgot to sign.
 *
 * Decides that, and which names stay resolvable meanwhile, so that the clock can be set: those of time servers. What is
 * said about it, and to whom, is elsewhere. It ends as soon as anything is proven secure.
 */

import { ROOT, isAtOrBelow, labelCount, type Name } from '../dns/name.ts';
import { Type } from '../dns/record-type.ts';
import type { Security, SecurityReason } from '../query/security.ts';
import type { Clock } from '../system/clock.ts';

export type WrongClock = {
  /** Which way our clock is wrong. */
  readonly side: 'ahead' | 'behind';
  /** What it said when that was noticed, seconds since 1970. */
  readonly ourSeconds: number;
  /** Whose signatures, and when they ended, or begin: the time is before or after that. */
  readonly zone: Name;
  readonly boundSeconds: number;
};

export type ClockWatch = {
  /** To be given every judgement. */
  note(security: Security): void;
  /** Undefined while nothing speaks against our clock. */
  wrong(): WrongClock | undefined;
  /** How the name is to be answered while the clock is wrong; undefined where it is to be judged as always. */
  exempts(qname: Name): Security | undefined;
};

/** One top-level domain may have forgotten to sign; not several at once. */
const TOP_LEVEL_DOMAINS = 3;

export function createClockWatch(
  /** Names at and below which time servers are found. */
  options: { readonly clockNames: readonly Name[] },
  around: {
    readonly clock: Clock;
    /** Once when it begins, and once when it is over. */
    readonly report: (wrong: WrongClock | undefined) => void;
  },
): ClockWatch {
  const { clock, report } = around;
  let wrong: WrongClock | undefined;
  let seen: { side: WrongClock['side']; zones: Set<Name> } | undefined;

  return {
    note(security) {
      if (security.state === 'secure') {
        seen = undefined;
        if (wrong !== undefined) report((wrong = undefined));
        return;
      }
      const sign = security.state === 'bogus' ? signOf(security.reason) : undefined;
      if (sign === undefined || wrong !== undefined) return;
      const { side, zone, boundSeconds } = sign;
      if (seen?.side !== side) seen = { side, zones: new Set() };
      seen.zones.add(zone);
      if (zone !== ROOT && seen.zones.size < TOP_LEVEL_DOMAINS) return;
      wrong = { side, zone, boundSeconds, ourSeconds: Math.floor(clock.wallMs() / 1000) };
      report(wrong);
    },
    wrong: () => wrong,
    exempts(qname) {
      if (wrong === undefined || !options.clockNames.some((name) => isAtOrBelow(qname, name))) return undefined;
      return { state: 'insecure', reason: { check: 'wrong-clock', zone: wrong.zone } };
    },
  };
}

/** What the root has signed, and the keys of a top-level domain: with these, many watch the time. */
function signOf(reason: SecurityReason): Omit<WrongClock, 'ourSeconds'> | undefined {
  const { check, zone, type, inception, expiration } = reason;
  if (zone !== ROOT && !(labelCount(zone) === 1 && type === Type.DNSKEY)) return undefined;
  if (check === 'signature-expired' && expiration !== undefined)
    return { side: 'ahead', zone, boundSeconds: expiration };
  if (check === 'signature-not-yet-valid' && inception !== undefined)
    return { side: 'behind', zone, boundSeconds: inception };
  return undefined;
}

/** Both dates, and what to do; without a full stop, as other sentences follow. */
export function describeWrongClock({ side, zone, ourSeconds, boundSeconds }: WrongClock, zoneText: string): string {
  const whose = zone === ROOT ? 'of the root' : `of ${zoneText} and other top-level domains`;
  const verb = side === 'ahead' ? 'ended on' : 'begin on';
  return (
    `the clock of this resolver says ${dateOf(ourSeconds)}, but the signatures ${whose} ${verb} ` +
    `${dateOf(boundSeconds)}: it is probably ${side === 'ahead' ? 'fast' : 'slow'} and has to be set`
  );
}

function dateOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}
