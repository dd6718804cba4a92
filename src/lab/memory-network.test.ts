import { beforeEach, describe, expect, test } from 'vitest';

import { createHandClock, type HandClock } from '../../test/support/hand-clock.ts';
import { queryFor, readResponse } from '../../test/support/messages.ts';
import { name } from '../dns/name.ts';
import { createLabServer } from './lab-server.ts';
import { createMemoryNetwork, type MemoryNetwork, type Route } from './memory-network.ts';
import * as does from './misbehaviour.ts';
import type { Misbehaviour } from './misbehaviour.ts';
import { frame } from '../dns/wire/framing.ts';
import { zoneFromText } from './zone.ts';

const zone = zoneFromText(name('example.'), 'www A 203.0.113.7');
const at = { address: '192.0.2.1', port: 53 };
const query = queryFor('www.example. A');

let clock: HandClock;
let network: MemoryNetwork;
beforeEach(() => {
  clock = createHandClock();
  network = createMemoryNetwork({ route }, { clock });
});

function route(address: string): Route {
  if (address.includes(':')) return { code: 'ENETUNREACH' };
  return address === '192.0.2.99' ? 'lost' : 'open';
}

function serve(misbehaviour: Misbehaviour[] = [], latencyMs = 20): void {
  network.attach(at, createLabServer([zone], misbehaviour), latencyMs);
}

/** A flow that writes down what happens to it, with the time since it was opened. */
function openUdp(to = at) {
  const seen: string[] = [];
  const start = clock.now();
  const flow = network.openUdp(to, {
    datagram: (octets) => seen.push(`${clock.now() - start} ms: ${readResponse(octets).rcode}`),
    failed: (code) => seen.push(`${clock.now() - start} ms: ${code}`),
  });
  return { seen, send: (octets: Uint8Array) => flow.send(octets), close: () => flow.close() };
}

function connectTcp(to = at) {
  const seen: string[] = [];
  const start = clock.now();
  const flow = network.connectTcp(to, {
    connected: () => seen.push(`${clock.now() - start} ms: connected`),
    data: (octets) => seen.push(`${clock.now() - start} ms: ${readResponse(octets.slice(2)).answer.join()}`),
    closed: (code) => seen.push(`${clock.now() - start} ms: closed ${code}`),
  });
  return { seen, send: (octets: Uint8Array) => flow.send(octets), close: () => flow.close() };
}

describe('over UDP', () => {
  test('a response takes the latency and what the server waits', () => {
    serve([does.delays(30)], 20);
    const { seen, send } = openUdp();
    send(query);
    clock.advance(49);
    expect(seen).toEqual([]);
    clock.advance(1);
    expect(seen).toEqual(['50 ms: NOERROR']);
  });

  test('an address where nobody is answers nothing', () => {
    const { seen, send } = openUdp({ address: '192.0.2.2', port: 53 });
    send(query);
    clock.advance(60_000);
    expect(seen).toEqual([]);
  });

  test('a port where nobody is answers nothing, whoever else is at the address', () => {
    serve();
    const { seen, send } = openUdp({ ...at, port: 5353 });
    send(query);
    clock.advance(60_000);
    expect(seen).toEqual([]);
  });

  test('a closed port and a network that is not reachable fail the flow', () => {
    serve([does.udpRefused], 20);
    const closed = openUdp();
    const unreachable = openUdp({ address: '2001:db8::1', port: 53 });
    closed.send(query);
    unreachable.send(query);
    clock.advance(100);
    expect(closed.seen).toEqual(['20 ms: ECONNREFUSED']);
    expect(unreachable.seen).toEqual(['0 ms: ENETUNREACH']);
  });

  test('a datagram from another address or port is not delivered', () => {
    serve([does.answersFrom('port')]);
    const { seen, send } = openUdp();
    send(query);
    clock.advance(100);
    expect(seen).toEqual([]);
    expect(network.counts()).toMatchObject({ datagramsSent: 1, datagramsDelivered: 0, misdirected: 1 });
  });

  test('nothing is delivered to a flow that was closed, and nothing is left of it', () => {
    serve();
    const { seen, send, close } = openUdp();
    send(query);
    close();
    close();
    send(query);
    expect(clock.pending()).toBe(0);
    clock.advance(100);
    expect(seen).toEqual([]);
    expect(network.counts()).toMatchObject({ open: 0, datagramsSent: 1 });
  });

  test('junk that closes the flow keeps the answer behind it away', () => {
    serve([does.sendsFirst('echo', 'echo')]);
    let datagrams = 0;
    const flow = network.openUdp(at, {
      datagram() {
        datagrams++;
        flow.close();
      },
      failed: () => undefined,
    });
    flow.send(query);
    clock.advance(100);
    expect(datagrams).toBe(1);
  });

  test('a server that was taken away answers no more', () => {
    serve();
    network.detach(at);
    const { seen, send } = openUdp();
    send(query);
    clock.advance(100);
    expect(seen).toEqual([]);
  });
});

describe('over TCP', () => {
  test('connecting takes one round trip, each response another', () => {
    serve([], 20);
    const { seen, send } = connectTcp();
    clock.advance(20);
    send(frame(query));
    clock.advance(20);
    expect(seen).toEqual(['20 ms: connected', '40 ms: www.example. 300 A 203.0.113.7']);
  });

  test('queries cut anywhere are put together', () => {
    serve();
    const { seen, send } = connectTcp();
    const two = Buffer.concat([frame(query), frame(query)]);
    for (const octet of two) send(Uint8Array.of(octet));
    clock.advance(100);
    expect(seen.slice(1)).toEqual(Array.from({ length: 2 }, () => '20 ms: www.example. 300 A 203.0.113.7'));
  });

  test.each([
    ['refused', does.tcpRefused, ['20 ms: closed ECONNREFUSED']],
    ['left hanging', does.tcpHangs, ['20 ms: connected']],
    ['closed at once', does.tcpCloses, ['20 ms: connected', '20 ms: closed undefined']],
  ])('a connection is %s', (_, misbehaviour, told) => {
    serve([misbehaviour]);
    const { seen, send } = connectTcp();
    clock.advance(20);
    send(frame(query));
    clock.advance(60_000);
    expect(seen).toEqual(told);
  });

  test('a route that loses everything leaves whoever connects waiting', () => {
    const { seen } = connectTcp({ address: '192.0.2.99', port: 53 });
    clock.advance(60_000);
    expect(seen).toEqual([]);
  });

  test('a network that is not reachable closes it with the code', () => {
    const { seen } = connectTcp({ address: '2001:db8::1', port: 53 });
    clock.advance(0);
    expect(seen).toEqual(['0 ms: closed ENETUNREACH']);
  });
});
