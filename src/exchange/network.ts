/**
 * The door to the servers: flows of octets to one address and port. The daemon opens sockets (udp-socket.ts,
 * tcp-socket.ts); a test or the lab connects a small internet in memory.
 *
 * Opening a flow never throws: what goes wrong is told to its handlers, and they are not called before the flow has
 * been returned.
 */

export type Endpoint = { readonly address: string; readonly port: number };

export type UdpHandlers = {
  /** Octets that came from exactly the server's address and port; they may be kept. */
  datagram(octets: Uint8Array): void;
  /** The flow cannot be used (`ECONNREFUSED`, `ENETUNREACH`, …); nothing further will come. */
  failed(code: string): void;
};
export type UdpFlow = {
  /** Without effect when the flow has been closed or has failed. */
  send(octets: Uint8Array): void;
  /** Nothing is delivered afterwards. May be called more than once. */
  close(): void;
};

export type TcpHandlers = {
  connected(): void;
  /** Octets in the order sent, cut anywhere. */
  data(octets: Uint8Array): void;
  /** The connection ended; `code` where it was an error. Nothing further will come. */
  closed(code: string | undefined): void;
};
export type TcpFlow = {
  send(octets: Uint8Array): void;
  close(): void;
};

export type Network = {
  /** A flow from a source port of its own, drawn from the whole unprivileged range (RFC 5452 §9.2). */
  openUdp(server: Endpoint, handlers: UdpHandlers): UdpFlow;
  connectTcp(server: Endpoint, handlers: TcpHandlers): TcpFlow;
};
