/**
 * One exchange over UDP: the query is sent once, and the first response to it ends the exchange.
 *
 * No retransmission: whether the same server is asked again, or another one, is the walk's. What belongs to the query
 * is decided by match-response.ts.
 *
 * A refusal that repeats nothing of the question is held back for as long again as it took, as the response that it was
 * meant to displace may be on its way; then, or when time is up, it is what the server said.
 */

import type { Clock, Timer } from '../system/clock.ts';
import type { Query } from './compose-query.ts';
import { createEnding } from './ending.ts';
import type { ExchangeOutcome, ExchangeRequest, PendingExchange } from './exchange.ts';
import type { ExchangeRoomEvent } from './exchange-event.ts';
import { matchResponse } from './match-response.ts';
import type { Network } from './network.ts';

export type ExchangeSurroundings = {
  readonly network: Network;
  readonly clock: Clock;
  readonly report?: ((event: ExchangeRoomEvent) => void) | undefined;
};

type Response = ExchangeOutcome & { kind: 'response' };

/** The least that a bare refusal is held back: forged ones come early. */
const LEAST_HELD_MS = 50;

export function exchangeOverUdp(request: ExchangeRequest, query: Query, around: ExchangeSurroundings): PendingExchange {
  const { server } = request;
  let firstJunk: string | undefined;
  let held: { readonly refusal: Response; readonly timer: Timer } | undefined;
  const ending = createEnding(around.clock, request.timeoutMs, (waitedMs) => {
    if (held !== undefined) return held.refusal;
    return firstJunk === undefined ? { kind: 'timeout', waitedMs } : { kind: 'malformed', why: firstJunk, waitedMs };
  });
  const holdBack = (refusal: Response): void => {
    if (held !== undefined) return;
    const timer = around.clock.after(Math.max(refusal.roundTripMs, LEAST_HELD_MS), () => ending.come(refusal));
    held = { refusal, timer };
  };

  const takeDatagram = (octets: Uint8Array): void => {
    if (ending.hasCome()) return;
    const match = matchResponse(octets, query);
    switch (match.kind) {
      case 'response': {
        const { message, echo, isBare } = match;
        const response: Response = { kind: 'response', message, echo, roundTripMs: ending.elapsedMs() };
        return isBare ? holdBack(response) : ending.come(response);
      }
      case 'junk':
        firstJunk ??= match.why;
        return around.report?.({ kind: 'datagram-ignored', server: server.address, why: match.why });
      case 'mismatch':
        around.report?.({ kind: 'response-mismatch', server: server.address, why: match.why });
        return ending.come({ kind: 'mismatch', why: match.why, waitedMs: ending.elapsedMs() });
      default:
        return match satisfies never;
    }
  };

  const flow = around.network.openUdp(server, {
    datagram: takeDatagram,
    failed: (code) => ending.come({ kind: 'unreachable', code, waitedMs: ending.elapsedMs() }),
  });
  ending.willClose({
    close() {
      flow.close();
      held?.timer.cancel();
    },
  });
  flow.send(query.octets);
  return ending;
}
