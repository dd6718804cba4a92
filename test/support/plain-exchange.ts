/** One query over a real socket and what comes back, without any of the resolver's care. */

import { createSocket } from 'node:dgram';
import { connect } from 'node:net';

import { createFrameReader, frame } from '../../src/dns/wire/framing.ts';

type To = { readonly address: string; readonly port: number };

/** The first datagram that comes back; undefined when none does in time, or the port is closed. */
export function exchangeOverUdp(to: To, query: Uint8Array, timeoutMs = 2000): Promise<Uint8Array | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket(to.address.includes(':') ? 'udp6' : 'udp4');
    const finish = (response: Uint8Array | undefined): void => {
      clearTimeout(timer);
      socket.removeAllListeners();
      socket.on('error', () => undefined);
      socket.close();
      resolve(response);
    };
    const timer = setTimeout(() => finish(undefined), timeoutMs);
    socket.on('message', finish);
    socket.on('error', () => finish(undefined));
    // Connected, so that a closed port is an error and a stray datagram is not taken for the answer.
    socket.connect(to.port, to.address, () => socket.send(query));
  });
}

/** The first message; or how the connection ended instead. */
export function exchangeOverTcp(
  to: To,
  query: Uint8Array,
  timeoutMs = 2000,
): Promise<Uint8Array | 'refused' | 'closed' | 'timeout'> {
  return new Promise((resolve) => {
    const socket = connect(to.port, to.address);
    const frames = createFrameReader();
    const finish = (end: Uint8Array | 'refused' | 'closed' | 'timeout'): void => {
      resolve(end);
      socket.destroy();
    };
    socket.setTimeout(timeoutMs, () => finish('timeout'));
    socket.on('connect', () => socket.write(frame(query)));
    socket.on('error', (error: NodeJS.ErrnoException) => finish(error.code === 'ECONNREFUSED' ? 'refused' : 'closed'));
    socket.on('close', () => finish('closed'));
    socket.on('data', (octets: Buffer) => {
      frames.push(octets);
      const message = frames.next();
      if (message !== undefined) finish(message);
    });
  });
}
