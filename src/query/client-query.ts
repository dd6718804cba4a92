/**
 * What a client asked, as every stage after the listener sees it.
 *
 * Types only: this room holds what is passed between rooms, so that no room imports another for its data.
 */

import type { Name } from '../dns/name.ts';

export type Transport = 'udp' | 'tcp' | 'tls' | 'https';

export type Client = {
  /** Address in text, without a zone index; an IPv4-mapped IPv6 address is given as IPv4. */
  readonly address: string;
  readonly port: number;
  readonly transport: Transport;
};

export type Question = { readonly qname: Name; readonly qtype: number; readonly qclass: number };

/** What the client's OPT record said (RFC 6891 §6.1.2). */
export type ClientEdns = {
  /** Octets of UDP payload it can take, at least 512. */
  readonly payloadSize: number;
  readonly version: number;
  /** DO, RFC 3225. */
  readonly dnssecOk: boolean;
  /** RFC 5001: it wants to know who answers. */
  readonly wantsNsid: boolean;
  /** RFC 7828: it can keep a TCP connection open. */
  readonly wantsKeepalive: boolean;
  /** RFC 7830: it padded its query, so the reply is padded where the transport is encrypted. */
  readonly isPadded: boolean;
  readonly cookie: ClientCookie | undefined;
};

/** What the client's COOKIE option (RFC 7873) came to. */
export type ClientCookie = {
  /** A server cookie came with the client's. */
  readonly wasShown: boolean;
  /** It is one that we gave to this address. */
  readonly isValid: boolean;
  /** The option's data for the reply: the client cookie, and a server cookie of ours. */
  readonly reply: Uint8Array;
};

export type ClientQuery = {
  /** Ours, unique in this run of the daemon; the log line, the walk and `explain` share it. */
  readonly id: string;
  readonly client: Client;
  readonly question: Question;
  /** QNAME as uncompressed wire octets with the client's letter case, in octets of their own. */
  readonly wireName: Uint8Array;
  /** Octets of the client's message: what a forged address costs the forger. */
  readonly octets: number;
  /** Nobody else can have sent it from this address: it came over a connection, from this machine, or with our cookie. */
  readonly isAddressProven: boolean;
  /** ID of the client's message. */
  readonly messageId: number;
  readonly recursionDesired: boolean;
  readonly checkingDisabled: boolean;
  readonly authenticData: boolean;
  readonly edns: ClientEdns | undefined;
  /** When it arrived: by the monotonic clock, and since 1970 (both ms with fraction). */
  readonly receivedAt: number;
  readonly receivedWallMs: number;
};

/** Why a message gets no reply at all. */
export type DropReason =
  | 'response' // QR=1: answering it could start a loop
  | 'source-port-0'
  | 'malformed' // not even a header to answer to
  | 'client-gone'
  | 'overloaded'
  | 'rate-limited' // more replies to one client than it may get
  | 'fault'; // a bug of ours, and nothing that could be said of it
