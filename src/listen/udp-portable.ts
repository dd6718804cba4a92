/**
 * Datagrams by node:dgram: it runs wherever Node does, and moves one datagram a system call (about 9 µs of processor
 * for a query and its reply), so its batches have one datagram each.
 *
 * dgram does not tell which local address a datagram came to. A socket bound to one address sends from that address,
 * so udp.ts opens one for each.
 */

import { createSocket, type Socket } from 'node:dgram';
import type { Batch, BatchHandlers, Datagram, OpenBatch } from './batch.ts';

/** A burst of some ten thousand queries. The system may give less; on Linux net.core.rmem_max is the most. */
const RECEIVE_BUFFER_OCTETS = 4 << 20;
/** Replies that wait for the socket; with more than this waiting, the network does not take what we send. */
const MAX_WAITING_OCTETS = 4 << 20;

export const openPortableBatch: OpenBatch = (address, port, handlers) => {
  const isIpv6 = address.includes(':');
  const socket = createSocket({
    type: isIpv6 ? 'udp6' : 'udp4',
    ipv6Only: isIpv6,
    // Every address we send to is numeric; dgram's own look-up would put each reply off to a later turn.
    lookup: (numeric, _options, done) => done(null, numeric, isIpv6 ? 6 : 4),
  });
  return new Promise((resolve) => {
    const fail = (error: NodeJS.ErrnoException): void => {
      socket.close();
      resolve({ kind: 'failed', code: codeOf(error) });
    };
    socket.once('error', fail);
    socket.bind({ address, port, exclusive: true }, () => {
      socket.off('error', fail);
      resolve({ kind: 'open', batch: portableBatch(socket, handlers) });
    });
  });
};

function portableBatch(socket: Socket, handlers: BatchHandlers): Batch {
  widenReceiveBuffer(socket);
  let isClosed = false;
  socket.on('error', (error) => handlers.failed(codeOf(error)));
  socket.on('message', (buffer, { address, port }) => {
    // A plain array over the same octets: a Buffer's slice() is not a copy, and who reads further relies on one.
    const octets = new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);
    handlers.received([{ octets, address, port }]);
  });

  const send = (datagram: Datagram): void => {
    if (isClosed) return handlers.notSent(datagram, 'closed');
    if (socket.getSendQueueSize() > MAX_WAITING_OCTETS) return handlers.notSent(datagram, 'ENOBUFS');
    try {
      socket.send(datagram.octets, datagram.port, datagram.address, (error) => {
        if (error !== null) handlers.notSent(datagram, codeOf(error));
      });
    } catch (error) {
      // dgram throws for a port that nothing can be sent to (0).
      handlers.notSent(datagram, codeOf(error as NodeJS.ErrnoException));
    }
  };
  return {
    port: socket.address().port,
    send: (datagrams) => datagrams.forEach(send),
    close: () =>
      new Promise((resolve) => {
        if (isClosed) return resolve();
        isClosed = true;
        socket.close(() => resolve());
      }),
  };
}

/** Some systems refuse what is too much instead of giving less. */
function widenReceiveBuffer(socket: Socket): void {
  for (let octets = RECEIVE_BUFFER_OCTETS; octets >= 1 << 18; octets >>= 1) {
    try {
      return socket.setRecvBufferSize(octets);
    } catch {
      continue;
    }
  }
}

function codeOf(error: NodeJS.ErrnoException): string {
  return error.code ?? error.name;
}
