/**
 * DNS cookies towards servers (RFC 7873, RFC 9018): 64 bits more for a forger to guess, and from a server that gives
 * cookies a response without one is no response.
 *
 * Decides which cookie a query carries, keeps those that servers gave, and says what a response's cookie is worth.
 * What follows from a wrong or missing one is match-response.ts; which servers get no cookie at all is known to
 * iterate/server-statistics.ts.
 *
 * RFC 7873 §4.1, RFC 9018 §3: a client cookie is a keyed hash of the server's address, so that no server can tell what
 * another one is sent, and a new secret is drawn each day. Known limit: our own address is no part of it, so a
 * machine that changes its network can be recognised by its cookie until the next day.
 */

import { LRUCache } from 'lru-cache';

import { Option, cookieOption, readCookie, readOptions, writeOptions, type Cookie } from '../dns/edns.ts';
import { sameOctets } from '../dns/rrset.ts';
import { sipHash24 } from '../dns/siphash.ts';
import type { MessageView } from '../dns/wire/message-view.ts';
import type { Clock } from '../system/clock.ts';
import type { Random } from '../system/random.ts';

/**
 * What a response has to say to the cookie that its query carried: ours again, another one (or octets that are none),
 * or nothing.
 */
export type CookieEcho = 'right' | 'wrong' | 'absent' | 'not-sent';

/** The cookie of a query. */
export type OfferedCookie = Cookie & {
  /** The server has always given its own, so a response without any is not its response. */
  readonly isOwed: boolean;
  /** It as an EDNS option, ready to be sent. */
  readonly option: Uint8Array;
};

export type CookieJar = {
  /** What a query to the server carries; the server's own part where it has given one. */
  cookieFor(server: string): OfferedCookie;
  /** Takes the server's part from a response that has been matched; forgets it when the server gives none any more. */
  learn(server: string, sent: Cookie, message: MessageView): void;
};

type Held = OfferedCookie & { readonly lapses: number };

const MAX_SERVERS_WITH_COOKIES = 20_000;
/** RFC 7873 §7.1: at the latest after 36 days; a day keeps what a leaked one is worth small. */
export const SECRET_LIFE_MS = 24 * 60 * 60 * 1000;

/**
 * Behind one anycast address there may be servers with cookies and servers without; when a TCP response has lacked the
 * cookie so often, one is not insisted on until the next secret.
 */
const MOST_LAPSES = 2;

const SECRET_OCTETS = 16;

export function createCookieJar(around: { readonly clock: Clock; readonly random: Random }): CookieJar {
  const { clock, random } = around;
  const held = new LRUCache<string, Held>({ max: MAX_SERVERS_WITH_COOKIES });
  let secret = drawSecret(random);
  let secretUntil = clock.now() + SECRET_LIFE_MS;

  return {
    cookieFor(server) {
      if (clock.now() >= secretUntil) renewSecret();
      let known = held.get(server);
      if (known === undefined) {
        known = toHold(clientCookie(secret, server), undefined, 0);
        held.set(server, known);
      }
      return known;
    },
    learn(server, sent, message) {
      const known = held.get(server);
      // What was sent before the secret was renewed is of no further use.
      if (known === undefined || !sameOctets(known.client, sent.client)) return;
      const { client, lapses } = known;
      const given = compareCookie(message, sent) === 'right' ? readResponseCookie(message)?.server : undefined;
      if (given !== undefined) {
        // Octets of their own: a few that are kept must not keep a whole datagram in memory.
        const isNew = known.server === undefined || !sameOctets(known.server, given);
        if (isNew) held.set(server, toHold(client, given.slice(), lapses));
      } else if (sent.server !== undefined) {
        // Not where the query was an earlier one, from before the server had given its own.
        held.set(server, toHold(client, undefined, lapses + 1));
      }
    },
  };

  function renewSecret(): void {
    secret = drawSecret(random);
    secretUntil = clock.now() + SECRET_LIFE_MS;
    // RFC 7873 §4.2: a server's cookie is bound to the client cookie it was given for.
    held.clear();
  }
}

function toHold(client: Uint8Array, server: Uint8Array | undefined, lapses: number): Held {
  const isOwed = server !== undefined && lapses < MOST_LAPSES;
  return { client, server, lapses, isOwed, option: writeOptions([cookieOption({ client, server })]) };
}

/** RFC 7873 §5.3: what is compared is the client's part; the server's is opaque. */
export function compareCookie(message: MessageView, sent: Cookie | undefined): CookieEcho {
  if (sent === undefined) return 'not-sent';
  if (cookieOctets(message) === undefined) return 'absent';
  const cookie = readResponseCookie(message);
  return cookie !== undefined && sameOctets(cookie.client, sent.client) ? 'right' : 'wrong';
}

/** Undefined where there is none, or its length is not one that RFC 7873 §5.2.2 allows. */
function readResponseCookie(message: MessageView): Cookie | undefined {
  const octets = cookieOctets(message);
  return octets && readCookie(octets);
}

function cookieOctets(message: MessageView): Uint8Array | undefined {
  const options = message.opt()?.options;
  return options && readOptions(options)?.find(({ code }) => code === Option.COOKIE)?.data;
}

/** 8 octets; SipHash-2-4 as RFC 9018 §3 has it. */
function clientCookie(secret: Uint8Array, server: string): Uint8Array {
  return sipHash24(secret, Buffer.from(server, 'latin1'));
}

function drawSecret(random: Random): Uint8Array {
  return Uint8Array.from({ length: SECRET_OCTETS }, () => random.below(256));
}
