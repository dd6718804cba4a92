/** Exchanges over TCP by real sockets on loopback. */

import { createServer, type Server, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterEach, describe, expect, test } from 'vitest';
import { name } from '../../src/dns/name.ts';
import { createExchange } from '../../src/exchange/create-exchange.ts';
import type { ExchangeOutcome, ExchangeRequest, PendingExchange } from '../../src/exchange/exchange.ts';
import { createSocketNetwork } from '../../src/exchange/socket-network.ts';
import { systemClock } from '../../src/system/clock.ts';
import { createSystemRandom } from '../../src/system/random.ts';

const random = createSystemRandom();
const exchange = createExchange({ network: createSocketNetwork({ random }), clock: systemClock, random });
/** Containers often go without. */
const hasIPv6 = Object.values(networkInterfaces()).some((each) => each?.some(({ address }) => address === '::1'));

const PATIENT_MS = 10_000;
const IMPATIENT_MS = 150;

function begin(port: number, timeoutMs = PATIENT_MS, address = '127.0.0.1'): PendingExchange {
  const request: ExchangeRequest = {
    server: { address, port },
    transport: 'tcp',
    qname: name('www.example.'),
    qtype: 1,
    recursionDesired: false,
    payloadSize: 1232,
    dnssecOk: true,
    randomiseCase: true,
    withCookie: false,
    timeoutMs,
  };
  return exchange(request);
}
const ask = async (port: number, timeoutMs = PATIENT_MS): Promise<ExchangeOutcome> => begin(port, timeoutMs).outcome;

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
});

/** `serve` is given the connection and the framed query, which on loopback comes in one piece. */
async function listen(serve: (connection: Socket, framed: Buffer) => void, address = '127.0.0.1'): Promise<number> {
  const server = createServer((connection) => {
    connection.on('error', () => {});
    connection.on('data', (framed: Buffer) => serve(connection, framed));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  const bound = server.address();
  return typeof bound === 'object' && bound !== null ? bound.port : 0;
}

function responseTo(framed: Buffer): Buffer {
  const response = Buffer.from(framed);
  response[4] |= 0x80;
  return response;
}

test.each(['127.0.0.1', ...(hasIPv6 ? ['::1'] : [])])('a server that answers at %s', async (address) => {
  const port = await listen((connection, framed) => connection.write(responseTo(framed)), address);
  expect(await begin(port, PATIENT_MS, address).outcome).toMatchObject({ kind: 'response' });
});

test('a response in two segments, cut at every octet, is put together', async () => {
  let cut = 0;
  const port = await listen((connection, framed) => {
    const response = responseTo(framed);
    connection.setNoDelay(true);
    connection.write(response.subarray(0, cut));
    setImmediate(() => connection.write(response.subarray(cut)));
  });
  const kinds: string[] = [];
  for (cut = 1; cut < 40; cut++) kinds.push((await ask(port)).kind);
  expect(kinds).toEqual(Array(39).fill('response'));
});

test('a response of 65,535 octets is whole', async () => {
  const port = await listen((connection, framed) => {
    const response = Buffer.alloc(2 + 65_535);
    responseTo(framed).copy(response);
    response.writeUInt16BE(65_535);
    connection.write(response);
  });
  const outcome = await ask(port);
  expect(outcome.kind === 'response' && outcome.message.octets.length).toBe(65_535);
});

describe('a server that does not answer', () => {
  test('but closes the connection', async () => {
    const port = await listen((connection) => connection.end());
    expect(await ask(port)).toMatchObject({ kind: 'unreachable', code: 'EOF' });
  });

  test('but closes it in the middle of the response', async () => {
    const port = await listen((connection, framed) => connection.end(responseTo(framed).subarray(0, 20)));
    expect(await ask(port)).toMatchObject({ kind: 'unreachable', code: 'EOF' });
  });

  test('but resets it', async () => {
    const port = await listen((connection) => connection.resetAndDestroy());
    expect(await ask(port)).toMatchObject({ kind: 'unreachable', code: 'ECONNRESET' });
  });

  test('and keeps it open', async () => {
    const port = await listen(() => {});
    expect(await ask(port, IMPATIENT_MS)).toMatchObject({ kind: 'timeout' });
  });

  test('as nobody listens there', async () => {
    const port = await listen(() => {});
    await new Promise((resolve) => servers.pop()!.close(resolve));
    expect(await ask(port)).toMatchObject({ kind: 'unreachable', code: 'ECONNREFUSED' });
  });

  test.each([
    ['what is no address', 'ns.example.', 53],
    ['what is no port', '127.0.0.1', 70_000],
  ])('as it is %s', async (_, address, port) => {
    expect(await begin(port, PATIENT_MS, address).outcome).toMatchObject({ kind: 'unreachable', code: 'EINVAL' });
  });
});

test('the connection is closed after the response, and after cancelling', async () => {
  const closed: string[] = [];
  const port = await listen((connection, framed) => {
    const isAnswered = closed.length === 0;
    connection.on('close', () => void closed.push(isAnswered ? 'answered' : 'cancelled'));
    if (isAnswered) connection.write(responseTo(framed));
    else pending.cancel();
  });
  await ask(port);
  await expect.poll(() => closed).toEqual(['answered']);
  const pending = begin(port);
  expect(await pending.outcome).toMatchObject({ kind: 'cancelled' });
  await expect.poll(() => closed).toEqual(['answered', 'cancelled']);
});
