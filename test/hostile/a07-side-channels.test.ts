/**
 * A7. SAD DNS and its relatives (CVE-2020-25705, CVE-2021-20322): limits and caches that the system keeps for ICMP tell
 * whoever probes which source port is open; only the ID is left to guess.
 *
 * Here each query has a port of its own, open only while it is out, on a socket connected to the server: what others
 * send to it the system answers as it answers for a closed port, and it never reaches us. And at the first wrong ID the
 * exchange is over (A1), so a port that has been found out is worth one guess. The limits themselves are the system's
 * (Linux has drawn them at random since 5.10).
 */

import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { afterEach, describe, expect, test } from 'vitest';

import { name } from '../../src/dns/name.ts';
import { createExchange } from '../../src/exchange/create-exchange.ts';
import type { ExchangeRoomEvent } from '../../src/exchange/exchange-event.ts';
import type { ExchangeRequest } from '../../src/exchange/exchange.ts';
import { createSocketNetwork } from '../../src/exchange/socket-network.ts';
import { systemClock } from '../../src/system/clock.ts';
import { createSystemRandom } from '../../src/system/random.ts';
import { recordFigure } from './figures.ts';

const random = createSystemRandom();
const events: ExchangeRoomEvent[] = [];
const exchange = createExchange({
  network: createSocketNetwork({ random }),
  clock: systemClock,
  random,
  report: (event) => void events.push(event),
});

const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.close();
  events.length = 0;
});

async function socketAt(address: string): Promise<Socket> {
  const socket = createSocket('udp4');
  sockets.push(socket);
  await new Promise<void>((resolve) => socket.bind(0, address, resolve));
  return socket;
}

type Asked = { readonly query: Buffer; readonly from: RemoteInfo };

function nextQuery(server: Socket): Promise<Asked> {
  return new Promise((resolve) => server.once('message', (query, from) => resolve({ query, from })));
}

const requestTo = (server: Socket): ExchangeRequest => ({
  server: { address: '127.0.0.1', port: server.address().port },
  transport: 'udp',
  qname: name('www.example.'),
  qtype: 1,
  recursionDesired: false,
  payloadSize: 1232,
  dnssecOk: true,
  randomiseCase: true,
  withCookie: true,
  timeoutMs: 10_000,
});

const responseTo = (query: Buffer): Buffer => {
  const response = Buffer.from(query);
  response[2] |= 0x80;
  return response;
};

describe('somebody who is not the server', () => {
  /** Connected, so that the system tells of a closed port. */
  function probe(from: string, port: number, octets: Buffer): Promise<string> {
    return new Promise((resolve) => {
      const socket = createSocket('udp4');
      socket.on('error', (error: NodeJS.ErrnoException) => {
        socket.close();
        resolve(error.code ?? 'error');
      });
      socket.bind(0, from, () => socket.connect(port, '127.0.0.1', () => socket.send(octets)));
    });
  }

  test('is told the same of the open port as of a closed one, and changes nothing', async () => {
    const server = await socketAt('127.0.0.1');
    const asked = nextQuery(server);
    const pending = exchange(requestTo(server));
    const { query, from } = await asked;
    const closed = await socketAt('127.0.0.1');
    const closedPort = closed.address().port;
    sockets.splice(sockets.indexOf(closed), 1);
    await new Promise<void>((resolve) => closed.close(() => resolve()));

    // The very response, but from elsewhere.
    const told = [
      await probe('127.0.0.2', from.port, responseTo(query)),
      await probe('127.0.0.1', from.port, responseTo(query)),
      await probe('127.0.0.2', closedPort, responseTo(query)),
    ];
    recordFigure('A7', 'different answers to probes of an open and a closed port', new Set(told).size, 1);
    expect(told).toEqual(['ECONNREFUSED', 'ECONNREFUSED', 'ECONNREFUSED']);
    expect(events).toEqual([]);

    server.send(responseTo(query), from.port, from.address);
    expect(await pending.outcome).toMatchObject({ kind: 'response' });
  });
});

test('no port is used again while it is in use', async () => {
  const server = await socketAt('127.0.0.1');
  const COUNT = 100;
  const ports: number[] = [];
  const held: Asked[] = [];
  const allCame = new Promise<void>((resolve) => {
    server.on('message', (query, from) => {
      ports.push(from.port);
      held.push({ query, from });
      if (held.length === COUNT) resolve();
    });
  });
  const pending = Array.from({ length: COUNT }, () => exchange(requestTo(server)));
  await allCame;
  recordFigure('A7', 'ports shared by 100 queries that are out together', COUNT - new Set(ports).size, 0);
  for (const { query, from } of held) server.send(responseTo(query), from.port, from.address);
  const outcomes = await Promise.all(pending.map(({ outcome }) => outcome));
  expect(outcomes.filter(({ kind }) => kind === 'response')).toHaveLength(COUNT);
});

test('an open port that has been found out is worth one guess of the ID', async () => {
  const server = await socketAt('127.0.0.1');
  const asked = nextQuery(server);
  const pending = exchange(requestTo(server));
  const { query, from } = await asked;
  // The forger can send from the server's address and port: here, the server's own socket.
  const guess = responseTo(query);
  guess[0] ^= 1;
  server.send(guess, from.port, from.address);
  expect(await pending.outcome).toMatchObject({ kind: 'mismatch', why: 'wrong-id' });
  recordFigure('A7', 'guesses at the ID until the port is closed', events.length, { exactly: 1 });
});
