/**
 * What one exchange means for the asking: a meaning that ends it, or a lesson for the next attempt; and how it is told.
 *
 * Pure: the decision about a single outcome. Acting on it is ask-zone.ts.
 */

import type { ExchangeOutcome } from '../exchange/exchange.ts';
import { Rcode } from '../dns/record-type.ts';
import type { ExchangeResult } from '../query/walk-event.ts';
import type { Lesson } from './attempts.ts';
import type { Asked } from './bailiwick.ts';
import { classifyResponse, meaningToText, type LameReason, type Meaning } from './classify-response.ts';
import type { Refusal } from './collect.ts';

/** Meanings that end the asking; the others lead to the next attempt. */
export type UsableMeaning = Exclude<
  Meaning,
  { kind: 'lame' | 'malformed' | 'server-failure' | 'format-error' | 'truncated' }
>;

export type Judged = {
  readonly verdict:
    | { readonly kind: 'usable'; readonly meaning: UsableMeaning }
    | { readonly kind: 'next'; readonly lesson: Lesson };
  /** The server sent something, so it lives. */
  readonly wasHeard: boolean;
  /** It would not answer this question, and some servers are so only to questions they do not expect. */
  readonly mayAnswerOther: boolean;
  readonly result: ExchangeResult;
  readonly rcode: number | undefined;
  readonly tookMs: number;
  readonly detail: string;
  readonly lame: LameReason | undefined;
  readonly refused: readonly Refusal[];
};

export function judgeOutcome(outcome: ExchangeOutcome, asked: Asked): Judged {
  switch (outcome.kind) {
    case 'response': {
      const { meaning, refused } = classifyResponse(outcome.message, asked);
      return {
        verdict: verdictOn(meaning, outcome.message.optIndex() !== undefined),
        wasHeard: true,
        mayAnswerOther:
          (meaning.kind === 'lame' && meaning.why !== 'referral-without-glue') ||
          (meaning.kind === 'server-failure' && meaning.rcode !== Rcode.BADCOOKIE),
        result: meaning.kind === 'yxdomain' ? 'answer' : meaning.kind,
        rcode: outcome.message.rcode,
        tookMs: outcome.roundTripMs,
        detail: meaningToText(meaning),
        lame: meaning.kind === 'lame' ? meaning.why : undefined,
        refused,
      };
    }
    case 'timeout':
      return unheard('timeout', 'silent', outcome.waitedMs, '');
    case 'unreachable':
      return unheard('unreachable', 'useless', outcome.waitedMs, outcome.code);
    case 'cancelled':
      return unheard('cancelled', 'useless', outcome.waitedMs, 'another server was quicker');
    case 'malformed':
    case 'mismatch':
      return {
        ...unheard(
          outcome.kind,
          outcome.why === 'wrong-case' ? 'wrong-case' : 'suspicious',
          outcome.waitedMs,
          outcome.why,
        ),
        wasHeard: true,
      };
    default:
      return outcome satisfies never;
  }
}

function verdictOn(meaning: Meaning, speaksEdns: boolean): Judged['verdict'] {
  switch (meaning.kind) {
    case 'lame':
    case 'malformed':
      return { kind: 'next', lesson: 'useless' };
    case 'server-failure':
      // RFC 6891 §7: one that does not know OPT should say FORMERR, but some say SERVFAIL; OPT in return shows it does.
      if (meaning.rcode === Rcode.BADCOOKIE) return { kind: 'next', lesson: 'bad-cookie' };
      return { kind: 'next', lesson: speaksEdns ? 'useless' : 'format-error' };
    case 'format-error':
      // One that sends OPT in return knows EDNS, so it must be the option that it cannot stand.
      if (speaksEdns && meaning.rcode === Rcode.FORMERR) return { kind: 'next', lesson: 'cookie-refused' };
      return { kind: 'next', lesson: 'format-error' };
    case 'truncated':
      return { kind: 'next', lesson: 'truncated' };
    case 'answer':
    case 'alias':
    case 'yxdomain':
    case 'referral':
    case 'nodata':
    case 'nxdomain':
      return { kind: 'usable', meaning };
    default:
      return meaning satisfies never;
  }
}

function unheard(result: ExchangeResult, lesson: Lesson, tookMs: number, detail: string): Judged {
  return {
    verdict: { kind: 'next', lesson },
    wasHeard: false,
    mayAnswerOther: false,
    result,
    rcode: undefined,
    tookMs,
    detail,
    lame: undefined,
    refused: [],
  };
}
