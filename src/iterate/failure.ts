/**
 * Why a walk came to nothing: the code of its extended error (RFC 8914), and the words for failures that no exchange
 * tells of. What single servers did is put into words by observe/.
 *
 * Pure: reads what was noted on the way.
 */

import { ErrorCode } from '../dns/extended-error.ts';
import type { ExchangeResult, WalkEvent } from '../query/walk-event.ts';
import { serversInWords, type ZoneServers } from './servers.ts';

const TALKED: readonly ExchangeResult[] = ['server-failure', 'format-error', 'malformed', 'mismatch', 'truncated'];

export function failureCode(events: readonly WalkEvent[]): number {
  if (events.some(({ kind }) => kind === 'budget-spent')) return ErrorCode.OTHER;
  const hasTalked = events.some(
    (event) => event.kind === 'exchange' && event.depth === 0 && TALKED.includes(event.result),
  );
  // RFC 8914 §4.23: none could be reached, or they refused; §4.24: something went wrong while talking to them.
  return hasTalked ? ErrorCode.NETWORK_ERROR : ErrorCode.NO_REACHABLE_AUTHORITY;
}

/** Where no server of the zone could even be asked: which servers it has. Empty where exchanges or facts say more. */
export function whyNobodyWasAsked(events: readonly WalkEvent[], of: ZoneServers): string {
  const { zone, servers, addresses } = of;
  const isToldElsewhere = events.some(
    ({ kind, depth, ...event }) =>
      kind === 'budget-spent' ||
      (depth === 0 && (kind === 'dependency-loop' || (kind === 'exchange' && 'zone' in event && event.zone === zone))),
  );
  if (isToldElsewhere) return '';
  const hasAddresses = addresses.length > 0 || servers.some((server) => server.addresses.length > 0);
  return hasAddresses
    ? `${serversInWords(of)} have no address that may be asked from here`
    : `no address was found for ${serversInWords(of)}`;
}
