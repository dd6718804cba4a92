/**
 * Somebody between a small internet's resolver and its servers who sends datagrams of his own: as they would come from
 * the server's address and port, and before the server's response.
 */

import type { BuiltInternet, SimulatedInternet } from '../support/simulated-internet.ts';

/** The datagrams that come before the response to a query, made one by one as they are delivered. */
export type Forger = (query: Uint8Array, server: string) => Iterable<Uint8Array>;

export type AttackedInternet = SimulatedInternet & {
  /** Every query that was sent over UDP. */
  readonly queries: readonly Uint8Array[];
  /** Forged datagrams that met an open port. */
  delivered(): number;
};

/** Quick, wherever he is: what he sends arrives 1 ms after the query, at the right port. */
const FORGED_AFTER_MS = 1;

export function attackedBy(internet: SimulatedInternet, forger: Forger): AttackedInternet {
  const queries: Uint8Array[] = [];
  let delivered = 0;
  let attacked: BuiltInternet | undefined;

  const attack = (built: BuiltInternet): BuiltInternet => {
    const { network, clock } = built;
    const openUdp: typeof network.openUdp = (server, handlers) => {
      const flow = network.openUdp(server, handlers);
      let isOpen = true;
      return {
        send(octets) {
          queries.push(octets);
          flow.send(octets);
          clock.after(FORGED_AFTER_MS, () => {
            for (const forged of forger(octets, server.address)) {
              if (!isOpen) break;
              delivered++;
              handlers.datagram(forged);
            }
          });
        },
        close() {
          isOpen = false;
          flow.close();
        },
      };
    };
    return { ...built, network: { ...network, openUdp } };
  };
  return {
    ...internet,
    queries,
    delivered: () => delivered,
    build: () => (attacked ??= attack(internet.build())),
  };
}
