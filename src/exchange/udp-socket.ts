/**
 * A UDP socket for one exchange: fresh, bound to a source port of its own, connected to the server.
 *
 * Fresh, since the port of a socket that is used again can be found out; connected, since only then does the system
 * drop what others send and tell of ICMP errors (`ECONNREFUSED`).
 *
 * Measured on Node 26 over loopback (bench/exchange.ts): a whole exchange takes 17 to 20 µs of CPU, half of it the
 * system's; with the socket left unconnected it takes as long.
 */

import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { Random } from '../system/random.ts';
import { comesFrom } from './comes-from.ts';
import type { Endpoint, UdpFlow, UdpHandlers } from './network.ts';
import { drawSourcePort } from './source-port.ts';

/** With n ports in use, n in 64,505 draws meet one; eight in a row mean that something else is wrong. */
const MOST_DRAWS = 8;
const PORT_NOT_TO_BE_HAD = new Set(['EADDRINUSE', 'EACCES']);

/** The endpoint is a sound one: an IP address and a port (see socket-network.ts). */
export function openUdpSocket(server: Endpoint, handlers: UdpHandlers, random: Random): UdpFlow {
  const isV6 = isIPv6(server.address);
  const socket = createSocket({ type: isV6 ? 'udp6' : 'udp4', ipv6Only: isV6, lookup: takeAddressAsItIs });
  let state: 'binding' | 'bound' | 'connected' | 'failed' | 'closed' = 'binding';
  let draws = 0;
  const unsent: Uint8Array[] = [];

  const bind = (): void => {
    draws++;
    socket.bind({ port: drawSourcePort(random), address: isV6 ? '::' : '0.0.0.0', exclusive: true });
  };
  const fail = (error: NodeJS.ErrnoException): void => {
    if (state === 'failed' || state === 'closed') return;
    state = 'failed';
    socket.close();
    // Binding fails before openUdp has returned, and no handler may be called that early.
    queueMicrotask(() => {
      if (state === 'failed') handlers.failed(error.code ?? error.name);
    });
  };
  const sendNow = (octets: Uint8Array): void =>
    socket.send(octets, (error) => {
      if (error !== null) fail(error);
    });

  socket.on('error', (error: NodeJS.ErrnoException) => {
    const isPortTaken = state === 'binding' && PORT_NOT_TO_BE_HAD.has(error.code ?? '');
    if (isPortTaken && draws < MOST_DRAWS) bind();
    else fail(error);
  });
  socket.on('listening', () => {
    state = 'bound';
    socket.connect(server.port, server.address);
  });
  socket.on('connect', () => {
    if (state !== 'bound') return;
    state = 'connected';
    unsent.splice(0).forEach(sendNow);
  });
  socket.on('message', (octets, from) => {
    if (state === 'connected' && comesFrom(server, from)) handlers.datagram(plain(octets));
  });
  bind();

  return {
    send(octets) {
      if (state === 'connected') sendNow(octets);
      else if (state === 'binding' || state === 'bound') unsent.push(octets);
    },
    close() {
      if (state !== 'failed' && state !== 'closed') socket.close();
      state = 'closed';
    },
  };
}

/**
 * In place of dns.lookup, which takes a turn of the event loop even for an address; called at once, it makes binding
 * and connecting one step.
 */
function takeAddressAsItIs(
  address: string,
  _options: unknown,
  found: (error: NodeJS.ErrnoException | null, address: string, family: number) => void,
): void {
  found(null, address, address.includes(':') ? 6 : 4);
}

/** The slices of a Buffer share its memory, where those of a Uint8Array are octets of their own. */
function plain(octets: Buffer): Uint8Array {
  return new Uint8Array(octets.buffer, octets.byteOffset, octets.length);
}
