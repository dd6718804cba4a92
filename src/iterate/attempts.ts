/**
 * Which server of a zone is asked next, and how: the order of attempts for one question.
 *
 * Pure bookkeeping, no clock and no socket. Each server is asked once before any is asked twice. What a server's first
 * reply asks for comes at once: TCP after a truncated reply or one that a forger could have sent, no EDNS after a format
 * error. A server that stays silent is asked a second time, without EDNS where it is not known to speak it (some drop
 * what they do not know); and when all else is used up, one silent server is tried over TCP.
 */

import type { Candidate } from './server-selection.ts';
import type { ServerState } from './server-statistics.ts';

export type Attempt = {
  readonly candidate: Candidate;
  readonly transport: 'udp' | 'tcp';
  readonly withEdns: boolean;
  /** What made this attempt differ from the ordinary first one. */
  readonly reason: 'first' | 'truncated' | 'wrong-case' | 'suspicious' | 'format-error' | 'silent' | 'silent-over-udp';
};

/** What an attempt came to, as far as the next attempt depends on it. */
export type Lesson = 'truncated' | 'wrong-case' | 'suspicious' | 'format-error' | 'silent' | 'useless';

export type Attempts = {
  next(): Attempt | undefined;
  /** One silent server over TCP, once, for when there is nothing else to try. */
  lastResort(): Attempt | undefined;
  learn(attempt: Attempt, lesson: Lesson): void;
  /** More servers; those that are known already are not asked again. */
  add(candidates: readonly Candidate[]): void;
};

/** How many silent servers are asked a second time. */
const MAX_SILENT_RETRIES = 2;

export function createAttempts(
  candidates: readonly Candidate[],
  statistics: { of(address: string): Pick<ServerState, 'smoothedRttMs' | 'isWithoutEdns' | 'prefersTcp'> },
): Attempts {
  const urgent: Attempt[] = [];
  const fresh: Candidate[] = [];
  const again: Attempt[] = [];
  const seen = new Set<string>();
  let silentRetries = 0;
  let overTcp: Attempt | undefined;

  const attempts: Attempts = {
    next() {
      return urgent.shift() ?? firstAttempt(fresh.shift()) ?? again.shift();
    },
    lastResort() {
      const attempt = overTcp;
      overTcp = undefined;
      return attempt;
    },
    learn({ candidate, transport, withEdns, reason }, lesson) {
      switch (lesson) {
        case 'truncated':
        case 'wrong-case':
        case 'suspicious':
          if (transport === 'udp') urgent.push({ candidate, transport: 'tcp', withEdns, reason: lesson });
          return;
        case 'format-error':
          if (withEdns) urgent.push({ candidate, transport, withEdns: false, reason: lesson });
          return;
        case 'silent':
          if (transport === 'udp' && reason === 'first') learnSilence(candidate, withEdns);
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
    const { isWithoutEdns, prefersTcp } = statistics.of(candidate.address);
    return { candidate, transport: prefersTcp ? 'tcp' : 'udp', withEdns: !isWithoutEdns, reason: 'first' };
  }

  function learnSilence(candidate: Candidate, withEdns: boolean): void {
    overTcp ??= { candidate, transport: 'tcp', withEdns, reason: 'silent-over-udp' };
    if (silentRetries++ >= MAX_SILENT_RETRIES) return;
    const hasAnsweredBefore = statistics.of(candidate.address).smoothedRttMs !== undefined;
    again.push({ candidate, transport: 'udp', withEdns: withEdns && hasAnsweredBefore, reason: 'silent' });
  }
}
