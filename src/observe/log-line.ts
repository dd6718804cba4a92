/**
 * A finished query as a line of the query log: what came, what was answered, where the answer is from, and for a walk
 * the exchanges with servers. The fields are a promise to whoever reads the log; `v` grows when one changes its meaning.
 *
 * Pure. Names are in presentation form (RFC 1035 §5.1), which reads back octet for octet; other text is made printable.
 * A line is bounded: a long answer is cut and the number of records left out is told.
 */

import { nameToText } from '../dns/name.ts';
import { Rcode, classToText, rcodeToText, typeToText } from '../dns/record-type.ts';
import { rdataToText } from '../dns/presentation.ts';
import { errorCodeToText } from '../dns/extended-error.ts';
import { rdataOf } from '../dns/rrset.ts';
import type { ClientQuery, DropReason, Transport } from '../query/client-query.ts';
import type { Security } from '../query/security.ts';
import type { Finished } from '../query/finished.ts';
import type { Reply, Source } from '../query/reply.ts';
import type { ExchangeEvent, ExchangeResult, WalkRecord } from '../query/walk-event.ts';
import { explainFailure } from './explain.ts';
import { internationalForm } from './international-name.ts';
import { printable, shortened } from './printable.ts';
import { timeToText } from './time-text.ts';

/** Grows when a field changes its meaning or goes; new fields may come at any time. */
export const LOG_FORMAT = 1;

/** Bounds of one line: an ordinary answer is far below, a hostile one cannot fill the disk by itself. */
const MAX_ANSWERS = 64;
const MAX_DATA_CHARACTERS = 1024;
const MAX_WALK = 128;
const MAX_TEXT_CHARACTERS = 2048;

export type LogAnswer = { readonly name: string; readonly type: string; readonly ttl: number; readonly data: string };

export type LogExchange = {
  readonly zone: string;
  readonly server?: string;
  readonly address: string;
  readonly transport: 'udp' | 'tcp';
  readonly qname: string;
  readonly qtype: string;
  readonly ms: number;
  readonly result: ExchangeResult;
  readonly rcode?: string;
  readonly detail: string;
};

export type LogLine = {
  /** RFC 3339 in UTC, microseconds: when the query arrived. */
  readonly time: string;
  readonly id?: string;
  readonly client: string;
  readonly port: number;
  readonly transport: Transport;
  readonly qname?: string;
  /** The name as its owner writes it, where it is international (RFC 5890). */
  readonly idn?: string;
  readonly qtype?: string;
  readonly qclass?: string;
  /** Flags of the query. */
  readonly flags?: { readonly rd: boolean; readonly cd: boolean; readonly ad: boolean };
  readonly edns?: { readonly size: number; readonly do: boolean; readonly version: number };
  /** Absent when nothing was sent. */
  readonly rcode?: string;
  readonly dropped?: DropReason;
  readonly source?: Source;
  /** What DNSSEC proved; `unchecked` for local data, for CD=1, and with validation off. */
  readonly dnssec?: Security['state'] | 'unchecked';
  readonly answers?: readonly LogAnswer[];
  readonly answersLeftOut?: number;
  readonly octets: number;
  readonly truncated?: true;
  readonly exchanges?: number;
  /** `cache` is all that is neither waiting in our queue nor for servers: local data, cache, our own work. */
  readonly ms: { readonly total: number; readonly queue: number; readonly cache: number; readonly network: number };
  /** Why there is no answer, for people. */
  readonly error?: string;
  /** What the client was told besides (RFC 8914). */
  readonly extendedErrors?: readonly { readonly code: number; readonly meaning: string; readonly text: string }[];
  readonly walkId?: string;
  readonly walk?: readonly LogExchange[];
  /** For a flood: how many like this one came from the client within the second, and when the first and last did. */
  readonly count?: number;
  readonly first?: string;
  readonly last?: string;
  /** The flood came from more addresses than can be told apart; `client` is one of them. */
  readonly manyClients?: true;
};

export function logLine(finished: Finished): LogLine {
  switch (finished.kind) {
    case 'answered':
      return {
        ...arrivalFields(finished, finished.query),
        ...queryFields(finished.query),
        ...replyFields(finished.reply),
        octets: finished.replyOctets,
        ...(finished.isTruncated ? { truncated: true as const } : undefined),
        ms: timeSplit(finished, finished.reply.walk),
        ...walkFields(finished.reply.walk),
      };
    case 'rejected':
      return {
        ...arrivalFields(finished, undefined),
        rcode: rcodeToText(finished.rcode),
        source: 'rule',
        octets: finished.octets,
        ms: timeSplit(finished, undefined),
        error: printable(shortened(finished.why, MAX_TEXT_CHARACTERS)),
      };
    case 'dropped':
      return {
        ...arrivalFields(finished, finished.query),
        ...(finished.query === undefined ? undefined : queryFields(finished.query)),
        dropped: finished.reason,
        octets: finished.octets,
        ms: timeSplit(finished, undefined),
        error: dropSentence[finished.reason],
      };
    default:
      return finished satisfies never;
  }
}

const dropSentence: Record<DropReason, string> = {
  response: 'a response came where queries are listened for; answering it could start a loop',
  'source-port-0': 'nothing can be sent to port 0',
  malformed: 'not even a header to answer to',
  'client-gone': 'the client closed its connection before the answer was ready',
  overloaded: 'more queries at once than are taken on',
  'rate-limited': 'more replies to this client within a second than it may get (access.rateLimit)',
  fault: 'a fault inside the resolver',
};

function arrivalFields({ receivedWallMs, client }: Finished, query: ClientQuery | undefined) {
  return {
    time: timeToText(receivedWallMs),
    ...(query === undefined ? undefined : { id: query.id }),
    client: printable(client.address),
    port: client.port,
    transport: client.transport,
  };
}

function queryFields({ question, edns, ...query }: ClientQuery) {
  const idn = internationalForm(question.qname);
  return {
    qname: nameToText(question.qname),
    ...(idn === undefined ? undefined : { idn }),
    qtype: typeToText(question.qtype),
    qclass: classToText(question.qclass),
    flags: { rd: query.recursionDesired, cd: query.checkingDisabled, ad: query.authenticData },
    ...(edns === undefined
      ? undefined
      : { edns: { size: edns.payloadSize, do: edns.dnssecOk, version: edns.version } }),
  };
}

function replyFields(reply: Reply) {
  const answers = logAnswers(reply);
  const records = reply.answer.reduce((sum, set) => sum + set.count, 0);
  const error = errorSentence(reply);
  return {
    rcode: rcodeToText(reply.rcode),
    source: reply.source,
    dnssec: reply.security?.state ?? ('unchecked' as const),
    answers,
    ...(records > answers.length ? { answersLeftOut: records - answers.length } : undefined),
    ...(error === undefined ? undefined : { error: shortened(error, MAX_TEXT_CHARACTERS) }),
    ...(reply.errors.length === 0 ? undefined : { extendedErrors: reply.errors.map(logExtendedError) }),
  };
}

function logAnswers(reply: Reply): LogAnswer[] {
  const answers: LogAnswer[] = [];
  for (const set of reply.answer) {
    const name = nameToText(set.owner);
    const type = typeToText(set.type);
    for (const rdata of rdataOf(set)) {
      if (answers.length === MAX_ANSWERS) return answers;
      const data = shortened(printable(rdataToText(set.type, rdata)), MAX_DATA_CHARACTERS);
      answers.push({ name, type, ttl: set.ttl, data });
    }
  }
  return answers;
}

/** From the walk, which names the servers; else from what the client was told. */
function errorSentence(reply: Reply): string | undefined {
  if (reply.rcode === Rcode.NOERROR || reply.rcode === Rcode.NXDOMAIN) return undefined;
  const explained = reply.walk === undefined ? undefined : explainFailure(reply.walk);
  if (explained) return explained;
  const told = reply.errors.find(({ text }) => text !== '');
  return told === undefined ? undefined : printable(told.text);
}

function logExtendedError({ code, text }: { code: number; text: string }) {
  return { code, meaning: errorCodeToText(code), text: printable(shortened(text, MAX_TEXT_CHARACTERS)) };
}

function walkFields(walk: WalkRecord | undefined) {
  if (walk === undefined) return { exchanges: 0 };
  const asked = walk.events.filter((event) => event.kind === 'exchange');
  return { exchanges: walk.exchanges, walkId: walk.id, walk: asked.slice(0, MAX_WALK).map(logExchange) };
}

function logExchange(event: ExchangeEvent): LogExchange {
  return {
    zone: nameToText(event.zone),
    ...(event.serverName === undefined ? undefined : { server: nameToText(event.serverName) }),
    address: printable(event.server),
    transport: event.transport,
    qname: nameToText(event.qname),
    qtype: typeToText(event.qtype),
    ms: roundedMs(event.roundTripMs),
    result: event.result,
    ...(event.rcode === undefined ? undefined : { rcode: rcodeToText(event.rcode) }),
    detail: printable(shortened(event.detail, MAX_TEXT_CHARACTERS)),
  };
}

function timeSplit(finished: Finished, walk: WalkRecord | undefined): LogLine['ms'] {
  // Whoever joined a walk that was under way waited for less of it than it took; servers asked at once overlap.
  const network = Math.min(walk?.networkMs ?? 0, Math.max(0, finished.totalMs - finished.queueMs));
  return {
    total: roundedMs(finished.totalMs),
    queue: roundedMs(finished.queueMs),
    cache: roundedMs(Math.max(0, finished.totalMs - finished.queueMs - network)),
    network: roundedMs(network),
  };
}

function roundedMs(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
