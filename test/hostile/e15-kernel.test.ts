/**
 * E15: the system refuses what we ask of it: send buffers that are full (EAGAIN, ENOBUFS), a firewall (EPERM), no route
 * (ENETUNREACH), datagrams too large (EMSGSIZE), an address that is gone, and no file descriptors left (EMFILE).
 *
 * A reply that cannot be sent is reported and forgotten, by callback and never by a throw (listen/udp-portable.ts);
 * every socket has a handler for its errors. Without descriptors connections wait in the system's queue, and what needs
 * none goes on; that we have none is not held against the servers (exchange/own-fault.ts).
 */

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { BatchHandlers, Datagram, OpenBatch } from '../../src/listen/batch.ts';
import type { ListenEvent } from '../../src/listen/listen-event.ts';
import { createUdpListener } from '../../src/listen/udp.ts';
import { openPortableBatch } from '../../src/listen/udp-portable.ts';
import { queryOctets } from '../support/client-query.ts';
import { startDaemon, type RunningDaemon } from '../support/daemon.ts';
import { createHandClock } from '../support/hand-clock.ts';
import { startLoopbackInternet } from '../support/loopback-internet.ts';
import { readResponse } from '../support/messages.ts';
import { tcpClient, udpClient } from '../support/wire-client.ts';
import { recordFigure } from './figures.ts';

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const each of cleanUp.splice(0).reverse()) await each();
});

describe('a reply that cannot be sent', () => {
  const codes = ['EAGAIN', 'ENOBUFS', 'EPERM', 'ENETUNREACH', 'EHOSTUNREACH', 'EMSGSIZE', 'EINVAL', 'EADDRNOTAVAIL'];

  test.each(codes)('because of %s is reported, and the next one goes out', async (code) => {
    const events: ListenEvent[] = [];
    const sent: Datagram[] = [];
    let handlers: BatchHandlers | undefined;
    let fails = true;
    const openBatch: OpenBatch = (_address, port, given) => {
      handlers = given;
      const send = (datagrams: readonly Datagram[]): void => {
        if (fails) datagrams.forEach((datagram) => given.notSent(datagram, code));
        else sent.push(...datagrams);
      };
      return Promise.resolve({ kind: 'open', batch: { port, send, close: () => Promise.resolve() } });
    };
    const listener = createUdpListener(
      { address: '192.0.2.53', port: 53 },
      {
        clock: createHandClock(),
        handler: (octets, _client, send) => send(octets),
        report: (event) => void events.push(event),
        openBatch,
      },
    );
    await listener.start();
    const datagram = { octets: queryOctets(), address: '10.0.0.1', port: 4711 };
    for (let i = 0; i < 1000; i++) handlers!.received([datagram]);
    handlers!.failed(code);
    fails = false;
    handlers!.received([datagram]);
    // Resolves only when nothing counts as being in work any more.
    await listener.stop(60_000);
    const lost = events.filter((event) => event.kind === 'reply-not-sent' && event.code === code);
    recordFigure('E15', `replies reported as not sent: ${code}`, lost.length, { exactly: 1000 });
    expect(sent).toHaveLength(1);
  });

  test.each<[string, Datagram]>([
    ['to port 0', { octets: queryOctets(), address: '127.0.0.1', port: 0 }],
    ['of 70,000 octets', { octets: new Uint8Array(70_000), address: '127.0.0.1', port: 9 }],
    ['to an address of the other family', { octets: queryOctets(), address: '::1', port: 9 }],
    ['to what is no address', { octets: queryOctets(), address: 'nowhere', port: 9 }],
  ])('by a real socket %s is reported, and the socket goes on', async (_, datagram) => {
    const lost = Promise.withResolvers<string>();
    const received = Promise.withResolvers<number>();
    const opened = await openPortableBatch('127.0.0.1', 0, {
      received: ([{ octets }]) => received.resolve(octets.length),
      failed: (code) => lost.resolve(code),
      notSent: (__, code) => lost.resolve(code),
    });
    if (opened.kind === 'failed') throw new Error(opened.code);
    const { batch } = opened;
    cleanUp.push(() => batch.close());
    batch.send([datagram]);
    expect(await lost.promise).toMatch(/^E/);
    batch.send([{ octets: Uint8Array.of(1, 2, 3), address: '127.0.0.1', port: batch.port }]);
    expect(await received.promise).toBe(3);
  });
});

describe('with 64 file descriptors', () => {
  async function daemonOf64(): Promise<RunningDaemon> {
    const internet = await startLoopbackInternet({
      zones: { '.': { at: '127.64.0.1' }, 'example.': { at: '127.64.0.2', records: '* A 203.0.113.7' } },
    });
    cleanUp.push(() => internet.stop());
    const daemon = await startDaemon({
      config: internet.config,
      inside: ['bash', '-c', 'ulimit -n 64 && exec "$@"', 'limited'],
    });
    cleanUp.push(() => daemon.kill());
    return daemon;
  }

  async function ask(daemon: RunningDaemon, qname: string): Promise<string> {
    const client = await udpClient('127.0.0.1');
    client.send(queryOctets({ qname }), daemon.port, '127.0.0.1');
    const { octets } = await client.next();
    client.close();
    return readResponse(octets).rcode;
  }

  test('200 connections and 200 fresh names at once end nobody: the cache answers, and all is well again after', async () => {
    const daemon = await daemonOf64();
    expect(await ask(daemon, 'cached.example.')).toBe('NOERROR');
    const sockets: Socket[] = Array.from({ length: 200 }, () => connect(daemon.port, '127.0.0.1'));
    sockets.forEach((socket) => socket.on('error', () => undefined));
    await Promise.all(sockets.slice(0, 10).map((socket) => once(socket, 'connect')));

    const fresh = await Promise.all(Array.from({ length: 200 }, (_, i) => ask(daemon, `n${i}.example.`)));
    expect(fresh.every((rcode) => rcode === 'NOERROR' || rcode === 'SERVFAIL')).toBe(true);
    const cached = await Promise.all(Array.from({ length: 100 }, () => ask(daemon, 'cached.example.')));
    const good = cached.filter((rcode) => rcode === 'NOERROR').length;
    recordFigure('E15', 'of 100 cached answers, given without descriptors', good, { atLeast: 100 });

    for (const socket of sockets) socket.destroy();
    // The daemon still has to hear that they are gone.
    let round = 0;
    const isWell = async (): Promise<boolean> => {
      round++;
      const after = await Promise.all(Array.from({ length: 20 }, (_, i) => ask(daemon, `r${round}n${i}.example.`)));
      return after.every((rcode) => rcode === 'NOERROR');
    };
    expect(await vi.waitUntil(isWell, { timeout: 10_000 })).toBe(true);
    const tcp = await tcpClient(daemon.port, '127.0.0.1');
    cleanUp.push(() => tcp.socket.destroy());
    tcp.ask(queryOctets({ qname: 'cached.example.' }));
    expect(readResponse(await tcp.next()).rcode).toBe('NOERROR');
    expect(await daemon.stop()).toBe(0);
  });
});
