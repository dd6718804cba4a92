/** Machines whose network is not there, or changes: in a network namespace that has nothing but a loopback interface. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startDaemon, type RunningDaemon } from '../support/daemon.ts';
import { digIsMissing } from '../support/dig.ts';
import { createNamespace, namespacesAreMissing, type Namespace } from '../support/namespace.ts';
import { skipped } from '../support/nsd.ts';

const missing = namespacesAreMissing ?? digIsMissing;

describe.skipIf(missing !== undefined)(`the daemon's network${skipped(missing)}`, () => {
  let network: Namespace;
  let daemon: RunningDaemon | undefined;
  let directory: string;
  beforeEach(async () => {
    network = await createNamespace();
    directory = mkdtempSync(join(tmpdir(), 'rootwalk-network-'));
  });
  afterEach(async () => {
    await daemon?.kill();
    await network.remove();
    rmSync(directory, { recursive: true, force: true });
  });

  /** Without an answer dig says so, and fails. */
  const ask = (address: string, ...words: string[]): Promise<string> =>
    network
      .run('dig', `@${address}`, '+tries=1', '+time=12', ...words)
      .catch((error: { stdout: string }) => error.stdout);

  test('without any network it starts, answers what it knows, and says why it cannot answer the rest', async () => {
    const hosts = join(directory, 'hosts');
    writeFileSync(hosts, '192.0.2.10 printer.lan\n');
    daemon = await startDaemon({
      inside: network.inside,
      config: { listen: { dns: ['127.0.0.1:53'] }, local: { hostsFiles: [hosts] } },
    });
    await daemon.says(/no root server answered; is there a way to the internet\?/);
    expect(await ask('127.0.0.1', '+short', 'printer.lan')).toBe('192.0.2.10\n');
    expect(await ask('127.0.0.1', '+short', 'localhost')).toBe('127.0.0.1\n');
    const said = await ask('127.0.0.1', 'www.example.com');
    expect(said).toContain('status: SERVFAIL');
    expect(said).toMatch(/EDE: 22 \(No Reachable Authority\): \(.*\ba\.root-servers\.net\./);
  });

  test('an address that the machine gets later is listened on by a wildcard, one that it loses is let go', async () => {
    daemon = await startDaemon({
      inside: network.inside,
      config: {
        listen: { dns: ['0.0.0.0:5300'] },
        access: { allow: ['127.0.0.0/8', '192.0.2.0/24'] },
        log: { level: 'debug' },
      },
    });
    const answers = (): Promise<string> => ask('192.0.2.53', '-p', '5300', '+time=1', '+short', 'localhost');
    expect(await answers()).not.toBe('127.0.0.1\n');

    await network.run('ip', 'address', 'add', '192.0.2.53/32', 'dev', 'lo');
    await expect.poll(answers, { timeout: 15_000 }).toBe('127.0.0.1\n');
    expect(await ask('192.0.2.53', '-p', '5300', '+tcp', '+short', 'localhost')).toBe('127.0.0.1\n');

    await network.run('ip', 'address', 'delete', '192.0.2.53/32', 'dev', 'lo');
    await daemon.says(/"address":"192\.0\.2\.53".*"msg":"no longer listening"/, 15_000);
    expect(await ask('127.0.0.1', '-p', '5300', '+short', 'localhost')).toBe('127.0.0.1\n');

    await network.run('ip', 'address', 'add', '192.0.2.53/32', 'dev', 'lo');
    await expect.poll(answers, { timeout: 15_000 }).toBe('127.0.0.1\n');
  });
});
