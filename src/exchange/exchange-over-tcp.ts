/**
 * One exchange over TCP: a connection of its own, the query behind its length, the first message that comes back.
 *
 * Time counts from the first SYN to the last octet of the response. A message that is not the response is a server's
 * fault and never a forger's, so it is `malformed`. Known limit: a connection is used for one exchange (RFC 7766 §6.2
 * allows more).
 */

import type { Query } from './compose-query.ts';
import { createEnding } from './ending.ts';
import type { ExchangeRequest, PendingExchange } from './exchange.ts';
import type { ExchangeSurroundings } from './exchange-over-udp.ts';
import { matchResponse } from './match-response.ts';

export function exchangeOverTcp(request: ExchangeRequest, query: Query, around: ExchangeSurroundings): PendingExchange {
  const ending = createEnding(around.clock, request.timeoutMs, (waitedMs) => ({ kind: 'timeout', waitedMs }));
  const readFirst = createFirstMessageReader();

  const takeMessage = (octets: Uint8Array): void => {
    const match = matchResponse(octets, query);
    if (match.kind === 'response') {
      ending.come({ kind: 'response', message: match.message, roundTripMs: ending.elapsedMs() });
    } else {
      ending.come({ kind: 'malformed', why: match.why, waitedMs: ending.elapsedMs() });
    }
  };

  const flow = around.network.connectTcp(request.server, {
    connected: () => flow.send(behindLength(query.octets)),
    data(octets) {
      const message = ending.hasCome() ? undefined : readFirst(octets);
      if (message !== undefined) takeMessage(message);
    },
    closed: (code) => ending.come({ kind: 'unreachable', code: code ?? 'EOF', waitedMs: ending.elapsedMs() }),
  });
  ending.willClose(flow);
  return ending;
}

/** RFC 1035 §4.2.2: two octets of length, then the message; in one piece, as RFC 7766 §8 wants it. */
function behindLength(message: Uint8Array): Uint8Array {
  const framed = new Uint8Array(2 + message.length);
  framed[0] = message.length >> 8;
  framed[1] = message.length;
  framed.set(message, 2);
  return framed;
}

/** Takes octets cut anywhere; gives the first message when its last octet has come. Each octet is copied once. */
function createFirstMessageReader(): (octets: Uint8Array) => Uint8Array | undefined {
  let lengthOctets = 0;
  let length = 0;
  let message: Uint8Array | undefined;
  let filled = 0;
  return (octets) => {
    let at = 0;
    for (; lengthOctets < 2 && at < octets.length; lengthOctets++) length = (length << 8) | octets[at++];
    if (lengthOctets < 2) return undefined;
    message ??= new Uint8Array(length);
    const part = octets.subarray(at, at + length - filled);
    message.set(part, filled);
    filled += part.length;
    return filled === length ? message : undefined;
  };
}
