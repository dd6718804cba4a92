/** Exchanges over UDP by real sockets on loopback. */

import { Socket, createSocket, type RemoteInfo } from 'node:dgram';
import { readdirSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { name } from '../../src/dns/name.ts';
import { createExchange } from '../../src/exchange/create-exchange.ts';
import type { ExchangeOutcome, ExchangeRequest } from '../../src/exchange/exchange.ts';
import { createSocketNetwork } from '../../src/exchange/socket-network.ts';
import { LEAST_SOURCE_PORT, drawSourcePort } from '../../src/exchange/source-port.ts';
import { systemClock } from '../../src/system/clock.ts';
import { createSystemRandom, type Random } from '../../src/system/random.ts';

const random = createSystemRandom();
const exchange = createExchange({ network: createSocketNetwork({ random }), clock: systemClock, random });

function request(address: string, port: number, timeoutMs: number): ExchangeRequest {
  return {
    server: { address, port },
    transport: 'udp',
    qname: name('www.example.'),
    qtype: 1,
    recursionDesired: false,
    payloadSize: 1232,
    dnssecOk: true,
    randomiseCase: true,
    withCookie: false,
    timeoutMs,
  };
}

/** Containers often go without. */
const hasIPv6 = Object.values(networkInterfaces()).some((each) => each?.some(({ address }) => address === '::1'));

/** Long enough never to run out in a test that expects an answer; short where silence is what is expected. */
const PATIENT_MS = 10_000;
const IMPATIENT_MS = 150;

const servers: Socket[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

const openFiles = (): number => readdirSync('/proc/self/fd').length;

type Serve = (query: Buffer, from: RemoteInfo, server: Socket) => void;

async function listen(serve: Serve, address = '127.0.0.1'): Promise<number> {
  const server = createSocket(address.includes(':') ? 'udp6' : 'udp4');
  servers.push(server);
  server.on('message', (query, from) => serve(query, from, server));
  await new Promise<void>((resolve) => server.bind(0, address, resolve));
  return server.address().port;
}

function responseTo(query: Buffer): Buffer {
  const response = Buffer.from(query);
  response[2] |= 0x80;
  return response;
}
const answer: Serve = (query, from, server) => server.send(responseTo(query), from.port, from.address);

async function ask(port: number, timeoutMs = PATIENT_MS, address = '127.0.0.1'): Promise<ExchangeOutcome> {
  return exchange(request(address, port, timeoutMs)).outcome;
}

describe('a server', () => {
  test.each(['127.0.0.1', '127.0.0.2', ...(hasIPv6 ? ['::1'] : [])])('that answers at %s', async (address) => {
    const port = await listen(answer, address);
    expect(await ask(port, PATIENT_MS, address)).toMatchObject({ kind: 'response' });
  });

  test.runIf(hasIPv6)('whose IPv6 address is spelled in another way', async () => {
    const port = await listen(answer, '::1');
    expect(await ask(port, PATIENT_MS, '0:0:0:0:0:0:0:1')).toMatchObject({ kind: 'response' });
  });

  test('that is silent', async () => {
    const port = await listen(() => {});
    expect(await ask(port, IMPATIENT_MS)).toMatchObject({ kind: 'timeout' });
  });

  test('that sends junk before the response', async () => {
    const port = await listen((query, from, server) => {
      server.send(Buffer.alloc(0), from.port, from.address);
      server.send(query, from.port, from.address);
      answer(query, from, server);
    });
    expect(await ask(port)).toMatchObject({ kind: 'response' });
  });

  test('that sends another ID', async () => {
    const port = await listen((query, from, server) => {
      const response = responseTo(query);
      response[1] ^= 1;
      server.send(response, from.port, from.address);
    });
    expect(await ask(port)).toMatchObject({ kind: 'mismatch', why: 'wrong-id' });
  });
});

describe('what cannot be reached', () => {
  test('a closed port is known by ICMP, long before the time is up', async () => {
    const port = await listen(() => {});
    await new Promise<void>((resolve) => servers.pop()!.close(resolve));
    expect(await ask(port)).toMatchObject({ kind: 'unreachable', code: 'ECONNREFUSED' });
  });

  test.each([
    ['an address that may not be sent to', '255.255.255.255', 53, 'EACCES'],
    ['what is no address', 'ns.example.', 53, 'EINVAL'],
    ['what is no port', '127.0.0.1', 0, 'EINVAL'],
  ])('%s', async (_, address, port, code) => {
    expect(await ask(port, PATIENT_MS, address)).toMatchObject({ kind: 'unreachable', code });
  });
});

describe('a response from elsewhere is not delivered', () => {
  test.each([
    ['another port', '127.0.0.1'],
    ['another address', '127.0.0.3'],
  ])('from %s', async (_, forgerAddress) => {
    const forger = createSocket('udp4');
    servers.push(forger);
    await new Promise<void>((resolve) => forger.bind(0, forgerAddress, resolve));
    let asked = 0;
    const port = await listen((query, from) => {
      asked++;
      forger.send(responseTo(query), from.port, '127.0.0.1');
    });
    expect(await ask(port, IMPATIENT_MS)).toMatchObject({ kind: 'timeout' });
    expect(asked).toBe(1);
  });
});

/** A response to a question for the root, with an ID that is hardly ever ours. */
const wrongId = Buffer.from('ffff800000010000000000000000010001', 'hex');

test('what a forger sent to the port before it was connected to the server is not taken', async () => {
  const port = await listen(answer);
  // Names are not looked up, so that the forger's datagram is in the queue when `send` returns.
  const forger = createSocket({ type: 'udp4', lookup: (address, _, found) => found(null, address, 4) });
  servers.push(forger);
  await new Promise<void>((resolve) => forger.bind(0, '127.0.0.1', resolve));
  const spy = vi.spyOn(Socket.prototype, 'connect').mockImplementationOnce(function (this: Socket, to: number) {
    forger.send(wrongId, this.address().port, '127.0.0.1');
    this.connect(to, '127.0.0.1');
  });
  expect(await ask(port)).toMatchObject({ kind: 'response' });
  expect(spy).toHaveBeenCalledTimes(2);
  spy.mockRestore();
});

describe('source ports', () => {
  test('every exchange has its own, and they are drawn from the whole range', async () => {
    const ports: number[] = [];
    const port = await listen((query, from, server) => {
      ports.push(from.port);
      answer(query, from, server);
    });
    for (let round = 0; round < 5; round++) await Promise.all(Array.from({ length: 60 }, () => ask(port)));
    expect(ports).toHaveLength(300);
    // Among 300 draws 0.7 pairs are to be expected; fifteen never come.
    expect(new Set(ports).size).toBeGreaterThan(285);
    expect(Math.min(...ports)).toBeLessThan(LEAST_SOURCE_PORT + 8000);
    expect(Math.max(...ports)).toBeGreaterThan(65_535 - 8000);
  });

  test('one that is taken is drawn again', async () => {
    const port = await listen(answer);
    const taken = createSocket('udp4');
    servers.push(taken);
    await new Promise<void>((resolve) => taken.bind(drawSourcePort(random), resolve));
    let draws = 0;
    const unlucky: Random = {
      below: (bound) => (draws++ < 3 ? taken.address().port - LEAST_SOURCE_PORT : random.below(bound)),
    };
    const network = createSocketNetwork({ random: unlucky });
    const outcome = await createExchange({ network, clock: systemClock, random })(
      request('127.0.0.1', port, PATIENT_MS),
    ).outcome;
    expect(outcome).toMatchObject({ kind: 'response' });
    expect(draws).toBe(4);
  });

  test('when none is to be had, the server is unreachable', async () => {
    const taken = createSocket('udp4');
    servers.push(taken);
    await new Promise<void>((resolve) => taken.bind(drawSourcePort(random), resolve));
    const network = createSocketNetwork({ random: { below: () => taken.address().port - LEAST_SOURCE_PORT } });
    const outcome = await createExchange({ network, clock: systemClock, random })(request('127.0.0.1', 53, PATIENT_MS))
      .outcome;
    expect(outcome).toMatchObject({ kind: 'unreachable', code: 'EADDRINUSE' });
  });
});

describe('nothing is left behind', () => {
  test.runIf(process.platform === 'linux')(
    'by 2,000 exchanges, answered, cancelled, refused and timed out',
    async () => {
      const port = await listen(answer);
      const silentPort = await listen(() => {});
      const closedPort = await listen(() => {});
      await new Promise<void>((resolve) => servers.pop()!.close(resolve));
      const warnings: Error[] = [];
      const warn = (warning: Error): void => void warnings.push(warning);
      process.on('warning', warn);
      await ask(port);
      const before = openFiles();

      const kinds = new Set<string>();
      for (let round = 0; round < 100; round++) {
        const pending = [
          ...Array.from({ length: 14 }, () => ask(port)),
          ...Array.from({ length: 2 }, () => ask(closedPort)),
          ...Array.from({ length: 2 }, () => ask(silentPort, 1)),
          ...Array.from({ length: 2 }, () => {
            const cancelled = exchange(request('127.0.0.1', silentPort, PATIENT_MS));
            cancelled.cancel();
            return cancelled.outcome;
          }),
        ];
        for (const { kind } of await Promise.all(pending)) kinds.add(kind);
      }
      // A handle is closed by the end of the turn of the event loop after this one.
      await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

      expect([...kinds].toSorted()).toEqual(['cancelled', 'response', 'timeout', 'unreachable']);
      expect(openFiles()).toBe(before);
      expect(process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length).toBeLessThan(10);
      process.off('warning', warn);
      expect(warnings).toEqual([]);
    },
  );
});
