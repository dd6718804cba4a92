/**
 * Says in one sentence why a walk failed: what could not be found out, and for the zone at which it ended, which
 * servers were asked and what each of them did.
 *
 * Pure: reads the facts of the walk. Walks that came to an answer have no sentence. The same facts as a tree are
 * walk-tree.ts.
 */

import { nameToText, type Name } from '../dns/name.ts';
import { Rcode, rcodeToText } from '../dns/record-type.ts';
import type { ExchangeEvent, ExchangeResult, WalkEvent, WalkRecord } from '../query/walk-event.ts';
import { printable } from './printable.ts';
import { spanToText } from './time-text.ts';

type ExchangeFact = Extract<WalkEvent, { kind: 'exchange' }>;

/** More servers than this are counted, not named: the sentence also goes into a log line. */
const MAX_SERVERS_NAMED = 8;

/** Undefined when the walk did not fail. */
export function explainFailure(walk: WalkRecord): string | undefined {
  const reason = reasonOf(walk.events);
  if (reason === undefined) return undefined;
  const asked = exchangesThatEndedIt(walk.events);
  if (asked.length === 0) return reason;
  // A reason that names a server already is the whole sentence.
  if (asked.some((exchange) => reason.includes(exchange.server))) return reason;
  return `${reason || summary(asked)}: ${describeServers(asked)}`;
}

/** What the walk itself said at its end; an empty string when it gave no words, undefined when it did not fail. */
function reasonOf(events: readonly WalkEvent[]): string | undefined {
  const failed = failureAtTheEnd(events);
  if (failed === undefined) return undefined;
  if (failed.kind === 'failed' && failed.why !== '') return printable(failed.why);
  const cause = events.findLast(({ kind }) => kind === 'budget-spent' || kind === 'dependency-loop');
  if (cause?.kind === 'budget-spent') return `the work budget was spent (${printable(cause.bound)}: ${cause.limit})`;
  if (cause?.kind === 'dependency-loop')
    return `${nameToText(cause.name)} can only be found by asking that server itself`;
  return '';
}

/** The last fact that says the client's own walk failed, unless it went on to something better (forwarding first, then walking). */
export function failureAtTheEnd(events: readonly WalkEvent[]): WalkEvent | undefined {
  const at = events.findLastIndex(({ kind, depth }) => depth === 0 && (kind === 'failed' || kind === 'budget-spent'));
  const wentOn = events.slice(at + 1).some((event) => event.depth === 0 && isProgress(event));
  return wentOn ? undefined : events[at];
}

function isProgress(event: WalkEvent): boolean {
  return event.kind === 'start' || (event.kind === 'exchange' && isUseful(event.result));
}

/**
 * The fruitless exchanges with the servers of the zone at which the walk ended: the last zone that has not answered in
 * the end. A walk for a server's name counts only where the client's own walk got no further after it.
 */
function exchangesThatEndedIt(events: readonly WalkEvent[]): ExchangeFact[] {
  const exchanges = events.filter((event) => event.kind === 'exchange').filter(({ result }) => result !== 'cancelled');
  const progress = exchanges.findLastIndex(({ depth, result }) => depth === 0 && isUseful(result));
  const last = exchanges.findLast((exchange, i) => {
    if (isUseful(exchange.result) || (exchange.depth > 0 && i < progress)) return false;
    return !exchanges.slice(i).some((later) => isOfSameZone(later, exchange) && isUseful(later.result));
  });
  if (last === undefined) return [];
  const ofZone = exchanges.filter((exchange) => isOfSameZone(exchange, last));
  return ofZone.slice(ofZone.findLastIndex(({ result }) => isUseful(result)) + 1);
}

function isOfSameZone(a: ExchangeFact, b: ExchangeFact): boolean {
  return a.zone === b.zone && a.depth === b.depth;
}

function summary(asked: readonly ExchangeEvent[]): string {
  const silent = asked.every(({ result }) => result === 'timeout' || result === 'unreachable');
  return `no server of ${nameToText(asked[0].zone)} ${silent ? 'answered' : 'gave an answer that can be used'}`;
}

/** `ns1.example. (192.0.2.1) timed out after 400 ms twice, 192.0.2.2 refused` */
function describeServers(exchanges: readonly ExchangeEvent[]): string {
  const deeds = new Map<string, string[]>();
  for (const exchange of exchanges) {
    const server = describeServer(exchange.serverName, exchange.server);
    const list = deeds.get(server);
    if (list) list.push(describeDeed(exchange));
    else deeds.set(server, [describeDeed(exchange)]);
  }
  const told = [...deeds].map(([server, list]) => `${server} ${joined(counted(list))}`);
  const left = told.length - MAX_SERVERS_NAMED;
  return left > 0 ? `${told.slice(0, MAX_SERVERS_NAMED).join(', ')} and ${left} more` : told.join(', ');
}

export function describeServer(serverName: Name | undefined, address: string): string {
  return serverName === undefined ? printable(address) : `${nameToText(serverName)} (${printable(address)})`;
}

function describeDeed({ result, rcode, roundTripMs, transport, detail }: ExchangeEvent): string {
  const over = transport === 'tcp' ? ' over TCP' : '';
  switch (result) {
    case 'timeout':
      return `${TIMED_OUT}${spanToText(Math.round(roundTripMs))}${over}`;
    case 'unreachable':
      return `is unreachable${over}${inBrackets(detail)}`;
    case 'lame':
      return rcode === Rcode.REFUSED ? 'refused' : `is lame${inBrackets(detail)}`;
    case 'server-failure':
      return rcode === Rcode.REFUSED ? 'refused' : `said ${rcodeToText(rcode ?? Rcode.SERVFAIL)}`;
    case 'format-error':
      return `said ${rcodeToText(rcode ?? Rcode.FORMERR)}`;
    case 'truncated':
      return `sent a truncated response${over}`;
    case 'mismatch':
      return `sent a response that does not match the question${inBrackets(detail)}`;
    case 'malformed':
      return `sent what is no DNS message${inBrackets(detail)}`;
    case 'cancelled':
      return 'was not waited for';
    case 'answer':
    case 'alias':
    case 'referral':
    case 'nodata':
    case 'nxdomain':
      return `answered (${result})`;
    default:
      return result satisfies never;
  }
}

function inBrackets(detail: string): string {
  return detail === '' ? '' : ` (${printable(detail)})`;
}

/** Equal neighbours are told once with their number. */
function counted(deeds: readonly string[]): string[] {
  const told: { deed: string; times: number }[] = [];
  for (const deed of deeds) {
    const last = told.at(-1);
    if (last?.deed === deed) last.times++;
    else told.push({ deed, times: 1 });
  }
  return told.map(({ deed, times }) => (times === 1 ? deed : `${deed} ${times === 2 ? 'twice' : `${times} times`}`));
}

const TIMED_OUT = 'timed out after ';

/** `timed out after 400 ms, then 800 ms, then refused` */
function joined(deeds: readonly string[]): string {
  const short = deeds.map((deed, i) => {
    const isRepeated = i > 0 && deed.startsWith(TIMED_OUT) && deeds[i - 1].startsWith(TIMED_OUT);
    return isRepeated ? deed.slice(TIMED_OUT.length) : deed;
  });
  return short.join(', then ');
}

/** True for what brings a walk further. */
export function isUseful(result: ExchangeResult): boolean {
  switch (result) {
    case 'answer':
    case 'alias':
    case 'referral':
    case 'nodata':
    case 'nxdomain':
      return true;
    case 'lame':
    case 'server-failure':
    case 'format-error':
    case 'truncated':
    case 'mismatch':
    case 'malformed':
    case 'timeout':
    case 'unreachable':
    case 'cancelled':
      return false;
    default:
      return result satisfies never;
  }
}
