/**
 * One exchange over TCP: a connection of its own, the query behind its length, the first message that comes back.
 *
 * Time counts from the first SYN to the last octet of the response. A message that is not the response is a server's
 * fault and never a forger's, so it is `malformed`. Known limit: a connection is used for one exchange (RFC 7766 §6.2
 * allows more).
 */

import { createFrameReader, frame } from '../dns/wire/framing.ts';
import type { Query } from './compose-query.ts';
import { createEnding } from './ending.ts';
import type { ExchangeRequest, PendingExchange } from './exchange.ts';
import type { ExchangeSurroundings } from './exchange-over-udp.ts';
import { matchResponse } from './match-response.ts';

export function exchangeOverTcp(request: ExchangeRequest, query: Query, around: ExchangeSurroundings): PendingExchange {
  const ending = createEnding(around.clock, request.timeoutMs, (waitedMs) => ({ kind: 'timeout', waitedMs }));
  const frames = createFrameReader();

  const takeMessage = (octets: Uint8Array): void => {
    const match = matchResponse(octets, query);
    if (match.kind === 'response') {
      const { message, echo } = match;
      ending.come({ kind: 'response', message, echo, roundTripMs: ending.elapsedMs() });
    } else {
      ending.come({ kind: 'malformed', why: match.why, waitedMs: ending.elapsedMs() });
    }
  };

  const flow = around.network.connectTcp(request.server, {
    connected: () => flow.send(frame(query.octets)),
    data(octets) {
      if (ending.hasCome()) return;
      frames.push(octets);
      const message = frames.next();
      if (message !== undefined) takeMessage(message);
    },
    closed: (code) => ending.come({ kind: 'unreachable', code: code ?? 'EOF', waitedMs: ending.elapsedMs() }),
  });
  ending.willClose(flow);
  return ending;
}
