/**
 * A server of the lab: zones, misbehaviour and what it has seen, without a network. It is given octets and says what to
 * send, when, and from where; memory-network.ts and loopback-server.ts carry that out.
 *
 * It counts, so that a scenario can ask what a walk cost it, and so that "loses the first two of three" has a meaning.
 */

import type { Name } from '../dns/name.ts';
import { MessageView, readMessage } from '../dns/wire/message-view.ts';
import { draftResponse, formatError, responseLimit, type Transport } from './authoritative.ts';
import {
  applyDeed,
  createPerformance,
  finishPerformance,
  matchesCondition,
  type Performance,
  type Reaction,
} from './misbehave.ts';
import type { Condition, Misbehaviour } from './misbehaviour.ts';
import { createZoneSet, type Zone } from './zone.ts';

export type SeenQuery = {
  readonly qname: Name;
  readonly qtype: number;
  readonly transport: Transport;
  readonly withEdns: boolean;
};

/** What a server has seen; octets are those of DNS messages. */
export type Tally = {
  readonly count: number;
  /** The latest; a server that runs for days must not remember them all. */
  readonly queries: readonly SeenQuery[];
  readonly octetsIn: number;
  readonly octetsOut: number;
};

export type LabServer = {
  readonly zones: readonly Zone[];
  /** What happens to a datagram, and to a connection, before any query is read. */
  readonly udp: 'serves' | 'refuses';
  readonly tcp: 'serves' | 'refuses' | 'hangs' | 'closes';
  react(query: Uint8Array, transport: Transport): Reaction;
  tally(): Tally;
};

/** So many of the latest queries are remembered at least, and twice as many at most. */
export const REMEMBERED_QUERIES = 10_000;

const NOTHING: Reaction = { delayMs: 0, messages: [] };

export function createLabServer(zones: readonly Zone[], misbehaviour: readonly Misbehaviour[] = []): LabServer {
  const zoneSet = createZoneSet(zones);
  const queries: SeenQuery[] = [];
  const ordinals = misbehaviour.map(() => 0);
  let count = 0;
  let octetsIn = 0;
  let octetsOut = 0;

  const misbehave = (start: Performance, query: MessageView, transport: Transport): Performance => {
    let performance = start;
    for (const [i, deed] of misbehaviour.entries()) {
      if (deed.kind === 'tcp' || deed.kind === 'udp') continue;
      if (!matchesCondition(deed.only ?? ALWAYS, query, transport)) continue;
      const ordinal = ordinals[i]++;
      if (ordinal < (deed.only?.first ?? Infinity)) performance = applyDeed(performance, deed, transport, ordinal);
    }
    return performance;
  };

  const remember = (query: SeenQuery): void => {
    count++;
    if (queries.push(query) === 2 * REMEMBERED_QUERIES) queries.splice(0, REMEMBERED_QUERIES);
  };

  const reactTo = (octets: Uint8Array, transport: Transport): Reaction => {
    const query = readMessage(octets);
    if (!(query instanceof MessageView)) return reactToMalformed(octets);
    if (query.isResponse) return NOTHING;
    if (query.questionCount === 1) remember(seen(query, transport));
    const start = createPerformance(draftResponse(query, zoneSet), responseLimit(query, transport));
    return finishPerformance(misbehave(start, query, transport), octets);
  };

  return {
    zones,
    udp: misbehaviour.find((deed) => deed.kind === 'udp')?.manner ?? 'serves',
    tcp: misbehaviour.find((deed) => deed.kind === 'tcp')?.manner ?? 'serves',
    react(octets, transport) {
      octetsIn += octets.length;
      const reaction = reactTo(octets, transport);
      for (const message of reaction.messages) octetsOut += message.octets.length;
      return reaction;
    },
    tally: () => ({ count, queries: [...queries], octetsIn, octetsOut }),
  };
}

const ALWAYS: Condition = {};

function seen(query: MessageView, transport: Transport): SeenQuery {
  return { qname: query.qname(), qtype: query.qtype, transport, withEdns: query.optIndex() !== undefined };
}

function reactToMalformed(octets: Uint8Array): Reaction {
  const response = formatError(octets);
  return response === undefined ? NOTHING : { delayMs: 0, messages: [{ octets: response, source: 'asked' }] };
}
