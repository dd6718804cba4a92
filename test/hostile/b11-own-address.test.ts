/**
 * B11. A resolver that asks itself, by glue or configuration, or two that forward to each other (TsuKing, 2023): each
 * query makes the next.
 *
 * Our own addresses are never asked for a stranger's zone (daemon/own-addresses.ts; A11 has the other addresses that
 * cannot be servers). A forwarder that is ourselves meets the walk that waits for it: equal questions are one walk, so
 * the second one waits for the first and sends nothing, and the first ends in time.
 */

import { describe, expect, test } from 'vitest';

import { walkingResolver } from '../support/walking-resolver.ts';
import { simulatedInternet } from '../support/walking-resolver.ts';
import { ROOT, name } from '../../src/dns/name.ts';
import { Rcode } from '../../src/dns/record-type.ts';
import type { MessageView } from '../../src/dns/wire/message-view.ts';
import type { UdpHandlers, Network } from '../../src/exchange/network.ts';
import { Flag, MessageComposer } from '../../src/dns/wire/compose.ts';
import { readMessage } from '../../src/dns/wire/message-view.ts';
import type { ResolverOptions } from '../../src/daemon/resolver.ts';
import type { BuiltInternet, Resolver } from '../support/simulated-internet.ts';
import { recordFigure } from './figures.ts';

type Answering = { readonly resolver: Resolver; asked: number };

/** Resolvers at addresses of one network, where each is a client of whoever it asks. */
function resolversAt(
  built: BuiltInternet,
  at: Readonly<Record<string, Partial<ResolverOptions>>>,
): ReadonlyMap<string, Answering> {
  const resolvers = new Map<string, Answering>();
  const network: Network = {
    connectTcp: (to, handlers) => built.network.connectTcp(to, handlers),
    openUdp(to, handlers) {
      const other = resolvers.get(to.address);
      if (other === undefined) return built.network.openUdp(to, handlers);
      let isOpen = true;
      return {
        send(octets) {
          other.asked++;
          void answer(other.resolver, octets, { ...handlers, datagram: (reply) => isOpen && handlers.datagram(reply) });
        },
        close: () => void (isOpen = false),
      };
    },
  };
  for (const [address, options] of Object.entries(at)) {
    resolvers.set(address, { resolver: walkingResolver(options)({ ...built, network }), asked: 0 });
  }
  return resolvers;
}

async function answer(resolver: Resolver, octets: Uint8Array, to: UdpHandlers): Promise<void> {
  const query = readMessage(octets) as MessageView;
  const { rcode } = await resolver.resolve(query.qname(), query.qtype);
  const composer = new MessageComposer();
  composer.begin({ id: query.id, flags: Flag.QR | Flag.RA | rcode }, 512);
  composer.question(octets.slice(12, query.questionEnd - 4), query.qtype, query.qclass);
  to.datagram(composer.finish());
}

const forwardTo = (address: string): Partial<ResolverOptions> => ({
  walking: {
    minimisation: 'relaxed',
    zones: [{ zone: ROOT, addresses: [{ address }], kind: 'forward', first: false }],
  },
});

const ME = '192.0.2.53';
const OTHER = '192.0.2.54';
const build = (): BuiltInternet => simulatedInternet().zone('.', { at: '198.51.100.1' }).build();

describe('a question for a resolver', () => {
  test('that forwards to itself ends, and it has asked itself no more than three times', async () => {
    const built = build();
    const { resolver, asked } = await askAt(built, { [ME]: forwardTo(ME) });
    expect(resolver.rcode).toBe(Rcode.SERVFAIL);
    recordFigure('B11', 'queries that a resolver has had from itself', asked[0], 3);
  });

  test('that forwards to one that forwards back ends after three steps', async () => {
    const built = build();
    const { resolver, asked } = await askAt(built, { [ME]: forwardTo(OTHER), [OTHER]: forwardTo(ME) });
    expect(resolver.rcode).toBe(Rcode.SERVFAIL);
    recordFigure('B11', 'queries between two resolvers that forward to each other', Math.max(...asked), 3);
  });
});

async function askAt(built: BuiltInternet, at: Readonly<Record<string, Partial<ResolverOptions>>>) {
  const resolvers = resolversAt(built, at);
  const reply = await built.clock.run(resolvers.get(ME)!.resolver.resolve(name('www.example.'), 1));
  return { resolver: reply, asked: [...resolvers.values()].map(({ asked }) => asked) };
}

test('glue that names the resolver itself is not asked', async () => {
  const internet = simulatedInternet()
    .zone('.', { at: '198.51.100.1', delegates: { 'evil.': { 'ns.evil.': [ME] } } })
    .server(ME);
  const own = walkingResolver({}, undefined, { mayAsk: (address) => address !== ME });
  const { reply } = await internet.ask('www.evil. A', own);
  expect(reply).toFail(/no address that may be asked from here/);
  recordFigure('B11', 'queries to our own address that glue has made', internet.seen(ME).length, 0);
});
