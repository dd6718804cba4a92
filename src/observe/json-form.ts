/**
 * Replies and walks as JSON and back, for the control socket, `query --json` and whoever asks from outside. Names are
 * in presentation form, RDATA both as text for people and as hexadecimal octets, which alone are read back.
 *
 * What is read comes from our own daemon, perhaps an older or newer one: anything that does not have the shape is
 * undefined as a whole. Facts of a kind that this version does not know are left out.
 */

import { ROOT, nameToText, parseName, type Name } from '../dns/name.ts';
import { rdataToText } from '../dns/presentation.ts';
import { parseType, rcodeToText, typeToText } from '../dns/record-type.ts';
import { rdataOf, rrset, type RRset } from '../dns/rrset.ts';
import type { Security, SecurityReason } from '../query/security.ts';
import type { Reply, Source } from '../query/reply.ts';
import type { WalkEvent, WalkRecord } from '../query/walk-event.ts';

export type RRsetJson = {
  readonly name: string;
  readonly type: string;
  readonly ttl: number;
  readonly records: readonly { readonly data: string; readonly octets: string }[];
};

export type WalkEventJson = { readonly kind: string; readonly [field: string]: unknown };

export type WalkJson = {
  readonly id: string;
  readonly qname: string;
  readonly qtype: string;
  readonly exchanges: number;
  readonly networkMs: number;
  readonly events: readonly WalkEventJson[];
};

export type ReplyJson = {
  readonly rcode: number;
  readonly rcodeText: string;
  readonly isAuthoritative: boolean;
  readonly answer: readonly RRsetJson[];
  readonly authority: readonly RRsetJson[];
  readonly errors: readonly { readonly code: number; readonly text: string }[];
  readonly source: Source;
  /** What DNSSEC proved, where that was looked at. */
  readonly security?: SecurityJson;
  readonly walk?: WalkJson;
};

export type SecurityJson = { readonly state: string; readonly reason?: { readonly [field: string]: unknown } };

export function replyToJson(reply: Reply, withWalk = true): ReplyJson {
  return {
    rcode: reply.rcode,
    rcodeText: rcodeToText(reply.rcode),
    isAuthoritative: reply.isAuthoritative,
    answer: reply.answer.map(rrsetToJson),
    authority: reply.authority.map(rrsetToJson),
    errors: reply.errors,
    source: reply.source,
    ...(reply.security && { security: securityToJson(reply.security) }),
    ...(reply.walk !== undefined && withWalk ? { walk: walkToJson(reply.walk) } : undefined),
  };
}

export function replyFromJson(json: unknown): Reply | undefined {
  if (!isObject(json) || !isNumber(json.rcode) || !isText(json.source)) return undefined;
  const answer = listFromJson(json.answer, rrsetFromJson);
  const authority = listFromJson(json.authority, rrsetFromJson);
  const errors = listFromJson(json.errors, (error) =>
    isObject(error) && isNumber(error.code) && isText(error.text) ? { code: error.code, text: error.text } : undefined,
  );
  const walk = json.walk === undefined ? undefined : walkFromJson(json.walk);
  if (!answer || !authority || !errors || (json.walk !== undefined && !walk)) return undefined;
  const security = securityFromJson(json.security);
  return {
    rcode: json.rcode,
    isAuthoritative: json.isAuthoritative === true,
    answer,
    authority,
    errors,
    source: json.source as Source,
    ...(security && { security }),
    ...(walk === undefined ? undefined : { walk }),
  };
}

/** How the reason of a state is written and read. */
const reasonShape = {
  check: 'text',
  zone: 'name',
  owner: 'name?',
  type: 'type?',
  keyTag: 'number?',
  algorithm: 'number?',
  inception: 'number?',
  expiration: 'number?',
  said: 'text?',
} as const satisfies { readonly [key in keyof SecurityReason]-?: Field };

function securityToJson(security: Security): SecurityJson {
  if (security.state === 'secure') return { state: security.state };
  const reason: { [field: string]: unknown } = {};
  for (const [field, shape] of Object.entries(reasonShape)) {
    const value = security.reason[field as keyof SecurityReason];
    if (value !== undefined) reason[field] = fieldToJson(shape, value);
  }
  return { state: security.state, reason };
}

/** Undefined for what is no state of ours; a reply without one is whole. */
function securityFromJson(json: unknown): Security | undefined {
  if (!isObject(json) || !isText(json.state)) return undefined;
  if (json.state === 'secure') return { state: 'secure' };
  if (!['insecure', 'bogus', 'indeterminate'].includes(json.state) || !isObject(json.reason)) return undefined;
  const reason: Record<string, unknown> = {};
  for (const [field, shape] of Object.entries(reasonShape)) {
    const value = fieldFromJson(shape, json.reason[field]);
    if (value !== undefined) reason[field] = value;
    else if (!shape.endsWith('?')) return undefined;
  }
  return { state: json.state, reason } as Security;
}

function rrsetToJson(set: RRset): RRsetJson {
  return {
    name: nameToText(set.owner),
    type: typeToText(set.type),
    ttl: set.ttl,
    records: rdataOf(set).map((rdata) => ({
      data: rdataToText(set.type, rdata),
      octets: Buffer.from(rdata).toString('hex'),
    })),
  };
}

function rrsetFromJson(json: unknown): RRset | undefined {
  if (!isObject(json) || !isNumber(json.ttl)) return undefined;
  const owner = nameFromJson(json.name);
  const type = typeFromJson(json.type);
  const rdata = listFromJson(json.records, (record) => (isObject(record) ? octetsFromHex(record.octets) : undefined));
  if (owner === undefined || type === undefined || !rdata || rdata.length === 0) return undefined;
  return rrset(owner, type, json.ttl, rdata);
}

export function walkToJson(walk: WalkRecord): WalkJson {
  return {
    id: walk.id,
    qname: nameToText(walk.qname),
    qtype: typeToText(walk.qtype),
    exchanges: walk.exchanges,
    networkMs: walk.networkMs,
    events: walk.events.map(eventToJson),
  };
}

export function walkFromJson(json: unknown): WalkRecord | undefined {
  if (!isObject(json) || !isText(json.id) || !isNumber(json.exchanges) || !isNumber(json.networkMs)) return undefined;
  const qname = nameFromJson(json.qname);
  const qtype = typeFromJson(json.qtype);
  if (qname === undefined || qtype === undefined || !Array.isArray(json.events)) return undefined;
  const events = json.events.map(eventFromJson).filter((event) => event !== undefined);
  return { id: json.id, qname, qtype, events, exchanges: json.exchanges, networkMs: json.networkMs };
}

/** What a field of a fact is: a name, a type, a text, a number, or a list of texts; `?` where it may be missing. */
type Field = 'name' | 'name?' | 'type' | 'type?' | 'text' | 'text?' | 'number' | 'number?' | 'texts';

const common = { atMs: 'number', depth: 'number' } as const;
/** One table says how each kind of fact is written and read; a new kind does not compile until it stands here. */
const shapes: { readonly [Kind in WalkEvent['kind']]: Readonly<Record<FieldsOf<Kind>, Field>> } = {
  exchange: {
    ...common,
    zone: 'name',
    serverName: 'name?',
    server: 'text',
    transport: 'text',
    because: 'text?',
    qname: 'name',
    qtype: 'type',
    startedMs: 'number',
    roundTripMs: 'number',
    result: 'text',
    rcode: 'number?',
    detail: 'text',
  },
  start: { ...common, zone: 'name', from: 'text' },
  referral: { ...common, from: 'name', zone: 'name', servers: 'number', glue: 'number' },
  'server-lame': { ...common, zone: 'name', server: 'text', why: 'text' },
  alias: { ...common, owner: 'name', target: 'name', type: 'text' },
  'server-name': { ...common, name: 'name', addresses: 'texts' },
  'record-refused': { ...common, server: 'text', owner: 'name', type: 'type', why: 'text' },
  cache: { ...common, qname: 'name', qtype: 'type', found: 'text' },
  validated: { ...common, owner: 'name', type: 'type', state: 'text', why: 'text' },
  'dependency-loop': { ...common, name: 'name' },
  'budget-spent': { ...common, bound: 'text', limit: 'number' },
  failed: { ...common, why: 'text' },
};
type FieldsOf<Kind extends WalkEvent['kind']> = Exclude<keyof Extract<WalkEvent, { kind: Kind }>, 'kind'>;

function eventToJson(event: WalkEvent): WalkEventJson {
  const json: { kind: string; [field: string]: unknown } = { kind: event.kind };
  for (const [field, value] of Object.entries(event)) {
    const shape = shapeOf(event.kind)?.[field];
    if (shape !== undefined && value !== undefined) json[field] = fieldToJson(shape, value);
  }
  return json;
}

function fieldToJson(shape: Field, value: unknown): unknown {
  if (shape === 'name' || shape === 'name?') return nameToText(value as Name);
  return shape === 'type' || shape === 'type?' ? typeToText(value as number) : value;
}

function eventFromJson(json: unknown): WalkEvent | undefined {
  if (!isObject(json) || !isText(json.kind)) return undefined;
  const shape = shapeOf(json.kind);
  if (shape === undefined) return undefined;
  const event: Record<string, unknown> = { kind: json.kind };
  for (const [field, of] of Object.entries(shape)) {
    const value = fieldFromJson(of, json[field]);
    if (value === undefined && !of.endsWith('?')) return undefined;
    event[field] = value;
  }
  return event as WalkEvent;
}

function shapeOf(kind: string): Readonly<Record<string, Field>> | undefined {
  return Object.hasOwn(shapes, kind) ? shapes[kind as WalkEvent['kind']] : undefined;
}

function fieldFromJson(shape: Field, value: unknown): unknown {
  switch (shape) {
    case 'name':
    case 'name?':
      return nameFromJson(value);
    case 'type':
    case 'type?':
      return typeFromJson(value);
    case 'text':
    case 'text?':
      return isText(value) ? value : undefined;
    case 'number':
    case 'number?':
      return isNumber(value) ? value : undefined;
    case 'texts':
      return listFromJson(value, (text) => (isText(text) ? text : undefined));
    default:
      return shape satisfies never;
  }
}

function listFromJson<Item>(json: unknown, read: (item: unknown) => Item | undefined): Item[] | undefined {
  if (!Array.isArray(json)) return undefined;
  const items = json.map(read);
  return items.every((item) => item !== undefined) ? items : undefined;
}

function nameFromJson(json: unknown): Name | undefined {
  const name = isText(json) ? parseName(json, ROOT) : undefined;
  return typeof name === 'string' ? name : undefined;
}

function typeFromJson(json: unknown): number | undefined {
  return isText(json) ? parseType(json) : undefined;
}

function octetsFromHex(json: unknown): Uint8Array | undefined {
  return isText(json) && /^(?:[0-9a-f]{2})*$/.test(json) ? Uint8Array.from(Buffer.from(json, 'hex')) : undefined;
}

type JsonObject = { readonly [key: string]: unknown };
function isObject(json: unknown): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}
function isText(json: unknown): json is string {
  return typeof json === 'string';
}
function isNumber(json: unknown): json is number {
  return typeof json === 'number' && Number.isFinite(json);
}
