/**
 * The query that is sent to a server, and what a response to it must look like.
 *
 * A fresh ID for every query (RFC 5452 §9.2), one question, and an OPT record where EDNS is wanted (RFC 6891 §6.2).
 * Written octet by octet: there is one name and nothing to compress, and dns/wire/compose.ts takes 1.2 µs where this
 * takes a quarter of it (bench/exchange.ts).
 */

import { LEAST_PAYLOAD_SIZE, OPT_OCTETS } from '../dns/edns.ts';
import { nameToWire } from '../dns/name.ts';
import { Class, Type } from '../dns/record-type.ts';
import { Flag, MAX_MESSAGE_OCTETS } from '../dns/wire/compose.ts';
import { HEADER_OCTETS } from '../dns/wire/message-view.ts';
import type { Random } from '../system/random.ts';
import { randomiseCase } from './case-randomisation.ts';
import type { OfferedCookie } from './cookies.ts';
import type { ExchangeRequest } from './exchange.ts';

export type Query = {
  readonly octets: Uint8Array;
  readonly id: number;
  /** Where the question ends; it begins behind the header. */
  readonly questionEnd: number;
  /** A response must have the letter case of the question. */
  readonly mustKeepCase: boolean;
  /** The DNS cookie that it carries. */
  readonly cookie: OfferedCookie | undefined;
  /** What a response without that cookie, or with another, is worth: over TCP nobody else can have sent it. */
  readonly cookieRule: 'none' | 'right-if-any' | 'right';
  /** A longer response is not one to this query. */
  readonly mostResponseOctets: number;
};

const QUERY_IDS = 0x10000;

const NO_OPTIONS = new Uint8Array(0);

/** `offered`: the cookie that the server is to be sent; left out where there is no OPT record to put it into. */
export function composeQuery(request: ExchangeRequest, random: Random, offered?: OfferedCookie): Query {
  const { qname, qtype, payloadSize, transport } = request;
  const id = random.below(QUERY_IDS);
  const wireName = request.randomiseCase ? randomiseCase(qname, random) : nameToWire(qname);
  const questionEnd = HEADER_OCTETS + wireName.length + 4;
  const cookie = payloadSize > 0 ? offered : undefined;
  const options = cookie === undefined ? NO_OPTIONS : cookie.option;
  const octets = new Uint8Array(questionEnd + (payloadSize > 0 ? OPT_OCTETS + options.length : 0));
  put16(octets, 0, id);
  put16(octets, 2, request.recursionDesired ? Flag.RD : 0);
  put16(octets, 4, 1);
  octets.set(wireName, HEADER_OCTETS);
  put16(octets, questionEnd - 4, qtype);
  put16(octets, questionEnd - 2, Class.IN);
  if (payloadSize > 0) putOpt(octets, questionEnd, payloadSize, request.dnssecOk, options);
  return {
    octets,
    id,
    questionEnd,
    // Nobody can put a response into a TCP connection from outside, so there the case proves nothing.
    mustKeepCase: request.randomiseCase && transport === 'udp',
    cookie,
    cookieRule: cookie === undefined || transport === 'tcp' ? 'none' : cookie.isOwed ? 'right' : 'right-if-any',
    mostResponseOctets: transport === 'udp' ? Math.max(payloadSize, LEAST_PAYLOAD_SIZE) : MAX_MESSAGE_OCTETS,
  };
}

/** RFC 6891 §6.1.2: root owner, OPT, the payload size as class; extended RCODE and version are 0. */
function putOpt(octets: Uint8Array, at: number, payloadSize: number, dnssecOk: boolean, options: Uint8Array): void {
  put16(octets, 10, 1);
  put16(octets, at + 1, Type.OPT);
  put16(octets, at + 3, payloadSize);
  put16(octets, at + 7, dnssecOk ? 0x8000 : 0);
  put16(octets, at + 9, options.length);
  octets.set(options, at + OPT_OCTETS);
}

function put16(octets: Uint8Array, at: number, value: number): void {
  octets[at] = value >> 8;
  octets[at + 1] = value;
}
