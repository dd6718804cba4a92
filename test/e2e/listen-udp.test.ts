import { execFile, spawnSync } from 'node:child_process';
import { networkInterfaces } from 'node:os';
import { promisify } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import type { Handler, ListeningAt, StartResult } from '../../src/listen/handler.ts';
import type { ListenEvent } from '../../src/listen/listen-event.ts';
import { createUdpListener } from '../../src/listen/udp.ts';
import { systemClock } from '../../src/system/clock.ts';
import { addresses, answering } from '../support/answering.ts';
import { queryOctets } from '../support/client-query.ts';
import { udpClient, type UdpClient } from '../support/wire-client.ts';

const run = promisify(execFile);
const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const each of cleanUp.splice(0).reverse()) await each();
});

type Started = { result: StartResult; events: ListenEvent[]; nextEvent: () => Promise<ListenEvent> };

async function start(address: string, handler: Handler, port = 0): Promise<Started> {
  const events: ListenEvent[] = [];
  let told: ((event: ListenEvent) => void) | undefined;
  const report = (event: ListenEvent): void => {
    events.push(event);
    told?.(event);
  };
  const listener = createUdpListener({ address, port }, { handler, report, clock: systemClock });
  const result = await listener.start();
  cleanUp.push(() => listener.stop(0));
  return { result, events, nextEvent: () => new Promise((resolve) => (told = resolve)) };
}

async function listening(address: string, handler: Handler): Promise<ListeningAt & Started> {
  const started = await start(address, handler);
  if (started.result.kind !== 'listening') throw new Error(started.result.text);
  return { ...started.result.at[0], ...started };
}

async function client(address: string): Promise<UdpClient> {
  const opened = await udpClient(address);
  cleanUp.push(() => opened.close());
  return opened;
}

async function dig(...args: string[]): Promise<string> {
  const { stdout } = await run('dig', ['+tries=1', '+time=5', ...args]);
  return stdout;
}

const hasIpv6 = Object.values(networkInterfaces()).some((infos) => infos?.some(({ address }) => address === '::1'));

describe('queries over UDP', () => {
  test('dig gets its answer', async () => {
    const { port } = await listening('127.0.0.1', answering(addresses(2)));
    const output = await dig('@127.0.0.1', '-p', `${port}`, 'www.example.');
    expect(output).toMatch(/status: NOERROR.*\n.*flags: qr rd ra; QUERY: 1, ANSWER: 2/);
    expect(output).toMatch(/www\.example\.\s+300\s+IN\s+A\s+203\.0\.113\.0/);
    expect(output).not.toContain('WARNING');
  });

  test.runIf(hasIpv6)('over IPv6 too', async () => {
    const { port } = await listening('::1', answering(addresses(1)));
    expect(await dig('@::1', '-p', `${port}`, '+short', 'www.example.')).toBe('203.0.113.0\n');
  });

  test('a client that takes 512 octets gets a truncated reply of whole sets', async () => {
    const { port } = await listening('127.0.0.1', answering(addresses(60)));
    const output = await dig('@127.0.0.1', '-p', `${port}`, '+notcp', '+ignore', '+bufsize=512', 'www.example.');
    expect(output).toMatch(/flags: qr tc rd ra; QUERY: 1, ANSWER: 0, AUTHORITY: 0, ADDITIONAL: 1/);
  });

  test('and with room for 1232 the whole answer', async () => {
    const { port } = await listening('127.0.0.1', answering(addresses(60)));
    const output = await dig('@127.0.0.1', '-p', `${port}`, '+notcp', '+bufsize=1232', 'www.example.');
    expect(output).toMatch(/flags: qr rd ra; QUERY: 1, ANSWER: 60/);
  });

  test('an unknown EDNS version is BADVERS, an unknown opcode NOTIMP', async () => {
    const { port } = await listening('127.0.0.1', answering(addresses(1)));
    const at = ['@127.0.0.1', '-p', `${port}`];
    expect(await dig(...at, '+edns=1', '+noednsnegotiation', 'www.example.')).toContain('status: BADVERS');
    expect(await dig(...at, '+opcode=15', '+noedns', 'www.example.')).toContain('status: NOTIMP');
    expect(await dig(...at, '+header-only', '+noedns')).toContain('status: FORMERR');
    expect(await dig(...at, '+nsid', 'www.example.')).toContain('"ns1.example"');
  });

  test('a response gets no answer: the next query’s answer is the first thing that comes', async () => {
    const { port } = await listening('127.0.0.1', answering(addresses(1)));
    const asking = await client('127.0.0.1');
    asking.send(queryOctets({ id: 1, flags: 0x8100 }), port, '127.0.0.1');
    asking.send(queryOctets({ id: 2 }).subarray(0, 11), port, '127.0.0.1');
    asking.send(queryOctets({ id: 3 }), port, '127.0.0.1');
    const { octets } = await asking.next();
    expect([...octets.subarray(0, 2)]).toEqual([0, 3]);
  });

  test('each address has its socket, and a reply comes from the one that was asked', async () => {
    const first = await listening('127.0.0.1', answering(addresses(1)));
    const second = await start('127.0.0.2', answering(addresses(1)), first.port);
    expect(second.result.kind).toBe('listening');
    const asking = await client('127.0.0.3');
    asking.send(queryOctets(), first.port, '127.0.0.2');
    expect(await asking.next()).toMatchObject({ address: '127.0.0.2', port: first.port });
  });

  test('a wildcard listens on every address of this machine, each answering for itself', async () => {
    const { result } = await start('0.0.0.0', answering(addresses(1)));
    if (result.kind !== 'listening') throw new Error(result.text);
    const local = result.at.map(({ address }) => address);
    const expected = Object.values(networkInterfaces()).flatMap((infos) => infos ?? []);
    expect(local).toEqual([...new Set(expected.filter(({ family }) => family === 'IPv4').map((info) => info.address))]);
    const loopback = result.at.find(({ address }) => address === '127.0.0.1')!;
    const asking = await client('127.0.0.1');
    asking.send(queryOctets(), loopback.port, '127.0.0.1');
    expect((await asking.next()).address).toBe('127.0.0.1');
  });

  test('a reply that the network refuses is reported, and the next one is sent', async () => {
    const { port, events, nextEvent } = await listening('127.0.0.1', (octets, from, send) => {
      // A datagram cannot have more than 65507 octets.
      send(octets[1] === 1 ? new Uint8Array(65536) : octets);
      expect(from.transport).toBe('udp');
    });
    const asking = await client('127.0.0.1');
    const reported = nextEvent();
    asking.send(queryOctets({ id: 1 }), port, '127.0.0.1');
    expect(await reported).toMatchObject({ kind: 'reply-not-sent', code: 'EMSGSIZE' });
    asking.send(queryOctets({ id: 2 }), port, '127.0.0.1');
    expect((await asking.next()).octets[1]).toBe(2);
    expect(events).toHaveLength(2);
  });

  test('an address that is taken is a problem that names who holds it', async () => {
    const { port } = await listening('127.0.0.1', answering(addresses(1)));
    const { result } = await start('127.0.0.1', answering(addresses(1)), port);
    expect(result).toMatchObject({ kind: 'bind-problem', code: 'EADDRINUSE' });
    if (process.platform !== 'linux' || result.kind === 'listening') return;
    expect(result.text).toContain(`(process ${process.pid}) on 127.0.0.1:${port}`);
  });
});

/** Sends one datagram whose source port is 0, as no ordinary socket can; exits with 3 where that is not permitted. */
const FROM_PORT_0 = `
import socket, struct, sys
payload = bytes.fromhex(sys.argv[2])
try: raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_UDP)
except PermissionError: sys.exit(3)
raw.sendto(struct.pack('!HHHH', 0, int(sys.argv[1]), 8 + len(payload), 0) + payload, ('127.0.0.1', 0))
`;
const canForge = spawnSync('python3', ['-c', FROM_PORT_0, '9', '00']).status === 0;

test.runIf(canForge)('a datagram from port 0 is dropped and counted, and nothing is sent to port 0', async () => {
  const { port, nextEvent } = await listening('127.0.0.1', () => expect.unreachable());
  const reported = nextEvent();
  await run('python3', ['-c', FROM_PORT_0, `${port}`, Buffer.from(queryOctets()).toString('hex')]);
  expect(await reported).toMatchObject({ kind: 'message-dropped', reason: 'source-port-0' });
});
