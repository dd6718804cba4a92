/**
 * Brings the demo's plan to life on loopback: one server a host, all at one port, and the hints that lead a resolver
 * to its roots. Needs no privileges and no network.
 */

import { nameToText } from '../dns/name.ts';
import { Type, typeToText } from '../dns/record-type.ts';
import type { Clock } from '../system/clock.ts';
import { demoPlan } from './demo-plan.ts';
import { planInternet, type Internet } from './internet.ts';
import { createLoopbackServer, type LoopbackServer } from './loopback-server.ts';
import type { NamedServer } from './misbehaviour.ts';

export type DemoOptions = {
  /** Of every server: what a resolver takes for port 53 (`iteration.serverPort`). */
  readonly port: number;
};

export type DemoStart = { readonly kind: 'started' } | { readonly kind: 'failed'; readonly why: string };

export type DemoInternet = {
  readonly hints: readonly NamedServer[];
  /** The same as a hints file. */
  readonly hintsText: string;
  /** DS records of the root. */
  readonly trustAnchors: string;
  /** All servers or none. */
  start(): Promise<DemoStart>;
  stop(): Promise<void>;
};

/** A free port above the privileged ones, and not one that mDNS or a resolver for tests would use. */
export const DEMO_SERVER_PORT = 5300;

export function createDemoInternet(options: DemoOptions, around: { readonly clock: Clock }): DemoInternet {
  const internet = planInternet(demoPlan, around.clock);
  const servers = internet.hosts.map((host) => createLoopbackServer({ ...host, port: options.port }, around));
  return {
    hints: internet.hints,
    trustAnchors: internet.trustAnchors,
    hintsText: hintsToText(internet.hints),
    start: () => startAll(servers),
    stop: () => stopAll(servers),
  };
}

async function startAll(servers: readonly LoopbackServer[]): Promise<DemoStart> {
  const results = await Promise.all(servers.map((server) => server.start()));
  const failed = results.find((result) => result.kind === 'failed');
  if (failed === undefined) return { kind: 'started' };
  await stopAll(servers);
  return { kind: 'failed', why: failed.why };
}

async function stopAll(servers: readonly LoopbackServer[]): Promise<void> {
  await Promise.all(servers.map((server) => server.stop()));
}

/** RFC 9609 §2: the names and addresses of the root's servers, as a master file. */
export function hintsToText(hints: Internet['hints']): string {
  const lines = hints.flatMap(({ name, addresses }) => [
    `. ${HINTS_TTL} NS ${nameToText(name)}`,
    ...addresses.map((address) => {
      const type = typeToText(address.includes(':') ? Type.AAAA : Type.A);
      return `${nameToText(name)} ${HINTS_TTL} ${type} ${address}`;
    }),
  ]);
  return lines.map((line) => line + '\n').join('');
}
/** As in IANA's own hints file. */
const HINTS_TTL = 3_600_000;
