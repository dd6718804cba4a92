/**
 * What each server's address has been like: how quick, how silent, lame for which zones, in need of which special
 * treatment. From this server-selection.ts chooses, and the walk learns how long to wait.
 *
 * Everything here is an observation that grows old. A round-trip time is believed for 15 minutes, a treatment likewise,
 * so that a server that was mended is noticed; a failing server is left alone for a second, then longer, but at most
 * five minutes (RFC 9520 §3.2, RFC 2308 §7.2). Bounded by the number of addresses, least recently used first out.
 *
 * The round-trip time is smoothed as TCP does it (RFC 6298 §2), and so is the time-out found from it.
 */

import { LRUCache } from 'lru-cache';
import type { Name } from '../dns/name.ts';
import { isOwnFault } from '../exchange/own-fault.ts';
import type { Clock } from '../system/clock.ts';

export type ServerState = {
  /** Undefined while it has not answered (or not for so long that nothing can be said). */
  readonly smoothedRttMs: number | undefined;
  readonly rttVariationMs: number;
  /** Failures since the last response: time-outs and unreachable. */
  readonly consecutiveFailures: number;
  /** How the last of them failed: `timeout`, `ECONNREFUSED`, …; undefined when there are none. */
  readonly lastFailure: string | undefined;
  /** While the clock is below this, others are asked first; 0 when it is not backed off. */
  readonly backedOffUntilMs: number;
  /** It has sent an OPT record of late. */
  readonly speaksEdns: boolean;
  /** It does not understand EDNS: ask without an OPT record. */
  readonly isWithoutEdns: boolean;
  /** It cannot stand a DNS cookie, or returns another one: send none. */
  readonly isWithoutCookies: boolean;
  /** It does not return the letter case of the question: do not randomise it. */
  readonly breaksCase: boolean;
  /** UDP keeps failing while TCP works. */
  readonly prefersTcp: boolean;
};

export type Transport = 'udp' | 'tcp';

export type ServerStatistics = {
  of(address: string): ServerState;
  isLame(address: string, zone: Name): boolean;
  /** Any response, whatever it says. Over TCP the time includes the connection's own round trip. */
  recordResponse(address: string, roundTripMs: number, transport?: Transport): void;
  /** Exchanges that ran beside each other and failed together are one failure. */
  recordTimeout(address: string, waitedMs: number): void;
  /**
   * It had not answered when another server's answer made its own unnecessary. Where it was late by then, that counts
   * as a time-out: a silent server whose exchanges are always cut short would never look bad otherwise. Returns
   * whether it was late.
   */
  recordLate(address: string, waitedMs: number): boolean;
  /** A failure of our own (no descriptors, no free port) is not held against the server. */
  recordUnreachable(address: string, code: string): void;
  /** RFC 4697 §2.2: lame for this zone; what else it serves is not touched. */
  recordLame(address: string, zone: Name): void;
  markSpeaksEdns(address: string): void;
  markWithoutEdns(address: string): void;
  markWithoutCookies(address: string): void;
  markBreaksCase(address: string): void;
  markPrefersTcp(address: string): void;
  /** How long to wait for a response before the exchange counts as a time-out. */
  timeoutMs(address: string, transport?: Transport): number;
  /**
   * How long a response is still taken, when the server has long been asked again or others in its place: a satellite
   * takes a second, and one that has never been heard may well be behind one.
   */
  patienceMs(address: string): number;
  /** When the server is late against its own history, and another is asked beside it. */
  hedgeAfterMs(address: string): number;
  dump(): Iterable<ServerEntry>;
};

export type ServerEntry = ServerState & { readonly address: string; readonly lameFor: readonly Name[] };

const DEFAULT_MAX_SERVERS = 20_000;

const MINUTE_MS = 60_000;
/** How long a round-trip time, a treatment and a lame delegation are believed. */
const OBSERVATION_MS = 15 * MINUTE_MS;
/** Lame zones kept for one address; a hosting company's broken server is listed for thousands. */
const MAX_LAME_ZONES = 64;

/** Long enough for the far side of the planet, short enough that one dead server is not felt. */
const INITIAL_TIMEOUT_MS = 400;
const LEAST_TIMEOUT_MS = 50;
const MOST_TIMEOUT_MS = 1500;
/** A zone whose servers are all silent is given up within 3 s, with what comes before and after. */
const MOST_PATIENCE_MS = 2200;
const LEAST_PATIENCE_MS = 1000;
/** Of a server that has been heard, in time-outs. */
const PATIENCE_FACTOR = 4;
/** Above the pauses of our own event loop, which must not be taken for the server's. */
const LEAST_HEDGE_MS = 20;
/** For a server of which nothing good is known: most of the internet answers within this. */
const UNKNOWN_HEDGE_MS = 120;

/** One lost datagram is an ordinary day; from the third failure in a row on, the server is left alone. */
const FAILURES_BEFORE_BACKOFF = 3;
const LEAST_BACKOFF_MS = 1000;
const MOST_BACKOFF_MS = 5 * MINUTE_MS;

type Observed = {
  smoothedRttMs: number;
  rttVariationMs: number;
  rttUntilMs: number;
  consecutiveFailures: number;
  failuresUntilMs: number;
  lastFailedAtMs: number;
  lastFailure: string | undefined;
  backedOffUntilMs: number;
  speaksEdnsUntilMs: number;
  withoutEdnsUntilMs: number;
  withoutCookiesUntilMs: number;
  breaksCaseUntilMs: number;
  prefersTcpUntilMs: number;
  lameUntilMs: Map<Name, number> | undefined;
};

export function createServerStatistics(around: { clock: Clock; maxServers?: number }): ServerStatistics {
  const { clock } = around;
  const servers = new LRUCache<string, Observed>({ max: around.maxServers ?? DEFAULT_MAX_SERVERS });

  const observed = (address: string): Observed => {
    let entry = servers.get(address);
    if (entry === undefined) {
      entry = nothingObserved();
      servers.set(address, entry);
    }
    return entry;
  };
  const recordFailure = (address: string, why: string, waitedMs: number): void => {
    const entry = observed(address);
    const now = clock.now();
    // Of a thousand that are under way when a server falls silent for a moment, all fail, and it is one silence.
    if (failuresOf(entry, now) > 0 && now - waitedMs < entry.lastFailedAtMs) return;
    entry.lastFailedAtMs = now;
    entry.consecutiveFailures = failuresOf(entry, now) + 1;
    entry.lastFailure = why;
    entry.failuresUntilMs = now + OBSERVATION_MS;
    entry.backedOffUntilMs = now + backoffMs(entry.consecutiveFailures);
  };
  const hedgeAfterMs = (address: string): number => {
    const entry = servers.get(address);
    return entry === undefined ? UNKNOWN_HEDGE_MS : lateAfterMs(entry, clock.now());
  };

  return {
    of(address) {
      const entry = servers.get(address);
      return entry === undefined ? UNKNOWN : stateOf(entry, clock.now());
    },
    isLame(address, zone) {
      const until = servers.get(address)?.lameUntilMs?.get(zone);
      return until !== undefined && clock.now() < until;
    },
    recordResponse(address, roundTripMs, transport = 'udp') {
      const entry = observed(address);
      // Connecting is a round trip of its own, so that one of them is half of what was measured.
      smooth(entry, transport === 'tcp' ? roundTripMs / 2 : roundTripMs, clock.now());
      entry.consecutiveFailures = 0;
      entry.lastFailure = undefined;
      entry.backedOffUntilMs = 0;
    },
    recordTimeout(address, waitedMs) {
      recordFailure(address, 'timeout', waitedMs);
    },
    recordLate(address, waitedMs) {
      const wasLate = waitedMs >= hedgeAfterMs(address);
      if (wasLate) recordFailure(address, 'timeout', waitedMs);
      return wasLate;
    },
    recordUnreachable(address, code) {
      if (!isOwnFault(code)) recordFailure(address, code, 0);
    },
    recordLame(address, zone) {
      const zones = (observed(address).lameUntilMs ??= new Map());
      if (zones.size >= MAX_LAME_ZONES && !zones.has(zone)) zones.delete(zones.keys().next().value);
      zones.set(zone, clock.now() + OBSERVATION_MS);
    },
    markSpeaksEdns(address) {
      observed(address).speaksEdnsUntilMs = clock.now() + OBSERVATION_MS;
    },
    markWithoutEdns(address) {
      observed(address).withoutEdnsUntilMs = clock.now() + OBSERVATION_MS;
    },
    markWithoutCookies(address) {
      observed(address).withoutCookiesUntilMs = clock.now() + OBSERVATION_MS;
    },
    markBreaksCase(address) {
      observed(address).breaksCaseUntilMs = clock.now() + OBSERVATION_MS;
    },
    markPrefersTcp(address) {
      observed(address).prefersTcpUntilMs = clock.now() + OBSERVATION_MS;
    },
    timeoutMs(address, transport = 'udp') {
      const entry = servers.get(address);
      const udpMs = entry === undefined ? INITIAL_TIMEOUT_MS : responseTimeoutMs(entry, clock.now());
      return transport === 'tcp' ? 2 * udpMs : udpMs;
    },
    patienceMs(address) {
      const entry = servers.get(address);
      const now = clock.now();
      if (entry === undefined || !knowsRtt(entry, now)) return MOST_PATIENCE_MS;
      const wanted = PATIENCE_FACTOR * responseTimeoutMs(entry, now);
      return Math.min(Math.max(wanted, LEAST_PATIENCE_MS), MOST_PATIENCE_MS);
    },
    hedgeAfterMs,
    *dump() {
      const now = clock.now();
      for (const [address, entry] of servers.entries()) {
        yield { address, ...stateOf(entry, now), lameFor: lameZones(entry, now) };
      }
    },
  };
}

const UNKNOWN: ServerState = stateOf(nothingObserved(), 0);

function nothingObserved(): Observed {
  return {
    smoothedRttMs: 0,
    rttVariationMs: 0,
    rttUntilMs: 0,
    consecutiveFailures: 0,
    failuresUntilMs: 0,
    lastFailedAtMs: 0,
    lastFailure: undefined,
    backedOffUntilMs: 0,
    speaksEdnsUntilMs: 0,
    withoutEdnsUntilMs: 0,
    withoutCookiesUntilMs: 0,
    breaksCaseUntilMs: 0,
    prefersTcpUntilMs: 0,
    lameUntilMs: undefined,
  };
}

function stateOf(entry: Observed, now: number): ServerState {
  const isKnown = knowsRtt(entry, now);
  const failures = failuresOf(entry, now);
  return {
    smoothedRttMs: isKnown ? entry.smoothedRttMs : undefined,
    rttVariationMs: isKnown ? entry.rttVariationMs : 0,
    consecutiveFailures: failures,
    lastFailure: failures > 0 ? entry.lastFailure : undefined,
    backedOffUntilMs: now < entry.backedOffUntilMs ? entry.backedOffUntilMs : 0,
    speaksEdns: now < entry.speaksEdnsUntilMs,
    isWithoutEdns: now < entry.withoutEdnsUntilMs,
    isWithoutCookies: now < entry.withoutCookiesUntilMs,
    breaksCase: now < entry.breaksCaseUntilMs,
    prefersTcp: now < entry.prefersTcpUntilMs,
  };
}

function lameZones(entry: Observed, now: number): Name[] {
  return [...(entry.lameUntilMs ?? [])].filter(([, until]) => now < until).map(([zone]) => zone);
}

function knowsRtt(entry: Observed, now: number): boolean {
  return now < entry.rttUntilMs;
}

function failuresOf(entry: Observed, now: number): number {
  return now < entry.failuresUntilMs ? entry.consecutiveFailures : 0;
}

/** RFC 6298 §2.2 for the first measurement, §2.3 for those that follow. */
function smooth(entry: Observed, sampleMs: number, now: number): void {
  if (knowsRtt(entry, now)) {
    entry.rttVariationMs = 0.75 * entry.rttVariationMs + 0.25 * Math.abs(entry.smoothedRttMs - sampleMs);
    entry.smoothedRttMs = 0.875 * entry.smoothedRttMs + 0.125 * sampleMs;
  } else {
    entry.smoothedRttMs = sampleMs;
    entry.rttVariationMs = sampleMs / 2;
  }
  entry.rttUntilMs = now + OBSERVATION_MS;
}

/**
 * RFC 6298 §2.3 sets it at SRTT + 4·RTTVAR, which closes in on a steady server until the least unevenness is a
 * time-out. A late response is lost to us, as its port is closed then, so there is always as much room again as the
 * round trip itself. §5.5: doubled with each failure, up to a bound that leaves the client's time for other servers.
 */
function responseTimeoutMs(entry: Observed, now: number): number {
  const { smoothedRttMs, rttVariationMs } = entry;
  const once = knowsRtt(entry, now)
    ? smoothedRttMs + Math.max(4 * rttVariationMs, smoothedRttMs, LEAST_TIMEOUT_MS)
    : INITIAL_TIMEOUT_MS;
  // In whole milliseconds: the runtime keeps a list of timers for each length.
  return Math.min(Math.ceil(once * 2 ** failuresOf(entry, now)), MOST_TIMEOUT_MS);
}

function lateAfterMs(entry: Observed, now: number): number {
  if (failuresOf(entry, now) > 0 || !knowsRtt(entry, now)) return UNKNOWN_HEDGE_MS;
  const { smoothedRttMs, rttVariationMs } = entry;
  const late = Math.ceil(smoothedRttMs + Math.max(2 * rttVariationMs, smoothedRttMs / 4));
  return Math.min(Math.max(late, LEAST_HEDGE_MS), MOST_TIMEOUT_MS);
}

/** RFC 9520 §3.2: at least one second, exponentially longer, at most five minutes. */
function backoffMs(failures: number): number {
  if (failures < FAILURES_BEFORE_BACKOFF) return 0;
  return Math.min(LEAST_BACKOFF_MS * 2 ** (failures - FAILURES_BEFORE_BACKOFF), MOST_BACKOFF_MS);
}
