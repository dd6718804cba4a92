/**
 * Asks one server one question: over UDP or TCP, as the request says. One query, one outcome; it never throws and never
 * tries again. Which server, which transport and how long to wait is decided in `iterate`.
 */

import type { Cookie } from '../dns/edns.ts';
import type { Random } from '../system/random.ts';
import { composeQuery } from './compose-query.ts';
import { createCookieJar, type CookieJar } from './cookies.ts';
import type { Exchange, PendingExchange } from './exchange.ts';
import { exchangeOverTcp } from './exchange-over-tcp.ts';
import { exchangeOverUdp, type ExchangeSurroundings } from './exchange-over-udp.ts';

export type { ExchangeRoomEvent } from './exchange-event.ts';

export function createExchange(around: ExchangeSurroundings & { readonly random: Random }): Exchange {
  const jar = createCookieJar(around);
  return (request) => {
    const { address } = request.server;
    const query = composeQuery(request, around.random, request.withCookie ? jar.cookieFor(address) : undefined);
    const pending =
      request.transport === 'udp' ? exchangeOverUdp(request, query, around) : exchangeOverTcp(request, query, around);
    return query.cookie === undefined ? pending : learning(pending, query.cookie, address, jar);
  };
}

/** What the response says of the server's cookie is known before anybody can ask the server again. */
function learning(pending: PendingExchange, sent: Cookie, address: string, jar: CookieJar): PendingExchange {
  const outcome = pending.outcome.then((came) => {
    if (came.kind === 'response') jar.learn(address, sent, came.message);
    return came;
  });
  return { outcome, cancel: () => pending.cancel() };
}
