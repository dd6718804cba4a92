/**
 * Queries over TCP (RFC 7766): accepts connections within the bounds of the table and serves each one.
 *
 * What happens on a connection is tcp-connection.ts. The table is given from outside, since its bounds hold for all
 * addresses together.
 */

import { createServer, type Server, type Socket } from 'node:net';
import { plainAddress } from '../dns/ip-address.ts';
import type { Client } from '../query/client-query.ts';
import { createAddressSockets, type AddressSurroundings, type OpenSocket } from './address-sockets.ts';
import type { ConnectionTable, TableEntry } from './connection-table.ts';
import type { Handler, Listener } from './handler.ts';
import type { ReportListen } from './listen-event.ts';
import { serveConnection, type Connection, type ConnectionLimits } from './tcp-connection.ts';

export type TcpOptions = { readonly address: string; readonly port: number; readonly limits: ConnectionLimits };

export type TcpSurroundings = AddressSurroundings & {
  readonly handler: Handler;
  readonly report: ReportListen;
  readonly connections: ConnectionTable;
};

export function createTcpListener({ address, port, limits }: TcpOptions, around: TcpSurroundings): Listener {
  const open: OpenSocket = (local, localPort) => openServer(local, localPort, limits, around);
  return createAddressSockets({ address, port, transport: 'tcp', isWildcardSound: true }, open, around);
}

/** The connections that came to one address. */
type OpenConnections = { readonly all: Set<Connection>; emptied: (() => void) | undefined };

function openServer(
  address: string,
  port: number,
  limits: ConnectionLimits,
  around: TcpSurroundings,
): ReturnType<OpenSocket> {
  const open: OpenConnections = { all: new Set(), emptied: undefined };
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => accept(socket, open, limits, around));
  return new Promise((resolve) => {
    const fail = (error: NodeJS.ErrnoException): void => resolve({ kind: 'failed', code: codeOf(error) });
    server.once('error', fail);
    server.listen({ host: address, port, ipv6Only: address.includes(':'), exclusive: true }, () => {
      server.off('error', fail);
      // Such as EMFILE when accepting: those that are open go on, and so does the server.
      server.on('error', (error) =>
        around.report({ kind: 'socket-failed', transport: 'tcp', address, code: codeOf(error) }),
      );
      resolve({
        kind: 'open',
        port: portOf(server, port),
        stop: (deadlineMs) => stop(server, open, deadlineMs, around),
      });
    });
  });
}

function accept(socket: Socket, open: OpenConnections, limits: ConnectionLimits, around: TcpSurroundings): void {
  const { connections, report } = around;
  // A client that is gone before we look has no address.
  if (socket.remoteAddress === undefined || socket.remotePort === undefined) return void socket.destroy();
  const client: Client = { address: plainAddress(socket.remoteAddress), port: socket.remotePort, transport: 'tcp' };
  let connection: Connection | undefined;
  const entry: TableEntry = {
    client,
    isIdle: () => connection?.isIdle() ?? false,
    evict: (why) => (connection?.isIdle() === true ? connection.end(why) : connection?.destroy(why)),
  };
  if (!connections.admit(entry)) {
    report({ kind: 'connection-refused', client });
    socket.on('error', () => {}); // it is being closed anyway
    return void socket.resetAndDestroy();
  }
  connection = serveConnection(socket, client, limits, {
    ...around,
    touched: () => connections.touch(entry),
    closed: () => {
      connections.remove(entry);
      if (connection !== undefined) open.all.delete(connection);
      if (open.all.size === 0) open.emptied?.();
    },
  });
  open.all.add(connection);
}

async function stop(
  server: Server,
  open: OpenConnections,
  deadlineMs: number,
  { clock }: TcpSurroundings,
): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  const emptied = new Promise<void>((resolve) => {
    if (open.all.size === 0) resolve();
    else open.emptied = resolve;
  });
  for (const connection of open.all) connection.finish();
  const destroyAll = (): void => open.all.forEach((connection) => connection.destroy('stopping'));
  if (deadlineMs <= 0) destroyAll();
  const timer = clock.after(deadlineMs, destroyAll);
  await Promise.all([closed, emptied]);
  timer.cancel();
}

function portOf(server: Server, asked: number): number {
  const bound = server.address();
  return typeof bound === 'object' && bound !== null ? bound.port : asked;
}

function codeOf(error: NodeJS.ErrnoException): string {
  return error.code ?? error.name;
}
