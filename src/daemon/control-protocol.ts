/**
 * What is spoken on the control socket: lines of JSON, a request in each direction's first, then answers to it.
 *
 *     → {"id":1,"method":"query","params":{"qname":"www.example.","qtype":"A","explain":true}}
 *     ← {"id":1,"kind":"result","result":{…}}
 *     → {"id":2,"method":"cacheDump","params":{}}
 *     ← {"id":2,"kind":"item","item":{…}}      any number of them
 *     ← {"id":2,"kind":"result","result":null}
 *     ← {"id":3,"kind":"error","code":"bad-request","why":"…"}
 *
 * Types only, for both ends. The requests of one connection are answered one after the other.
 */

import type { CacheStatistics } from '../cache/cache.ts';
import type { CountersSnapshot } from '../observe/counters.ts';
import type { ReplyJson } from '../observe/json-form.ts';
import type { QueryLogStatistics } from '../observe/query-log.ts';
import type { ListenCountsSnapshot } from './listen-counts.ts';

/** A request is a name, a type and a few flags; whoever sends more is no client of ours. */
export const MAX_REQUEST_OCTETS = 64 * 1024;

/** Set or denial, failure or delegation, as a line of the dump. */
export type CacheDumpEntry = {
  readonly kind: 'rrset' | 'nxdomain' | 'nodata' | 'failure' | 'delegation';
  readonly name: string;
  /** Absent where the entry is about every type, as an NXDOMAIN is. */
  readonly type?: string;
  /** Seconds that it is still good for. */
  readonly ttl: number;
  /** RDATA in presentation form; empty for what is no RRset. */
  readonly data: readonly string[];
  /** For people: who said so, how much it is believed, why it failed. */
  readonly note: string;
};

export type FlushParams = { readonly scope: 'name' | 'subtree'; readonly name: string } | { readonly scope: 'all' };

/** A negative trust anchor (RFC 7646). */
export type NegativeAnchorEntry = {
  readonly zone: string;
  readonly reason: string;
  /** Absent for one in the configuration that has no end. */
  readonly until?: string;
  readonly from: 'configuration' | 'command';
};

/** A key that validation starts from, or might (RFC 5011 §4). */
export type AnchorEntry = {
  readonly zone: string;
  readonly keyTag: number;
  /** Its name, or its number where it has none. */
  readonly algorithm: string;
  /** `configured`: named by the configuration, and not met at the zone so far. */
  readonly state: 'add-pending' | 'valid' | 'missing' | 'revoked' | 'removed' | 'configured';
  readonly since?: string;
  /** When the hold-down ends that it is in. */
  readonly until?: string;
};

/** What the daemon has done since its start, and how it is. */
export type StatusReport = {
  readonly version: string;
  /** Of Node. */
  readonly runtime: string;
  readonly uptimeSeconds: number;
  /** Each as `address:port`. */
  readonly listening: readonly string[];
  readonly walksInFlight: number;
  readonly counters: CountersSnapshot;
  readonly listeners: ListenCountsSnapshot;
  readonly cache: CacheStatistics;
  /** Null where the configuration has none kept. */
  readonly queryLog: QueryLogStatistics | null;
  /** While the event loop stalls nothing is answered: the longest since the start, and what 999 of 1000 stay below. */
  readonly stalls: { readonly longestMs: number; readonly nearlyAllMs: number };
  /** Queries that met a bug of ours. */
  readonly queryFaults: number;
  readonly rssBytes: number;
};

/** Parameters, items on the way and result of each method, as they stand in the lines. */
export type ControlProtocol = {
  readonly query: {
    readonly params: { readonly qname: string; readonly qtype: string; readonly explain: boolean };
    readonly item: never;
    readonly result: ReplyJson;
  };
  readonly cacheDump: {
    /** Only what is at or below this name. */
    readonly params: { readonly name?: string };
    readonly item: CacheDumpEntry;
    readonly result: null;
  };
  readonly cacheFlush: {
    readonly params: FlushParams;
    readonly item: never;
    readonly result: { readonly removed: number };
  };
  readonly ntaAdd: {
    readonly params: { readonly zone: string; readonly reason: string; readonly seconds?: number };
    readonly item: never;
    /** `removed`: entries of the cache that had been judged without it. Or why it is refused. */
    readonly result:
      | { readonly zone: string; readonly until: string; readonly removed: number }
      | { readonly why: string };
  };
  readonly ntaRemove: {
    readonly params: { readonly zone: string };
    readonly item: never;
    readonly result: { readonly wasThere: boolean; readonly removed: number };
  };
  readonly ntaList: {
    readonly params: Readonly<Record<string, never>>;
    readonly item: NegativeAnchorEntry;
    readonly result: null;
  };
  readonly anchors: {
    readonly params: Readonly<Record<string, never>>;
    readonly item: AnchorEntry;
    readonly result: null;
  };
  readonly status: {
    readonly params: Readonly<Record<string, never>>;
    readonly item: never;
    readonly result: StatusReport;
  };
};

export type ControlMethod = keyof ControlProtocol;

export type ControlErrorCode =
  | 'bad-request'
  | 'too-long'
  | 'unknown-method'
  /** The method itself came to grief: a bug in rootwalk. */
  | 'failed'
  /** As many connections as there may be are open. */
  | 'busy';

export type ControlResponse =
  | { readonly id: number; readonly kind: 'item'; readonly item: unknown }
  | { readonly id: number; readonly kind: 'result'; readonly result: unknown }
  /** `id` is 0 where the request could not be read that far. */
  | { readonly id: number; readonly kind: 'error'; readonly code: ControlErrorCode; readonly why: string };
