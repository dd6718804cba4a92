/**
 * Reads what a client sent: a query that the pipeline can work on, a message that is answered at once with an error,
 * or one that gets no answer at all.
 *
 * Pure but for the id and the time that it is given. It judges the message alone; whether the question is one that we
 * serve is unserved-question.ts, whether the client may ask is client-acl.ts.
 *
 *     shorter than a header, QR=1          dropped: there is nothing to answer to, or answering could start a loop
 *     opcode other than QUERY              NOTIMP
 *     cannot be read behind the header     FORMERR, the header alone
 *     QDCOUNT other than 1                 FORMERR (RFC 9619 §4)
 *     QDCOUNT 0 with a cookie              the cookie alone, NOERROR or BADCOOKIE (RFC 7873 §5.4)
 *     OPT twice, misplaced, not the root's FORMERR (RFC 6891 §6.1.1)
 *     EDNS version above 0                 BADVERS (RFC 6891 §6.1.3)
 *     an option runs past the end          FORMERR
 *     a cookie of impossible length        FORMERR (RFC 7873 §5.2.2)
 *
 * Tolerated, since no rule forbids them and nothing of ours depends on them: records in the answer, authority and
 * additional sections (read for their frames, then ignored; TSIG and SIG(0) too, as a resolver without keys is free to
 * do), octets behind the last record, and the header bits AA, TC, RA, Z and RCODE. Of options sent twice the first
 * counts (RFC 7873 §4 says so for cookies).
 */

import { LEAST_PAYLOAD_SIZE, Option, readCookie, readOptions, writeOptions, type EdnsOption } from '../dns/edns.ts';
import { ErrorCode } from '../dns/extended-error.ts';
import { Opcode, Rcode, opcodeToText } from '../dns/record-type.ts';
import { MAX_MESSAGE_OCTETS } from '../dns/wire/compose.ts';
import { bareReply, errorReply } from '../dns/wire/error-reply.ts';
import { HEADER_OCTETS, readMessage, type MessageView, type OptView } from '../dns/wire/message-view.ts';
import type { Client, ClientCookie, ClientEdns, ClientQuery, DropReason } from '../query/client-query.ts';
import type { Clock } from '../system/clock.ts';
import { isAddressSure } from './client-prefix.ts';
import type { ServerCookies } from './server-cookies.ts';

export type QueryReading =
  | { readonly kind: 'query'; readonly query: ClientQuery }
  /** Answered without a question; `octets` are the reply, ready to be sent. */
  | { readonly kind: 'reject'; readonly rcode: number; readonly octets: Uint8Array; readonly why: string }
  | { readonly kind: 'drop'; readonly reason: DropReason };

export type ReadingSurroundings = {
  readonly newId: () => string;
  readonly clock: Clock;
  readonly cookies: ServerCookies;
};

export function readQuery(octets: Uint8Array, client: Client, around: ReadingSurroundings): QueryReading {
  if (octets.length < HEADER_OCTETS) return { kind: 'drop', reason: 'malformed' };
  if ((octets[2] & 0x80) !== 0) return { kind: 'drop', reason: 'response' };
  const reject = rejecter(octets, client);

  const opcode = (octets[2] >> 3) & 0x0f;
  if (opcode !== Opcode.QUERY) return reject(Rcode.NOTIMP, `opcode ${opcodeToText(opcode)} is not served`);
  const view = readMessage(octets);
  if (!('questionCount' in view)) return reject(Rcode.FORMERR, `${view.why}, at octet ${view.at}`);
  if (view.questionCount === 0)
    return readCookieQuery(view, client, around.cookies) ?? reject(Rcode.FORMERR, NO_QUESTION, view);
  if (view.questionCount !== 1) return reject(Rcode.FORMERR, `${view.questionCount} questions instead of 1`, view);
  const reading = readEdns(view, client, around.cookies);
  if (reading.kind === 'bad-edns') return reject(reading.rcode, reading.why, view);
  const { edns } = reading;

  return {
    kind: 'query',
    query: {
      id: around.newId(),
      client,
      question: { qname: view.qname(), qtype: view.qtype, qclass: view.qclass },
      // QNAME stands first, so it cannot be compressed, and lies between the header and QTYPE.
      wireName: new Uint8Array(octets.subarray(HEADER_OCTETS, view.questionEnd - 4)),
      messageId: view.id,
      recursionDesired: view.recursionDesired,
      checkingDisabled: view.checkingDisabled,
      authenticData: view.authenticData,
      octets: octets.length,
      isAddressProven: isAddressSure(client) || edns?.cookie?.isValid === true,
      edns,
      receivedAt: around.clock.now(),
      receivedWallMs: around.clock.wallMs(),
    },
  };
}

const NO_QUESTION = '0 questions instead of 1';

/** RFC 7873 §5.4: a client without a question that wants a cookie, or to know whether its own is still good. */
function readCookieQuery(view: MessageView, client: Client, cookies: ServerCookies): QueryReading | undefined {
  const reading = readEdns(view, client, cookies);
  const cookie = reading.kind === 'edns' ? reading.edns?.cookie : undefined;
  if (cookie === undefined) return undefined;
  const rcode = cookie.wasShown && !cookie.isValid ? Rcode.BADCOOKIE : Rcode.NOERROR;
  const option = { code: Option.COOKIE, data: cookie.reply };
  const octets = bareReply(view.octets, view, rcode, () => writeOptions([option]));
  return { kind: 'reject', rcode, octets, why: 'a cookie was asked for, without a question' };
}

type Reject = (rcode: number, why: string, view?: MessageView) => QueryReading;

function rejecter(octets: Uint8Array, client: Client): Reject {
  // Over UDP the sender's address may be another's, so the error may not be larger than what called for it.
  const limit = client.transport === 'udp' ? octets.length : MAX_MESSAGE_OCTETS;
  return (rcode, why, view) => {
    const code = rcode === Rcode.FORMERR ? ErrorCode.OTHER : ErrorCode.NOT_SUPPORTED;
    return { kind: 'reject', rcode, octets: errorReply(octets, view, rcode, { code, text: why }, limit), why };
  };
}

type EdnsReading =
  | { readonly kind: 'edns'; readonly edns: ClientEdns | undefined }
  | { readonly kind: 'bad-edns'; readonly rcode: number; readonly why: string };

function readEdns(view: MessageView, client: Client, cookies: ServerCookies): EdnsReading {
  if (view.hasBadOpt) return badEdns(Rcode.FORMERR, 'more than one OPT record, or one that is out of place');
  const opt = view.opt();
  if (opt === undefined) return { kind: 'edns', edns: undefined };
  // Before the options: how a later version lays them out is not known.
  if (opt.version > 0) return badEdns(Rcode.BADVERS, `EDNS version ${opt.version} is not known, 0 is`);
  const options = readOptions(opt.options);
  if (options === undefined) return badEdns(Rcode.FORMERR, 'an EDNS option runs past the end of the OPT record');
  const cookie = firstOption(options, Option.COOKIE);
  if (cookie !== undefined && readCookie(cookie) === undefined) {
    return badEdns(Rcode.FORMERR, `a cookie cannot have ${cookie.length} octets`);
  }
  // A copy, by `new` since a Buffer's slice is none: the message's octets are not kept for the life of the query.
  const judged = cookie === undefined ? undefined : cookies.judge(new Uint8Array(cookie), client.address);
  return { kind: 'edns', edns: clientEdns(opt, options, judged, client) };
}

function clientEdns(
  opt: OptView,
  options: readonly EdnsOption[],
  cookie: ClientCookie | undefined,
  client: Client,
): ClientEdns {
  return {
    // RFC 6891 §6.2.3: a size below 512 is taken as 512.
    payloadSize: Math.max(opt.payloadSize, LEAST_PAYLOAD_SIZE),
    version: opt.version,
    dnssecOk: opt.dnssecOk,
    wantsNsid: firstOption(options, Option.NSID) !== undefined,
    // RFC 7828 §3.2: over UDP the option is ignored, and a client sends it without a time-out.
    wantsKeepalive: client.transport !== 'udp' && firstOption(options, Option.TCP_KEEPALIVE)?.length === 0,
    isPadded: firstOption(options, Option.PADDING) !== undefined,
    cookie,
  };
}

function badEdns(rcode: number, why: string): EdnsReading {
  return { kind: 'bad-edns', rcode, why };
}

function firstOption(options: readonly EdnsOption[], code: number): Uint8Array | undefined {
  return options.find((option) => option.code === code)?.data;
}
