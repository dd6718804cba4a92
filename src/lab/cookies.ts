/**
 * What servers of the lab do with DNS cookies (RFC 7873 §5.2): as a deed in a server's list of misbehaviour, although
 * the first of them is how it should be.
 *
 * Works on the octets of a finished response, whose last record is OPT when there is one. A server cookie is octets
 * that belong to a client cookie and to an epoch; who asks is not told apart by address.
 */

import { Option, cookieOption, readCookie, readOptions, writeOptions, type Cookie } from '../dns/edns.ts';
import { Rcode } from '../dns/record-type.ts';
import { HEADER_OCTETS, MessageView, readMessage } from '../dns/wire/message-view.ts';
import type { Deed } from './misbehaviour.ts';

export type CookieManner =
  /** Gives a server cookie with every response. */
  | 'gives'
  /** And answers BADCOOKIE to whoever does not bring it. */
  | 'demands'
  | 'always-bad'
  /** Gives another server cookie each time, and takes none back. */
  | 'changes'
  /** Sends other octets for the client's than it got. */
  | 'garbles'
  /** Sends an option of a length that no cookie has. */
  | 'cuts'
  /** FORMERR, with OPT, to whoever sends one. */
  | 'refuses'
  /** Gives one with every second response, as two servers behind one address might. */
  | 'wavers';

/** Queries without a cookie are answered as if nothing were. */
export function cookies(manner: CookieManner): Deed {
  let epoch = 0;
  return {
    kind: 'octets',
    make(query, response) {
      const sent = sentCookie(query);
      if (sent === undefined) return response;
      if (manner === 'changes' || manner === 'wavers') epoch++;
      return answer(manner, sent, response, epoch);
    },
  };
}

function answer(manner: CookieManner, sent: Cookie, response: Uint8Array, epoch: number): Uint8Array {
  const server = serverCookie(sent.client, epoch);
  const right = cookieOption({ client: sent.client, server }).data;
  switch (manner) {
    case 'gives':
      return withCookie(response, right);
    case 'wavers':
      return epoch % 2 === 1 ? withCookie(response, right) : response;
    case 'demands':
      return isSame(sent.server, server)
        ? withCookie(response, right)
        : withCookie(bare(response, Rcode.BADCOOKIE), right);
    case 'always-bad':
    case 'changes':
      return withCookie(bare(response, Rcode.BADCOOKIE), right);
    case 'garbles':
      return withCookie(
        response,
        right.map((octet) => octet ^ 0xff),
      );
    case 'cuts':
      return withCookie(response, right.subarray(0, 5));
    case 'refuses':
      return bare(response, Rcode.FORMERR);
    default:
      return manner satisfies never;
  }
}

function sentCookie(query: Uint8Array): Cookie | undefined {
  const view = readMessage(query);
  const options = view instanceof MessageView ? view.opt()?.options : undefined;
  const data = options && readOptions(options)?.find(({ code }) => code === Option.COOKIE)?.data;
  return data && readCookie(data);
}

function serverCookie(client: Uint8Array, epoch: number): Uint8Array {
  return Uint8Array.of(...client.map((octet) => octet ^ 0x5a ^ epoch), ...client);
}

function isSame(a: Uint8Array | undefined, b: Uint8Array): boolean {
  return a !== undefined && Buffer.compare(a, b) === 0;
}

/** Question and OPT alone, with an RCODE (RFC 6891 §6.1.3: its upper eight bits stand in OPT). */
function bare(response: Uint8Array, rcode: number): Uint8Array {
  const view = readMessage(response);
  if (!(view instanceof MessageView)) return response;
  const opt = Uint8Array.of(0, 0, 41, 4, 208, rcode >> 4, 0, 0, 0, 0, 0);
  const octets = Uint8Array.of(...response.subarray(0, view.questionEnd), ...opt);
  octets.set([response[2], (response[3] & 0xf0) | (rcode & 0x0f), 0, 1, 0, 0, 0, 0, 0, 1], 2);
  return octets;
}

/** RDLENGTH is the last field of an OPT record without options. */
function withCookie(response: Uint8Array, data: Uint8Array): Uint8Array {
  const view = readMessage(response);
  const isPlain = view instanceof MessageView && view.opt()?.options.length === 0;
  if (!isPlain || response.length < HEADER_OCTETS) return response;
  const options = writeOptions([{ code: Option.COOKIE, data }]);
  const octets = Uint8Array.of(...response, ...options);
  octets[response.length - 1] = options.length;
  return octets;
}
