/**
 * What attacks cost in processor time and memory: `node bench/hostile.ts [CLASS …] [--packets N]`, all classes unless
 * some are named. The work itself is counted by test/hostile/, on any machine; here are the times, for docs/security.md.
 *
 * The best of five rounds is shown where a round is short, as whatever else the machine does can only add. A million
 * damaged queries go through the pipeline of the daemon in this process, and through the sockets of a daemon of its own.
 */

import { createSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createServerCookies } from '../src/access/server-cookies.ts';
import { readOptions, writeOptions } from '../src/dns/edns.ts';
import { parseName } from '../src/dns/name.ts';
import { MessageView, readMessage } from '../src/dns/wire/message-view.ts';
import { parseHostsFile } from '../src/local/hosts-file.ts';
import { systemClock } from '../src/system/clock.ts';
import { createSystemRandom } from '../src/system/random.ts';
import { createStallWatch } from '../src/system/stall-watch.ts';
import { mutate } from '../test/fuzz/mutate.ts';
import { clientInternet } from '../test/hostile/client-internet.ts';
import { composeCostly, costlyNames } from '../test/hostile/costly-names.ts';
import { worstPackets } from '../test/hostile/worst-packets.ts';
import { queryOctets } from '../test/support/client-query.ts';
import { startDaemon } from '../test/support/daemon.ts';
import { createSeededRandom } from '../test/support/seeded-random.ts';
import { lanClient, serveInternet } from '../test/support/served-internet.ts';

const { values, positionals } = parseArgs({
  options: { packets: { type: 'string', default: '1000000' } },
  allowPositionals: true,
});
const PACKETS = Number(values.packets);

/** By class of docs/security.md. */
const measurements: Record<string, () => void | Promise<void>> = {
  C6: costlyMessages,
  E9: optionBombs,
  E10: cookies,
  F1: worstCasePackets,
  F7: text,
  F9: async () => {
    await damagedThroughPipeline();
    await damagedThroughSockets();
  },
};

for (const [id, measure] of Object.entries(measurements)) {
  if (positionals.length === 0 || positionals.includes(id)) await measure();
}

function show(id: string, what: string, value: number, unit: string): void {
  process.stdout.write(`${id.padEnd(4)}${what.padEnd(64)}${value.toFixed(2).padStart(10)} ${unit}\n`);
}

/** Milliseconds of the best of five rounds. */
function best(work: () => unknown, times = 1): number {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 5; round++) {
    const start = performance.now();
    for (let i = 0; i < times; i++) work();
    least = Math.min(least, (performance.now() - start) / times);
  }
  return least;
}

function costlyMessages(): void {
  for (const [what, type, rdata] of costlyNames) {
    const octets = composeCostly(type, rdata);
    const read = (): void => {
      const view = readMessage(octets) as MessageView;
      for (let i = 0; i < view.recordCount; i++) {
        view.owner(i);
        view.rdata(i);
      }
    };
    show(
      'C6',
      `compose ${what}`,
      best(() => composeCostly(type, rdata), 5),
      'ms',
    );
    show('C6', 'and read every name of it', best(read, 5), 'ms');
  }
}

function optionBombs(): void {
  for (const count of [300, 16_250]) {
    const octets = writeOptions(Array.from({ length: count }, () => ({ code: 65_001, data: new Uint8Array() })));
    show('E9', `read ${count} empty options`, best(() => readOptions(octets), 100) * 1000, 'µs');
  }
}

function cookies(): void {
  const own = createServerCookies({ clock: systemClock, random: createSystemRandom() });
  const given = own.judge(new Uint8Array(8), '192.0.2.1').reply;
  show('E10', 'judge a cookie of ours', best(() => own.judge(given, '192.0.2.1'), 20_000) * 1000, 'µs');
}

function worstCasePackets(): void {
  for (const [what, octets] of Object.entries(worstPackets())) {
    const readAll = (): void => {
      const view = readMessage(octets);
      if (!(view instanceof MessageView)) return;
      for (let i = 0; i < view.recordCount; i++) {
        view.owner(i);
        view.rdata(i);
      }
    };
    show(
      'F1',
      `index 64 KiB of ${what}`,
      best(() => readMessage(octets), 5),
      'ms',
    );
    show('F1', `and take every name and RDATA of it`, best(readAll, 5), 'ms');
  }
}

function text(): void {
  const lines = Array.from({ length: 1_000_000 }, (_, i) => `192.0.2.${i % 256} h${i}.example`).join('\n');
  show(
    'F7',
    'read a hosts file of 1,000,000 lines',
    best(() => parseHostsFile(lines)),
    'ms',
  );
  for (const [what, octet] of [
    ['letters', 'a'],
    ['dots', '.'],
    ['backslashes', '\\'],
  ]) {
    const long = octet.repeat(60_000);
    show(
      'F7',
      `refuse 60,000 ${what} as a name`,
      best(() => parseName(long)),
      'ms',
    );
  }
}

/** Damaged queries, each with a header to answer to. */
function damagedQueries(count: number): Uint8Array[] {
  const random = createSeededRandom(18);
  const corpus = [
    queryOctets(),
    queryOctets({ edns: { dnssecOk: true, options: [{ code: 10, data: new Uint8Array(24) }] } }),
    queryOctets({ qtype: 'AXFR', flags: 0x2900, edns: {} }),
  ];
  const damaged: Uint8Array[] = [];
  while (damaged.length < count) {
    const octets = mutate(corpus, random);
    if (octets.length < 12) continue;
    // Broken for certain, and a query: two questions, QR=0.
    octets.set([octets[2] & 0x7f], 2);
    octets.set([0, 2], 4);
    damaged.push(octets);
  }
  return damaged;
}

function collect(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

async function damagedThroughPipeline(): Promise<void> {
  const internet = serveInternet(clientInternet());
  const { pipeline } = internet.service;
  const damaged = damagedQueries(20_000);
  const stalls = createStallWatch();
  const run = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) {
      pipeline.handle(damaged[i % damaged.length], lanClient, () => undefined);
      if (i % 1000 === 0) {
        internet.finished.length = 0;
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
    internet.finished.length = 0;
  };
  await run(100_000);
  collect();
  const before = process.memoryUsage.rss();
  const started = process.cpuUsage();
  stalls.reset();
  await run(PACKETS);
  const { user, system } = process.cpuUsage(started);
  collect();
  show('F9', `damaged queries through the pipeline, ${PACKETS}: each`, (user + system) / PACKETS, 'µs');
  show('F9', 'memory that stays', (process.memoryUsage.rss() - before) / 2 ** 20, 'MiB');
  show('F9', 'longest stall', stalls.longestMs(), 'ms');
  show('F9', 'faults', internet.faults.length, '');
  stalls.stop();
}

async function damagedThroughSockets(): Promise<void> {
  const daemon = await startDaemon({ config: { queryLog: { enabled: true } } });
  try {
    const damaged = damagedQueries(20_000);
    await blast(daemon.port, damaged, 100_000);
    const before = processFigures(daemon.process.pid!);
    await blast(daemon.port, damaged, PACKETS);
    const after = processFigures(daemon.process.pid!);
    show(
      'F9',
      `damaged queries to the daemon over UDP, ${PACKETS}: each`,
      ((after.cpuMs - before.cpuMs) * 1000) / PACKETS,
      'µs',
    );
    show('F9', 'memory that stays, not collected', after.rssMib - before.rssMib, 'MiB');
  } finally {
    await daemon.stop();
  }
}

/** Sends so many, with so many of them unanswered at most; what is lost is given up after a moment. */
async function blast(port: number, messages: readonly Uint8Array[], count: number): Promise<void> {
  const WINDOW = 256;
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  let answered = 0;
  let wake: (() => void) | undefined;
  socket.on('message', () => {
    answered++;
    wake?.();
  });
  for (let sent = 0; sent < count; sent++) {
    socket.send(messages[sent % messages.length], port, '127.0.0.1');
    if (sent - answered < WINDOW) continue;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        answered = sent;
        resolve();
      }, 500);
      wake = () => {
        if (sent - answered > WINDOW / 2) return;
        clearTimeout(timer);
        resolve();
      };
    });
  }
  await new Promise((resolve) => setTimeout(resolve, 1000));
  socket.close();
}

/** From /proc: processor time, and memory that is resident. */
function processFigures(pid: number): { cpuMs: number; rssMib: number } {
  const CLOCK_TICK_MS = 10;
  // The name of the program stands in brackets and may hold anything.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  const rss = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1];
  return { cpuMs: (Number(fields[11]) + Number(fields[12])) * CLOCK_TICK_MS, rssMib: Number(rss) / 1024 };
}
