/**
 * What happens during a walk, as facts. One stream of these makes the log line, the counters, the walk that `demo` and
 * `query --explain` print, and the sentence that says why something failed, so that they cannot disagree.
 *
 * A fact carries names as `Name`, addresses as text, spans of time in milliseconds.
 */

import type { Name } from '../dns/name.ts';
import type { Security } from './security.ts';

/** What one exchange with a server came to; `lame` and the rest are the words of RFC 9499. */
export type ExchangeResult =
  | 'answer'
  | 'alias'
  | 'referral'
  | 'nodata'
  | 'nxdomain'
  | 'lame'
  | 'server-failure'
  | 'format-error'
  | 'truncated'
  | 'mismatch' // wrong ID, question or letter case: asked again over TCP
  | 'malformed'
  | 'timeout'
  | 'unreachable'
  | 'cancelled'; // another server was quicker

export type ExchangeEvent = {
  readonly kind: 'exchange';
  /** The zone whose server was asked. */
  readonly zone: Name;
  /** Undefined where the server is configured by address alone. */
  readonly serverName: Name | undefined;
  readonly server: string;
  readonly transport: 'udp' | 'tcp';
  /** Why this server was asked once more, and otherwise than before; absent for the ordinary first time. */
  readonly because?: string;
  /** What was asked: with QNAME minimisation often less than the client's question (RFC 9156). */
  readonly qname: Name;
  readonly qtype: number;
  readonly startedMs: number;
  readonly roundTripMs: number;
  readonly result: ExchangeResult;
  /** RCODE of the response, where there was one. */
  readonly rcode: number | undefined;
  /** For people: `to example.` for a referral, `upward referral to .` for a lame server, … */
  readonly detail: string;
};

export type WalkFact =
  | ExchangeEvent
  /** The zone cut that the walk starts from, and how it is known. */
  | { readonly kind: 'start'; readonly zone: Name; readonly from: 'hints' | 'cache' | 'stub' | 'forward' }
  | {
      readonly kind: 'referral';
      readonly from: Name;
      readonly zone: Name;
      readonly servers: number;
      readonly glue: number;
    }
  | { readonly kind: 'server-lame'; readonly zone: Name; readonly server: string; readonly why: string }
  | { readonly kind: 'alias'; readonly owner: Name; readonly target: Name; readonly type: 'CNAME' | 'DNAME' }
  /** The addresses of a server's name had to be found first. */
  | { readonly kind: 'server-name'; readonly name: Name; readonly addresses: readonly string[] }
  /** What DNSSEC proved of a set, or of the denial of one. */
  | {
      readonly kind: 'validated';
      readonly owner: Name;
      readonly type: number;
      readonly state: Security['state'];
      /** The reason as a sentence; empty for what is secure. */
      readonly why: string;
    }
  /** A record that the server may not say (bailiwick) or that has no sound shape. */
  | {
      readonly kind: 'record-refused';
      readonly server: string;
      readonly owner: Name;
      readonly type: number;
      readonly why: string;
    }
  | {
      readonly kind: 'cache';
      readonly qname: Name;
      readonly qtype: number;
      readonly found: 'rrset' | 'denial' | 'failure';
    }
  /** A server's name can only be found by asking the server: nobody can be asked for it. */
  | { readonly kind: 'dependency-loop'; readonly name: Name }
  | { readonly kind: 'budget-spent'; readonly bound: string; readonly limit: number }
  | { readonly kind: 'failed'; readonly why: string };

export type WalkEvent = WalkFact & {
  /** Since the walk began. */
  readonly atMs: number;
  /** 0 for the client's own question, one more for each server name that had to be resolved on the way. */
  readonly depth: number;
};

export type WalkRecord = {
  /** The walk's own id; clients who asked the same question at the same time share one walk. */
  readonly id: string;
  readonly qname: Name;
  readonly qtype: number;
  readonly events: readonly WalkEvent[];
  /** Exchanges with servers, over UDP and TCP. */
  readonly exchanges: number;
  /** Time spent waiting for servers. */
  readonly networkMs: number;
};
