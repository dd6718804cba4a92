/**
 * Minutes of mixed load on the daemon, as a child process, before an internet where datagrams get lost and servers die
 * and come back, with reloads and flushes on the way:
 *
 *     node test/soak/soak.ts --minutes 10 --seed 1
 *
 * No client may be left without an answer, nothing may be reported as a fault of ours, and what the process holds must
 * be flat once it is warm, by the slope of the line through the readings: file descriptors, the heap that is left after
 * each full collection (`--trace-gc`), and resident memory by the least of each half minute, as what V8 has not collected
 * yet makes it go up and down by half. Prints one line a minute and a summary; the exit code is 1 where something does
 * not hold. Takes less than one processor.
 */

import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createControlClient } from '../../src/cli/control-client.ts';
import { systemClock } from '../../src/system/clock.ts';
import type { Random } from '../../src/system/random.ts';
import { startDaemon, type ConfigSections, type RunningDaemon } from '../support/daemon.ts';
import { createSeededRandom } from '../support/seeded-random.ts';
import { startMixedLoad, type LoadReport } from './mixed-load.ts';
import { slopePerMinute, type Sample } from './trend.ts';
import { startUnsteadyInternet, type UnsteadyInternet } from './unsteady-internet.ts';

const PAGE_OCTETS = 4096;
const READ_EVERY_MS = 2000;
const KILL_EVERY_MS = 5000;
const MOST_DEAD_MS = 12_000;
const RELOAD_EVERY_MS = 17_000;
const FLUSH_EVERY_MS = 23_000;
/** Small, so that it is full soon and what grows afterwards is something else. */
const CACHE_BYTES = 8 * 2 ** 20;
/** The share of the time that counts as warming up. */
const WARM_UP = 0.4;
const MOST_RSS_MIB_PER_MINUTE = 2;
const MOST_HEAP_MIB_PER_MINUTE = 0.5;
const MOST_FDS_PER_MINUTE = 1;
/** In a shorter run the slope says nothing: collections of garbage are minutes apart. */
const LEAST_MS_FOR_SLOPES = 5 * 60_000;

type Readings = { readonly rss: Sample[]; readonly fds: Sample[] };
type Outcome = LoadReport & {
  readonly faults: readonly string[];
  readonly exitCode: number | string;
  readonly readings: Readings;
  /** The heap after full collections, MiB. */
  readonly heap: readonly Sample[];
  readonly events: { kills: number; reloads: number; flushes: number };
};

async function soak(lastsMs: number, random: Random): Promise<Outcome> {
  const internet = await startUnsteadyInternet(random);
  const directory = mkdtempSync(join(tmpdir(), 'rootwalk-soak-'));
  const hints = join(directory, 'hints');
  writeFileSync(hints, internet.hints);
  // The daemon reads it again as the user that it has become.
  chmodSync(directory, 0o755);
  const config = (reload: number): ConfigSections => configFor(internet, hints, reload);
  const daemon = await startDaemon({ config: config(0), nodeOptions: ['--trace-gc'] });
  const load = startMixedLoad(daemon, { random, apexes: internet.apexes, now: () => systemClock.now() });
  const readings: Readings = { rss: [], fds: [] };
  const events = { kills: 0, reloads: 0, flushes: 0 };
  const startedAt = systemClock.now();
  const timers = [
    setInterval(() => read(daemon, readings, systemClock.now() - startedAt), READ_EVERY_MS),
    setInterval(() => void killOne(internet, random, events), KILL_EVERY_MS),
    setInterval(() => daemon.reload(config(++events.reloads)), RELOAD_EVERY_MS),
    setInterval(() => void flush(daemon, internet, random, events), FLUSH_EVERY_MS),
    setInterval(() => process.stdout.write(`${progress(load.report, readings)}\n`), 60_000),
  ];
  await wait(lastsMs);
  for (const timer of timers) clearInterval(timer);
  await load.stop();
  const exitCode = await daemon.stop();
  await internet.stop();
  rmSync(directory, { recursive: true });
  return { ...load.report, readings, events, exitCode, faults: faultsIn(daemon.err()), heap: heapIn(daemon.out()) };
}

/** Each reload changes something, in turn. */
function configFor(internet: UnsteadyInternet, hints: string, reload: number): ConfigSections {
  return {
    user: process.getuid?.() === 0 ? 'nobody' : '',
    roots: { hints },
    iteration: { serverPort: internet.port, ipv6: 'off', doNotQuery: [] },
    dnssec: { validate: true, trustAnchors: internet.trustAnchors.trim().split('\n') },
    cache: { maxBytes: CACHE_BYTES, maxNegativeTtl: reload % 2 === 0 ? 3600 : 60 },
    queryLog: { maxFileBytes: '1MiB', maxTotalBytes: '4MiB' },
    local: { records: [`reload.home.arpa. 60 A 192.0.2.${reload % 250}`] },
    answers: { order: reload % 3 === 0 ? 'random' : 'rotate' },
  };
}

async function killOne(internet: UnsteadyInternet, random: Random, events: Outcome['events']): Promise<void> {
  const revive = await internet.kill();
  if (revive === undefined) return;
  events.kills++;
  await wait(1000 + random.below(MOST_DEAD_MS));
  await revive();
}

async function flush(
  daemon: RunningDaemon,
  { apexes }: UnsteadyInternet,
  random: Random,
  events: Outcome['events'],
): Promise<void> {
  const name = apexes[random.below(apexes.length)];
  const scope = (['all', 'subtree', 'name'] as const)[events.flushes++ % 3];
  const params = scope === 'all' ? { scope } : { scope, name };
  const asked = await createControlClient(join(daemon.directory, 'data', 'control.sock')).ask('cacheFlush', params);
  if (asked.kind === 'problem') throw new Error(asked.why);
}

/** Of the daemon's process, as the kernel counts it (proc(5)). */
function read({ process: { pid } }: RunningDaemon, { rss, fds }: Readings, atMs: number): void {
  const residentPages = Number(readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1]);
  rss.push({ atMs, value: (residentPages * PAGE_OCTETS) / 2 ** 20 });
  fds.push({ atMs, value: readdirSync(`/proc/${pid}/fd`).length });
}

/** What the daemon said of its log level `error` and above, and whatever else it said that is no line of its log. */
function faultsIn(said: string): string[] {
  return said.split('\n').filter((line) => line !== '' && !/^\{"level":[1-4]0,/.test(line));
}

/** `[7:0x5]   1491 ms: Mark-Compact (reduce) 18.4 (24.1) -> 15.2 (24.1) MB, …`; counted from the start of the process. */
function heapIn(said: string): Sample[] {
  const collections = said.matchAll(/ (\d+) ms: .*Mark-Compact.* -> ([\d.]+) \(/g);
  return [...collections].map(([, atMs, value]) => ({ atMs: Number(atMs), value: Number(value) }));
}

/** The least of each half minute. */
function troughs(samples: readonly Sample[]): Sample[] {
  const least = new Map<number, Sample>();
  for (const sample of samples) {
    const window = Math.floor(sample.atMs / 30_000);
    if (sample.value < (least.get(window)?.value ?? Infinity)) least.set(window, sample);
  }
  return [...least.values()];
}

type Judged = { readonly text: string; readonly isSound: boolean };

function judge(outcome: Outcome, lastsMs: number): Judged[] {
  const { readings, unanswered, faults, exitCode } = outcome;
  const warm = (samples: readonly Sample[]): Sample[] => samples.filter(({ atMs }) => atMs >= lastsMs * WARM_UP);
  const flat = (what: string, samples: readonly Sample[], most: number): Judged => {
    if (samples.length === 0) return { text: `${what} not read`, isSound: lastsMs < LEAST_MS_FOR_SLOPES };
    const values = samples.map(({ value }) => value);
    const slope = slopePerMinute(samples);
    const text = `${what} ${Math.min(...values).toFixed(0)} to ${Math.max(...values).toFixed(0)} once warm, slope ${slope.toFixed(2)} a minute`;
    return { text, isSound: lastsMs < LEAST_MS_FOR_SLOPES || slope <= most };
  };
  return [
    { text: `${unanswered.length} without an answer`, isSound: unanswered.length === 0 },
    { text: `${faults.length} fault lines`, isSound: faults.length === 0 },
    { text: `exit code ${exitCode}`, isSound: exitCode === 0 },
    flat('heap in MiB', warm(outcome.heap), MOST_HEAP_MIB_PER_MINUTE),
    flat('least RSS in MiB', troughs(warm(readings.rss)), MOST_RSS_MIB_PER_MINUTE),
    flat('file descriptors', warm(readings.fds), MOST_FDS_PER_MINUTE),
  ];
}

function progress({ asked, unanswered, longestMs }: LoadReport, { rss, fds }: Readings): string {
  return `${asked} asked, ${unanswered.length} unanswered, longest ${longestMs.toFixed(0)} ms, RSS ${rss.at(-1)?.value.toFixed(0)} MiB, ${fds.at(-1)?.value} descriptors`;
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { minutes: { type: 'string' }, seed: { type: 'string' } } });
  const lastsMs = Number(values.minutes ?? 10) * 60_000;
  const outcome = await soak(lastsMs, createSeededRandom(Number(values.seed ?? 1)));
  const { byRcode, events, junkSent, junkAnswered, longestMs } = outcome;
  for (const line of [...outcome.unanswered, ...outcome.faults].slice(0, 20)) process.stdout.write(`  ${line}\n`);
  const rcodes = [...byRcode].map(([rcode, count]) => `${count} ${rcode}`).join(', ');
  const judged = judge(outcome, lastsMs);
  process.stdout.write(
    `soak: ${lastsMs / 60_000} minutes, ${outcome.asked} questions (${rcodes}), longest ${longestMs.toFixed(0)} ms; ` +
      `${junkSent} of junk, ${junkAnswered} answered; ${events.kills} servers died, ${events.reloads} reloads, ${events.flushes} flushes; ` +
      `${judged.map(({ text, isSound }) => `${text}${isSound ? '' : ' (NOT SOUND)'}`).join('; ')}\n`,
  );
  return judged.every(({ isSound }) => isSound) ? 0 : 1;
}

if (import.meta.main) process.exitCode = await main();
