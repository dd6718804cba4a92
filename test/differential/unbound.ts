/** Unbound from Debian as the other opinion: on the same servers, with the same trust anchor, asked over UDP and TCP. */

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { exchangeOverTcp } from '../support/plain-exchange.ts';
import { queryFor } from '../support/messages.ts';

export const unboundIsMissing: string | undefined =
  spawnSync('unbound', ['-V']).error === undefined ? undefined : 'unbound (Debian package unbound) is not installed';

export type Unbound = { readonly port: number; stop(): Promise<void> };

export async function startUnbound(of: { hints: string; trustAnchors: string; port: number }): Promise<Unbound> {
  const directory = mkdtempSync(join(tmpdir(), 'rootwalk-unbound-'));
  writeFileSync(join(directory, 'hints'), of.hints);
  writeFileSync(join(directory, 'anchors'), of.trustAnchors);
  writeFileSync(join(directory, 'conf'), configuration(directory, of.port));
  const child = spawn('unbound', ['-d', '-c', join(directory, 'conf')], { stdio: 'ignore' });
  await answers(of.port, child);
  return {
    port: of.port,
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
      rmSync(directory, { recursive: true });
    },
  };
}

/** What its operators have by default, apart from where it runs. */
function configuration(directory: string, port: number): string {
  return `server:
 interface: 127.0.0.1@${port}
 port: ${port}
 do-daemonize: no
 username: ""
 chroot: ""
 use-syslog: no
 pidfile: "${directory}/pid"
 root-hints: "${directory}/hints"
 module-config: "validator iterator"
 trust-anchor-file: "${directory}/anchors"
 do-ip6: no
 do-not-query-localhost: no
 local-zone: "aa." nodefault
remote-control:
 control-enable: no
`;
}

async function answers(port: number, child: ChildProcess): Promise<void> {
  for (let i = 0; i < 100 && child.exitCode === null; i++) {
    const reply = await exchangeOverTcp({ address: '127.0.0.1', port }, queryFor('. SOA')).catch(() => undefined);
    if (reply !== undefined) return;
    await wait(50);
  }
  throw new Error('unbound did not start');
}
