/**
 * One TCP connection of a client (RFC 7766): many queries at once, each answered as it gets ready, so out of order.
 *
 * What holds it up, and what follows:
 *
 *     as many queries in work as it may have       no more is read until one is answered (TCP holds the client back)
 *     replies that wait because it does not read   no more is read; too many, or none taken for long: reset
 *     a message begun and not finished in time     closed, however the octets drip
 *     nothing in work, nothing said for long       closed (RFC 7766 §6.2.3); the time that keepalive told (RFC 7828)
 *     the client's FIN                             what it has asked is still answered, then closed (half-close)
 *     nothing it asked comes to an end             closed
 *
 * Octets and their frames are dns/wire/framing.ts; how many connections there may be is connection-table.ts.
 */

import type { Socket } from 'node:net';
import type { Client } from '../query/client-query.ts';
import type { Clock, Timer } from '../system/clock.ts';
import { createFrameReader, frame } from '../dns/wire/framing.ts';
import type { Handler } from './handler.ts';
import type { CloseReason, ReportListen } from './listen-event.ts';

export type ConnectionLimits = {
  readonly idleTimeoutMs: number;
  /** Queries in work at once. */
  readonly maxPipelined: number;
  /** From a message's first octet to its last. */
  readonly frameTimeoutMs: number;
  /** How long written octets may wait for the client to take any. */
  readonly writeTimeoutMs: number;
  /** How long a connection may wait for any of its queries to end; well above what a query can take. */
  readonly unansweredTimeoutMs: number;
  /** Octets of replies that may wait for the client. */
  readonly maxWaitingOctets: number;
};

export const defaultConnectionLimits: ConnectionLimits = {
  idleTimeoutMs: 10_000,
  maxPipelined: 128,
  frameTimeoutMs: 5_000,
  writeTimeoutMs: 10_000,
  unansweredTimeoutMs: 30_000,
  maxWaitingOctets: 1 << 20,
};

export type ConnectionSurroundings = {
  readonly handler: Handler;
  readonly report: ReportListen;
  readonly clock: Clock;
  /** Something happened: a message came or a reply went. */
  readonly touched: () => void;
  /** The last that is heard of it. */
  readonly closed: () => void;
};

export type Connection = {
  isIdle(): boolean;
  /** Closes it, what is written going out in good order. */
  end(why: CloseReason): void;
  /** Takes no more queries; closes when those in work are answered. */
  finish(): void;
  destroy(why: CloseReason): void;
};

/** Replies that wait for the client; above it no further query is read. */
const HIGH_WATER_OCTETS = 64 << 10;

/** How long the client's FIN is waited for when we have sent ours. */
const LINGER_MS = 1000;

export function serveConnection(
  socket: Socket,
  client: Client,
  limits: ConnectionLimits,
  around: ConnectionSurroundings,
): Connection {
  const { handler, report, clock } = around;
  const frames = createFrameReader();
  let inWork = 0;
  let state: 'open' | 'finishing' | 'ending' | 'closed' = 'open';
  let peerEnded = false;
  let why: CloseReason = 'by-client';
  let isReading = false;
  let lastActivity = clock.now();
  let lastWritten = lastActivity;
  let frameBegan: number | undefined;
  let timer: (Timer & { readonly due: number }) | undefined;

  const touch = (): void => {
    lastActivity = clock.now();
    around.touched();
  };

  const isHeldUp = (): boolean => inWork >= limits.maxPipelined || socket.writableLength > HIGH_WATER_OCTETS;

  /** Hands on what has come, as far as it may, and decides what the connection does next. */
  const proceed = (): void => {
    if (isReading || state === 'closed') return;
    isReading = true;
    for (let message = nextToTake(); message !== undefined; message = nextToTake()) take(message);
    isReading = false;
    if (state === 'open' && !isHeldUp()) socket.resume();
    else if (state !== 'ending') socket.pause();
    // A frame that waits for us does not count as the client's delay.
    frameBegan = state === 'open' && frames.isMidFrame && !isHeldUp() ? (frameBegan ?? clock.now()) : undefined;
    if (isDone()) end(why);
    else watch();
  };

  /** Asked again for each: taking one may end the connection, or answer at once what held it up. */
  const nextToTake = (): Uint8Array | undefined => (state === 'open' && !isHeldUp() ? frames.next() : undefined);

  const isDone = (): boolean => {
    if (inWork > 0) return false;
    return state === 'finishing' || (state === 'open' && peerEnded && !isHeldUp());
  };

  const take = (message: Uint8Array): void => {
    inWork++;
    frameBegan = undefined;
    touch();
    let isSent = false;
    handler(message, client, (reply) => {
      if (isSent) return; // a bug of the handler's, which may not upset the count
      isSent = true;
      inWork--;
      if (reply !== undefined) write(reply);
      proceed();
    });
  };

  const write = (reply: Uint8Array): void => {
    if (state === 'ending' || state === 'closed') {
      report({ kind: 'message-dropped', client, reason: 'client-gone', octets: reply.length });
      return;
    }
    touch();
    if (socket.writableLength === 0) lastWritten = clock.now();
    socket.write(frame(reply), () => {
      lastWritten = clock.now();
    });
    if (socket.writableLength > limits.maxWaitingOctets) destroy('slow-reader');
  };

  const end = (reason: CloseReason): void => {
    if (state === 'ending' || state === 'closed') return;
    why = reason;
    state = 'ending';
    lastWritten = clock.now();
    // Octets that still come are taken and thrown away: closing over unread octets is a reset, which may cost the client
    // the replies that are on their way. Where none can be on their way, the socket goes at once.
    socket.resume();
    if (reason === 'stopping') socket.end();
    else socket.destroySoon();
    watch();
  };

  const destroy = (reason: CloseReason): void => {
    if (state === 'closed') return;
    if (state !== 'ending') why = reason;
    // A reset is refused while the system is at sending our FIN, and the socket would then stay for ever.
    const isSendingFin = state === 'ending' && socket.writableLength === 0;
    state = 'ending';
    // RST also frees the replies that the system still holds for a client that does not take them.
    if (isSendingFin) socket.destroy();
    else socket.resetAndDestroy();
  };

  /** When something is due, and what. */
  const deadline = (): { at: number; reason: CloseReason } => {
    if (state === 'ending' && socket.writableLength === 0) return { at: lastWritten + LINGER_MS, reason: why };
    if (state === 'ending' || socket.writableLength > 0) {
      return { at: lastWritten + limits.writeTimeoutMs, reason: 'slow-reader' };
    }
    if (frameBegan !== undefined) return { at: frameBegan + limits.frameTimeoutMs, reason: 'slow-frame' };
    if (inWork > 0) return { at: lastActivity + limits.unansweredTimeoutMs, reason: 'unanswered' };
    return { at: lastActivity + limits.idleTimeoutMs, reason: 'idle' };
  };

  /** Sees to it that a timer fires no later than the deadline; one that fires early looks again. */
  const watch = (): void => {
    if (state === 'closed') return;
    const { at } = deadline();
    if (timer !== undefined && timer.due <= at) return;
    timer?.cancel();
    const waiting = clock.after(at - clock.now(), look);
    timer = { due: at, cancel: () => waiting.cancel() };
  };
  const look = (): void => {
    timer = undefined;
    const { at, reason } = deadline();
    if (clock.now() < at) return watch();
    if (state === 'open' && reason === 'idle') end('idle');
    else destroy(reason);
  };

  socket.on('data', (octets: Uint8Array) => {
    if (state !== 'open') return;
    frames.push(octets);
    proceed();
  });
  socket.on('drain', proceed);
  socket.on('end', () => {
    peerEnded = true;
    proceed();
  });
  socket.on('error', () => {
    if (state === 'open' || state === 'finishing') why = 'failed';
  });
  socket.on('close', () => {
    state = 'closed';
    timer?.cancel();
    around.closed();
    report({ kind: 'connection-closed', client, why });
  });
  watch();

  return {
    isIdle: () => inWork === 0 && socket.writableLength === 0,
    end,
    finish() {
      if (state !== 'open') return;
      state = 'finishing';
      why = 'stopping';
      proceed();
    },
    destroy,
  };
}
