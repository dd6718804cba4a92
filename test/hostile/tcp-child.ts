/**
 * Listens for DNS over TCP and UDP in a process of its own, so that what connections cost is seen without those who
 * make them. Every query is answered with one address. `memory` on its standard input has it tell what it holds.
 *
 *     node tcp-child.ts MAX_CONNECTIONS MAX_PER_CLIENT
 */

import { createInterface } from 'node:readline';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createConnectionTable } from '../../src/listen/connection-table.ts';
import { createTcpListener } from '../../src/listen/tcp.ts';
import { defaultConnectionLimits } from '../../src/listen/tcp-connection.ts';
import { createUdpListener } from '../../src/listen/udp.ts';
import { systemClock } from '../../src/system/clock.ts';
import { createStallWatch } from '../../src/system/stall-watch.ts';
import { addresses, answering } from '../support/answering.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const [maxConnections, maxPerClient] = process.argv.slice(2).map(Number);
const connections = createConnectionTable({ maxConnections, maxPerClient });
const around = { handler: answering(addresses(1)), clock: systemClock, report: () => undefined };
const limits = { ...defaultConnectionLimits, idleTimeoutMs: 600_000 };
const stalls = createStallWatch();

/** The system chooses a port that is free for UDP; for TCP somebody else may have it. */
async function listen(): Promise<number> {
  for (;;) {
    const udp = createUdpListener({ address: '127.0.0.1', port: 0 }, around);
    const bound = await udp.start();
    if (bound.kind !== 'listening') throw new Error(bound.text);
    const [{ port }] = bound.at;
    const tcp = createTcpListener({ address: '127.0.0.1', port, limits }, { ...around, connections });
    if ((await tcp.start()).kind === 'listening') return port;
    await udp.stop(0);
  }
}

const port = await listen();
process.stdout.write(`listening on ${port}\n`);

createInterface({ input: process.stdin }).on('line', () => {
  collect();
  collect();
  const { rss, heapUsed, external } = process.memoryUsage();
  const told = { rss, used: heapUsed + external, connections: connections.size, stallMs: stalls.longestMs() };
  process.stdout.write(`${JSON.stringify(told)}\n`);
});
