/** A network whose servers are the test itself: it sees what was sent and says what comes back, and when. */

import type { Endpoint, Network, TcpHandlers, UdpHandlers } from '../../src/exchange/network.ts';

export type ScriptedFlow<Handlers> = {
  readonly server: Endpoint;
  readonly handlers: Handlers;
  readonly sent: Uint8Array[];
  /** How often it was closed by whoever opened it. */
  closed: number;
};

export type ScriptedNetwork = Network & {
  readonly udp: ScriptedFlow<UdpHandlers>[];
  readonly tcp: ScriptedFlow<TcpHandlers>[];
};

export function createScriptedNetwork(): ScriptedNetwork {
  const udp: ScriptedFlow<UdpHandlers>[] = [];
  const tcp: ScriptedFlow<TcpHandlers>[] = [];
  return {
    udp,
    tcp,
    openUdp: (server, handlers) => open(udp, server, handlers),
    connectTcp: (server, handlers) => open(tcp, server, handlers),
  };
}

function open<Handlers>(
  flows: ScriptedFlow<Handlers>[],
  server: Endpoint,
  handlers: Handlers,
): { send(octets: Uint8Array): void; close(): void } {
  const flow: ScriptedFlow<Handlers> = { server, handlers, sent: [], closed: 0 };
  flows.push(flow);
  return { send: (octets) => void flow.sent.push(octets), close: () => void flow.closed++ };
}
