/**
 * What one exchange costs: CPU of this process for composing, sending, receiving and matching, by the real sockets
 * over loopback, against a server in a process of its own; and each part without sockets.
 *
 *   node bench/exchange.ts [exchanges] [at a time]
 */

import { fork } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { composeQuery } from '../src/exchange/compose-query.ts';
import { createExchange } from '../src/exchange/create-exchange.ts';
import type { ExchangeRequest } from '../src/exchange/exchange.ts';
import { matchResponse } from '../src/exchange/match-response.ts';
import { createSocketNetwork } from '../src/exchange/socket-network.ts';
import { name } from '../src/dns/name.ts';
import { Type } from '../src/dns/record-type.ts';
import { systemClock } from '../src/system/clock.ts';
import { createSystemRandom } from '../src/system/random.ts';

if (process.argv[2] === 'server') serve();
else await measure(Number(process.argv[2] ?? 40_000), Number(process.argv[3] ?? 16));

/** Sends every query back as a response. */
function serve(): void {
  const socket = createSocket('udp4');
  socket.on('message', (octets, from) => {
    octets[2] |= 0x80;
    socket.send(octets, from.port, from.address);
  });
  socket.bind(0, '127.0.0.1', () => process.send?.(socket.address().port));
}

async function measure(exchanges: number, atATime: number): Promise<void> {
  const server = fork(import.meta.filename, ['server']);
  const port = await new Promise<number>((resolve) => server.once('message', resolve));
  const random = createSystemRandom();
  const exchange = createExchange({ network: createSocketNetwork({ random }), clock: systemClock, random });
  const request: ExchangeRequest = {
    server: { address: '127.0.0.1', port },
    transport: 'udp',
    qname: name('www.customer.example.'),
    qtype: Type.A,
    recursionDesired: false,
    payloadSize: 1232,
    dnssecOk: true,
    randomiseCase: true,
    withCookie: false,
    timeoutMs: 1000,
  };

  const failures = new Map<string, number>();
  const rounds = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) {
      const { kind } = await exchange(request).outcome;
      if (kind !== 'response') failures.set(kind, (failures.get(kind) ?? 0) + 1);
    }
  };
  const all = (): Promise<void[]> => Promise.all(Array.from({ length: atATime }, () => rounds(exchanges / atATime)));
  await all();
  const before = process.cpuUsage();
  await all();
  const { user, system } = process.cpuUsage(before);
  server.kill();

  const perExchange = (micros: number): string => (micros / exchanges).toFixed(1);
  print(`exchange over UDP, ${atATime} at a time: ${perExchange(user + system)} µs CPU`);
  print(`  user ${perExchange(user)}, system ${perExchange(system)}; not answered: ${JSON.stringify([...failures])}`);

  const query = composeQuery(request, random);
  const response = query.octets.slice();
  response[2] |= 0x80;
  print(`compose: ${nanos(() => composeQuery(request, random).octets.length)} ns`);
  print(`match: ${nanos(() => matchResponse(response, query).kind.length)} ns`);
}

function nanos(work: () => number): string {
  const rounds = 500_000;
  let sum = 0;
  for (let i = 0; i < rounds; i++) sum += work();
  const start = performance.now();
  for (let i = 0; i < rounds; i++) sum += work();
  return sum === 0 ? '' : (((performance.now() - start) / rounds) * 1e6).toFixed(0);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
