/**
 * E4: connections that are opened and not used, until the server takes no more (slowloris; CVE-2024-0760 of BIND, 2018
 * of Knot). Three of the four resolvers we know gave a new TCP client no answer while 2,000 others were idle.
 *
 * A new client always gets in: when the table is full the longest idle connection makes room (connection-table.ts). A
 * connection holds nothing while it is idle, a message that drips in has its time from the first octet to the last, and
 * one address may not take the places of all others (tcp-connection.ts). RFC 7766 §6.2.
 */

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createInterface, type Interface } from 'node:readline';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { defaultConfig } from '../../src/config/settle.ts';
import { frame } from '../../src/dns/wire/framing.ts';
import type { SendReply } from '../../src/listen/handler.ts';
import { defaultConnectionLimits, serveConnection } from '../../src/listen/tcp-connection.ts';
import { packageDirectory } from '../../src/system/package-directory.ts';
import { queryOctets } from '../support/client-query.ts';
import { createHandClock } from '../support/hand-clock.ts';
import { StreamSocket } from '../support/stream-socket.ts';
import { tcpClient, udpClient } from '../support/wire-client.ts';
import { recordFigure } from './figures.ts';

type Listening = {
  readonly port: number;
  memory(): Promise<{ rss: number; used: number; connections: number; stallMs: number }>;
};

const cleanUp: (() => void)[] = [];
afterEach(() => {
  for (const each of cleanUp.splice(0).reverse()) each();
});

async function listening(maxConnections: number, maxPerClient: number): Promise<Listening> {
  const script = join(packageDirectory, 'test/hostile/tcp-child.ts');
  const child: ChildProcess = spawn(process.execPath, [script, String(maxConnections), String(maxPerClient)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  cleanUp.push(() => child.kill('SIGKILL'));
  const lines: Interface = createInterface({ input: child.stdout! });
  const said = async (): Promise<string> => ((await once(lines, 'line')) as [string])[0];
  const port = Number(/\d+/.exec(await said())![0]);
  return {
    port,
    async memory() {
      const answer = said();
      child.stdin!.write('memory\n');
      return JSON.parse(await answer) as Awaited<ReturnType<Listening['memory']>>;
    },
  };
}

/** Connections from 127.1.0.0/16, so many for each address, with so many being made at once. */
async function openIdle(port: number, count: number, perAddress: number): Promise<Socket[]> {
  const sockets: Socket[] = [];
  cleanUp.push(() => sockets.forEach((socket) => socket.destroy()));
  const openOne = async (i: number): Promise<void> => {
    const host = Math.floor(i / perAddress);
    const localAddress = `127.1.${host >> 8}.${host & 0xff}`;
    const socket = connect({ port, host: '127.0.0.1', localAddress });
    sockets.push(socket);
    socket.on('error', () => undefined);
    await Promise.race([once(socket, 'connect'), once(socket, 'close')]);
  };
  const AT_ONCE = 200;
  for (let i = 0; i < count; i += AT_ONCE) {
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, count - i) }, (_, j) => openOne(i + j)));
  }
  return sockets;
}

describe('10,000 idle connections', { timeout: 120_000 }, () => {
  const COUNT = 10_000;

  test('are all held, at 10 KiB each, and a new client is answered over TCP as over UDP', async () => {
    const server = await listening(COUNT + 100, 64);
    const warm = await openIdle(server.port, 500, 50);
    warm.forEach((socket) => socket.destroy());
    const before = await server.memory();
    await openIdle(server.port, COUNT, 50);
    // Connected is what the system has accepted; the process comes to it a little later.
    await vi.waitUntil(async () => (await server.memory()).connections >= COUNT, { timeout: 60_000 });
    const after = await server.memory();
    recordFigure('E4', 'idle connections held', after.connections, { atLeast: COUNT });
    recordFigure('E4', 'octets of memory for each', Math.ceil((after.rss - before.rss) / COUNT), 10 * 1024);

    const overTcp = await tcpClient(server.port, '127.0.0.1');
    cleanUp.push(() => overTcp.socket.destroy());
    overTcp.ask(queryOctets());
    expect((await overTcp.next()).length).toBeGreaterThan(queryOctets().length);
    const overUdp = await udpClient('127.0.0.1');
    cleanUp.push(() => overUdp.close());
    overUdp.send(queryOctets(), server.port, '127.0.0.1');
    expect((await overUdp.next()).octets.length).toBeGreaterThan(queryOctets().length);
  });
});

test(
  'with the default bounds, 3,000 connections that stay idle keep no new client out',
  { timeout: 120_000 },
  async () => {
    const { maxConnections, maxPerClient } = defaultConfig().listen.tcp;
    const server = await listening(maxConnections, maxPerClient);
    await openIdle(server.port, 3000, maxPerClient);
    const late = await tcpClient(server.port, '127.0.0.1');
    cleanUp.push(() => late.socket.destroy());
    late.ask(queryOctets());
    expect((await late.next()).length).toBeGreaterThan(queryOctets().length);
    recordFigure('E4', 'connections held by default', (await server.memory()).connections, maxConnections);
  },
);

test('one address that opens 500 connections holds its share of them, and others get in', async () => {
  const server = await listening(1024, 64);
  await openIdle(server.port, 500, 500);
  const other = await tcpClient(server.port, '127.0.0.1');
  cleanUp.push(() => other.socket.destroy());
  other.ask(queryOctets());
  await other.next();
  // Itself and 64 of the flood.
  recordFigure('E4', 'connections of one address', (await server.memory()).connections - 1, 64);
});

describe('a connection that is used badly', () => {
  const NOTHING = new Uint8Array();

  test.each<[string, Uint8Array[], number]>([
    ['says nothing', [NOTHING], 10_000],
    ['announces 65,535 octets and sends none', [Uint8Array.of(0xff, 0xff)], 5_000],
    ['sends an octet every second', [0, 40, 1, 2, 3, 4, 5].map((octet) => Uint8Array.of(octet)), 5_000],
  ])('and %s is closed after its time', async (_, pieces, afterMs) => {
    const { connection, socket, clock, reasons } = serving();
    for (const piece of pieces) {
      socket.push(piece);
      await turn();
      clock.advance(pieces.length > 1 ? 1000 : 0);
    }
    clock.advance(afterMs);
    await turn();
    expect([reasons, connection.isIdle()]).toEqual([[expect.stringMatching(/^(idle|slow-frame)$/)], true]);
    recordFigure('E4', `timers left behind by a connection that ${_}`, clock.pending(), 0);
  });

  test('is still answered what it has asked when it closes its half', async () => {
    const { socket, held, reasons } = serving();
    socket.push(frame(queryOctets()));
    socket.push(null);
    await turn();
    held[0](Uint8Array.of(1, 2, 3));
    await turn();
    expect(socket.written).toBe(5);
    expect(reasons).toEqual(['by-client']);
  });
});

/** A turn of the event loop, in which streams pass on what they have. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A connection on a socket that is a stream in memory, with a handler that keeps what it is asked. */
function serving() {
  const clock = createHandClock();
  const reasons: string[] = [];
  const held: SendReply[] = [];
  const socket = new StreamSocket();
  const connection = serveConnection(
    socket as unknown as Socket,
    { address: '192.0.2.1', port: 4711, transport: 'tcp' },
    defaultConnectionLimits,
    {
      handler: (_octets, _client, send) => void held.push(send),
      report: (event) => void (event.kind === 'connection-closed' && reasons.push(event.why)),
      clock,
      touched: () => undefined,
      closed: () => undefined,
    },
  );
  return { clock, reasons, held, socket, connection };
}
