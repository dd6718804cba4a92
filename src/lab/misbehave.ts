/**
 * Carries out misbehaviour on one response. A `Performance` is what the server is about to do; each deed changes it,
 * and `finishPerformance` puts it into octets. Which deeds apply to a query is decided here too, by their conditions.
 *
 * Pure: the count that `loss` and `first` need comes in as `ordinal`.
 */

import { LEAST_PAYLOAD_SIZE } from '../dns/edns.ts';
import { ROOT, foldOctet, isAtOrBelow, nameToWire, prepend, type Name } from '../dns/name.ts';
import { Rcode, Type } from '../dns/record-type.ts';
import { rrset, type RRset } from '../dns/rrset.ts';
import { MAX_MESSAGE_OCTETS } from '../dns/wire/compose.ts';
import type { MessageView } from '../dns/wire/message-view.ts';
import { addressSets } from './address-sets.ts';
import { encodeResponse, type ResponseDraft, type Transport } from './authoritative.ts';
import { flipCase, makeJunk, type JunkKind } from './junk.ts';
import type { Condition, Deed, NamedServer } from './misbehaviour.ts';

/** What the server is about to do about one query. */
export type Performance = {
  readonly draft: ResponseDraft;
  /** Octets that the response may have. */
  readonly limit: number;
  /** Octets that it is filled up to, past every limit. */
  readonly fillTo: number;
  readonly delayMs: number;
  readonly isSilent: boolean;
  readonly source: Source;
  readonly before: readonly JunkKind[];
  /** The response is replaced by what these give, in turn. */
  readonly rewrites: readonly ((query: Uint8Array, response: Uint8Array) => Uint8Array)[];
};

/** Where a datagram comes from: the address and port that were asked, or not. */
export type Source = 'asked' | 'other-port' | 'other-address';
export type SentMessage = { readonly octets: Uint8Array; readonly source: Source };
/** `messages` are sent `delayMs` after the query came; none is silence. */
export type Reaction = { readonly delayMs: number; readonly messages: readonly SentMessage[] };

export function createPerformance(draft: ResponseDraft, limit: number): Performance {
  return { draft, limit, fillTo: 0, delayMs: 0, isSilent: false, source: 'asked', before: [], rewrites: [] };
}

/** True when every part but `first`, which is a matter of counting, holds for the query. */
export function matchesCondition(condition: Condition, query: MessageView, transport: Transport): boolean {
  const { qname, atOrBelow, qtype, withEdns } = condition;
  if (query.questionCount !== 1) return false;
  return (
    (qname === undefined || qname === query.qname()) &&
    (atOrBelow === undefined || isAtOrBelow(query.qname(), atOrBelow)) &&
    (qtype === undefined || qtype === query.qtype) &&
    (condition.transport === undefined || condition.transport === transport) &&
    (withEdns === undefined || withEdns === (query.optIndex() !== undefined))
  );
}

/** `ordinal` counts the queries that this deed has been applied to, from 0. */
export function applyDeed(before: Performance, deed: Deed, transport: Transport, ordinal: number): Performance {
  const { draft } = before;
  const say = (change: Partial<ResponseDraft>): Performance => ({ ...before, draft: { ...draft, ...change } });
  switch (deed.kind) {
    case 'silent':
      return { ...before, isSilent: true };
    case 'delay':
      return { ...before, delayMs: before.delayMs + deed.ms };
    case 'loss':
      return ordinal % deed.of < deed.lost ? { ...before, isSilent: true } : before;
    case 'wrong-id':
      return say({ id: draft.id ^ 0x5555 });
    case 'wrong-source':
      return { ...before, source: deed.part === 'port' ? 'other-port' : 'other-address' };
    case 'letter-case':
      return say({
        question: withQuestionName(draft, (name) => name.map(deed.change === 'lower' ? foldOctet : flipCase)),
      });
    case 'wrong-question':
      return say({ question: withQuestionName(draft, () => nameToWire(deed.qname)) });
    case 'truncates':
      return transport === 'udp' ? say({ isTruncated: true }) : before;
    case 'rcode':
      return say(onlyRcode(deed.rcode));
    case 'rejects-edns':
      return draft.edns === undefined ? before : say({ ...onlyRcode(deed.rcode), edns: undefined });
    case 'drops-edns':
      return draft.edns === undefined ? before : { ...before, isSilent: true };
    case 'ignores-edns':
      return { ...say({ edns: undefined }), limit: transport === 'udp' ? LEAST_PAYLOAD_SIZE : before.limit };
    case 'not-authoritative':
      return say({ isAuthoritative: false });
    case 'refers':
      return say(referralTo(deed.to, deed.servers ?? [{ name: prepend('ns', deed.to)!, addresses: [] }]));
    case 'stale-glue':
      return say({ glue: draft.glue.flatMap((set) => withAddresses(set, deed.addresses)) });
    case 'omits-glue':
      return say({ glue: [] });
    case 'denies-empty-non-terminals':
      return draft.meaning === 'empty-non-terminal' ? say({ rcode: Rcode.NXDOMAIN, meaning: 'nxdomain' }) : before;
    case 'omits-soa':
      return say({ authority: draft.authority.filter((set) => set.type !== Type.SOA) });
    case 'huge':
      return { ...before, fillTo: Math.min(deed.octets, MAX_MESSAGE_OCTETS) };
    case 'forges':
      return say({ [deed.section]: [...draft[deed.section], ...deed.rrsets] });
    case 'junk':
      return { ...before, before: [...before.before, ...deed.before] };
    case 'redrafts':
      return say(deed.change(draft));
    case 'octets':
      return { ...before, rewrites: [...before.rewrites, deed.make] };
    default:
      return deed satisfies never;
  }
}

export function finishPerformance(performance: Performance, query: Uint8Array): Reaction {
  const { delayMs, isSilent, source, before, rewrites } = performance;
  if (isSilent) return { delayMs, messages: [] };
  const honest = encodePerformance(performance);
  const response = rewrites.reduce((octets, rewrite) => rewrite(query, octets), honest);
  const sent = [...before.map((kind) => makeJunk(kind, query, response)), response];
  return { delayMs, messages: sent.map((octets) => ({ octets, source })) };
}

function encodePerformance({ draft, limit, fillTo }: Performance): Uint8Array {
  if (fillTo === 0) return encodeResponse(draft, limit);
  const whole = encodeResponse(draft, MAX_MESSAGE_OCTETS);
  const missing = fillTo - whole.length - FILLER_FRAME_OCTETS;
  if (missing <= 0) return whole;
  return encodeResponse({ ...draft, additional: [...draft.additional, filler(missing)] }, MAX_MESSAGE_OCTETS);
}

/** Owner (the root), TYPE, CLASS, TTL, RDLENGTH. */
const FILLER_FRAME_OCTETS = 11;
/** RFC 6895 §3.1: a type for private use, so nobody looks inside. */
const FILLER_TYPE = 65_280;

function filler(octets: number): RRset {
  return rrset(ROOT, FILLER_TYPE, 0, [new Uint8Array(octets)]);
}

const noRecords = { answer: [], authority: [], proof: [], glue: [], additional: [] } as const;

function onlyRcode(rcode: number): Partial<ResponseDraft> {
  return { ...noRecords, rcode, isAuthoritative: false, isTruncated: false, meaning: 'refused' };
}

function referralTo(to: Name, servers: readonly NamedServer[]): Partial<ResponseDraft> {
  const ns = rrset(
    to,
    Type.NS,
    REFERRAL_TTL,
    servers.map(({ name }) => nameToWire(name)),
  );
  return {
    ...noRecords,
    rcode: Rcode.NOERROR,
    isAuthoritative: false,
    meaning: 'referral',
    authority: [ns],
    glue: servers.flatMap(({ name, addresses }) => addressSets(name, REFERRAL_TTL, addresses)),
  };
}
const REFERRAL_TTL = 3600;

function withAddresses(set: RRset, addresses: readonly string[]): RRset[] {
  return addressSets(set.owner, set.ttl, addresses).filter(({ type }) => type === set.type);
}

function withQuestionName(
  draft: ResponseDraft,
  change: (wireName: Uint8Array) => Uint8Array,
): ResponseDraft['question'] {
  return draft.question && { ...draft.question, wireName: change(draft.question.wireName) };
}
