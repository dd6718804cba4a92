/**
 * Which server of a zone is asked next, and how: the order of attempts for one question.
 *
 * Pure bookkeeping, no clock and no socket. Each server is asked once before any is asked twice. What a server's first
 * reply asks for comes at once: TCP after a truncated reply or one that a forger could have sent, no EDNS after a format
 * error (no cookie, where the error came with EDNS), the cookie it has just given after BADCOOKIE (RFC 7873 §5.3: once
 * again over UDP, then over TCP); but no more than a few times in all. Where servers stay silent, one of them is asked a
 * second time, without EDNS where it is not known to speak it (some drop what they do not know), and when all else is
 * used up, the latest of them is tried over TCP. So a zone that is dead costs two attempts more than it has servers.
 */

import type { Candidate } from './server-selection.ts';
import type { ServerState } from './server-statistics.ts';

export type Attempt = {
  readonly candidate: Candidate;
  readonly transport: 'udp' | 'tcp';
  readonly withEdns: boolean;
  /** Where EDNS is used and the server may be sent a DNS cookie at all. */
  readonly withCookie: boolean;
  /** What made this attempt differ from the ordinary first one. */
  readonly reason: 'first' | Exclude<Lesson, 'useless'> | 'silent-over-udp';
};

/** What an attempt came to, as far as the next attempt depends on it. */
export type Lesson =
  | 'truncated'
  | 'wrong-case'
  | 'suspicious'
  | 'format-error'
  | 'cookie-refused'
  | 'bad-cookie'
  | 'silent'
  | 'useless';

export type Attempts = {
  next(): Attempt | undefined;
  /** One silent server over TCP, once, for when there is nothing else to try. */
  lastResort(): Attempt | undefined;
  learn(attempt: Attempt, lesson: Lesson): void;
  /** More servers; those that are known already are not asked again. */
  add(candidates: readonly Candidate[]): void;
};

/** How many silent servers are asked a second time: where there are several, each is the other's second chance. */
const MAX_SILENT_RETRIES = 1;
/** How often a reply is followed by another attempt at its server: where all servers want it, more is no use. */
const MAX_URGENT = 3;

export function createAttempts(
  candidates: readonly Candidate[],
  statistics: {
    of(
      address: string,
    ): Pick<ServerState, 'smoothedRttMs' | 'speaksEdns' | 'isWithoutEdns' | 'isWithoutCookies' | 'prefersTcp'>;
  },
): Attempts {
  const urgent: Attempt[] = [];
  const fresh: Candidate[] = [];
  const again: Attempt[] = [];
  const seen = new Set<string>();
  let silentRetries = 0;
  let urgentLeft = MAX_URGENT;
  let overTcp: Attempt | undefined;
  let wasOverTcp = false;

  const askUrgently = (changed: Attempt): void => {
    if (urgentLeft-- > 0) urgent.push(changed);
  };

  const attempts: Attempts = {
    next() {
      return urgent.shift() ?? firstAttempt(fresh.shift()) ?? again.shift();
    },
    lastResort() {
      if (wasOverTcp || overTcp === undefined) return undefined;
      wasOverTcp = true;
      return overTcp;
    },
    learn(attempt, lesson) {
      const { candidate, transport, withEdns, withCookie, reason } = attempt;
      switch (lesson) {
        case 'truncated':
        case 'wrong-case':
        case 'suspicious':
          if (transport === 'udp') askUrgently({ ...attempt, transport: 'tcp', reason: lesson });
          return;
        case 'format-error':
          // One datagram that says otherwise of a server that has spoken EDNS may be forged, to be rid of DNSSEC.
          if (withEdns && transport === 'udp' && statistics.of(candidate.address).speaksEdns)
            return attempts.learn(attempt, 'suspicious');
          if (withEdns && reason !== 'cookie-refused')
            askUrgently({ ...attempt, withEdns: false, withCookie: false, reason: lesson });
          return;
        case 'cookie-refused':
          if (withCookie) askUrgently({ ...attempt, withCookie: false, reason: lesson });
          else attempts.learn(attempt, 'format-error');
          return;
        case 'bad-cookie':
          if (transport === 'udp') {
            askUrgently({ ...attempt, transport: reason === lesson ? 'tcp' : transport, reason: lesson });
          }
          return;
        case 'silent':
          if (transport === 'udp' && reason === 'first') learnSilence(candidate, withEdns, withCookie);
          return;
        case 'useless':
          return;
        default:
          lesson satisfies never;
      }
    },
    add(more) {
      for (const candidate of more) {
        const where = `${candidate.address} ${candidate.port ?? ''}`;
        if (seen.has(where)) continue;
        seen.add(where);
        fresh.push(candidate);
      }
    },
  };
  attempts.add(candidates);
  return attempts;

  function firstAttempt(candidate: Candidate | undefined): Attempt | undefined {
    if (candidate === undefined) return undefined;
    const { isWithoutEdns, isWithoutCookies, prefersTcp } = statistics.of(candidate.address);
    return {
      candidate,
      transport: prefersTcp ? 'tcp' : 'udp',
      withEdns: !isWithoutEdns,
      withCookie: !isWithoutEdns && !isWithoutCookies,
      reason: 'first',
    };
  }

  function learnSilence(candidate: Candidate, withEdns: boolean, withCookie: boolean): void {
    overTcp = { candidate, transport: 'tcp', withEdns, withCookie, reason: 'silent-over-udp' };
    if (silentRetries++ >= MAX_SILENT_RETRIES) return;
    const hasAnsweredBefore = statistics.of(candidate.address).smoothedRttMs !== undefined;
    const asBefore = hasAnsweredBefore ? { withEdns, withCookie } : { withEdns: false, withCookie: false };
    again.push({ candidate, transport: 'udp', ...asBefore, reason: 'silent' });
  }
}

/** Why it differs from the ordinary first attempt, for people. */
export function becauseOf({ reason, transport, withEdns }: Attempt): string | undefined {
  switch (reason) {
    case 'first':
      return transport === 'tcp' ? 'it has answered over TCP only' : undefined;
    case 'truncated':
      return 'the answer was truncated';
    case 'wrong-case':
      return 'the letter case came back changed';
    case 'suspicious':
      return 'what came could have been forged';
    case 'format-error':
      return 'again, without EDNS';
    case 'cookie-refused':
      return 'again, without a cookie';
    case 'bad-cookie':
      return 'again, with the cookie it wants';
    case 'silent':
      return withEdns ? 'again, as it was silent' : 'again without EDNS, as it was silent';
    case 'silent-over-udp':
      return 'it was silent over UDP';
    default:
      return reason satisfies never;
  }
}
