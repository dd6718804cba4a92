/**
 * What one exchange says of the server beyond the question: how quick it is, whether it lives, which treatment it
 * needs, and whether its address family works from here.
 */

import type { Echo, ExchangeOutcome } from '../exchange/exchange.ts';
import type { Name } from '../dns/name.ts';
import type { AddressFamilies } from './address-family.ts';
import type { Attempt } from './attempts.ts';
import type { LameReason } from './classify-response.ts';
import type { Judged } from './judge-outcome.ts';
import type { ServerStatistics } from './server-statistics.ts';

export type ServerKnowledge = { readonly statistics: ServerStatistics; readonly families: AddressFamilies };

export function learnServer(
  { statistics, families }: ServerKnowledge,
  zone: Name,
  attempt: Attempt,
  outcome: ExchangeOutcome,
  judged: Judged,
): void {
  const { address } = attempt.candidate;
  switch (outcome.kind) {
    case 'response':
      statistics.recordResponse(address, outcome.roundTripMs, attempt.transport);
      families.recordOutcome(address, 'response');
      if (judged.verdict.kind === 'usable') {
        learnTreatment(statistics, attempt, outcome.echo);
        if (outcome.message.optIndex() !== undefined) statistics.markSpeaksEdns(address);
      }
      if (judged.lame !== undefined && isOfZone(judged.lame)) statistics.recordLame(address, zone);
      return;
    case 'timeout':
      learnSilence({ statistics, families }, attempt, outcome.waitedMs);
      return;
    case 'unreachable':
      statistics.recordUnreachable(address, outcome.code);
      families.recordOutcome(address, 'unreachable', outcome.code);
      return;
    case 'cancelled':
      if (statistics.recordLate(address, outcome.waitedMs)) families.recordOutcome(address, 'timeout');
      return;
    case 'malformed':
    case 'mismatch':
      return;
    default:
      outcome satisfies never;
  }
}

/** It has not answered within its time; whether it will yet is seen later. */
export function learnSilence(
  { statistics, families }: ServerKnowledge,
  { candidate }: Attempt,
  waitedMs: number,
): void {
  statistics.recordTimeout(candidate.address, waitedMs);
  families.recordOutcome(candidate.address, 'timeout');
}

/**
 * A special treatment is remembered only once it has led to something usable; and where it would weaken a defence, only
 * if the server itself, over TCP, does what was seen: otherwise one forged response were enough to be rid of it.
 */
function learnTreatment(statistics: ServerStatistics, attempt: Attempt, { letterCase, cookie }: Echo): void {
  const { address } = attempt.candidate;
  const { withEdns, reason } = attempt;
  if (!withEdns) statistics.markWithoutEdns(address);
  if (reason === 'wrong-case' && letterCase === 'changed') statistics.markBreaksCase(address);
  if (reason === 'cookie-refused' || cookie === 'wrong') statistics.markWithoutCookies(address);
  if (reason === 'silent-over-udp') statistics.markPrefersTcp(address);
}

/** One that refers to itself, or leaves out glue, is lost for this question only; otherwise it is lame for the whole zone. */
function isOfZone(lame: LameReason): boolean {
  return lame !== 'self-referral' && lame !== 'referral-without-glue';
}
