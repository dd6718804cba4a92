import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { explainBindFailure } from './bind-problem.ts';

let proc: string;

beforeEach(async () => {
  proc = await mkdtemp(join(tmpdir(), 'proc-'));
  await mkdir(join(proc, 'net'));
});
afterEach(() => rm(proc, { recursive: true }));

/** A line as /proc/net/udp and tcp have it, behind their heading. */
function line(local: string, state: string, uid: number, inode: number): string {
  return `  12: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000  ${uid}        0 ${inode} 2 0 0\n`;
}

async function table(name: string, ...lines: string[]): Promise<void> {
  await writeFile(join(proc, 'net', name), `  sl  local_address rem_address   st …\n${lines.join('')}`);
}

async function running(pid: number, command: string, ...inodes: number[]): Promise<void> {
  await mkdir(join(proc, String(pid), 'fd'), { recursive: true });
  await writeFile(join(proc, String(pid), 'comm'), `${command}\n`);
  await symlink('/dev/null', join(proc, String(pid), 'fd', '0'));
  for (const inode of inodes) await symlink(`socket:[${inode}]`, join(proc, String(pid), 'fd', String(inode)));
}

async function explain(transport: 'udp' | 'tcp', address: string, code = 'EADDRINUSE', port = 53): Promise<string> {
  return (await explainBindFailure({ transport, address, port, code }, proc)).text;
}

describe('an address and port in use', () => {
  test('names the program that holds it', async () => {
    await table('udp', line('010200C0:0035', '07', 0, 99), line('017100CB:0035', '07', 0, 77));
    await running(41, 'other', 99);
    await running(42, 'dnsmasq', 5, 77);
    expect(await explain('udp', '203.0.113.1')).toBe(
      'UDP 203.0.113.1:53 is taken by dnsmasq (process 42) on 203.0.113.1:53. Stop that program, ' +
        'or listen on another address or port (`listen.dns`, or `--port 5353` to try it out).',
    );
  });

  test('says how to switch off the stub listener of systemd-resolved', async () => {
    await table('udp', line('3500007F:0035', '07', 101, 7));
    await running(300, 'systemd-resolve', 7);
    const text = await explain('udp', '0.0.0.0');
    expect(text).toContain('systemd-resolve (process 300) on 127.0.0.53:53');
    expect(text).toContain('`DNSStubListener=no` in /etc/systemd/resolved.conf');
  });

  test.each([
    ['0.0.0.0 holds every IPv4 address', 'tcp', 'tcp', '00000000:0035', '192.0.2.1', '0.0.0.0:53'],
    [':: may hold IPv4 too', 'tcp', 'tcp6', `${'0'.repeat(32)}:0035`, '192.0.2.1', '[::]:53'],
    ['an IPv6 address', 'tcp', 'tcp6', 'B80D0120000000000000000001000000:0035', '2001:db8::1', '[2001:db8::1]:53'],
  ] as const)('%s', async (_, transport, name, local, asked, held) => {
    await table(name, line(local, '0A', 0, 7));
    await running(42, 'named', 7);
    expect(await explain(transport, asked)).toContain(`named (process 42) on ${held}`);
  });

  test('a connection of ours to port 53 of another is in nobody’s way', async () => {
    await table('tcp', line('010200C0:0035', '01', 0, 7));
    await running(42, 'named', 7);
    expect(await explain('tcp', '192.0.2.1')).toContain('is taken by another program.');
  });

  test('a program that only root may look at is told by its user', async () => {
    await table('udp', line('0100007F:0035', '07', 113, 7));
    expect(await explain('udp', '127.0.0.1')).toContain(
      'is taken by a program of user 113, which only root may look at on 127.0.0.1:53.',
    );
  });

  test('without /proc it is just another program', async () => {
    expect(await explain('udp', '::1')).toContain('UDP [::1]:53 is taken by another program.');
  });
});

describe('other reasons', () => {
  test.each([
    ['EACCES', 'CAP_NET_BIND_SERVICE'],
    ['EACCES', '--port 5353'],
    ['EADDRNOTAVAIL', 'this machine has no such address'],
    ['EAFNOSUPPORT', 'does not have that address family'],
    ['ENOMEM', 'the system says ENOMEM'],
  ])('%s: %s', async (code, says) => {
    expect(await explain('tcp', '192.0.2.1', code)).toContain(says);
  });
});
