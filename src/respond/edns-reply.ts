/**
 * The options of the OPT record in a reply. A client that sent no OPT gets none (RFC 6891 §6.1.1); to one that did,
 * the OPT record is sent whatever else has to stay out.
 *
 *     NSID            asked for, and configured (RFC 5001 §2.2); room is kept for it
 *     keepalive       asked for over a connection: how long it may stay idle (RFC 7828 §3.3); room is kept for it
 *     cookie          sent by the client: its own and ours (RFC 7873 §5.2.3); room is kept for it
 *     extended error  as many as fit behind the records, without their text where only that fits (RFC 8914 §3)
 *     padding         over an encrypted transport, when the client padded (RFC 7830 §4), to blocks of 468 octets
 *                     (RFC 8467 §4.1)
 *
 * Where even room that is kept would be too much (an error may not be larger than the query: truncate.ts), they stay out.
 */

import { OPT_OCTETS, Option, keepaliveOption, paddingOption, writeOptions, type EdnsOption } from '../dns/edns.ts';
import { extendedErrorOption, type ExtendedError } from '../dns/extended-error.ts';
import type { ClientQuery } from '../query/client-query.ts';

export type EdnsReplyOptions = {
  /** What NSID says; empty where nothing is told. */
  readonly nsid: Uint8Array;
  /** How long a connection may stay idle: what the listener keeps to. */
  readonly tcpIdleTimeoutMs: number;
};

/** The octets of the OPT record for which room is kept before any record is written. */
export function reservedOctets(query: ClientQuery, options: EdnsReplyOptions): number {
  return OPT_OCTETS + sizeOf(keptOptions(query, options));
}

/** The octets of all options, in a reply that has `length` octets before the OPT record and at most `limit` after it. */
export function replyOptions(
  query: ClientQuery,
  errors: readonly ExtendedError[],
  options: EdnsReplyOptions,
  length: number,
  limit: number,
): Uint8Array {
  const list: EdnsOption[] = [];
  const roomLeft = (): number => limit - length - OPT_OCTETS - sizeOf(list);
  for (const option of keptOptions(query, options)) {
    if (OPTION_OCTETS + option.data.length <= roomLeft()) list.push(option);
  }
  for (const error of errors) {
    const option = errorThatFits(error, roomLeft());
    if (option !== undefined) list.push(option);
  }
  if (wantsPadding(query) && roomLeft() >= OPTION_OCTETS) list.push(padding(limit - roomLeft(), limit));
  return writeOptions(list);
}

/** Code and length. */
const OPTION_OCTETS = 4;
/** A server's name is not longer, and with it the longest question and OPT still fit into 512 octets. */
const MAX_NSID_OCTETS = 128;

function keptOptions(query: ClientQuery, options: EdnsReplyOptions): EdnsOption[] {
  const list: EdnsOption[] = [];
  if (query.edns?.wantsNsid === true && options.nsid.length > 0) {
    list.push({ code: Option.NSID, data: options.nsid.subarray(0, MAX_NSID_OCTETS) });
  }
  if (query.edns?.wantsKeepalive === true && isStream(query)) {
    list.push(keepaliveOption(options.tcpIdleTimeoutMs));
  }
  const cookie = query.edns?.cookie;
  if (cookie !== undefined) list.push({ code: Option.COOKIE, data: cookie.reply });
  return list;
}

function errorThatFits(error: ExtendedError, room: number): EdnsOption | undefined {
  const whole = extendedErrorOption(error);
  if (OPTION_OCTETS + whole.data.length <= room) return whole;
  const codeAlone = { code: whole.code, data: whole.data.subarray(0, 2) };
  return OPTION_OCTETS + codeAlone.data.length <= room ? codeAlone : undefined;
}

/** Over HTTPS the connection's life is HTTP's own affair (RFC 8484 §5). */
function isStream({ client }: ClientQuery): boolean {
  return client.transport === 'tcp' || client.transport === 'tls';
}

/** Without encryption padding hides nothing. */
function wantsPadding({ client, edns }: ClientQuery): boolean {
  return edns?.isPadded === true && (client.transport === 'tls' || client.transport === 'https');
}

const PADDING_BLOCK = 468;

function padding(unpadded: number, limit: number): EdnsOption {
  const least = unpadded + OPTION_OCTETS;
  const padded = Math.min(Math.ceil(least / PADDING_BLOCK) * PADDING_BLOCK, limit);
  return paddingOption(padded - least);
}

function sizeOf(options: readonly EdnsOption[]): number {
  return options.reduce((size, { data }) => size + OPTION_OCTETS + data.length, 0);
}
