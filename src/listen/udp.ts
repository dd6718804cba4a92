/**
 * Queries over UDP: each datagram goes to the handler with who sent it, and its reply back from the address that was
 * asked, as it was made.
 *
 * A datagram from source port 0 is dropped here, before anything looks at it: nobody can be answered there, and
 * forgers use it. Whether a datagram is a query is the handler's to say; which sockets there are for a wildcard
 * address is address-sockets.ts.
 */

import { plainAddress } from '../dns/ip-address.ts';
import type { Client } from '../query/client-query.ts';
import { createAddressSockets, type AddressSurroundings, type OpenSocket } from './address-sockets.ts';
import type { Batch, Datagram, OpenBatch } from './batch.ts';
import type { Handler, Listener } from './handler.ts';
import type { ReportListen } from './listen-event.ts';
import { openPortableBatch } from './udp-portable.ts';

export type UdpOptions = { readonly address: string; readonly port: number };

export type UdpSurroundings = AddressSurroundings & {
  readonly handler: Handler;
  readonly report: ReportListen;
  /** How sockets are opened; node:dgram unless given. */
  readonly openBatch?: OpenBatch;
};

export function createUdpListener(options: UdpOptions, around: UdpSurroundings): Listener {
  const open: OpenSocket = (address, port) => openUdpSocket(address, port, around);
  return createAddressSockets({ ...options, transport: 'udp', isWildcardSound: false }, open, around);
}

async function openUdpSocket(address: string, port: number, around: UdpSurroundings): ReturnType<OpenSocket> {
  const { handler, report, clock } = around;
  let batch: Batch | undefined;
  let inWork = 0;
  let isStopping = false;
  let settled: (() => void) | undefined;
  /** Replies to datagrams of the batch that is being handled: they are sent together. */
  let gathered: Datagram[] | undefined;

  const handle = (datagram: Datagram): void => {
    const client = clientOf(datagram);
    if (datagram.port === 0) {
      report({ kind: 'message-dropped', client, reason: 'source-port-0', octets: datagram.octets.length });
      return;
    }
    inWork++;
    let isSent = false;
    handler(datagram.octets, client, (octets) => {
      if (isSent) return; // a bug of the handler's, which may not upset the count
      isSent = true;
      inWork--;
      if (octets !== undefined) reply({ octets, address: datagram.address, port: datagram.port });
      if (inWork === 0) settled?.();
    });
  };
  const reply = (datagram: Datagram): void => {
    if (gathered === undefined) batch?.send([datagram]);
    else gathered.push(datagram);
  };

  const opened = await (around.openBatch ?? openPortableBatch)(address, port, {
    received(datagrams) {
      if (isStopping) return;
      gathered = [];
      for (const datagram of datagrams) handle(datagram);
      const replies = gathered;
      gathered = undefined;
      if (replies.length > 0) batch?.send(replies);
    },
    failed: (code) => report({ kind: 'socket-failed', transport: 'udp', address, code }),
    notSent: (datagram, code) => report({ kind: 'reply-not-sent', client: clientOf(datagram), code }),
  });
  if (opened.kind === 'failed') return opened;
  batch = opened.batch;
  return {
    kind: 'open',
    port: opened.batch.port,
    async stop(deadlineMs) {
      isStopping = true;
      if (inWork > 0 && deadlineMs > 0) {
        await new Promise<void>((resolve) => {
          const timer = clock.after(deadlineMs, resolve);
          settled = () => {
            timer.cancel();
            resolve();
          };
        });
      }
      await opened.batch.close();
    },
  };
}

function clientOf({ address, port }: Datagram): Client {
  return { address: plainAddress(address), port, transport: 'udp' };
}
