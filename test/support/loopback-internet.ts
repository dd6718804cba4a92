/** A small internet on loopback sockets from a plan, and the configuration that has a daemon walk it. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hintsToText } from '../../src/lab/demo-internet.ts';
import { planInternet, type InternetPlan } from '../../src/lab/internet.ts';
import { createLoopbackServer, type LoopbackServer } from '../../src/lab/loopback-server.ts';
import { systemClock } from '../../src/system/clock.ts';
import type { ConfigSections } from './daemon.ts';
import { freePort } from './free-port.ts';

export type LoopbackInternet = {
  readonly port: number;
  readonly hintsFile: string;
  /** DS records of the root, where it is signed. */
  readonly trustAnchors: readonly string[];
  /** Sections of a configuration: hints, the servers' port, that loopback may be asked, and no validation. */
  readonly config: ConfigSections;
  stop(): Promise<void>;
};

export async function startLoopbackInternet(plan: InternetPlan): Promise<LoopbackInternet> {
  const { hosts, hints, trustAnchors } = planInternet({ latencyMs: 0, ...plan }, systemClock);
  const directory = mkdtempSync(join(tmpdir(), 'rootwalk-internet-'));
  const hintsFile = join(directory, 'named.root');
  writeFileSync(hintsFile, hintsToText(hints));
  const port = await freePort(hosts[0].address);
  const servers = hosts.map((host) => createLoopbackServer({ ...host, port }, { clock: systemClock }));
  const stop = async (): Promise<void> => {
    await Promise.all(servers.map((server: LoopbackServer) => server.stop()));
    rmSync(directory, { recursive: true, force: true });
  };
  for (const server of servers) {
    const started = await server.start();
    if (started.kind === 'started') continue;
    await stop();
    throw new Error(started.why);
  }
  const config = {
    roots: { hints: hintsFile },
    iteration: { serverPort: port, ipv6: 'off', doNotQuery: [] },
    dnssec: { validate: false },
  };
  const anchors = trustAnchors.split('\n').filter((line) => line !== '');
  return { port, hintsFile, trustAnchors: anchors, config, stop };
}
