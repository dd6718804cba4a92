/**
 * Asks one server one question: over UDP or TCP, as the request says. One query, one outcome; it never throws and never
 * tries again. Which server, which transport and how long to wait is decided in `iterate`.
 */

import type { Random } from '../system/random.ts';
import { composeQuery } from './compose-query.ts';
import type { Exchange } from './exchange.ts';
import { exchangeOverTcp } from './exchange-over-tcp.ts';
import { exchangeOverUdp, type ExchangeSurroundings } from './exchange-over-udp.ts';

export type { ExchangeRoomEvent } from './exchange-event.ts';

export function createExchange(around: ExchangeSurroundings & { readonly random: Random }): Exchange {
  return (request) => {
    const query = composeQuery(request, around.random);
    return request.transport === 'udp'
      ? exchangeOverUdp(request, query, around)
      : exchangeOverTcp(request, query, around);
  };
}
