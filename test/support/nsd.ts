/**
 * NSD on loopback: a real authoritative server beside our own, for end-to-end tests. It runs in the foreground from a
 * directory of its own, without privileges, and is gone when `stop` has returned.
 */

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { freePort } from './free-port.ts';
import { queryFor } from './messages.ts';
import { exchangeOverUdp } from './plain-exchange.ts';

export type Nsd = { readonly address: string; readonly port: number; stop(): Promise<void> };
export type NsdOptions = {
  readonly address: string;
  /** 0 chooses one that is free. */
  readonly port: number;
  /** Master file text by apex. */
  readonly zones: Readonly<Record<string, string>>;
};

const PROGRAM = '/usr/sbin/nsd';
const START_MS = 10_000;

/** Why it cannot be used here, or undefined. */
export const nsdIsMissing: string | undefined =
  spawnSync(PROGRAM, ['-v']).error === undefined ? undefined : `${PROGRAM} is not installed`;

/** Put behind the title of tests that are skipped for this reason. */
export function skipped(why: string | undefined): string {
  return why === undefined ? '' : ` (skipped: ${why})`;
}

export async function startNsd(options: NsdOptions): Promise<Nsd> {
  const directory = await mkdtemp(join(tmpdir(), 'rootwalk-nsd-'));
  const port = options.port === 0 ? await freePort(options.address) : options.port;
  const apexes = Object.keys(options.zones);
  for (const [i, apex] of apexes.entries()) await writeFile(join(directory, `${i}.zone`), options.zones[apex]);
  await writeFile(join(directory, 'nsd.conf'), configuration(directory, options.address, port, apexes));
  const child = spawn(PROGRAM, ['-d', '-c', join(directory, 'nsd.conf')], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (octets: Buffer) => (said += octets.toString()));
  const stop = async (): Promise<void> => {
    await end(child);
    await rm(directory, { recursive: true, force: true });
  };
  if (await becomesReady(child, options.address, port, apexes[0])) return { address: options.address, port, stop };
  await stop();
  throw new Error(`nsd did not start: ${said}`);
}

function configuration(directory: string, address: string, port: number, apexes: readonly string[]): string {
  const zones = apexes.map((apex, i) => `zone:\n  name: "${apex}"\n  zonefile: "${i}.zone"\n`);
  return `server:
  ip-address: ${address}@${port}
  server-count: 1
  username: ""
  chroot: ""
  database: ""
  zonesdir: "${directory}"
  pidfile: "${directory}/nsd.pid"
  xfrdfile: "${directory}/xfrd.state"
  xfrdir: "${directory}"
  zonelistfile: "${directory}/zone.list"
  minimal-responses: yes
  refuse-any: no
  rrl-ratelimit: 0
  ipv4-edns-size: 1232
remote-control:
  control-enable: no
${zones.join('')}`;
}

async function becomesReady(child: ChildProcess, address: string, port: number, apex: string): Promise<boolean> {
  const query = queryFor(`${apex} SOA`);
  for (let waited = 0; waited < START_MS && child.exitCode === null; waited += 100) {
    const response = await exchangeOverUdp({ address, port }, query, 100);
    if (response !== undefined) return true;
    await pause(20);
  }
  return false;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}
