/** A resolver in a small internet that is looked into: many questions at once, its cache, what it has left behind. */

import type { Resolver, ResolverOptions } from '../../src/daemon/resolver.ts';
import { formatRRset } from '../../src/dns/presentation.ts';
import { nameToText } from '../../src/dns/name.ts';
import { typeToText } from '../../src/dns/record-type.ts';
import type { Reply } from '../../src/query/reply.ts';
import { readQuestion } from './messages.ts';
import type { BuiltInternet, SimulatedInternet } from './simulated-internet.ts';
import { walkingResolver } from './walking-resolver.ts';

export type ResolverIn = BuiltInternet & {
  readonly resolver: Resolver;
  ask(question: string): Promise<Reply>;
  /** All in the same moment. */
  askTogether(questions: readonly string[]): Promise<Reply[]>;
  /** Datagrams sent and connections begun so far. */
  exchanges(): number;
  /** What the cache holds, a line each. */
  cached(): string[];
};

export function resolverIn(internet: SimulatedInternet, options: Partial<ResolverOptions> = {}): ResolverIn {
  const built = internet.build();
  const { clock, network } = built;
  let resolver: Resolver | undefined;
  const asked = walkingResolver(options, (made) => void (resolver = made))(built);
  const askTogether = (questions: readonly string[]): Promise<Reply[]> =>
    clock.run(Promise.all(questions.map((question) => asked.resolve(...readQuestion(question)))));
  return {
    ...built,
    resolver: resolver!,
    askTogether,
    ask: async (question) => (await askTogether([question]))[0],
    exchanges: () => network.counts().datagramsSent + network.counts().connections,
    cached: () => [...resolver!.cache.dump()].map(toLine),
  };
}

function toLine(entry: ReturnType<Resolver['cache']['dump']> extends Iterable<infer E> ? E : never): string {
  const owner = nameToText(entry.name);
  switch (entry.kind) {
    case 'rrset':
      return `rrset ${formatRRset(entry.rrset)}`;
    case 'denial':
      return `denial ${owner} ${entry.qtype === undefined ? 'NXDOMAIN' : typeToText(entry.qtype)}`;
    case 'failure':
      return `failure ${owner} ${typeToText(entry.qtype)}: ${entry.failure.why}`;
    case 'delegation': {
      const servers = entry.delegation.servers.map(({ name, addresses }) => [nameToText(name), ...addresses].join(' '));
      return `delegation ${owner} ${servers.join(', ')}`;
    }
    default:
      return entry satisfies never;
  }
}
