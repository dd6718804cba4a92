/** `query`, `cache` and `health` against a control socket and a UDP socket that answer as the daemon would. */

import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { command as cache } from '../../src/cli/cache.ts';
import { command as health, runHealth } from '../../src/cli/health.ts';
import { command as query } from '../../src/cli/query.ts';
import { createCache } from '../../src/cache/cache.ts';
import { dumpEntries } from '../../src/daemon/cache-dump.ts';
import { createControlSocket, type ControlSocket } from '../../src/daemon/control-socket.ts';
import type { ControlMethods } from '../../src/daemon/control-requests.ts';
import { ROOT, name, nameToWire } from '../../src/dns/name.ts';
import { Rcode, Type } from '../../src/dns/record-type.ts';
import { rrset } from '../../src/dns/rrset.ts';
import { systemClock } from '../../src/system/clock.ts';
import { aReply, aWalk, anAddress, at, exchange } from '../support/finished-query.ts';
import { createHandClock } from '../support/hand-clock.ts';
import { callCommand } from '../support/recorded-io.ts';
import { createSeededRandom } from '../support/seeded-random.ts';

let directory: string;
let path: string;
let control: ControlSocket | undefined;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'rootwalk-tools-'));
  path = join(directory, 'control.sock');
});
afterEach(async () => {
  await control?.stop();
  rmSync(directory, { recursive: true, force: true });
});

async function start(methods: Partial<ControlMethods>): Promise<void> {
  const all: ControlMethods = {
    query: () => Promise.resolve(aReply()),
    cacheDump: () => [],
    cacheFlush: () => ({ removed: 0 }),
    ntaAdd: () => Promise.resolve({ why: 'not here' }),
    ntaRemove: () => Promise.resolve({ wasThere: false, removed: 0 }),
    ntaList: () => [],
    anchors: () => [],
    status: () => ({}),
    ...methods,
  };
  control = createControlSocket({ path }, { clock: systemClock, methods: all, report: () => undefined });
  expect(await control.start()).toEqual({ kind: 'listening' });
}

const callQuery = (...args: string[]) => callCommand(query, [...args, '--socket', path]);
const callCache = (...args: string[]) => callCommand(cache, [...args, '--socket', path]);

describe('query', () => {
  test('prints the answer of the daemon, and explains it when asked to', async () => {
    const walk = aWalk([at(exchange('example.', { result: 'answer' }))]);
    const reply = aReply({ answer: [anAddress('www.example.')], source: 'recursion', walk });
    await start({ query: () => Promise.resolve(reply) });
    expect(await callQuery('WWW.example')).toEqual({
      code: 0,
      out: ';; www.example. A: NOERROR from recursion\nwww.example. 300 IN A 203.0.113.7\n',
      err: '',
    });
    expect((await callQuery('www.example', 'a', '--explain')).out).toContain('└─ ns1.example. (192.0.2.1) udp');
    expect(JSON.parse((await callQuery('www.example', '--json', '--explain')).out)).toMatchObject({
      qname: 'www.example.',
      answer: [{ records: [{ data: '203.0.113.7' }] }],
      walk: { exchanges: 1 },
    });
  });

  test('exits with 1 where there is no answer, and with 0 where the name does not exist', async () => {
    const rcodes = [Rcode.SERVFAIL, Rcode.NXDOMAIN];
    await start({ query: () => Promise.resolve(aReply({ rcode: rcodes.shift()! })) });
    expect((await callQuery('www.example')).code).toBe(1);
    expect((await callQuery('www.example')).code).toBe(0);
  });

  test('says what is wrong with the call, or that no daemon is running', async () => {
    expect(await callQuery('a..b')).toMatchObject({ code: 2, err: expect.stringContaining('two dots') as string });
    expect(await callQuery('www.example', 'AX')).toMatchObject({
      code: 2,
      err: expect.stringContaining('"AX"') as string,
    });
    expect(await callQuery()).toMatchObject({ code: 2, err: expect.stringContaining('NAME is missing') as string });
    expect(await callQuery('www.example')).toMatchObject({
      code: 1,
      err: expect.stringContaining('is not running') as string,
    });
  });

  test('a terminal is spared what an answer could do to it', async () => {
    const text = '\u001b[2J"\n\u009b';
    const answer = [
      rrset(name('\\027.example.'), Type.TXT, 1, [Uint8Array.of(text.length, ...Buffer.from(text, 'latin1'))]),
    ];
    const errors = [{ code: 0, text }];
    const walk = aWalk([at(exchange('example.', { detail: text }))]);
    await start({ query: () => Promise.resolve(aReply({ answer, errors, walk })) });
    for (const form of [[], ['--explain'], ['--json']]) {
      const args = ['\\027.example.', 'TXT', ...form, '--socket', path];
      const { out } = await callCommand(query, args, { isTerminal: true, env: { NO_COLOR: '1' } });
      expect(out.replaceAll('\n', '')).not.toMatch(/\p{C}/u);
    }
  });
});

function filledCache() {
  const clock = createHandClock();
  const filled = createCache(
    { maxBytes: 1e6, minTtl: 0, maxTtl: 86_400, maxNegativeTtl: 3600, ttlOverrides: [] },
    { clock },
  );
  const provenance = { server: '192.0.2.1', zone: name('example.'), walkId: 'w1' };
  const soa = rrset(name('example.'), Type.SOA, 60, [
    Uint8Array.of(...nameToWire(name('ns.example.')), ...nameToWire(ROOT), ...new Uint8Array(16), 0, 0, 0, 60),
  ]);
  filled.rrsets.put(anAddress('www.example.'), 'authoritative-answer', provenance);
  filled.denials.put(name('nx.example.'), Type.A, 'nxdomain', soa, provenance);
  filled.denials.put(name('www.example.'), Type.AAAA, 'nodata', soa, provenance);
  filled.failures.put(name('bad.example.'), Type.A, { why: 'nobody answered\u001b', errors: [], walkId: 'w1' });
  const servers = [{ name: name('ns.example.'), addresses: ['192.0.2.1'] }];
  filled.delegations.put({ zone: name('example.'), servers }, 300, Infinity);
  filled.rrsets.put(anAddress('www.test.'), 'glue', provenance);
  return filled;
}

describe('cache', () => {
  test('dump prints sets as records, everything else as comments', async () => {
    const filled = filledCache();
    await start({ cacheDump: (params) => dumpEntries(filled.dump(), params.name) });
    const { code, out } = await callCache('dump', '--name', 'example');
    expect(code).toBe(0);
    expect(out.split('\n').sort()).toEqual(
      [
        '',
        'www.example. 300 IN A 203.0.113.7 ; authoritative-answer from 192.0.2.1 for example.',
        '; nx.example. does not exist, 60 s: denied by 192.0.2.1 for example.',
        '; www.example. has no AAAA, 60 s: denied by 192.0.2.1 for example.',
        '; bad.example. A failed, not asked again for 5 s: nobody answered\\u{1b}',
        '; example. is delegated to ns.example. 192.0.2.1, 300 s: from the parent',
      ].sort(),
    );
    const lines = (await callCache('dump', '--json')).out.split('\n').slice(0, -1);
    expect(lines).toHaveLength(6);
    expect(lines.map((line) => (JSON.parse(line) as { name: string }).name)).toContain('www.test.');
  });

  test.each([
    [['flush', 'WWW.example'], { scope: 'name', name: name('www.example.') }],
    [['flush', '--subtree', 'example.'], { scope: 'subtree', name: name('example.') }],
    [['flush', '--all'], { scope: 'all' }],
  ])('%o', async (args, scope) => {
    const asked: unknown[] = [];
    await start({ cacheFlush: (params) => (asked.push(params), { removed: 1 }) });
    expect(await callCache(...args)).toEqual({ code: 0, out: '1 entry removed\n', err: '' });
    expect(asked).toEqual([scope]);
  });

  test.each([
    [[], 'dump or flush?'],
    [['drop'], '"drop" is not dump or flush'],
    [['flush'], 'NAME is missing (or --all for everything)'],
    [['flush', '--all', 'example.'], '--all stands alone'],
    [['flush', 'a..b'], 'two dots'],
    [['dump', '--name', 'a..b'], 'two dots'],
    [['dump', '--all'], 'there is no option --all'],
  ])('a call that is none is told so: %o', async (args, message) => {
    expect(await callCommand(cache, args)).toMatchObject({ code: 2, err: expect.stringContaining(message) as string });
  });
});

const replyWith =
  (rcode: number, changeId = 0) =>
  (octets: Buffer): Uint8Array => {
    const reply = Uint8Array.from(octets);
    reply[0] ^= changeId;
    reply[2] |= 0x80;
    reply[3] = rcode;
    return reply;
  };

/** An answer whose frame is sound and whose RDATA, a TXT, says that it goes on for longer than it does. */
function brokenAnswer(query: Buffer): Buffer {
  const record = Uint8Array.of(0xc0, 12, 0, Type.TXT, 0, 1, 0, 0, 0, 9, 0, 1, 200);
  const reply = Buffer.concat([query, record]);
  reply.writeUInt16BE(1, 6);
  return reply;
}

describe('health', () => {
  let server: Socket;
  let seen: Buffer[];
  /** What comes back: the query with some octets changed; nothing for undefined. */
  async function serve(answer: (octets: Buffer) => Uint8Array | undefined, address = '127.0.0.1'): Promise<number> {
    seen = [];
    server = createSocket(address.includes(':') ? 'udp6' : 'udp4');
    server.on('message', (octets, from) => {
      seen.push(octets);
      const reply = answer(octets);
      if (reply) server.send(reply, from.port, from.address);
    });
    server.bind(0, address);
    await once(server, 'listening');
    return server.address().port;
  }
  afterEach(() => server.close());
  test('a daemon that answers for localhost is healthy', async () => {
    const port = await serve(replyWith(Rcode.NOERROR));
    expect(await callCommand(health, ['--server', `127.0.0.1:${port}`])).toEqual({
      code: 0,
      out: `healthy: 127.0.0.1:${port} answers\n`,
      err: '',
    });
    expect(seen[0].subarray(12).toString('latin1')).toBe('\tlocalhost\0\0\x01\0\x01');
  });

  test('so is one whose special-use names are switched off, and one on IPv6', async () => {
    const port = await serve(replyWith(Rcode.NXDOMAIN), '::1');
    expect((await callCommand(health, ['--server', `[::1]:${port}`])).code).toBe(0);
  });

  test('the first listen address of the configuration is asked, a wildcard on loopback', async () => {
    const port = await serve(replyWith(Rcode.NOERROR));
    const config = join(directory, 'rootwalk.yaml');
    writeFileSync(config, `listen: {dns: ["0.0.0.0:${port}"]}\n`);
    expect((await callCommand(health, ['--config', config])).out).toBe(`healthy: 127.0.0.1:${port} answers\n`);
  });

  test('one that answers with an error is not', async () => {
    const port = await serve(replyWith(Rcode.SERVFAIL));
    expect(await callCommand(health, ['--server', `127.0.0.1:${port}`])).toMatchObject({
      code: 1,
      err: `not healthy: 127.0.0.1:${port}: it answers SERVFAIL\n`,
    });
  });

  test.each([
    [
      'with another question',
      (octets: Buffer) => Buffer.concat([octets.subarray(0, 13), Buffer.from('LOCALPORT'), octets.subarray(22)]),
      'does not say to others',
    ],
    ['with RDATA that has not the shape of its type', brokenAnswer, 'cannot be read by others'],
    [
      'in more octets than UDP has without EDNS',
      (octets: Buffer) => Buffer.concat([octets, new Uint8Array(500)]),
      'answers in 527 octets',
    ],
  ])('one that answers %s is not', async (_, change, why) => {
    const port = await serve((octets) => replyWith(Rcode.NOERROR)(Buffer.from(change(octets))));
    const { code, err } = await callCommand(health, ['--server', `127.0.0.1:${port}`]);
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining(why) as string });
  });

  test('a port that nobody listens on is told at once', async () => {
    const port = await serve(() => undefined);
    server.close();
    await once(server, 'close');
    expect(await callCommand(health, ['--server', `127.0.0.1:${port}`])).toMatchObject({
      code: 1,
      err: `not healthy: 127.0.0.1:${port}: nobody listens there\n`,
    });
    await serve(() => undefined);
  });

  test('one that is silent, or sends what is no reply to us, is asked three times', async () => {
    const port = await serve((octets) => (seen.length % 2 ? replyWith(0, 1)(octets) : octets));
    const clock = createHandClock();
    let err = '';
    const io = { stdout: () => undefined, stderr: (text: string) => void (err += text), env: {}, isTerminal: false };
    const random = createSeededRandom(1);
    const asking = runHealth(
      ['--server', `127.0.0.1:${port}`],
      { ...io, drained: () => Promise.resolve() },
      { clock, random },
    );
    for (let attempt = 1; attempt <= 3; attempt++) {
      await expect.poll(() => seen.length).toBe(attempt);
      clock.advance(1000);
    }
    expect(await asking).toBe(1);
    expect(err).toContain('no answer within 1000 ms, asked 3 times');
  });

  test('a server that is none is a call that is none', async () => {
    await serve(() => undefined);
    for (const bad of ['127.0.0.1', 'localhost:53', '127.0.0.1:0', '127.0.0.1:70000', '::1:53']) {
      expect((await callCommand(health, ['--server', bad])).code).toBe(2);
    }
  });
});
