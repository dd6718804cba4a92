/**
 * A small internet for a scenario, told as one would explain it:
 *
 *     simulatedInternet()
 *       .zone('.',        { at: '198.51.100.1', delegates: { 'example.': ['192.0.2.1', '192.0.2.2'] } })
 *       .server('192.0.2.1', refersTo('.'))
 *       .zone('example.', { at: '192.0.2.2', records: 'www 300 A 203.0.113.7' });
 *
 * A zone with `signed: true` is signed when the clock begins, and its parent says so; `trustAnchors` are the root's.
 *
 * What follows from such a plan is src/lab/internet.ts. Here it gets its network in memory, its hand clock, its chance
 * that repeats, and a resolver to ask. One telling is one internet: the resolver keeps its cache from question to question.
 */

import { expect } from 'vitest';

import { nameToText, type Name } from '../../src/dns/name.ts';
import { typeToText } from '../../src/dns/record-type.ts';
import type { Network } from '../../src/exchange/network.ts';
import { planInternet, type InternetPlan, type ServerPlan, type ZonePlan } from '../../src/lab/internet.ts';
import type { LabServer, SeenQuery } from '../../src/lab/lab-server.ts';
import { createMemoryNetwork, type MemoryNetwork, type Route } from '../../src/lab/memory-network.ts';
import type { Misbehaviour, NamedServer } from '../../src/lab/misbehaviour.ts';
import type { Reply } from '../../src/query/reply.ts';
import type { WalkEvent } from '../../src/query/walk-event.ts';
import type { Clock } from '../../src/system/clock.ts';
import type { Random } from '../../src/system/random.ts';
import { createHandClock, type HandClock } from './hand-clock.ts';
import { replyMatchers } from './matchers.ts';
import { readQuestion } from './messages.ts';
import { createSeededRandom } from './seeded-random.ts';

expect.extend(replyMatchers);

/** Makes the resolver that a scenario asks. */
export type AskFactory = (around: {
  readonly network: Network;
  readonly clock: Clock;
  readonly random: Random;
  readonly hints: readonly NamedServer[];
  readonly trustAnchors: string;
}) => Resolver;
export type Resolver = { resolve(qname: Name, qtype: number): Promise<Reply> };

export type InternetOptions = {
  readonly resolver?: AskFactory;
  readonly seed?: number;
  /** Round trip to every server that has none of its own. */
  readonly latencyMs?: number;
  readonly route?: (address: string) => Route;
  /** Simulated time after which a question counts as never answered. */
  readonly mostMs?: number;
};

export type Asked = {
  readonly reply: Reply;
  readonly events: readonly WalkEvent[];
  /** Datagrams sent and connections begun, as the network counted them. */
  readonly exchanges: number;
  readonly tookMs: number;
};

export type BuiltInternet = {
  readonly network: MemoryNetwork;
  readonly clock: HandClock;
  readonly random: Random;
  readonly hints: readonly NamedServer[];
  readonly servers: ReadonlyMap<string, LabServer>;
  /** DS records of the signed root, as a master file. */
  readonly trustAnchors: string;
  /** The questions that a server (or all, in the order of their addresses in the plan) was asked: `www.example. A`. */
  seen(address?: string): string[];
};

export type SimulatedInternet = {
  zone(apex: string, plan: ZonePlan): SimulatedInternet;
  /** What the server at an address does wrong, in order. */
  server(address: string, ...misbehaviour: Misbehaviour[]): SimulatedInternet;
  latency(address: string, ms: number): SimulatedInternet;
  /** All of a plan that is written elsewhere, such as the demo's. */
  plan(plan: InternetPlan): SimulatedInternet;
  /** The internet as told so far; telling more afterwards is an error. */
  build(): BuiltInternet;
  ask(question: string, resolver?: AskFactory): Promise<Asked>;
  /** Lets time pass between questions. */
  wait(ms: number): void;
  seen(address?: string): string[];
};

/** The telling for tests that ask one kind of resolver: `const simulatedInternet = internetAskedBy(walkResolver)`. */
export function internetAskedBy(resolver: AskFactory): (options?: InternetOptions) => SimulatedInternet {
  return (options = {}) => simulatedInternet({ resolver, ...options });
}

export function simulatedInternet(options: InternetOptions = {}): SimulatedInternet {
  const zones: Record<string, ZonePlan> = {};
  const servers: Record<string, ServerPlan> = {};
  let { latencyMs } = options;
  let built: BuiltInternet | undefined;
  let asked: { factory: AskFactory; resolver: Resolver } | undefined;

  const build = (): BuiltInternet => {
    return (built ??= raise(options, latencyMs === undefined ? { zones, servers } : { zones, servers, latencyMs }));
  };
  const resolverBy = (factory: AskFactory | undefined): Resolver => {
    if (factory === undefined) throw new TypeError('this internet was given no resolver to ask');
    if (asked?.factory !== factory) asked = { factory, resolver: factory(build()) };
    return asked.resolver;
  };
  const telling = (tell: () => void): SimulatedInternet => {
    if (built !== undefined) throw new TypeError('this internet has been built; tell it whole before asking');
    tell();
    return internet;
  };
  const change = (address: string, by: (before: ServerPlan) => ServerPlan): void => {
    servers[address] = by(servers[address] ?? {});
  };

  const internet: SimulatedInternet = {
    build,
    zone: (apex, zone) => telling(() => void (zones[apex] = zone)),
    server: (address, ...more) =>
      telling(() =>
        change(address, (before) => ({ ...before, misbehaviour: [...(before.misbehaviour ?? []), ...more] })),
      ),
    latency: (address, latencyMs) => telling(() => change(address, (before) => ({ ...before, latencyMs }))),
    plan: (written) =>
      telling(() => {
        Object.assign(zones, written.zones);
        Object.assign(servers, written.servers);
        latencyMs ??= written.latencyMs;
      }),
    wait: (ms) => build().clock.advance(ms),
    seen: (address) => build().seen(address),
    async ask(question, factory = options.resolver) {
      const [qname, qtype] = readQuestion(question);
      const resolver = resolverBy(factory);
      const { clock, network } = build();
      const [startedAt, sentBefore] = [clock.now(), sent(network)];
      const reply = await clock.run(resolver.resolve(qname, qtype));
      return {
        reply,
        events: reply.walk?.events ?? [],
        exchanges: sent(network) - sentBefore,
        tookMs: clock.now() - startedAt,
      };
    },
  };
  return internet;
}

/** RFC 1035 §4.2: where servers are. */
const SERVER_PORT = 53;

function raise(options: InternetOptions, plan: InternetPlan): BuiltInternet {
  const clock = createHandClock(options.mostMs === undefined ? {} : { mostMs: options.mostMs });
  const network = createMemoryNetwork(options.route === undefined ? {} : { route: options.route }, { clock });
  const { hosts, hints, trustAnchors } = planInternet(plan, clock);
  for (const { address, server, latencyMs } of hosts) network.attach({ address, port: SERVER_PORT }, server, latencyMs);
  const servers = new Map(hosts.map(({ address, server }) => [address, server]));
  return {
    network,
    clock,
    random: createSeededRandom(options.seed ?? 1),
    hints,
    trustAnchors,
    servers,
    seen(address) {
      const list = address === undefined ? [...servers.values()] : [servers.get(address)];
      return list.flatMap((server) => server?.tally().queries ?? []).map(tellQuery);
    },
  };
}

function tellQuery({ qname, qtype, transport, withEdns }: SeenQuery): string {
  const over = transport === 'tcp' ? ' over TCP' : '';
  return `${nameToText(qname)} ${typeToText(qtype)}${over}${withEdns ? '' : ' without EDNS'}`;
}

function sent(network: MemoryNetwork): number {
  const { datagramsSent, connections } = network.counts();
  return datagramsSent + connections;
}
