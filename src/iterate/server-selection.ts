/**
 * In which order the servers of a zone are asked.
 *
 * Pure: reads what server-statistics.ts has observed and draws lots. Who is asked at the same time, and when to give up,
 * is the walk's.
 *
 * Best first, but not always the same one: a forger must guess which address was asked (RFC 5452 §9.1, the server's
 * address is entropy), and a server that is never asked is never known. So
 *   1. those within a band of the quickest, in random order, both address families in turn;
 *   2. those that have not been measured, likewise, those without a failure first;
 *   3. the slower ones, by expected time;
 *   4. those that are backed off, the one whose time is up soonest first: asked when nobody else is left.
 * A bounded share of the time, one of 2 or 3 comes first instead, so that a better server is found and an improved one
 * noticed; the walk asks another as soon as it is late. Lame servers are left out (RFC 4697 §2.2).
 */

import type { Name } from '../dns/name.ts';
import { shuffle, type Random } from '../system/random.ts';
import type { ServerState, ServerStatistics } from './server-statistics.ts';

export type Candidate = {
  /** Undefined where the server is configured by address alone. */
  readonly serverName: Name | undefined;
  readonly address: string;
  /** Where the configuration names one; otherwise the port that all servers have. */
  readonly port?: number;
};

/** Servers this close to the quickest are equals: its own time again by half, and never less than 20 ms. */
const BAND_FACTOR = 1.5;
const LEAST_BAND_MS = 20;
/** One question in so many tries a server that was never measured, or a slow one once more. */
const EXPLORE_UNMEASURED_ONE_IN = 8;
const EXPLORE_SLOW_ONE_IN = 32;

export function orderServers<C extends Candidate>(
  candidates: readonly C[],
  statistics: Pick<ServerStatistics, 'of' | 'isLame'>,
  zone: Name,
  random: Random,
  now: number,
): C[] {
  const rated = candidates
    .filter(({ address }) => !statistics.isLame(address, zone))
    .map((candidate) => rate(candidate, statistics.of(candidate.address), now));
  const quickestMs = Math.min(...rated.map(({ expectedMs }) => expectedMs));
  const bandMs = Math.max(quickestMs * BAND_FACTOR, quickestMs + LEAST_BAND_MS);

  const by = Object.groupBy(rated, (one) => standingOf(one, bandMs));
  const quick = alternateFamilies(shuffle(by.quick ?? [], random));
  const unmeasured = alternateFamilies(shuffle(by.unmeasured ?? [], random)).sort((a, b) => a.failures - b.failures);
  const slow = (by.slow ?? []).sort((a, b) => a.expectedMs - b.expectedMs);
  const backedOff = (by['backed-off'] ?? []).sort((a, b) => a.backedOffUntilMs - b.backedOffUntilMs);

  const ordered = [...quick, ...unmeasured, ...slow, ...backedOff];
  if (quick.length > 0) putFirst(ordered, explored(unmeasured, slow, random));
  return ordered.map(({ candidate }) => candidate);
}

type Standing = 'quick' | 'unmeasured' | 'slow' | 'backed-off';

type Rated<C> = {
  readonly candidate: C;
  /** Infinity where it is not to be compared: never measured, or backed off. */
  readonly expectedMs: number;
  readonly failures: number;
  /** 0 when it is not backed off. */
  readonly backedOffUntilMs: number;
  readonly isMeasured: boolean;
};

function rate<C extends Candidate>(candidate: C, state: ServerState, now: number): Rated<C> {
  const backedOffUntilMs = state.backedOffUntilMs > now ? state.backedOffUntilMs : 0;
  const { smoothedRttMs, consecutiveFailures: failures } = state;
  const isCompared = backedOffUntilMs === 0 && smoothedRttMs !== undefined;
  return {
    candidate,
    // A server that failed lately is expected to take as much longer as its time-out does.
    expectedMs: isCompared ? smoothedRttMs * 2 ** failures : Infinity,
    failures,
    backedOffUntilMs,
    isMeasured: smoothedRttMs !== undefined,
  };
}

function standingOf(one: Rated<unknown>, bandMs: number): Standing {
  if (one.backedOffUntilMs > 0) return 'backed-off';
  if (!one.isMeasured) return 'unmeasured';
  return one.expectedMs <= bandMs ? 'quick' : 'slow';
}

function explored<C>(unmeasured: readonly C[], slow: readonly C[], random: Random): C | undefined {
  if (unmeasured.length > 0 && random.below(EXPLORE_UNMEASURED_ONE_IN) === 0) return unmeasured[0];
  if (slow.length > 0 && random.below(EXPLORE_SLOW_ONE_IN) === 0) return slow[random.below(slow.length)];
  return undefined;
}

function putFirst<T>(list: T[], first: T | undefined): void {
  if (first === undefined) return;
  list.splice(list.indexOf(first), 1);
  list.unshift(first);
}

/** The first stays first; then, as long as both last, IPv4 and IPv6 take turns: what breaks is often one of the two. */
function alternateFamilies<C extends Candidate>(list: readonly Rated<C>[]): Rated<C>[] {
  const same: Rated<C>[] = [];
  const other: Rated<C>[] = [];
  for (const one of list) {
    const isLikeFirst = isIPv6Address(one.candidate.address) === isIPv6Address(list[0].candidate.address);
    (isLikeFirst ? same : other).push(one);
  }
  const inTurn: Rated<C>[] = [];
  for (let turn = 0; inTurn.length < list.length; turn++) {
    if (turn < same.length) inTurn.push(same[turn]);
    if (turn < other.length) inTurn.push(other[turn]);
  }
  return inTurn;
}

/** Addresses here are sound ones, so the colon decides. */
function isIPv6Address(address: string): boolean {
  return address.includes(':');
}
