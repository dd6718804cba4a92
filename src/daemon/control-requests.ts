/**
 * One request of the control socket: reads it, calls the daemon's function that it is for, and gives the answers one
 * by one, so that whoever sends them decides how fast. Sockets are control-socket.ts.
 */

import { parseName, type Name } from '../dns/name.ts';
import { parseType } from '../dns/record-type.ts';
import { replyToJson } from '../observe/json-form.ts';
import type { Reply } from '../query/reply.ts';
import type {
  AnchorEntry,
  CacheDumpEntry,
  ControlMethod,
  ControlProtocol,
  ControlResponse,
  NegativeAnchorEntry,
} from './control-protocol.ts';
import type { AnchorRequest } from './negative-anchors.ts';

export type FlushScope = { readonly scope: 'name' | 'subtree'; readonly name: Name } | { readonly scope: 'all' };

/** What the daemon gives the socket to call. */
export type ControlMethods = {
  /** A question as a client would ask it; with `explain` the reply carries its walk where there is one. */
  query(params: { readonly qname: Name; readonly qtype: number; readonly explain: boolean }): Promise<Reply>;
  /** Iterated slowly, and given up in the middle when the client goes. */
  cacheDump(params: { readonly name: Name | undefined }): Iterable<CacheDumpEntry>;
  cacheFlush(params: FlushScope): { readonly removed: number };
  ntaAdd(request: AnchorRequest): Promise<ControlProtocol['ntaAdd']['result']>;
  ntaRemove(zone: Name): Promise<ControlProtocol['ntaRemove']['result']>;
  ntaList(): readonly NegativeAnchorEntry[];
  anchors(): readonly AnchorEntry[];
  status(): Readonly<Record<string, unknown>>;
};

/** A method that throws is a bug: the client is told so, and `failed` gets to know what it was. */
export async function* answerRequest(
  line: string,
  methods: ControlMethods,
  failed: (method: ControlMethod, error: unknown) => void,
): AsyncGenerator<ControlResponse, void, void> {
  const request = readRequest(line);
  if (request.kind === 'error') {
    yield request;
    return;
  }
  const { id, method } = request;
  try {
    const call = answers[method](request.params, methods);
    if ('why' in call) {
      yield { id, kind: 'error', code: 'bad-request', why: call.why };
      return;
    }
    if (call.items) for (const item of call.items) yield { id, kind: 'item', item };
    yield { id, kind: 'result', result: await call.result };
  } catch (error) {
    failed(method, error);
    yield { id, kind: 'error', code: 'failed', why: 'rootwalk made a mistake; its log says which' };
  }
}

type Params = Readonly<Record<string, unknown>>;
type Call = { readonly items?: Iterable<unknown>; readonly result: unknown } | { readonly why: string };

const answers: { readonly [Method in ControlMethod]: (params: Params, methods: ControlMethods) => Call } = {
  query(params, methods) {
    const qname = nameParam(params['qname']);
    const qtype = typeof params['qtype'] === 'string' ? parseType(params['qtype']) : undefined;
    if (typeof qname !== 'string') return qname;
    if (qtype === undefined) return { why: 'qtype is no record type' };
    const explain = params['explain'] === true;
    return { result: methods.query({ qname, qtype, explain }).then((reply) => replyToJson(reply, explain)) };
  },
  cacheDump(params, methods) {
    const name = params['name'] === undefined ? undefined : nameParam(params['name']);
    if (typeof name === 'object') return name;
    return { items: methods.cacheDump({ name }), result: null };
  },
  cacheFlush(params, methods) {
    const { scope } = params;
    if (scope === 'all') return { result: methods.cacheFlush({ scope }) };
    if (scope !== 'name' && scope !== 'subtree') return { why: 'scope is name, subtree or all' };
    const name = nameParam(params['name']);
    return typeof name === 'string' ? { result: methods.cacheFlush({ scope, name }) } : name;
  },
  ntaAdd({ zone, reason, seconds }, methods) {
    const name = nameParam(zone);
    if (typeof name !== 'string') return name;
    if (typeof reason !== 'string') return { why: 'a reason is missing' };
    if (seconds !== undefined && typeof seconds !== 'number') return { why: 'seconds is a number' };
    return { result: methods.ntaAdd({ zone: name, reason, seconds }) };
  },
  ntaRemove({ zone }, methods) {
    const name = nameParam(zone);
    return typeof name === 'string' ? { result: methods.ntaRemove(name) } : name;
  },
  ntaList: (_, methods) => ({ items: methods.ntaList(), result: null }),
  anchors: (_, methods) => ({ items: methods.anchors(), result: null }),
  status: (_, methods) => ({ result: methods.status() }),
};

function nameParam(value: unknown): Name | { why: string } {
  if (typeof value !== 'string') return { why: 'a name is missing' };
  const name = parseName(value);
  return typeof name === 'string' ? name : { why: name.why };
}

type Request =
  | { readonly kind: 'request'; readonly id: number; readonly method: ControlMethod; readonly params: Params }
  | Extract<ControlResponse, { kind: 'error' }>;

function readRequest(line: string): Request {
  const request = parseObject(line);
  if (request === undefined) return { kind: 'error', id: 0, code: 'bad-request', why: 'a request is a JSON object' };
  const id = typeof request['id'] === 'number' ? request['id'] : 0;
  const { method } = request;
  if (typeof method !== 'string' || !Object.hasOwn(answers, method)) {
    const why = `there is no method ${JSON.stringify(method)?.slice(0, 80)}`;
    return { kind: 'error', id, code: 'unknown-method', why };
  }
  const params = request['params'] ?? {};
  if (typeof params !== 'object' || Array.isArray(params)) {
    return { kind: 'error', id, code: 'bad-request', why: 'params is a JSON object' };
  }
  return { kind: 'request', id, method: method as ControlMethod, params: params as Params };
}

function parseObject(line: string): Params | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Params) : undefined;
  } catch {
    return undefined;
  }
}
