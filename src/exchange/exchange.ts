/**
 * One question to one server, one outcome. Types of the room; the work is exchange-over-udp.ts and exchange-over-tcp.ts.
 */

import type { Name } from '../dns/name.ts';
import type { MessageView } from '../dns/wire/message-view.ts';
import type { CookieEcho } from './cookies.ts';
import type { MismatchReason } from './match-response.ts';
import type { Endpoint } from './network.ts';

export type ExchangeRequest = {
  readonly server: Endpoint;
  readonly transport: 'udp' | 'tcp';
  readonly qname: Name;
  readonly qtype: number;
  /** RD: only for servers that are forwarded to. */
  readonly recursionDesired: boolean;
  /** The UDP payload size to advertise; 0 sends no OPT record (servers that do not know EDNS). */
  readonly payloadSize: number;
  readonly dnssecOk: boolean;
  /** Mix the letter case of QNAME (draft-vixie-dnsext-dns0x20) and want it back. */
  readonly randomiseCase: boolean;
  /** Send a DNS cookie and want it back (RFC 7873); only with EDNS. */
  readonly withCookie: boolean;
  readonly timeoutMs: number;
};

/** What a response repeated of the query beyond what it must. */
export type Echo = { readonly letterCase: 'kept' | 'changed'; readonly cookie: CookieEcho };

export type ExchangeOutcome =
  | { readonly kind: 'response'; readonly message: MessageView; readonly echo: Echo; readonly roundTripMs: number }
  | { readonly kind: 'timeout'; readonly waitedMs: number }
  | { readonly kind: 'unreachable'; readonly code: string; readonly waitedMs: number }
  /** The server answered, and what it sent is no message (over UDP: and nothing better came in time). */
  | { readonly kind: 'malformed'; readonly why: string; readonly waitedMs: number }
  /** Over UDP something came that a forger would send: ask again over TCP (RFC 5452 §9). */
  | { readonly kind: 'mismatch'; readonly why: MismatchReason; readonly waitedMs: number }
  | { readonly kind: 'cancelled'; readonly waitedMs: number };

export type PendingExchange = {
  readonly outcome: Promise<ExchangeOutcome>;
  /** Ends it with `cancelled`; without effect when it has ended. */
  cancel(): void;
};

export type Exchange = (request: ExchangeRequest) => PendingExchange;
