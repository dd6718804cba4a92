/**
 * A lab server on real sockets, UDP and TCP at one loopback address and port: for the demo, for `dig`, for end-to-end
 * tests. What it says is lab-server.ts.
 *
 * Loopback only: a server that misbehaves on purpose and answers anybody has no place on a network. Errors of single
 * datagrams and connections are their clients' matter and end there; only a failing start is reported.
 */

import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, isIPv6, type AddressInfo, type Socket } from 'node:net';

import { addressFromText, addressToText } from '../dns/address.ts';
import { endpointToText } from '../dns/ip-address.ts';
import type { Clock } from '../system/clock.ts';
import type { LabServer } from './lab-server.ts';
import type { SentMessage, Source } from './misbehave.ts';
import { createFrameReader, frame } from '../dns/wire/framing.ts';

export type LoopbackOptions = {
  readonly address: string;
  /** 0 lets the system choose, the same for UDP and TCP. */
  readonly port: number;
  readonly server: LabServer;
  /** Added to every response, so that a walk on one machine shows times as on a network. */
  readonly latencyMs?: number;
};

export type StartResult =
  | { readonly kind: 'started'; readonly port: number }
  | { readonly kind: 'failed'; readonly code: string; readonly why: string };

export type LoopbackServer = {
  start(): Promise<StartResult>;
  /** Closes the sockets and every connection; what was still to be sent is dropped. */
  stop(): Promise<void>;
};

/** A port that the system chose for TCP may be taken for UDP; then another is tried. */
const PORT_ATTEMPTS = 8;
/** A connection on which nothing happens for so long is closed. */
const IDLE_MS = 10_000;

type Around = { readonly clock: Clock };
type Opened = { readonly port: number; close(): Promise<void> };

export function createLoopbackServer(options: LoopbackOptions, around: Around): LoopbackServer {
  const opened: Opened[] = [];
  const stop = async (): Promise<void> => void (await Promise.all(opened.splice(0).map((half) => half.close())));

  const open = async (): Promise<number> => {
    const { server } = options;
    let { port } = options;
    for (const openHalf of [
      server.tcp === 'refuses' ? undefined : openTcp,
      server.udp === 'refuses' ? undefined : openUdp,
    ]) {
      if (openHalf === undefined) continue;
      const half = await openHalf({ ...options, port }, around);
      opened.push(half);
      port = half.port;
    }
    return port;
  };

  return {
    stop,
    async start() {
      if (!isLoopback(options.address)) return failed(options, 'EADDRNOTAVAIL');
      for (let attempt = 1; ; attempt++) {
        try {
          return { kind: 'started', port: await open() };
        } catch (error) {
          await stop();
          const code = codeOf(error);
          if (options.port !== 0 || code !== 'EADDRINUSE' || attempt === PORT_ATTEMPTS) return failed(options, code);
        }
      }
    },
  };
}

function failed({ address, port }: LoopbackOptions, code: string): StartResult {
  const reason =
    code === 'EADDRNOTAVAIL' ? 'it is not a loopback address of this machine' : (reasons.get(code) ?? code);
  return { kind: 'failed', code, why: `cannot listen on ${endpointToText(address, port)}: ${reason}` };
}

const reasons = new Map([
  ['EADDRINUSE', 'another program listens there'],
  ['EACCES', 'the system does not permit it'],
]);

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}

function isLoopback(address: string): boolean {
  return address === '::1' || addressFromText(address)?.[0] === 127;
}

async function openUdp(options: LoopbackOptions, { clock }: Around): Promise<Opened> {
  const { address, port, server, latencyMs = 0 } = options;
  const socket = await bindUdp(address, port);
  let isOpen = true;
  socket.on('message', (query, peer) => {
    const { messages, delayMs } = server.react(query, 'udp');
    if (messages.length === 0) return;
    const respond = (): void => {
      if (isOpen) for (const message of messages) sendMessage(socket, message, address, peer);
    };
    if (latencyMs + delayMs === 0) respond();
    else clock.after(latencyMs + delayMs, respond);
  });
  return {
    port: socket.address().port,
    async close() {
      isOpen = false;
      await closeUdp(socket);
    },
  };
}

type Peer = { readonly address: string; readonly port: number };

function sendMessage(socket: UdpSocket, { octets, source }: SentMessage, address: string, peer: Peer): void {
  // The client may be gone by now, and its port closed.
  if (source === 'asked') socket.send(octets, peer.port, peer.address, () => undefined);
  else void sendAstray(source, octets, address, socket.address().port, peer);
}

/** From a socket of its own, as a stray response comes from where nobody was asked. */
async function sendAstray(
  source: Source,
  octets: Uint8Array,
  address: string,
  port: number,
  peer: Peer,
): Promise<void> {
  const other = source === 'other-address' ? otherAddress(address) : address;
  try {
    const socket = await bindUdp(other, other === address ? 0 : port);
    socket.send(octets, peer.port, peer.address, () => socket.close());
  } catch {
    // The other address is in use: a stray response that is lost cannot be told from one that is not believed.
  }
}

/** Another address of the loopback network; IPv6 has only one, and then the port is what differs. */
function otherAddress(address: string): string {
  const octets = addressFromText(address);
  if (octets?.length !== 4) return address;
  octets[1] ^= 0x80;
  return addressToText(octets);
}

async function bindUdp(address: string, port: number): Promise<UdpSocket> {
  const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
  socket.bind(port, address);
  try {
    await once(socket, 'listening');
  } catch (error) {
    await closeUdp(socket);
    throw error;
  }
  // What the kernel reports of a datagram sent earlier (its port is closed) concerns nobody any more.
  socket.on('error', () => undefined);
  return socket;
}

function closeUdp(socket: UdpSocket): Promise<void> {
  return new Promise((resolve) => socket.close(() => resolve()));
}

async function openTcp(options: LoopbackOptions, around: Around): Promise<Opened> {
  const connections = new Set<Socket>();
  const listener = createServer((socket) => {
    connections.add(socket);
    socket.on('close', () => connections.delete(socket));
    // A client that resets the connection is its own matter; 'close' follows.
    socket.on('error', () => undefined);
    serveConnection(socket, options, around);
  });
  listener.listen(options.port, options.address);
  await once(listener, 'listening');
  listener.on('error', () => undefined);
  return {
    port: (listener.address() as AddressInfo).port,
    close() {
      for (const socket of connections) socket.destroy();
      return new Promise((resolve) => listener.close(() => resolve()));
    },
  };
}

function serveConnection(socket: Socket, { server, latencyMs = 0 }: LoopbackOptions, { clock }: Around): void {
  if (server.tcp === 'closes') return void socket.end();
  if (server.tcp === 'hangs') return void socket.resume();
  socket.setTimeout(IDLE_MS, () => socket.destroy());
  const frames = createFrameReader();
  socket.on('data', (octets: Buffer) => {
    frames.push(octets);
    for (const query of frames.all()) {
      const { messages, delayMs } = server.react(query, 'tcp');
      clock.after(latencyMs + delayMs, () => {
        for (const message of messages) if (socket.writable) socket.write(frame(message.octets));
      });
    }
  });
}
