/** The control socket and its client on real sockets: who may use it, what is bounded, what is said when it fails. */

import { once } from 'node:events';
import { chmodSync, existsSync, linkSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createControlClient, findSocket } from '../../src/cli/control-client.ts';
import { MAX_REQUEST_OCTETS, type CacheDumpEntry } from '../../src/daemon/control-protocol.ts';
import type { ControlMethods } from '../../src/daemon/control-requests.ts';
import {
  createControlSocket,
  type ControlSocket,
  type ControlSocketEvent,
  type ControlSocketOptions,
} from '../../src/daemon/control-socket.ts';
import { name } from '../../src/dns/name.ts';
import { Type } from '../../src/dns/record-type.ts';
import { replyFromJson } from '../../src/observe/json-form.ts';
import { systemClock, type Clock } from '../../src/system/clock.ts';
import { aReply, aWalk, anAddress, at, exchange } from '../support/finished-query.ts';
import { createHandClock } from '../support/hand-clock.ts';

let directory: string;
let path: string;
let running: ControlSocket[];
let events: ControlSocketEvent[];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'rootwalk-control-'));
  path = join(directory, 'state', 'control.sock');
  running = [];
  events = [];
});
afterEach(async () => {
  for (const socket of running) await socket.stop();
  rmSync(directory, { recursive: true, force: true });
});

const walkedReply = aReply({
  answer: [anAddress('www.example.')],
  source: 'recursion',
  walk: aWalk([at(exchange('example.', { result: 'answer' }))]),
});
const methods: ControlMethods = {
  query: () => Promise.resolve(walkedReply),
  cacheDump: () => [],
  cacheFlush: () => ({ removed: 0 }),
  ntaAdd: () => Promise.resolve({ why: 'not here' }),
  ntaRemove: () => Promise.resolve({ wasThere: false, removed: 0 }),
  ntaList: () => [],
  anchors: () => [],
  status: () => ({ queries: 3 }),
};

const report = (event: ControlSocketEvent): void => void events.push(event);

type Changes = { methods?: Partial<ControlMethods>; clock?: Clock; options?: Partial<ControlSocketOptions> };

function create({ methods: changed, clock = systemClock, options }: Changes = {}): ControlSocket {
  const around = { clock, methods: { ...methods, ...changed }, report };
  const socket = createControlSocket({ path, ...options }, around);
  running.push(socket);
  return socket;
}

async function start(changes: Changes = {}): Promise<ControlSocket> {
  const socket = create(changes);
  expect(await socket.start()).toEqual({ kind: 'listening' });
  return socket;
}

/** Sends octets as they are and gives everything that comes back until the daemon ends the connection. */
async function sendRaw(octets: string | Uint8Array): Promise<unknown[]> {
  const socket = connect(path);
  let text = '';
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => (text += String(chunk)));
  socket.end(octets);
  await once(socket, 'close');
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as unknown);
}

describe('asking', () => {
  test('a question gets the reply with its walk, and without it where it is not asked for', async () => {
    const asked: unknown[] = [];
    await start({
      methods: {
        query(params) {
          asked.push(params);
          return Promise.resolve(walkedReply);
        },
      },
    });
    const client = createControlClient(path);
    const explained = await client.ask('query', { qname: 'www.example.', qtype: 'AAAA', explain: true });
    const plain = await client.ask('query', { qname: 'www.example.', qtype: 'A', explain: false });
    expect(replyFromJson(explained.kind === 'result' && explained.result)).toEqual(walkedReply);
    expect(plain).not.toHaveProperty('result.walk');
    expect(asked).toEqual([
      { qname: name('www.example.'), qtype: Type.AAAA, explain: true },
      { qname: name('www.example.'), qtype: Type.A, explain: false },
    ]);
  });

  test('what is to be flushed reaches the cache', async () => {
    const asked: unknown[] = [];
    await start({
      methods: {
        cacheFlush(scope) {
          asked.push(scope);
          return { removed: asked.length };
        },
      },
    });
    const client = createControlClient(path);
    await client.ask('cacheFlush', { scope: 'name', name: 'a.example.' });
    await client.ask('cacheFlush', { scope: 'subtree', name: 'example.' });
    expect(await client.ask('cacheFlush', { scope: 'all' })).toEqual({ kind: 'result', result: { removed: 3 } });
    expect(asked).toEqual([
      { scope: 'name', name: name('a.example.') },
      { scope: 'subtree', name: name('example.') },
      { scope: 'all' },
    ]);
  });

  test('several requests on one connection are answered in their order', async () => {
    await start();
    expect(await sendRaw('{"id":7,"method":"status"}\n{"id":8,"method":"status","params":{}}\n')).toEqual([
      { id: 7, kind: 'result', result: { queries: 3 } },
      { id: 8, kind: 'result', result: { queries: 3 } },
    ]);
  });
});

function entry(i: number): CacheDumpEntry {
  return { kind: 'rrset', name: `n${i}.example.`, type: 'A', ttl: 1, data: ['203.0.113.7'], note: 'x'.repeat(100) };
}
function* endless(produced: { count: number; ended: boolean }): Generator<CacheDumpEntry> {
  try {
    for (;;) yield entry(produced.count++);
  } finally {
    produced.ended = true;
  }
}

describe('a dump', () => {
  test('gives every entry, in order', async () => {
    await start({ methods: { cacheDump: () => Array.from({ length: 5000 }, (_, i) => entry(i)) } });
    const names: string[] = [];
    const result = await createControlClient(path).ask('cacheDump', {}, async (item) => void names.push(item.name));
    expect(result).toEqual({ kind: 'result', result: null });
    expect(names).toEqual(Array.from({ length: 5000 }, (_, i) => `n${i}.example.`));
  });

  test('goes no faster than it is read, and ends when the client goes', async () => {
    const produced = { count: 0, ended: false };
    await start({ methods: { cacheDump: () => endless(produced) } });
    const socket = connect(path);
    socket.write('{"id":1,"method":"cacheDump"}\n');
    await once(socket, 'readable');
    let before = -1;
    // Stands still once the buffers of both ends are full.
    await expect.poll(() => before === (before = produced.count), { interval: 100 }).toBe(true);
    expect(produced.count).toBeLessThan(20_000);
    expect(produced.ended).toBe(false);
    socket.destroy();
    await expect.poll(() => produced.ended).toBe(true);
  });

  test('of a client that stops reading is given up after a while', async () => {
    const produced = { count: 0, ended: false };
    const clock = createHandClock();
    await start({ methods: { cacheDump: () => endless(produced) }, clock, options: { idleMs: 5000 } });
    const socket = connect(path);
    socket.write('{"id":1,"method":"cacheDump"}\n');
    const turn = (): boolean => (clock.advance(500), produced.ended);
    await expect.poll(turn, { interval: 1, timeout: 10_000 }).toBe(true);
    socket.destroy();
  });
});

describe('requests that are none', () => {
  test.each([
    ['no JSON', 'hello\n', 'bad-request'],
    ['no object', '[1]\n', 'bad-request'],
    ['null', 'null\n', 'bad-request'],
    ['a method that does not exist', '{"id":1,"method":"shutdown"}\n', 'unknown-method'],
    ['a method every object has', '{"id":1,"method":"constructor"}\n', 'unknown-method'],
    ['parameters of another kind', '{"id":1,"method":"query","params":[]}\n', 'bad-request'],
    ['a name that is none', '{"id":1,"method":"query","params":{"qname":"a..b","qtype":"A"}}\n', 'bad-request'],
    ['no name', '{"id":1,"method":"query","params":{"qtype":"A"}}\n', 'bad-request'],
    ['a type that is none', '{"id":1,"method":"query","params":{"qname":".","qtype":"AX"}}\n', 'bad-request'],
    ['a scope that is none', '{"id":1,"method":"cacheFlush","params":{"scope":"none"}}\n', 'bad-request'],
    ['a flush without a name', '{"id":1,"method":"cacheFlush","params":{"scope":"subtree"}}\n', 'bad-request'],
    ['binary', Uint8Array.of(0xff, 0xfe, 0, 0x0a), 'bad-request'],
    ['a line without end', 'x'.repeat(MAX_REQUEST_OCTETS + 1), 'too-long'],
    ['a line too long', `${'x'.repeat(MAX_REQUEST_OCTETS + 1)}\n`, 'too-long'],
  ])('%s', async (_, octets, code) => {
    await start();
    expect(await sendRaw(octets)).toMatchObject([{ kind: 'error', code }]);
    expect(await createControlClient(path).ask('status', {})).toMatchObject({ kind: 'result' });
  });

  test('a method that comes to grief is reported, and the next request is answered', async () => {
    const error = new Error('a bug');
    await start({ methods: { query: () => Promise.reject(error) } });
    const client = createControlClient(path);
    expect(await client.ask('query', { qname: '.', qtype: 'NS', explain: false })).toMatchObject({ kind: 'problem' });
    expect(events).toEqual([{ kind: 'control-method-failed', method: 'query', error }]);
    expect(await client.ask('status', {})).toMatchObject({ kind: 'result' });
  });
});

describe('the file', () => {
  test('may be used by its owner alone, and is gone afterwards', async () => {
    const socket = await start();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    await socket.stop();
    expect(existsSync(path)).toBe(false);
  });

  test('left by a daemon that was killed is taken away', async () => {
    await start();
    const abandoned = join(directory, 'abandoned.sock');
    const server = createServer();
    server.listen(abandoned);
    await once(server, 'listening');
    // A hard link survives the close, as the file survives a kill.
    mkdirSync(join(directory, 'other'));
    path = join(directory, 'other', 'control.sock');
    linkSync(abandoned, path);
    server.close();
    await once(server, 'close');
    await start();
    expect(await createControlClient(path).ask('status', {})).toMatchObject({ kind: 'result' });
  });

  test('of a daemon that lives is left to it', async () => {
    await start();
    const second = await create().start();
    expect(second).toMatchObject({ kind: 'problem', why: expect.stringContaining('another rootwalk') as string });
    expect(await createControlClient(path).ask('status', {})).toMatchObject({ kind: 'result' });
  });

  test('that is no socket is left alone', async () => {
    path = join(directory, 'notes.txt');
    writeFileSync(path, 'precious');
    expect(await create().start()).toMatchObject({ kind: 'problem' });
    expect(statSync(path).isFile()).toBe(true);
  });

  test('whose path is too long for the system is a problem with that reason', async () => {
    path = join(directory, 'x'.repeat(120));
    expect(await create().start()).toMatchObject({ why: expect.stringContaining('longer than 107 octets') as string });
  });
});

describe('bounds', () => {
  test('connections beyond the bound are told so, and there is room again when others go', async () => {
    await start({ options: { maxConnections: 3 } });
    const held: Socket[] = [];
    for (let i = 0; i < 3; i++) {
      const socket = connect(path);
      socket.write('{"id":1,"method":"status"}\n');
      await once(socket, 'data');
      held.push(socket);
    }
    const client = createControlClient(path);
    expect(await client.ask('status', {})).toMatchObject({ why: expect.stringContaining('too many') as string });
    for (const socket of held) socket.destroy();
    await expect.poll(async () => (await client.ask('status', {})).kind).toBe('result');
  });

  test('a connection that says nothing is closed after a while', async () => {
    const clock = createHandClock();
    await start({ clock, options: { idleMs: 5000 } });
    const socket = connect(path);
    socket.on('error', () => undefined);
    socket.resume();
    await expect.poll(() => clock.pending()).toBe(1);
    clock.advance(5000);
    await once(socket, 'close');
    expect(clock.pending()).toBe(0);
  });

  test('stopping ends what is open', async () => {
    const socket = await start();
    const client = connect(path);
    client.on('error', () => undefined);
    client.resume();
    await once(client, 'connect');
    await socket.stop();
    await once(client, 'close');
  });
});

describe('what the client says', () => {
  test('when no daemon is running', async () => {
    const asked = await createControlClient(path).ask('status', {});
    expect(asked).toMatchObject({
      why: expect.stringMatching(/the daemon is not running.*\n.*rootwalk start/) as string,
    });
  });

  test('when the path is no socket', async () => {
    const file = join(directory, 'file');
    writeFileSync(file, '');
    const asked = await createControlClient(file).ask('status', {});
    expect(asked).toMatchObject({ kind: 'problem', why: expect.stringContaining(file) as string });
  });

  test.skipIf(process.getuid?.() === 0)('without permission', async () => {
    await start();
    chmodSync(path, 0o000);
    const asked = await createControlClient(path).ask('status', {});
    expect(asked).toMatchObject({ why: expect.stringMatching(/permission denied.*\n.*sudo/) as string });
  });

  test('when the daemon ends in the middle of an answer', async () => {
    path = join(directory, 'short.sock');
    const server = createServer((socket) => socket.end('{"id":1,"kind":"item","item":{}}\n'));
    server.listen(path);
    await once(server, 'listening');
    const asked = await createControlClient(path).ask('cacheDump', {});
    expect(asked).toMatchObject({ why: 'the daemon ended before it had answered' });
    server.close();
  });
});

test('the socket is found by its path, by the configuration, or where the defaults put it', () => {
  const file = join(directory, 'rootwalk.yaml');
  writeFileSync(file, `controlSocket: ${directory}/c.sock\n`);
  expect(findSocket({ socket: '/tmp/x.sock', config: 'nowhere' })).toEqual({ path: '/tmp/x.sock' });
  expect(findSocket({ config: file })).toEqual({ path: `${directory}/c.sock` });
  expect(findSocket({})).toMatchObject({ path: expect.stringMatching(/control\.sock$/) as string });
  writeFileSync(file, 'controlSokket: x\n');
  expect(findSocket({ config: file })).toMatchObject({ why: expect.stringContaining('controlSokket') as string });
});
