/** Port 53, root and who is not: in a network namespace, where port 53 is free. */

import { chownSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { packageDirectory } from '../../src/system/package-directory.ts';
import { daemonDirectory, startDaemon, startProgram, type RunningDaemon } from '../support/daemon.ts';
import { createNamespace, namespacesAreMissing, type Namespace } from '../support/namespace.ts';
import { skipped } from '../support/nsd.ts';

const NOBODY = 65534;
/**
 * Words that run a program as another user, with these capabilities and no other privilege. The package is at /mnt then,
 * since that user may not look into every directory that a checkout is in; `ip netns exec` has mounts of its own.
 */
function asNobody(capabilities = ''): readonly string[] {
  const ids = [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'];
  const bind = ['sh', '-c', 'mount --bind "$0" /mnt && exec "$@"', packageDirectory];
  return [...bind, 'setpriv', ...ids, `--inh-caps=-all${capabilities}`, `--ambient-caps=-all${capabilities}`];
}

describe.skipIf(namespacesAreMissing !== undefined)(`port 53${skipped(namespacesAreMissing)}`, () => {
  let network: Namespace;
  let daemon: RunningDaemon | undefined;
  beforeEach(async () => {
    network = await createNamespace();
  });
  afterEach(async () => {
    await daemon?.stop();
    daemon = undefined;
    await network.remove();
  });

  test('started as root it becomes the configured user, for good', async () => {
    daemon = await startDaemon({
      inside: network.inside,
      config: { listen: { dns: ['127.0.0.1:53'] }, user: 'nobody' },
    });
    const status = readFileSync(`/proc/${daemon.process.pid}/status`, 'utf8');
    expect(status).toMatch(/^Uid:\t65534\t65534\t65534\t65534$/m);
    expect(status).toMatch(/^Gid:\t65534\t65534\t65534\t65534$/m);
    expect(status).toMatch(/^Groups:\t65534 ?$/m);
    expect(status).toMatch(/^CapEff:\t0000000000000000$/m);
    expect(status).toMatch(/^CapPrm:\t0000000000000000$/m);
  });

  test('then what it writes belongs to that user, and the socket to nobody else', async () => {
    daemon = await startDaemon({
      inside: network.inside,
      config: { listen: { dns: ['127.0.0.1:53'] }, user: 'nobody' },
    });
    const dig = await network.run('dig', '@127.0.0.1', 'localhost.', '+short', '+tries=1', '+time=2');
    expect(dig).toBe('127.0.0.1\n');
    const data = `${daemon.directory}/data`;
    await expect.poll(() => statSync(`${data}/log/queries.jsonl`, { throwIfNoEntry: false })?.size).toBeGreaterThan(0);
    for (const path of [data, `${data}/log`, `${data}/log/queries.jsonl`, `${data}/control.sock`]) {
      expect(statSync(path).uid, path).toBe(NOBODY);
    }
    expect(statSync(`${data}/control.sock`).mode & 0o777).toBe(0o600);
  });

  test('a user that does not exist ends the start', async () => {
    const directory = daemonDirectory({ listen: { dns: ['127.0.0.1:53'] }, user: 'nosuchuser' });
    const child = startProgram(['start', '--config', directory.configFile], network);
    expect(await child.ended).toBe(1);
    expect(child.err()).toContain('there is no user nosuchuser (key `user`)');
    directory.remove();
  });

  test('another user than root is told how port 53 can be had', async () => {
    const directory = daemonDirectory({ listen: { dns: ['127.0.0.1:53'] } });
    mkdirSync(`${directory.path}/data`);
    chownSync(`${directory.path}/data`, NOBODY, NOBODY);
    const child = startProgram(['start', '--config', directory.configFile], {
      inside: [...network.inside, ...asNobody()],
      from: '/mnt',
    });
    expect(await child.ended).toBe(1);
    expect(child.err()).toMatch(/UDP 127\.0\.0\.1:53 needs a privilege that this process does not have/);
    expect(child.err()).toContain('`--port 5353`');
    directory.remove();
  });

  test('another user whose data directory is not writable is told which key to set', async () => {
    const directory = daemonDirectory();
    const child = startProgram(['start', '--config', directory.configFile], {
      inside: [...network.inside, ...asNobody()],
      from: '/mnt',
    });
    expect(await child.ended).toBe(1);
    expect(child.err()).toMatch(/\/data cannot be made \(EACCES\): set `dataDirectory` to a directory that this user/);
    directory.remove();
  });

  test('without an option it listens on both loopbacks; a machine without IPv6 is served on the other', async () => {
    await network.run('sysctl', '-w', 'net.ipv6.conf.all.disable_ipv6=1');
    const directory = daemonDirectory();
    const child = startProgram(['start'], {
      inside: [...network.inside, 'env', `XDG_STATE_HOME=${directory.path}`, ...asNobody(',+net_bind_service')],
      from: '/mnt',
    });
    chownSync(directory.path, NOBODY, NOBODY);
    await child.says(/answers on 127\.0\.0\.1:53 \(UDP and TCP\)/);
    expect(child.err()).toMatch(/\[::1\]:53: this machine (has no such address|does not have that address family)/);
    child.process.kill('SIGTERM');
    expect(await child.ended).toBe(0);
    directory.remove();
  });
});
