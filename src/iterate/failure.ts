/**
 * Why a walk came to nothing, as an extended error (RFC 8914): the code, beside the sentence that observe/ makes.
 *
 * Pure: reads what was noted on the way.
 */

import { ErrorCode } from '../dns/extended-error.ts';
import type { WalkEvent } from '../query/walk-event.ts';

export function failureCode(events: readonly WalkEvent[]): number {
  const exchanges = events.filter((event) => event.kind === 'exchange' && event.depth === 0);
  if (events.some((event) => event.kind === 'budget-spent')) return ErrorCode.OTHER;
  const results = new Set(exchanges.map((event) => (event.kind === 'exchange' ? event.result : undefined)));
  results.delete('referral');
  results.delete('alias');
  results.delete('cancelled');
  // RFC 8914 §4.23: none could be reached, or they refused; §4.24: something went wrong while talking to them.
  const talked = ['server-failure', 'format-error', 'malformed', 'mismatch', 'truncated'] as const;
  if (talked.some((result) => results.has(result))) return ErrorCode.NETWORK_ERROR;
  return ErrorCode.NO_REACHABLE_AUTHORITY;
}
