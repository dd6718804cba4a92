/**
 * A resolver in a small internet that means it harm: what it sends is counted where its sockets would be, by the
 * address it goes to. A datagram is a packet, and so is a connection.
 */

import type { Resolver, ResolverOptions } from '../../src/daemon/resolver.ts';
import type { Network } from '../../src/exchange/network.ts';
import type { Reply } from '../../src/query/reply.ts';
import type { HandClock } from '../support/hand-clock.ts';
import { readQuestion } from '../support/messages.ts';
import type { BuiltInternet, SimulatedInternet } from '../support/simulated-internet.ts';
import { walkingResolver } from '../support/walking-resolver.ts';

export type Besieged = BuiltInternet & {
  readonly resolver: Resolver;
  ask(question: string): Promise<Told>;
  /** Begins without waiting; time goes on when somebody turns the clock. */
  begin(question: string): Promise<Told>;
  /** Packets sent so far, to these addresses or to all. */
  packets(addresses?: readonly string[]): number;
  /** To the address that got most. */
  mostPackets(addresses: readonly string[]): number;
  octetsReceived(): number;
};

/** `packets` and `octets`: what the resolver sent and received meanwhile, for whomever. */
export type Told = {
  readonly reply: Reply;
  readonly packets: number;
  readonly octets: number;
  readonly tookMs: number;
};

export function besieged(internet: SimulatedInternet, options: Partial<ResolverOptions> = {}): Besieged {
  const built = internet.build();
  const { clock } = built;
  const sent = new Map<string, number>();
  const counts = { sent: 0, received: 0 };
  const network = counting(built.network, {
    sent(address) {
      counts.sent++;
      sent.set(address, (sent.get(address) ?? 0) + 1);
    },
    received: (octets) => void (counts.received += octets),
  });
  let resolver: Resolver | undefined;
  const asked = walkingResolver(options, (made) => void (resolver = made))({ ...built, network });
  const packetsTo = (address: string): number => sent.get(address) ?? 0;

  const begin = async (question: string): Promise<Told> => {
    const [startedAt, sentBefore, receivedBefore] = [clock.now(), counts.sent, counts.received];
    const reply = await asked.resolve(...readQuestion(question));
    return {
      reply,
      packets: counts.sent - sentBefore,
      octets: counts.received - receivedBefore,
      tookMs: clock.now() - startedAt,
    };
  };
  return {
    ...built,
    resolver: resolver!,
    begin,
    ask: (question) => clock.run(begin(question)),
    packets: (addresses) => addresses?.reduce((sum, each) => sum + packetsTo(each), 0) ?? counts.sent,
    mostPackets: (addresses) => Math.max(0, ...addresses.map(packetsTo)),
    octetsReceived: () => counts.received,
  };
}

/** Lets simulated time pass, together with what is due in it and what follows from that. */
export async function pass(clock: HandClock, ms: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  clock.after(ms, resolve);
  await clock.run(promise);
}

export function numbered<T>(count: number, each: (i: number) => T): T[] {
  return Array.from({ length: count }, (_, i) => each(i));
}

type Counter = { sent(address: string): void; received(octets: number): void };

function counting(network: Network, counter: Counter): Network {
  return {
    openUdp(server, handlers) {
      const flow = network.openUdp(server, {
        ...handlers,
        datagram(octets) {
          counter.received(octets.length);
          handlers.datagram(octets);
        },
      });
      return {
        close: () => flow.close(),
        send(octets) {
          counter.sent(server.address);
          flow.send(octets);
        },
      };
    },
    connectTcp(server, handlers) {
      counter.sent(server.address);
      return network.connectTcp(server, {
        ...handlers,
        data(octets) {
          counter.received(octets.length);
          handlers.data(octets);
        },
      });
    },
  };
}
