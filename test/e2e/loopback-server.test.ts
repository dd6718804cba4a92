/** Servers of the lab on real sockets, asked by `dig` and by plain sockets. */

import { createSocket, type RemoteInfo } from 'node:dgram';
import { once } from 'node:events';

import { afterEach, describe, expect, test } from 'vitest';

import { name } from '../../src/dns/name.ts';
import { createLabServer } from '../../src/lab/lab-server.ts';
import { createLoopbackServer, type LoopbackServer } from '../../src/lab/loopback-server.ts';
import * as does from '../../src/lab/misbehaviour.ts';
import type { Misbehaviour } from '../../src/lab/misbehaviour.ts';
import { zoneFromText } from '../../src/lab/zone.ts';
import { systemClock } from '../../src/system/clock.ts';
import { dig, digIsMissing } from '../support/dig.ts';
import { queryFor, readResponse } from '../support/messages.ts';
import { skipped } from '../support/nsd.ts';
import { exchangeOverTcp, exchangeOverUdp } from '../support/plain-exchange.ts';

const zone = zoneFromText(
  name('example.'),
  `
@    SOA ns admin 1 7200 3600 1209600 60
www  A   203.0.113.7
txt  TXT "a b" "c"
${Array.from({ length: 40 }, (_, i) => `big TXT "${'x'.repeat(50)}${i}"`).join('\n')}
`,
);

const running: LoopbackServer[] = [];
afterEach(async () => void (await Promise.all(running.splice(0).map((server) => server.stop()))));

async function serve(misbehaviour: readonly Misbehaviour[] = [], address = '127.53.9.1', port = 0) {
  const server = createLoopbackServer(
    { address, port, server: createLabServer([zone], misbehaviour) },
    { clock: systemClock },
  );
  running.push(server);
  const result = await server.start();
  return { server, result, at: { address, port: result.kind === 'started' ? result.port : 0 } };
}

const query = queryFor('www.example. A');

/** Where a response comes from, whoever was asked. */
async function sourceOfResponse(at: { address: string; port: number }): Promise<{ address: string; port: number }> {
  const socket = createSocket('udp4');
  socket.send(query, at.port, at.address);
  const [, from] = (await once(socket, 'message')) as [Buffer, RemoteInfo];
  socket.close();
  return from;
}

describe.skipIf(digIsMissing !== undefined)(`dig${skipped(digIsMissing)}`, () => {
  test.each([
    ['gets an answer', [], ['www.example.', 'A'], /flags: qr aa;.*\n[^]*www\.example\.\t\t300\tIN\tA\t203\.0\.113\.7/],
    ['gets it over TCP', [], ['+tcp', 'www.example.', 'A'], /203\.0\.113\.7[^]*\(TCP\)/],
    ['gets a denial', [], ['none.example.', 'A'], /status: NXDOMAIN[^]*example\.\t\t60\tIN\tSOA/],
    ['is refused elsewhere', [], ['www.other.test.', 'A'], /status: REFUSED/],
    [
      'asks again over TCP when there is TC',
      [],
      ['big.example.', 'TXT'],
      /Truncated, retrying in TCP mode[^]*ANSWER: 40/,
    ],
    ['sees EDNS refused', [does.formatErrorOnEdns], ['www.example.', 'A'], /status: FORMERR/],
    ['gets nothing from a silent server', [does.silent], ['www.example.', 'A'], /timed out/],
    ['sees another ID', [does.wrongId], ['www.example.', 'A'], /ID mismatch/],
    [
      'sees another question',
      [{ kind: 'wrong-question', qname: name('other.test.') }],
      ['www.example.', 'A'],
      /Question section mismatch/,
    ],
    ['takes the answer behind junk', [does.sendsFirst('wrong-id')], ['www.example.', 'A'], /203\.0\.113\.7/],
  ] as [string, Misbehaviour[], string[], RegExp][])('%s', async (_, misbehaviour, words, expected) => {
    const { at } = await serve(misbehaviour);
    expect(await dig(at, ...words)).toMatch(expected);
  });
});

describe('a server on loopback', () => {
  test('listens on IPv6 too', async () => {
    const { at } = await serve([], '::1');
    expect(readResponse(await exchangeOverUdp(at, query)).rcode).toBe('NOERROR');
  });

  test('answers from another address or port where it is told to', async () => {
    for (const [part, address, isSamePort] of [
      ['address', '127.181.9.1', true],
      ['port', '127.53.9.1', false],
    ] as const) {
      const { at } = await serve([does.answersFrom(part)]);
      const from = await sourceOfResponse(at);
      expect(from.address).toBe(address);
      expect(from.port === at.port).toBe(isSamePort);
    }
  });

  test.each([
    ['refuses connections', does.tcpRefused, 'refused'],
    ['closes them at once', does.tcpCloses, 'closed'],
    ['leaves them hanging', does.tcpHangs, 'timeout'],
  ])('%s', async (_, misbehaviour, ending) => {
    const { at } = await serve([misbehaviour]);
    expect(await exchangeOverTcp(at, query, 200)).toBe(ending);
    expect(readResponse(await exchangeOverUdp(at, query)).rcode).toBe('NOERROR');
  });

  test('has its UDP port closed where it refuses datagrams, and serves TCP', async () => {
    const { at } = await serve([does.udpRefused]);
    expect(await exchangeOverUdp(at, query, 200)).toBeUndefined();
    expect(await exchangeOverTcp(at, query)).toBeInstanceOf(Uint8Array);
  });

  test('cannot be one that others could reach', async () => {
    const { result } = await serve([], '0.0.0.0');
    expect(result).toMatchObject({ kind: 'failed', code: 'EADDRNOTAVAIL' });
  });

  test('says why it cannot start, and leaves nothing open', async () => {
    const { at } = await serve([does.tcpRefused]);
    const second = await serve([], at.address, at.port);
    expect(second.result).toEqual({
      kind: 'failed',
      code: 'EADDRINUSE',
      why: `cannot listen on 127.53.9.1:${at.port}: another program listens there`,
    });
    expect(await exchangeOverTcp(at, query)).toBe('refused');
  });

  test('answers no more when it has stopped, with connections open and responses due, and may start again', async () => {
    const { at, server } = await serve([does.delays(300)]);
    const pending = [exchangeOverUdp(at, query, 500), exchangeOverTcp(at, query, 500)] as const;
    await exchangeOverUdp(at, query, 100);
    await server.stop();
    await server.stop();
    expect(await Promise.all(pending)).toEqual([undefined, 'closed']);
    expect(await exchangeOverUdp(at, query, 100)).toBeUndefined();
    expect(await server.start()).toMatchObject({ kind: 'started' });
  });
});
