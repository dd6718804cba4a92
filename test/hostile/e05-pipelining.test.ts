/**
 * E5: thousands of queries on one connection by a client that reads none of the replies, so that they pile up with us.
 *
 * Of one connection so many queries are in work at once, and while replies wait that the client does not take nothing
 * more is read: TCP then holds the client back (listen/tcp-connection.ts, RFC 7766 §6.2.1.1). One that takes nothing
 * for ten seconds is reset.
 */

import { expect, test } from 'vitest';
import type { Socket } from 'node:net';
import { frame } from '../../src/dns/wire/framing.ts';
import type { SendReply } from '../../src/listen/handler.ts';
import { defaultConnectionLimits, serveConnection } from '../../src/listen/tcp-connection.ts';
import { queryOctets } from '../support/client-query.ts';
import { createHandClock } from '../support/hand-clock.ts';
import { StreamSocket } from '../support/stream-socket.ts';
import { recordFigure } from './figures.ts';

/** Goes round until the stream has passed on what it may. */
async function turns(): Promise<void> {
  for (let i = 0; i < 10; i++) await new Promise((resolve) => setImmediate(resolve));
}

function serving(reads: boolean, answer: (send: SendReply) => void) {
  const clock = createHandClock();
  const socket = new StreamSocket({ reads });
  const reasons: string[] = [];
  let taken = 0;
  serveConnection(
    socket as unknown as Socket,
    { address: '192.0.2.1', port: 4711, transport: 'tcp' },
    defaultConnectionLimits,
    {
      handler: (_octets, _client, send) => {
        taken++;
        answer(send);
      },
      report: (event) => void (event.kind === 'connection-closed' && reasons.push(event.why)),
      clock,
      touched: () => undefined,
      closed: () => undefined,
    },
  );
  return { clock, socket, reasons, taken: () => taken };
}

const query = frame(queryOctets());
const QUERIES = 10_000;

function pushAll(socket: StreamSocket): void {
  const many = Buffer.concat(Array.from({ length: 100 }, () => query));
  for (let i = 0; i < QUERIES; i += 100) socket.push(many);
}

test.each([
  ['1,232 octets', 1232],
  ['a whole message of 65,535', 65_535],
])(
  '10,000 queries whose replies of %s nobody reads: reading stops, and what waits is bounded',
  async (what, octets) => {
    const { clock, socket, reasons, taken } = serving(false, (send) => send(new Uint8Array(octets)));
    pushAll(socket);
    await turns();
    recordFigure(
      'E5',
      `octets waiting for a client that reads nothing, replies of ${what}`,
      socket.writableLength,
      256 << 10,
    );
    expect(taken()).toBeLessThan(QUERIES);
    clock.advance(defaultConnectionLimits.writeTimeoutMs);
    await turns();
    expect(reasons).toEqual(['slow-reader']);
    recordFigure('E5', `timers left behind, replies of ${what}`, clock.pending(), 0);
  },
);

test('10,000 queries of which none is answered yet: so many are in work, the others wait in the socket', async () => {
  const held: SendReply[] = [];
  const { socket, taken } = serving(true, (send) => void held.push(send));
  pushAll(socket);
  await turns();
  recordFigure('E5', 'queries of one connection in work', taken(), defaultConnectionLimits.maxPipelined);
});

test('replies that come all at once to a client that reads nothing are bounded as well', async () => {
  const held: SendReply[] = [];
  const { socket, reasons } = serving(false, (send) => void held.push(send));
  pushAll(socket);
  await turns();
  for (const send of held.splice(0)) send(new Uint8Array(65_535));
  await turns();
  // The one that is too much is in it.
  const most = defaultConnectionLimits.maxWaitingOctets + 65_537;
  recordFigure('E5', 'octets waiting when 128 whole messages come at once', socket.writableLength, most);
  expect(reasons).toEqual(['slow-reader']);
});

test('a client that reads gets all 10,000 replies', async () => {
  const { socket, taken } = serving(true, (send) => send(new Uint8Array(98)));
  pushAll(socket);
  await turns();
  expect(taken()).toBe(QUERIES);
  recordFigure('E5', 'replies to a client that reads', socket.written / 100, { atLeast: QUERIES });
});
