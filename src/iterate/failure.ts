/**
 * Why a walk came to nothing: the code of its extended error (RFC 8914), and the words for failures that no exchange
 * tells of. What single servers did is put into words by observe/.
 *
 * Pure: reads what was noted on the way.
 */

import { ErrorCode } from '../dns/extended-error.ts';
import { nameToText } from '../dns/name.ts';
import type { ExchangeResult, WalkEvent } from '../query/walk-event.ts';
import type { ZoneServers } from './servers.ts';

const TALKED: readonly ExchangeResult[] = ['server-failure', 'format-error', 'malformed', 'mismatch', 'truncated'];

export function failureCode(events: readonly WalkEvent[]): number {
  if (events.some(({ kind }) => kind === 'budget-spent')) return ErrorCode.OTHER;
  const hasTalked = events.some(
    (event) => event.kind === 'exchange' && event.depth === 0 && TALKED.includes(event.result),
  );
  // RFC 8914 §4.23: none could be reached, or they refused; §4.24: something went wrong while talking to them.
  return hasTalked ? ErrorCode.NETWORK_ERROR : ErrorCode.NO_REACHABLE_AUTHORITY;
}

/** More names than this are counted, not told. */
const MAX_NAMES_TOLD = 5;

/** Where no server of the zone could even be asked: which servers it has. Empty where exchanges or facts say more. */
export function whyNobodyWasAsked(events: readonly WalkEvent[], { zone, servers, addresses }: ZoneServers): string {
  const isToldElsewhere = events.some(
    ({ kind, depth, ...event }) =>
      kind === 'budget-spent' ||
      (depth === 0 && (kind === 'dependency-loop' || (kind === 'exchange' && 'zone' in event && event.zone === zone))),
  );
  if (isToldElsewhere) return '';
  const whose = `the servers of ${nameToText(zone)}`;
  const told = servers.slice(0, MAX_NAMES_TOLD).map(({ name }) => nameToText(name));
  if (servers.length > told.length) told.push(`${servers.length - told.length} more`);
  const list = told.join(', ') || addresses.map(({ address }) => address).join(', ');
  const hasAddresses = addresses.length > 0 || servers.some((server) => server.addresses.length > 0);
  return hasAddresses
    ? `${whose} (${list}) have no address that may be asked from here`
    : `no address was found for ${whose} (${list})`;
}
