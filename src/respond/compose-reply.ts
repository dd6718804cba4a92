/**
 * Puts a reply into octets for the client that asked: header, the question with the client's letter case, the records
 * that it needs in the order that is configured, cut to the size it can take, and EDNS where it spoke EDNS.
 *
 * The parts are decided elsewhere: which records a client needs minimal.ts, their order order.ts, what happens when
 * they do not fit truncate.ts, the options edns-reply.ts. TTLs are sent as they are given.
 *
 * AD says that we validated all of it, to clients that show that they know the bit (RFC 6840 §5.7, §5.8): by setting it
 * or DO themselves. With CD they judge for themselves.
 */

import { Rcode } from '../dns/record-type.ts';
import { Flag, MessageComposer, addOpt } from '../dns/wire/compose.ts';
import type { ClientQuery } from '../query/client-query.ts';
import type { Reply } from '../query/reply.ts';
import { reservedOctets, replyOptions, type EdnsReplyOptions } from './edns-reply.ts';
import { neededRecords } from './minimal.ts';
import type { RecordOrder } from './order.ts';
import { addWholeSets, replyLimit } from './truncate.ts';

export type ReplyOptions = EdnsReplyOptions & {
  readonly order: RecordOrder;
  /** The most octets we send over UDP, whatever the client can take; at least 512. */
  readonly maxUdpPayload: number;
};

export type ComposedReply = { readonly octets: Uint8Array; readonly isTruncated: boolean };

/** One for all replies: it holds 64 KiB, and a reply is composed in one go. */
const composer = new MessageComposer();

export function composeReply(query: ClientQuery, reply: Reply, options: ReplyOptions): ComposedReply {
  const { question, edns } = query;
  const limit = replyLimit(query, reply, options.maxUdpPayload);
  const rcode = codeFor(query, reply);
  const flags = flagsFor(query, reply, rcode);

  composer.begin({ id: query.messageId, flags }, limit);
  composer.question(query.wireName, question.qtype, question.qclass);
  const reserved = edns === undefined ? 0 : reservedOctets(query, options);
  composer.reserve(reserved);
  const isTruncated = !addWholeSets(composer, neededRecords(query, reply), options.order(question), question.qclass);
  if (isTruncated) composer.setFlags(flags | Flag.TC);
  composer.release(reserved);

  if (edns !== undefined) {
    addOpt(composer, {
      payloadSize: options.maxUdpPayload,
      extendedRcode: rcode >> 4,
      version: 0,
      dnssecOk: edns.dnssecOk, // RFC 3225 §3: DO is repeated
      options: replyOptions(query, reply.errors, options, composer.length, limit),
    });
  }
  return { octets: composer.finish(), isTruncated };
}

/** The reply without its records, and with TC: whoever is really there comes again over TCP (RFC 7766 §5). */
export function composeTruncated(query: ClientQuery, reply: Reply, options: ReplyOptions): ComposedReply {
  const { octets } = composeReply(query, { ...reply, answer: [], authority: [], errors: [] }, options);
  octets[2] |= Flag.TC >> 8;
  return { octets, isTruncated: true };
}

/** RFC 6891 §6.1.3: the upper bits of a code ride in the OPT record; without one there is only SERVFAIL to say. */
function codeFor(query: ClientQuery, reply: Reply): number {
  return reply.rcode > 0x0f && query.edns === undefined ? Rcode.SERVFAIL : reply.rcode;
}

function understandsAd({ authenticData, checkingDisabled, edns }: ClientQuery): boolean {
  return (authenticData || edns?.dnssecOk === true) && !checkingDisabled;
}

function flagsFor(query: ClientQuery, reply: Reply, rcode: number): number {
  return (
    Flag.QR |
    Flag.RA |
    (reply.isAuthoritative ? Flag.AA : 0) |
    (reply.security?.state === 'secure' && understandsAd(query) ? Flag.AD : 0) |
    (query.recursionDesired ? Flag.RD : 0) |
    // RFC 4035 §3.2.2: CD is copied.
    (query.checkingDisabled ? Flag.CD : 0) |
    (rcode & 0x0f)
  );
}
