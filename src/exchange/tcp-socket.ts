/**
 * A TCP connection to a server, for one exchange. The source port is the system's: whoever forges would have to guess
 * sequence numbers as well (RFC 5961 §1).
 */

import { connect, isIPv6 } from 'node:net';
import type { Endpoint, TcpFlow, TcpHandlers } from './network.ts';

/** The endpoint is a sound one: an IP address and a port (see socket-network.ts). */
export function connectTcpSocket(server: Endpoint, handlers: TcpHandlers): TcpFlow {
  const { address: host, port } = server;
  const socket = connect({ host, port, family: isIPv6(host) ? 6 : 4, noDelay: true, autoSelectFamily: false });
  let isOpen = true;
  let code: string | undefined;

  socket.on('connect', () => {
    if (isOpen) handlers.connected();
  });
  socket.on('data', (octets: Uint8Array) => {
    if (isOpen) handlers.data(octets);
  });
  socket.on('error', (error: NodeJS.ErrnoException) => {
    code = error.code ?? error.name;
  });
  // Comes after 'error' and after the peer's end alike, and last.
  socket.on('close', () => {
    if (isOpen) handlers.closed(code);
    isOpen = false;
  });

  return {
    send(octets) {
      if (isOpen && socket.writable) socket.write(octets);
    },
    close() {
      isOpen = false;
      socket.destroy();
    },
  };
}
