/** What clients get from the running daemon, asked by `dig`: over each transport, and from each source of answers. */

import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as does from '../../src/lab/misbehaviour.ts';
import { startDaemon, type RunningDaemon } from '../support/daemon.ts';
import { dig, digIsMissing } from '../support/dig.ts';
import { hasIpv6 } from '../support/has-ipv6.ts';
import { startLoopbackInternet, type LoopbackInternet } from '../support/loopback-internet.ts';
import { skipped } from '../support/nsd.ts';

const plan = {
  zones: {
    '.': { at: '127.54.0.1' },
    'example.': {
      at: '127.54.0.2',
      records: `
www    A     203.0.113.7
www    A     203.0.113.8
www    A     203.0.113.9
alias  CNAME www
*.wild TXT   "any"
${Array.from({ length: 40 }, (_, i) => `big TXT "${'x'.repeat(60)}${i}"`).join('\n')}`,
    },
    'dead.example.': { at: '127.54.0.3' },
    'stub.test.': { at: '127.54.0.4', records: 'www A 203.0.113.40' },
  },
  servers: { '127.54.0.3': { misbehaviour: [does.refuses] } },
};

describe.skipIf(digIsMissing !== undefined)(`the daemon, asked by dig${skipped(digIsMissing)}`, () => {
  let internet: LoopbackInternet;
  let daemon: RunningDaemon;
  let second: RunningDaemon;
  let directory: string;
  let hosts: string;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'rootwalk-hosts-'));
    hosts = join(directory, 'hosts');
    writeFileSync(hosts, '192.0.2.10 printer.lan printer\n2001:db8::10 printer.lan\n');
    internet = await startLoopbackInternet(plan);
    second = await startDaemon({
      config: { ...internet.config, local: { records: ['www.corp.test. 60 A 203.0.113.50'] } },
    });
    daemon = await startDaemon({
      config: {
        ...internet.config,
        listen: { dns: hasIpv6 ? ['127.0.0.1:0', '[::1]:0'] : ['127.0.0.1:0'] },
        access: { allow: ['127.0.0.1/32', '::1/128'] },
        zones: [
          { name: 'stub.test.', stub: [`127.54.0.4:${internet.port}`] },
          { name: 'corp.test.', forward: [`127.0.0.1:${second.port}`] },
        ],
        local: {
          hostsFiles: [hosts],
          records: [
            'nas.example. 300 A 192.0.2.20',
            'tv.example. 300 CNAME nas.example.',
            'to.example. CNAME www.example.',
          ],
        },
      },
    });
  });
  afterAll(async () => {
    await Promise.all([daemon?.stop(), second?.stop(), internet?.stop()]);
    rmSync(directory, { recursive: true, force: true });
  });

  const ask = (...words: string[]): Promise<string> => dig(daemon, '+recurse', '+time=5', ...words);
  const short = async (...words: string[]): Promise<string[]> =>
    (await ask('+short', ...words)).trimEnd().split('\n').toSorted();

  /** Its line comes a moment after the answer. */
  const isLogged = (source: string, qname: string): Promise<void> =>
    expect
      .poll(async () => (await daemon.call('log', '--name', qname, '--source', source)).out, { timeout: 10_000 })
      .toContain(`"qname":"${qname}"`);

  test('a name is walked to over UDP, with RA and without AA', async () => {
    const said = await ask('www.example.', 'A');
    expect(said).toMatch(/status: NOERROR.*\n;; flags: qr rd ra; QUERY: 1, ANSWER: 3, AUTHORITY: 0/);
    expect(said).toMatch(/www\.example\.\t+\d+\tIN\tA\t203\.0\.113\.7/);
    expect(said).toContain('(UDP)');
  });

  test('over TCP, several questions on one connection', async () => {
    const said = await ask('+tcp', '+keepopen', 'www.example.', 'A', 'alias.example.', 'A');
    expect(said.match(/status: NOERROR/g)).toHaveLength(2);
    expect(said.match(/\(TCP\)/g)).toHaveLength(2);
    expect(said).toMatch(/alias\.example\.\t+\d+\tIN\tCNAME\twww\.example\./);
  });

  test.skipIf(!hasIpv6)('over IPv6', async () => {
    const [, port] = await daemon.says(/\[::1\]:(\d+)/);
    expect(await dig({ address: '::1', port: Number(port) }, '+recurse', '+short', 'alias.example.', 'A')).toContain(
      '203.0.113.7',
    );
  });

  test('an answer too large for UDP comes truncated, and whole over TCP, which dig tries by itself', async () => {
    expect(await ask('+ignore', 'big.example.', 'TXT')).toMatch(/flags: qr tc rd ra;.*ANSWER: 0/);
    const said = await ask('big.example.', 'TXT');
    expect(said).toContain('Truncated, retrying in TCP mode');
    expect(said).toMatch(/ANSWER: 40/);
  });

  test('the letter case of the question comes back', async () => {
    expect(await ask('WwW.eXaMple.', 'A')).toContain(';WwW.eXaMple.');
  });

  test('records of a set come in another order each time', async () => {
    const first = async (): Promise<string> => (await ask('+short', 'www.example.', 'A')).split('\n')[0];
    expect(new Set([await first(), await first(), await first()]).size).toBe(3);
  });

  test('who it is: version.bind says, hostname.bind does not unless configured', async () => {
    expect(await short('CH', 'TXT', 'version.bind.')).toEqual([expect.stringMatching(/^"rootwalk \d/)]);
    expect(await ask('CH', 'TXT', 'hostname.bind.')).toContain('status: REFUSED');
  });

  test('without RD only what is known is told', async () => {
    await ask('www.example.', 'A');
    expect(await dig(daemon, 'www.example.', 'A')).toMatch(/flags: qr ra;.*ANSWER: 3/);
    const said = await dig(daemon, 'unheard.example.', 'A');
    expect(said).toContain('status: REFUSED');
    expect(said).toMatch(/EDE: 20 \(Not Authoritative\): \(not in the cache, and RD is not set\)/);
  });

  test('ANY gets little (RFC 8482), a zone transfer nothing', async () => {
    expect(await ask('www.example.', 'ANY')).toMatch(/HINFO\t"RFC8482"/);
    expect(await ask('example.', 'AXFR')).toMatch(/Transfer failed|REFUSED|NOTIMP/);
  });

  test('a name that does not exist is denied with the SOA', async () => {
    expect(await ask('none.example.', 'A')).toMatch(/status: NXDOMAIN[^]*AUTHORITY SECTION:\nexample\.\t+\d+\tIN\tSOA/);
  });

  test('a failure says why in an extended error, and says it again from the cache', async () => {
    for (let again = 0; again < 2; again++) {
      const said = await ask('www.dead.example.', 'A');
      expect(said).toContain('status: SERVFAIL');
      expect(said).toMatch(/EDE: \d+ \([^)]+\): \(.*127\.54\.0\.3.*refused/);
    }
  });

  test('names of the hosts file are answered both ways, and again when the file has changed', async () => {
    expect(await short('printer.lan', 'A')).toEqual(['192.0.2.10']);
    expect(await short('printer', 'AAAA')).toEqual(['']);
    expect(await short('-x', '192.0.2.10')).toEqual(['printer.lan.']);
    appendFileSync(hosts, '192.0.2.11 scanner.lan\n');
    await expect.poll(() => short('scanner.lan', 'A'), { timeout: 10_000 }).toEqual(['192.0.2.11']);
  });

  test('local records are answered, aliases among them and out of them', async () => {
    expect(await short('tv.example.', 'A')).toEqual(['192.0.2.20', 'nas.example.']);
    expect(await short('to.example.', 'A')).toContain('203.0.113.7');
    expect(await ask('nas.example.', 'TXT')).toMatch(/status: NOERROR.*\n;; flags: qr aa rd ra; QUERY: 1, ANSWER: 0/);
  });

  test.each([
    ['localhost.', 'A', 'NOERROR'],
    ['printer.local.', 'A', 'NXDOMAIN'],
    ['www.invalid.', 'A', 'NXDOMAIN'],
    ['hidden.onion.', 'A', 'NXDOMAIN'],
    ['1.1.168.192.in-addr.arpa.', 'PTR', 'NXDOMAIN'],
    ['_dns.resolver.arpa.', 'SVCB', 'NOERROR'],
  ])('%s %s is answered here: %s', async (qname, qtype, rcode) => {
    expect(await ask(qname, qtype)).toContain(`status: ${rcode}`);
    await isLogged('special-use', qname);
  });

  test('a stub zone is asked of its servers, a forward zone of another resolver', async () => {
    expect(await short('www.stub.test.', 'A')).toEqual(['203.0.113.40']);
    expect(await short('www.corp.test.', 'A')).toEqual(['203.0.113.50']);
    await isLogged('forward', 'www.corp.test.');
    await isLogged('stub', 'www.stub.test.');
  });

  test('who is not on the list is refused, and told by what', async () => {
    const said = await ask('-b', '127.0.0.9', 'www.example.', 'A');
    expect(said).toContain('status: REFUSED');
    expect(said).toContain('127.0.0.9 may not use this resolver (access.allow)');
  });
});
