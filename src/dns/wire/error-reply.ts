/**
 * The reply to a message that cannot be answered from its question: header, question where there is one sound one,
 * OPT where the query had one (RFC 6891 §7), and the reason as an extended error as far as there is room.
 *
 * Without an extended error it is never larger than the query, since every part of it is a part of the query; so a
 * sender who lies about its address gains nothing from us. Which error it is, access/read-query.ts decides.
 */

import { DEFAULT_PAYLOAD_SIZE, OPT_OCTETS, writeOptions } from '../edns.ts';
import { extendedErrorOption, type ExtendedError } from '../extended-error.ts';
import { Opcode, Type } from '../record-type.ts';
import { Flag } from './compose.ts';
import { HEADER_OCTETS, type MessageView } from './message-view.ts';

/** RFC 6895 §2.2: the four bits of the opcode in the second word of the header. */
const OPCODE_MASK = 0x7800;

/**
 * `query` is at least a header; `view` is given where the rest could be read. The reply has at most `limit` octets,
 * or as many as it takes without the reason.
 */
export function errorReply(
  query: Uint8Array,
  view: MessageView | undefined,
  rcode: number,
  reason: ExtendedError,
  limit: number,
): Uint8Array {
  return bareReply(query, view, rcode, (before) => reasonThatFits(reason, limit - before));
}

/** The same with the options that `options` gives; it is told how many octets stand before them. */
export function bareReply(
  query: Uint8Array,
  view: MessageView | undefined,
  rcode: number,
  options: (before: number) => Uint8Array,
): Uint8Array {
  const question = view?.questionCount === 1 ? query.subarray(HEADER_OCTETS, view.questionEnd) : new Uint8Array();
  const plain = HEADER_OCTETS + question.length;
  const opt = view?.opt();
  if (opt === undefined) return writeHeader(new Uint8Array(plain), query, question, rcode);

  const octets = options(plain + OPT_OCTETS);
  const reply = new Uint8Array(plain + OPT_OCTETS + octets.length);
  reply[11] = 1;
  writeOpt(reply, plain, rcode >> 4, opt.dnssecOk, octets);
  return writeHeader(reply, query, question, rcode);
}

function writeHeader(reply: Uint8Array, query: Uint8Array, question: Uint8Array, rcode: number): Uint8Array {
  const asked = (query[2] << 8) | query[3];
  const isQuery = (asked & OPCODE_MASK) === Opcode.QUERY;
  // Which bits other opcodes give a meaning is theirs to say, so of those only the opcode itself is repeated.
  const kept = isQuery ? Flag.RD | Flag.CD : 0;
  const flags = Flag.QR | (asked & (OPCODE_MASK | kept)) | (isQuery ? Flag.RA : 0) | (rcode & 0x0f);
  reply.set([query[0], query[1], flags >> 8, flags & 0xff]);
  if (question.length > 0) reply[5] = 1;
  reply.set(question, HEADER_OCTETS);
  return reply;
}

/** RFC 6891 §6.1.2, §6.1.3; version 0 is the only one there is, and RFC 3225 §3 has DO repeated. */
function writeOpt(reply: Uint8Array, at: number, extended: number, dnssecOk: boolean, options: Uint8Array): void {
  const size = DEFAULT_PAYLOAD_SIZE;
  const flags = dnssecOk ? 0x80 : 0;
  reply.set(
    [0, 0, Type.OPT, size >> 8, size & 0xff, extended, 0, flags, 0, options.length >> 8, options.length & 0xff],
    at,
  );
  reply.set(options, at + OPT_OCTETS);
}

/** The reason with its text, the code alone, or nothing. */
function reasonThatFits(reason: ExtendedError, room: number): Uint8Array {
  for (const error of [reason, { code: reason.code, text: '' }]) {
    const options = writeOptions([extendedErrorOption(error)]);
    if (options.length <= room) return options;
  }
  return new Uint8Array();
}
