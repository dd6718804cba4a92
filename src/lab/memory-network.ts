/**
 * The network of the lab in memory: servers by address and port, reached without sockets, in time that a clock counts.
 * It stands where the daemon has its sockets (`Network` of exchange/network.ts), so a walk cannot tell the difference.
 *
 * One round trip to a server takes its latency; what the server itself waits comes on top. An address where nobody is
 * answers nothing, as on the internet, unless its route says otherwise. A datagram that does not come from the address
 * and port asked is not delivered to the flow (a connected socket does the same); it is counted.
 */

import { endpointToText } from '../dns/ip-address.ts';
import type { Endpoint, Network, TcpFlow, TcpHandlers, UdpFlow, UdpHandlers } from '../exchange/network.ts';
import type { Clock } from '../system/clock.ts';
import type { LabServer } from './lab-server.ts';
import type { Reaction } from './misbehave.ts';
import { createFrameReader, frame } from '../dns/wire/framing.ts';

/** What lies between us and an address: a way, nothing that answers, or an error code such as `ENETUNREACH`. */
export type Route = 'open' | 'lost' | { readonly code: string };

export type MemoryNetworkOptions = {
  /** Where no server stands; open leads to silence. */
  readonly route?: (address: string) => Route;
};

export type MemoryNetworkCounts = {
  readonly datagramsSent: number;
  readonly datagramsDelivered: number;
  /** Came from another address or port, and were not delivered. */
  readonly misdirected: number;
  readonly connections: number;
  /** Flows that are open now. */
  readonly open: number;
};

export type MemoryNetwork = Network & {
  attach(endpoint: Endpoint, server: LabServer, latencyMs?: number): void;
  detach(endpoint: Endpoint): void;
  counts(): MemoryNetworkCounts;
};

type Host = { readonly server: LabServer; readonly latencyMs: number };
const DEFAULT_LATENCY_MS = 10;

export function createMemoryNetwork(options: MemoryNetworkOptions, around: { readonly clock: Clock }): MemoryNetwork {
  const { clock } = around;
  const route = options.route ?? ((): Route => 'open');
  const hosts = new Map<string, Host>();
  const counts = { datagramsSent: 0, datagramsDelivered: 0, misdirected: 0, connections: 0, open: 0 };

  const openUdp = (to: Endpoint, handlers: UdpHandlers): UdpFlow => {
    const flow = openFlow(clock, counts);
    const deliver = ({ messages }: Reaction): void => {
      for (const { octets, source } of messages) {
        if (source !== 'asked') {
          counts.misdirected++;
        } else if (flow.isOpen()) {
          counts.datagramsDelivered++;
          handlers.datagram(octets);
        }
      }
    };
    const fail = (code: string, afterMs: number): void =>
      flow.later(afterMs, () => flow.end(() => handlers.failed(code)));
    return {
      send(octets) {
        if (!flow.isOpen()) return;
        counts.datagramsSent++;
        const way = route(to.address);
        const host = hosts.get(key(to));
        if (typeof way === 'object') return fail(way.code, 0);
        if (way === 'lost' || host === undefined) return;
        if (host.server.udp === 'refuses') return fail('ECONNREFUSED', host.latencyMs);
        const reaction = host.server.react(octets.slice(), 'udp');
        flow.later(host.latencyMs + reaction.delayMs, () => deliver(reaction));
      },
      close: () => flow.end(),
    };
  };

  const connectTcp = (to: Endpoint, handlers: TcpHandlers): TcpFlow => {
    const flow = openFlow(clock, counts);
    const way = route(to.address);
    const host = hosts.get(key(to));
    const closeLater = (afterMs: number, code: string | undefined): void =>
      flow.later(afterMs, () => flow.end(() => handlers.closed(code)));

    if (typeof way === 'object') closeLater(0, way.code);
    else if (way === 'open' && host !== undefined) meet(host);
    // Otherwise nobody answers, and whoever connects has to give up.

    function meet({ server, latencyMs }: Host): void {
      if (server.tcp === 'refuses') return closeLater(latencyMs, 'ECONNREFUSED');
      counts.connections++;
      flow.later(latencyMs, () => handlers.connected());
      if (server.tcp === 'closes') closeLater(latencyMs, undefined);
    }

    const frames = createFrameReader();
    return {
      send(octets) {
        if (!flow.isOpen() || way !== 'open' || host?.server.tcp !== 'serves') return;
        frames.push(octets);
        for (const query of frames.all()) {
          const reaction = host.server.react(query, 'tcp');
          flow.later(host.latencyMs + reaction.delayMs, () => {
            for (const message of reaction.messages) if (flow.isOpen()) handlers.data(frame(message.octets));
          });
        }
      },
      close: () => flow.end(),
    };
  };

  return {
    openUdp,
    connectTcp,
    attach(endpoint, server, latencyMs = DEFAULT_LATENCY_MS) {
      hosts.set(key(endpoint), { server, latencyMs });
    },
    detach: (endpoint) => void hosts.delete(key(endpoint)),
    counts: () => ({ ...counts }),
  };
}

function key({ address, port }: Endpoint): string {
  return endpointToText(address, port);
}

type Flow = {
  isOpen(): boolean;
  /** Runs `act` later, unless the flow has ended by then. */
  later(delayMs: number, act: () => void): void;
  /** Ends the flow once; `last` runs after that, and only if this call ended it. */
  end(last?: () => void): void;
};

/** The life of a flow: timers of one that has ended do nothing, and leave nothing behind. */
function openFlow(clock: Clock, counts: { open: number }): Flow {
  const timers = new Set<{ cancel(): void }>();
  let isOpen = true;
  counts.open++;
  return {
    isOpen: () => isOpen,
    later(delayMs, act) {
      const timer = clock.after(delayMs, () => {
        timers.delete(timer);
        act();
      });
      timers.add(timer);
    },
    end(last) {
      if (!isOpen) return;
      isOpen = false;
      counts.open--;
      for (const timer of timers) timer.cancel();
      timers.clear();
      last?.();
    },
  };
}
