/** Clients of the daemon's service in front of a small internet, who say what they ask in parts and read what they get. */

import type { ConfigInput } from '../../src/config/schema.ts';
import { MessageView, readMessage } from '../../src/dns/wire/message-view.ts';
import { queryOctets, type QueryParts } from '../support/client-query.ts';
import { serveInternet, type Served } from '../support/served-internet.ts';
import type { SimulatedInternet } from '../support/simulated-internet.ts';

export type ClientTo = Omit<Served, 'ask'> & {
  ask(parts: QueryParts): Promise<MessageView | undefined>;
  /** All in the same moment, each from an address of its own. */
  askTogether(list: readonly QueryParts[]): Promise<(MessageView | undefined)[]>;
};

export function clientTo(internet: SimulatedInternet, config: ConfigInput = {}): ClientTo {
  const served = serveInternet(internet, config);
  const askTogether = async (list: readonly QueryParts[]): Promise<(MessageView | undefined)[]> => {
    const sent = list.map((parts, i) => served.send(queryOctets(parts), { address: `10.0.${i >> 8}.${i & 0xff}` }));
    return (await served.clock.run(Promise.all(sent))).map(({ octets }) => read(octets));
  };
  return { ...served, askTogether, ask: async (parts) => (await askTogether([parts]))[0] };
}

function read(octets: Uint8Array | undefined): MessageView | undefined {
  const view = octets === undefined ? undefined : readMessage(octets);
  return view instanceof MessageView ? view : undefined;
}
