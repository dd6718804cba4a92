/**
 * Datagrams in and out of one socket, many at a time: the seam between udp.ts, which knows what to do with them, and
 * the system. One implementation so far: udp-portable.ts, on node:dgram.
 */

export type Datagram = {
  readonly octets: Uint8Array;
  /** The other side, as the system writes it (a link-local address has its zone index). */
  readonly address: string;
  readonly port: number;
};

export type BatchHandlers = {
  /** The datagrams' octets are the receiver's to keep; the list is not. */
  received(datagrams: readonly Datagram[]): void;
  /** The socket reports a fault; it goes on unless it is closed. */
  failed(code: string): void;
  notSent(datagram: Datagram, code: string): void;
};

export type Batch = {
  /** The port that the socket has, also when the system chose it. */
  readonly port: number;
  send(datagrams: readonly Datagram[]): void;
  /** Resolves when nothing more will be received or sent. */
  close(): Promise<void>;
};

export type OpenBatch = (
  address: string,
  port: number,
  handlers: BatchHandlers,
) => Promise<{ readonly kind: 'open'; readonly batch: Batch } | { readonly kind: 'failed'; readonly code: string }>;
