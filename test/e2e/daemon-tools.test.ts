/** `query`, `cache`, `log`, `status` and `health` as processes, asking the running daemon. */

import { afterAll, beforeAll, expect, test } from 'vitest';
import { command as cache } from '../../src/cli/cache.ts';
import * as does from '../../src/lab/misbehaviour.ts';
import { startDaemon, type RunningDaemon } from '../support/daemon.ts';
import { startLoopbackInternet, type LoopbackInternet } from '../support/loopback-internet.ts';
import { queryFor } from '../support/messages.ts';
import { callCommand } from '../support/recorded-io.ts';
import { exchangeOverTcp, exchangeOverUdp } from '../support/plain-exchange.ts';

const plan = {
  zones: {
    '.': { at: '127.54.3.1' },
    'example.': { at: '127.54.3.2', records: 'www 300 A 203.0.113.7\nalias CNAME www' },
    'dead.example.': { at: '127.54.3.3' },
  },
  servers: { '127.54.3.3': { misbehaviour: [does.failsAlways] } },
};

let internet: LoopbackInternet;
let daemon: RunningDaemon;
beforeAll(async () => {
  internet = await startLoopbackInternet(plan);
  daemon = await startDaemon({ config: internet.config });
});
afterAll(async () => {
  await Promise.all([daemon?.stop(), internet?.stop()]);
});

test('query --explain shows the walk, then that the answer was in the cache', async () => {
  const walked = await daemon.call('query', 'alias.example', '--explain');
  expect(walked.code).toBe(0);
  expect(walked.out).toMatch(/^alias\.example\. 300 IN CNAME www\.example\.$/m);
  expect(walked.out).toMatch(/^└─ example\. \(1 server, 1 with addresses\)$/m);
  expect((await daemon.call('query', 'alias.example', '--explain')).out).toContain('the answer was in the cache');
});

test('query exits with 1 where there is no answer, and says why', async () => {
  const failed = await daemon.call('query', 'www.dead.example');
  expect(failed.code).toBe(1);
  expect(failed.out).toMatch(/SERVFAIL[^]*127\.54\.3\.3\) said SERVFAIL/);
});

test('cache dump shows what was learned, and flush has it forgotten', async () => {
  await daemon.call('query', 'www.example');
  const socket = ['--socket', `${daemon.directory}/data/control.sock`];
  expect((await callCommand(cache, [...socket, 'dump', '--name', 'www.example'])).out).toMatch(
    /^www\.example\. \d+ IN A/,
  );
  expect((await daemon.call('cache', 'dump')).out).toMatch(/^www\.example\. \d+ IN A 203\.0\.113\.7 ; /m);
  expect((await daemon.call('cache', 'flush', 'www.example')).out).toMatch(/^\d+ entr(y|ies) removed$/m);
  expect((await daemon.call('cache', 'dump')).out).not.toMatch(/^www\.example\. \d+ IN A/m);
  expect(JSON.parse((await daemon.call('query', 'www.example', '--json')).out)).toMatchObject({ source: 'recursion' });
});

test('status shows what the daemon has done, for people and as JSON', async () => {
  const told = await daemon.call('status');
  expect(told).toMatchObject({ code: 0, err: '' });
  expect(told.out).toMatch(/^rootwalk \d\S+ on Node \d\S+, started \d+ s ago$/m);
  expect(told.out).toContain(`\nlistening on ${' '.repeat(2)}127.0.0.1:${daemon.port}\n`);
  expect(JSON.parse((await daemon.call('status', '--json')).out)).toMatchObject({
    listening: [`127.0.0.1:${daemon.port}`],
    queryFaults: 0,
    queryLog: { state: 'on' },
  });
  expect(await daemon.call('status', '--socket', '/nonexistent.sock')).toMatchObject({ code: 1, out: '' });
  expect(await daemon.call('status', 'now')).toMatchObject({ code: 2 });
});

test('health asks the daemon itself', async () => {
  const at = `127.0.0.1:${daemon.port}`;
  const called = await daemon.call('health', '--server', at);
  expect(called).toEqual({ code: 0, out: `healthy: ${at} answers\n`, err: '' });
});

test('each query has its line in the log, with what was asked, answered and walked', async () => {
  const client = await exchangeOverUdp(daemon, queryFor('www.example. AAAA', { flags: 0x0100, payloadSize: 1400 }));
  await exchangeOverTcp(daemon, queryFor('www.example. AAAA', { flags: 0x0100, payloadSize: 0 }));
  const lines = async (): Promise<Record<string, unknown>[]> =>
    (await daemon.call('log', '--name', 'www.example.', '--type', 'AAAA')).out
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  await expect.poll(async () => (await lines()).length, { timeout: 10_000 }).toBe(2);
  const [overUdp, overTcp] = await lines();
  expect(overUdp).toMatchObject({
    v: 1,
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/) as string,
    client: '127.0.0.1',
    transport: 'udp',
    qname: 'www.example.',
    qtype: 'AAAA',
    qclass: 'IN',
    flags: { rd: true, cd: false, ad: false },
    edns: { size: 1400, do: false, version: 0 },
    rcode: 'NOERROR',
    source: 'recursion',
    answers: [],
    octets: client?.length,
    exchanges: 1,
    walk: [{ zone: 'example.', server: 'ns1.example.', address: '127.54.3.2', result: 'nodata' }],
  });
  expect(overTcp).toMatchObject({ transport: 'tcp', source: 'negative', exchanges: 0 });
  expect(overTcp).not.toHaveProperty('edns');
  expect(overTcp).not.toHaveProperty('walk');
});

test('what is no query has a line, too: malformed, or a response', async () => {
  await exchangeOverUdp(daemon, Uint8Array.of(1, 2, 3), 50);
  await exchangeOverUdp(daemon, queryFor('www.example. A', { flags: 0x8000 }), 50);
  const dropped = async (): Promise<unknown[]> =>
    (await daemon.call('log', '--failed')).out
      .split('\n')
      .slice(0, -1)
      .map((line) => (JSON.parse(line) as { dropped?: string }).dropped);
  await expect.poll(dropped, { timeout: 10_000 }).toEqual(expect.arrayContaining(['malformed', 'response']));
});
