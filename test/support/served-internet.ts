/**
 * The daemon's service, from a client's octets to the octets of the reply, before a small internet in memory: no
 * sockets towards clients, and a clock that the test turns.
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServerCookies } from '../../src/access/server-cookies.ts';
import type { ConfigInput } from '../../src/config/schema.ts';
import { defaultConfig } from '../../src/config/settle.ts';
import { createService, type Service } from '../../src/daemon/service.ts';
import { hintsToText } from '../../src/lab/demo-internet.ts';
import type { Client } from '../../src/query/client-query.ts';
import type { Finished } from '../../src/query/finished.ts';
import type { BuiltInternet, SimulatedInternet } from './simulated-internet.ts';

export type Sent = { readonly octets: Uint8Array | undefined; readonly atMs: number };

export type Served = BuiltInternet & {
  readonly service: Service;
  readonly finished: Finished[];
  readonly faults: unknown[];
  /** What comes back, once it does; `undefined` octets where nothing will. */
  send(octets: Uint8Array, client?: Partial<Client>): Promise<Sent>;
  /** The same with the clock turned until it comes. */
  ask(octets: Uint8Array, client?: Partial<Client>): Promise<Uint8Array | undefined>;
  /** Datagrams sent to servers and connections begun so far. */
  exchanges(): number;
};

/** In a private network, so that it may recurse. */
export const lanClient: Client = { address: '10.0.0.7', port: 40_000, transport: 'udp' };
export const stranger: Client = { address: '198.51.100.200', port: 40_000, transport: 'udp' };

export function serveInternet(internet: SimulatedInternet, changes: ConfigInput = {}): Served {
  const built = internet.build();
  const { clock, network, random } = built;
  const finished: Finished[] = [];
  const faults: unknown[] = [];
  let serial = 0;
  const service = withHintsFile(hintsToText(built.hints), (hints) =>
    createService(
      defaultConfig({
        roots: { hints, prime: false },
        local: { hostsFiles: [] },
        dnssec: { validate: false },
        ...changes,
      }),
      undefined,
      {
        clock,
        random,
        network,
        files: {
          look: () => Promise.resolve({ kind: 'missing' }),
          read: () => Promise.resolve({ kind: 'missing' }),
        },
        newId: () => `q${++serial}`,
        cookies: createServerCookies({ clock, random }),
        observe: (one) => void finished.push(one),
        report: () => undefined,
        reportFault: (error) => void faults.push(error),
      },
    ),
  );
  const send = (octets: Uint8Array, client: Partial<Client> = {}): Promise<Sent> =>
    new Promise((resolve) => {
      service.pipeline.handle(octets, { ...lanClient, ...client }, (reply) =>
        resolve({ octets: reply, atMs: clock.now() }),
      );
    });
  return {
    ...built,
    service,
    finished,
    faults,
    send,
    ask: async (octets, client) => (await clock.run(send(octets, client))).octets,
    exchanges: () => network.counts().datagramsSent + network.counts().connections,
  };
}

/** The service reads its hints once, when it is made. */
function withHintsFile<T>(text: string, use: (path: string) => T): T {
  const directory = mkdtempSync(join(tmpdir(), 'rootwalk-hints-'));
  try {
    const path = join(directory, 'named.root');
    writeFileSync(path, text);
    return use(path);
  } finally {
    rmSync(directory, { recursive: true });
  }
}
