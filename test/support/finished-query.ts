/** Finished queries as the observers get them, for tests of what is made of them. */

import { name } from '../../src/dns/name.ts';
import { Class, Rcode, Type } from '../../src/dns/record-type.ts';
import { rrset } from '../../src/dns/rrset.ts';
import { nameToWire } from '../../src/dns/name.ts';
import type { Client, ClientQuery, DropReason } from '../../src/query/client-query.ts';
import type { Finished } from '../../src/query/finished.ts';
import type { Reply } from '../../src/query/reply.ts';
import type { ExchangeEvent, WalkEvent, WalkFact, WalkRecord } from '../../src/query/walk-event.ts';

export const MOMENT = Date.UTC(2026, 10, 25, 10, 0, 0);

export const aClient: Client = { address: '192.0.2.77', port: 50_000, transport: 'udp' };

export function aQuery(text: string, changes: Partial<ClientQuery> = {}): ClientQuery {
  const qname = name(text);
  return {
    id: 'q1',
    client: aClient,
    question: { qname, qtype: Type.A, qclass: Class.IN },
    wireName: nameToWire(qname),
    octets: 40,
    isAddressProven: false,
    messageId: 4711,
    recursionDesired: true,
    checkingDisabled: false,
    authenticData: false,
    edns: undefined,
    receivedAt: 1,
    receivedWallMs: MOMENT,
    ...changes,
  };
}

export function aReply(changes: Partial<Reply> = {}): Reply {
  return {
    rcode: Rcode.NOERROR,
    isAuthoritative: false,
    answer: [],
    authority: [],
    errors: [],
    source: 'cache',
    ...changes,
  };
}

export function anAddress(owner: string, ttl = 300): Reply['answer'][number] {
  return rrset(name(owner), Type.A, ttl, [Uint8Array.of(203, 0, 113, 7)]);
}

export function answered(text: string, reply: Partial<Reply> = {}, changes: Partial<Finished> = {}): Finished {
  return {
    kind: 'answered',
    client: aClient,
    receivedWallMs: MOMENT,
    totalMs: 1,
    queueMs: 0.25,
    query: aQuery(text),
    reply: aReply({ answer: [anAddress(text)], ...reply }),
    replyOctets: 64,
    isTruncated: false,
    ...changes,
  } as Finished;
}

export function dropped(reason: DropReason, changes: Partial<Finished> = {}): Finished {
  return {
    kind: 'dropped',
    client: aClient,
    receivedWallMs: MOMENT,
    totalMs: 0.1,
    queueMs: 0.1,
    query: undefined,
    reason,
    octets: 11,
    ...changes,
  } as Finished;
}

export function rejected(rcode: number, why: string, changes: Partial<Finished> = {}): Finished {
  const came = { client: aClient, receivedWallMs: MOMENT, totalMs: 0.1, queueMs: 0.1 };
  return { kind: 'rejected', ...came, rcode, why, octets: 12, ...changes } as Finished;
}

export function at(fact: WalkFact, depth = 0, atMs = 0): WalkEvent {
  return { ...fact, atMs, depth };
}

/** An exchange with `ns1.<zone>` at 192.0.2.1 that timed out, unless told otherwise. */
export function exchange(zone: string, changes: Partial<ExchangeEvent> = {}): ExchangeEvent {
  return {
    kind: 'exchange',
    zone: name(zone),
    serverName: name(zone === '.' ? 'ns1.root.example.' : `ns1.${zone}`),
    server: '192.0.2.1',
    transport: 'udp',
    qname: name('www.example.'),
    qtype: Type.A,
    startedMs: 0,
    roundTripMs: 400,
    result: 'timeout',
    rcode: undefined,
    detail: '',
    ...changes,
  };
}

export function aWalk(events: readonly WalkEvent[], text = 'www.example.'): WalkRecord {
  const asked = events.filter((event) => event.kind === 'exchange');
  return {
    id: 'w1',
    qname: name(text),
    qtype: Type.A,
    events,
    exchanges: asked.length,
    networkMs: asked.reduce((sum, event) => sum + event.roundTripMs, 0),
  };
}
