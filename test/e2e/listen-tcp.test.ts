import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createConnectionTable, type ConnectionBounds } from '../../src/listen/connection-table.ts';
import { frame } from '../../src/dns/wire/framing.ts';
import type { Handler, Listener, SendReply } from '../../src/listen/handler.ts';
import type { ListenEvent } from '../../src/listen/listen-event.ts';
import { createTcpListener } from '../../src/listen/tcp.ts';
import { defaultConnectionLimits, type ConnectionLimits } from '../../src/listen/tcp-connection.ts';
import { addresses, answering } from '../support/answering.ts';
import { queryOctets } from '../support/client-query.ts';
import { createHandClock, type HandClock } from '../support/hand-clock.ts';
import { tcpClient, type TcpClient } from '../support/wire-client.ts';

const run = promisify(execFile);
const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const each of cleanUp.splice(0).reverse()) await each();
});

type Listening = {
  readonly port: number;
  readonly clock: HandClock;
  readonly listener: Listener;
  /** Why connections were closed, in order. */
  readonly closed: string[];
  /** Resolves at the next event of that kind. */
  readonly next: (kind: ListenEvent['kind']) => Promise<ListenEvent>;
  readonly connect: (address?: string) => Promise<TcpClient>;
};

async function listening(
  handler: Handler,
  limits: Partial<ConnectionLimits> = {},
  bounds: Partial<ConnectionBounds> = {},
): Promise<Listening> {
  const clock = createHandClock();
  const closed: string[] = [];
  const waiting = new Map<string, (event: ListenEvent) => void>();
  const report = (event: ListenEvent): void => {
    if (event.kind === 'connection-closed') closed.push(event.why);
    waiting.get(event.kind)?.(event);
  };
  const connections = createConnectionTable({ maxConnections: 100, maxPerClient: 100, ...bounds });
  const listener = createTcpListener(
    { address: '0.0.0.0', port: 0, limits: { ...defaultConnectionLimits, ...limits } },
    { handler, clock, report, connections },
  );
  const result = await listener.start();
  if (result.kind !== 'listening') throw new Error(result.text);
  cleanUp.push(() => listener.stop(0));
  const { port } = result.at[0];
  return {
    port,
    clock,
    listener,
    closed,
    next: (kind) => new Promise((resolve) => waiting.set(kind, resolve)),
    async connect(address = '127.0.0.1') {
      const client = await tcpClient(port, address);
      cleanUp.push(() => client.socket.destroy());
      return client;
    },
  };
}

/** A handler that keeps what it was asked, and a promise of the next query that comes. */
function holding(): { handler: Handler; held: Map<number, SendReply>; arrival: (count: number) => Promise<void> } {
  const held = new Map<number, SendReply>();
  let check: (() => void) | undefined;
  return {
    held,
    handler(octets, _client, send) {
      held.set((octets[0] << 8) | octets[1], send);
      check?.();
    },
    arrival: (count) =>
      new Promise((resolve) => {
        check = () => {
          if (held.size >= count) resolve();
        };
        check();
      }),
  };
}

const query = (id: number): Uint8Array => queryOctets({ id });
const idsOf = async (client: TcpClient, count: number): Promise<number[]> => {
  const ids: number[] = [];
  for (let i = 0; i < count; i++) ids.push((await client.next())[1]);
  return ids;
};

describe('queries over TCP', () => {
  test('dig gets its answer, and a second one on the same connection', async () => {
    const { port, closed, next } = await listening(answering(addresses(60)));
    const ended = next('connection-closed');
    const at = ['@127.0.0.1', '-p', `${port}`, '+tcp', '+keepopen', '+keepalive', '+tries=1', '+time=5'];
    const { stdout } = await run('dig', [...at, 'www.example.', ...at, 'mail.example.']);
    expect(stdout.match(/flags: qr rd ra; QUERY: 1, ANSWER: 60/g)).toHaveLength(2);
    expect(stdout.match(/TCP.KEEPALIVE: 10\.0 secs/gi)).toHaveLength(2);
    await ended;
    expect(closed).toEqual(['by-client']);
  });

  test('a reply of 65535 octets arrives whole', async () => {
    const { connect } = await listening((_octets, _client, send) => send(new Uint8Array(65535).fill(7)));
    const client = await connect();
    client.ask(query(1));
    expect(Buffer.from(await client.next()).equals(Buffer.alloc(65535, 7))).toBe(true);
  });

  test('many queries at once are answered as they get ready', async () => {
    const { handler, held, arrival } = holding();
    const { connect } = await listening(handler);
    const client = await connect();
    for (const id of [1, 2, 3]) client.ask(query(id));
    await arrival(3);
    for (const id of [2, 3, 1]) held.get(id)!(query(id));
    expect(await idsOf(client, 3)).toEqual([2, 3, 1]);
  });

  test('a hundred queries in one segment', async () => {
    const { connect } = await listening((octets, _client, send) => send(octets));
    const client = await connect();
    const ids = Array.from({ length: 100 }, (_, i) => i);
    client.socket.write(Buffer.concat(ids.map((id) => frame(query(id)))));
    expect(await idsOf(client, 100)).toEqual(ids);
  });

  test('two queries cut octet by octet', async () => {
    const { connect } = await listening((octets, _client, send) => send(octets));
    const client = await connect();
    for (const octet of Buffer.concat([frame(query(1)), frame(query(2))])) {
      client.socket.write(Uint8Array.of(octet));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await idsOf(client, 2)).toEqual([1, 2]);
  });

  test('a response gets no answer, the query behind it does', async () => {
    const { connect } = await listening(answering(addresses(1)));
    const client = await connect();
    client.ask(queryOctets({ id: 1, flags: 0x8100 }));
    client.ask(Uint8Array.of());
    client.ask(query(2));
    expect(await idsOf(client, 1)).toEqual([2]);
  });
});

describe('a client that has sent its FIN', () => {
  test('still gets what it asked for, and then ours', async () => {
    const { handler, held, arrival } = holding();
    const { connect, closed, next } = await listening(handler);
    const ended = next('connection-closed');
    const client = await connect();
    client.ask(query(1));
    client.socket.end(frame(query(2)));
    await arrival(2);
    held.get(2)!(query(2));
    held.get(1)!(query(1));
    expect(await idsOf(client, 2)).toEqual([2, 1]);
    expect(await client.ended).toBe('end');
    await ended;
    expect(closed).toEqual(['by-client']);
  });

  test('also when more was asked than may be in work at once', async () => {
    const { handler, held, arrival } = holding();
    const { connect } = await listening(handler, { maxPipelined: 1 });
    const client = await connect();
    client.socket.end(Buffer.concat([frame(query(1)), frame(query(2))]));
    await arrival(1);
    held.get(1)!(query(1));
    await arrival(2);
    held.get(2)!(query(2));
    expect(await idsOf(client, 2)).toEqual([1, 2]);
    expect(await client.ended).toBe('end');
  });

  test('gets ours at once when it asked nothing, or left a message unfinished', async () => {
    const { connect } = await listening(() => expect.unreachable());
    const silent = await connect();
    silent.socket.end();
    expect(await silent.ended).toBe('end');
    const unfinished = await connect();
    unfinished.socket.end(frame(query(1)).subarray(0, 9));
    expect(await unfinished.ended).toBe('end');
  });
});

describe('a client that resets', () => {
  test('leaves the others alone, and its replies are dropped', async () => {
    const { handler, held, arrival } = holding();
    const { connect, closed, next } = await listening(handler);
    const [leaving, staying] = [await connect(), await connect()];
    leaving.ask(query(1));
    staying.ask(query(2));
    await arrival(2);
    const ended = next('connection-closed');
    leaving.socket.resetAndDestroy();
    await ended;
    const dropped = next('message-dropped');
    held.get(1)!(query(1));
    expect(await dropped).toMatchObject({ reason: 'client-gone' });
    held.get(2)!(query(2));
    expect(await idsOf(staying, 1)).toEqual([2]);
    expect(closed).toEqual(['failed']);
  });
});

describe('time', () => {
  test('an idle connection is closed after the idle time-out, and each message begins it anew', async () => {
    const { connect, clock, closed } = await listening((octets, _client, send) => send(octets), {
      idleTimeoutMs: 1000,
    });
    const client = await connect();
    for (const id of [1, 2]) {
      clock.advance(900);
      client.ask(query(id));
      await client.next();
    }
    clock.advance(900);
    expect(closed).toEqual([]);
    clock.advance(101);
    expect(await client.ended).toBe('end');
  });

  test('a connection that waits for us is not idle', async () => {
    const { handler, held, arrival } = holding();
    const { connect, clock } = await listening(handler, { idleTimeoutMs: 1000 });
    const client = await connect();
    client.ask(query(1));
    await arrival(1);
    clock.advance(5000);
    held.get(1)!(query(1));
    expect(await idsOf(client, 1)).toEqual([1]);
  });

  test('unless nothing it asked ever comes to an end', async () => {
    const { handler, arrival } = holding();
    const { connect, clock, next } = await listening(handler, { unansweredTimeoutMs: 20_000 });
    const client = await connect();
    client.ask(query(1));
    await arrival(1);
    const ended = next('connection-closed');
    clock.advance(20_000);
    expect(await ended).toMatchObject({ why: 'unanswered' });
    expect(await client.ended).toBe('ECONNRESET');
  });

  test('octets that drip do not make a message last', async () => {
    const { connect, clock, next } = await listening((octets, _client, send) => send(octets), { frameTimeoutMs: 3000 });
    const client = await connect();
    // The first message's reply shows that the beginning of the second has come too.
    client.socket.write(Buffer.concat([frame(query(1)), frame(query(2)).subarray(0, 5)]));
    await client.next();
    const ended = next('connection-closed');
    for (let i = 5; i < 8; i++) {
      clock.advance(990);
      client.socket.write(frame(query(2)).subarray(i, i + 1));
      await new Promise((resolve) => setImmediate(resolve));
    }
    clock.advance(31);
    expect(await ended).toMatchObject({ why: 'slow-frame' });
  });
});

describe('a client that does not read', () => {
  test('is asked no more, and reset when its replies wait for too long', async () => {
    let taken = 0;
    const { connect, clock, closed, next } = await listening(
      (_octets, _client, send) => {
        taken++;
        send(new Uint8Array(60_000));
      },
      { writeTimeoutMs: 4000 },
    );
    const client = await connect();
    client.socket.pause();
    const queries = 2000; // their replies are more than the buffers of both systems hold
    client.socket.write(Buffer.concat(Array.from({ length: queries }, () => frame(query(1)))));
    const ended = next('connection-closed');
    // Time passes while the systems' buffers fill; once they are full, it is counted against the client.
    while (closed.length === 0) {
      clock.advance(500);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await ended).toMatchObject({ why: 'slow-reader' });
    expect(taken).toBeLessThan(queries);
  });

  test('is reset when more replies wait than are held for it', async () => {
    const { handler, held, arrival } = holding();
    const { connect, next } = await listening(handler, { maxWaitingOctets: 200_000 });
    const client = await connect();
    client.socket.pause();
    const ids = Array.from({ length: 120 }, (_, i) => i);
    client.socket.write(Buffer.concat(ids.map((id) => frame(query(id)))));
    await arrival(120);
    const ended = next('connection-closed');
    for (const id of ids) held.get(id)!(new Uint8Array(65535));
    expect(await ended).toMatchObject({ why: 'slow-reader' });
  });

  test('gets all of it when it reads after all', async () => {
    let taken = 0;
    const { connect } = await listening((octets, _client, send) => {
      taken++;
      const reply = new Uint8Array(60_000);
      reply[1] = octets[1];
      send(reply);
    });
    const client = await connect();
    client.socket.pause();
    const ids = Array.from({ length: 250 }, (_, i) => i);
    client.socket.write(Buffer.concat(ids.map((id) => frame(query(id)))));
    await vi.waitUntil(() => taken > 0);
    client.socket.resume();
    expect(await idsOf(client, 250)).toEqual(ids);
  });
});

describe('bounds', () => {
  test('beyond the queries that may be in work, the next is taken when one is answered', async () => {
    const { handler, held, arrival } = holding();
    const { connect } = await listening(handler, { maxPipelined: 2 });
    const client = await connect();
    client.socket.write(Buffer.concat([1, 2, 3].map((id) => frame(query(id)))));
    await arrival(2);
    expect([...held.keys()]).toEqual([1, 2]);
    held.get(2)!(query(2));
    expect([...held.keys()]).toEqual([1, 2, 3]);
    // One that ends without a reply makes room as well.
    client.ask(query(4));
    held.get(1)!(undefined);
    await arrival(4);
  });

  test('a full table closes the connection idle for longest, so a new client gets in', async () => {
    const { handler, held, arrival } = holding();
    const { connect, next } = await listening(handler, {}, { maxConnections: 2 });
    const busy = await connect('127.0.0.1');
    busy.ask(query(1));
    await arrival(1);
    const idle = await connect('127.0.0.1');
    const closing = next('connection-closed');
    const late = await connect('127.0.0.1');
    expect(await closing).toMatchObject({ why: 'table-full' });
    expect(await idle.ended).toBe('end');
    late.ask(query(2));
    await arrival(2);
    for (const id of [1, 2]) held.get(id)!(query(id));
    expect([await idsOf(busy, 1), await idsOf(late, 1)]).toEqual([[1], [2]]);
  });

  test('a client whose connections are all busy gets no further one', async () => {
    const { handler, held, arrival } = holding();
    const { connect, next } = await listening(handler, {}, { maxPerClient: 1 });
    const first = await connect();
    first.ask(query(1));
    await arrival(1);
    const refused = next('connection-refused');
    const second = await connect();
    expect(await refused).toMatchObject({ client: { address: '127.0.0.1' } });
    expect(await second.ended).toBe('ECONNRESET');
    held.get(1)!(query(1));
    expect(await idsOf(first, 1)).toEqual([1]);
  });
});

describe('stopping', () => {
  test('answers what is in work, closes what is idle, and accepts nothing more', async () => {
    const { handler, held, arrival } = holding();
    const { connect, listener, port, closed } = await listening(handler);
    const [busy, idle] = [await connect(), await connect()];
    busy.ask(query(1));
    await arrival(1);
    const stopped = listener.stop(5000);
    expect(await idle.ended).toBe('end');
    idle.socket.end();
    const late = await tcpClient(port, '127.0.0.1');
    expect(await late.ended).toBe('ECONNREFUSED');
    held.get(1)!(query(1));
    expect(await idsOf(busy, 1)).toEqual([1]);
    expect(await busy.ended).toBe('end');
    busy.socket.end();
    await stopped;
    expect(closed).toEqual(['stopping', 'stopping']);
  });

  test('but not beyond the deadline', async () => {
    const { handler, arrival } = holding();
    const { connect, listener, clock } = await listening(handler);
    const client = await connect();
    client.ask(query(1));
    await arrival(1);
    const stopped = listener.stop(5000);
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(5000);
    await stopped;
    expect(await client.ended).toBe('ECONNRESET');
  });

  test('at once, without a deadline, closes an idle connection as well', async () => {
    const { connect, listener, closed } = await listening((octets, _client, send) => send(octets));
    const client = await connect();
    client.ask(query(1));
    await client.next();
    await listener.stop(0);
    expect(closed).toEqual(['stopping']);
  });

  test('also when our FIN waits behind replies that a client does not read', async () => {
    const { handler, held, arrival } = holding();
    const { connect, listener, clock, closed } = await listening(handler, {
      maxPipelined: 400,
      maxWaitingOctets: 1 << 26,
    });
    const client = await connect();
    client.socket.pause();
    // More than the buffers of both systems hold.
    const ids = Array.from({ length: 400 }, (_, i) => i);
    client.socket.write(Buffer.concat(ids.map((id) => frame(query(id)))));
    await arrival(400);
    const stopped = listener.stop(5000);
    for (const id of ids) held.get(id)!(new Uint8Array(65535));
    await new Promise((resolve) => setImmediate(resolve));
    expect(closed).toEqual([]);
    clock.advance(5000);
    await stopped;
    expect(closed).toEqual(['stopping']);
  });
});
