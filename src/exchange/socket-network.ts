/**
 * The servers as the machine's own sockets reach them: the only place outside `listen` that opens any.
 */

import { isIP } from 'node:net';
import type { Random } from '../system/random.ts';
import type { Endpoint, Network } from './network.ts';
import { connectTcpSocket } from './tcp-socket.ts';
import { openUdpSocket } from './udp-socket.ts';

export function createSocketNetwork(around: { readonly random: Random }): Network {
  return {
    openUdp: (server, handlers) =>
      isSound(server) ? openUdpSocket(server, handlers, around.random) : unusableFlow(() => handlers.failed('EINVAL')),
    connectTcp: (server, handlers) =>
      isSound(server) ? connectTcpSocket(server, handlers) : unusableFlow(() => handlers.closed('EINVAL')),
  };
}

/** What the socket functions would throw at. */
function isSound({ address, port }: Endpoint): boolean {
  return isIP(address) !== 0 && Number.isInteger(port) && port > 0 && port < 0x10000;
}

function unusableFlow(tell: () => void): { send(octets: Uint8Array): void; close(): void } {
  let isOpen = true;
  queueMicrotask(() => {
    if (isOpen) tell();
  });
  return { send() {}, close: () => void (isOpen = false) };
}
