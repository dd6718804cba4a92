/**
 * What a cold name costs in our own code: the whole resolver on a network that answers at once, so neither sockets nor
 * the kernel count. `node bench/walk.ts [names]` prints µs of CPU a name, median of five rounds after a warm-up.
 */

import { createResolver } from '../src/daemon/resolver.ts';
import { name, type Name } from '../src/dns/name.ts';
import { Type } from '../src/dns/record-type.ts';
import { MessageComposer } from '../src/dns/wire/compose.ts';
import { readMessage } from '../src/dns/wire/message-view.ts';
import type { Network } from '../src/exchange/network.ts';
import { systemClock } from '../src/system/clock.ts';
import { createSystemRandom } from '../src/system/random.ts';
import { defaultOptions } from '../test/support/resolver-options.ts';

const AA_QR = 0x8400;
const composer = new MessageComposer();

/** Every question for an address has one; nothing else is asked here. */
function answer(query: Uint8Array): Uint8Array {
  const view = readMessage(query);
  if (!('questionCount' in view)) throw new Error(view.why);
  composer.begin({ id: view.id, flags: AA_QR }, 0xffff);
  composer.question(query.slice(12, view.questionEnd - 4), view.qtype, 1);
  composer.addRecord('answer', view.qname(), Type.A, 1, 300, Uint8Array.of(192, 0, 2, 1));
  return composer.finish();
}

const network: Network = {
  openUdp: (_server, handlers) => ({
    send: (octets) => queueMicrotask(() => handlers.datagram(answer(octets))),
    close: () => undefined,
  }),
  connectTcp: () => {
    throw new Error('nothing here asks over TCP');
  },
};

let serial = 0;
const resolver = createResolver(
  { ...defaultOptions, hints: { zone: name('.'), servers: [{ name: name('ns.'), addresses: ['192.0.2.53'] }] } },
  {
    clock: systemClock,
    random: createSystemRandom(),
    network,
    newId: () => String(++serial),
    mayAsk: () => true,
    report: () => undefined,
  },
);
resolver.cache.delegations.put(
  { zone: name('example.'), servers: [{ name: name('ns.example.'), addresses: ['192.0.2.53', '192.0.2.54'] }] },
  86_400,
  Infinity,
);

async function round(names: readonly Name[]): Promise<number> {
  const before = process.cpuUsage();
  for (const qname of names) await resolver.recursion.resolve(qname, Type.A, 'bench');
  const { user, system } = process.cpuUsage(before);
  return (user + system) / names.length;
}

const each = Number(process.argv[2] ?? 20_000);
const made = (from: number): Name[] => Array.from({ length: each }, (_, i) => name(`n${from + i}.example.`));
await round(made(0));
const rounds: number[] = [];
for (let i = 1; i <= 5; i++) rounds.push(await round(made(i * each)));
rounds.sort((a, b) => a - b);
process.stdout.write(
  `a cold name under a known zone: ${rounds[2].toFixed(1)} µs of CPU (${rounds.map((us) => us.toFixed(1)).join(', ')})\n`,
);
