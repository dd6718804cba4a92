/**
 * Clients for tests on loopback: sockets that send octets and wait for what comes back.
 */

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createFrameReader, frame } from '../../src/dns/wire/framing.ts';

export type UdpClient = {
  send(octets: Uint8Array, port: number, address: string): void;
  /** The next datagram that comes, or that has come and was not taken yet. */
  next(): Promise<{ octets: Uint8Array; address: string; port: number }>;
  close(): void;
};

export async function udpClient(address: string): Promise<UdpClient> {
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
  const inbox = createInbox<{ octets: Uint8Array; address: string; port: number }>();
  socket.on('message', (octets, from) => inbox.put({ octets, address: from.address, port: from.port }));
  socket.bind(0, address);
  await once(socket, 'listening');
  return {
    send: (octets, port, to) => socket.send(octets, port, to),
    next: () => inbox.take(),
    close: () => socket.close(),
  };
}

export type TcpClient = {
  readonly socket: Socket;
  /** Writes the message behind its length. */
  ask(message: Uint8Array): void;
  /** The next whole message. */
  next(): Promise<Uint8Array>;
  /** How the connection ended: `end` by the server's FIN, `close` without, or the code of an error. */
  readonly ended: Promise<string>;
};

export async function tcpClient(port: number, address: string): Promise<TcpClient> {
  const socket = connect({ port, host: address, allowHalfOpen: true, noDelay: true });
  const inbox = createInbox<Uint8Array>();
  const frames = createFrameReader();
  socket.on('data', (octets: Uint8Array) => {
    frames.push(octets);
    for (const message of frames.all()) inbox.put(message);
  });
  const ended = new Promise<string>((resolve) => {
    socket.once('end', () => resolve('end'));
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.name));
    socket.once('close', () => resolve('close'));
  });
  await Promise.race([once(socket, 'connect'), ended]);
  return { socket, ask: (message) => void socket.write(frame(message)), next: () => inbox.take(), ended };
}

type Inbox<T> = { put(item: T): void; take(): Promise<T> };

function createInbox<T>(): Inbox<T> {
  const items: T[] = [];
  const waiting: ((item: T) => void)[] = [];
  return {
    put(item) {
      const taker = waiting.shift();
      if (taker === undefined) items.push(item);
      else taker(item);
    },
    take: () => {
      const item = items.shift();
      return item === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(item);
    },
  };
}
