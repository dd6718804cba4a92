/** What fuzz targets share: arguments, the inputs' time and the heap that stays. */

import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

export type FuzzOptions = { readonly inputs: number; readonly seed: number };

export type FuzzReport = {
  readonly inputs: number;
  readonly seed: number;
  /** How many inputs came to each end. */
  readonly ends: Readonly<Record<string, number>>;
  readonly totalMs: number;
  readonly slowest: { readonly ms: number; readonly length: number; readonly input: number };
  /** What the heap holds more after the last input than after the first tenth, garbage collected. */
  readonly heapGrowthOctets: number;
};

/** Runs `input` the given number of times; it prepares one input and returns how to work on it. */
export function fuzz({ inputs, seed }: FuzzOptions, input: () => { length: number; work: () => string }): FuzzReport {
  const ends: Record<string, number> = {};
  let slowest = { ms: 0, length: 0, input: 0 };
  let totalMs = 0;
  let heapBefore = 0;
  for (let i = 0; i < inputs; i++) {
    // Until then code is compiled and caches fill, which is no leak.
    if (i === Math.floor(inputs / 10)) heapBefore = heapAfterCollection();
    const { length, work } = input();
    const start = performance.now();
    const end = work();
    const ms = performance.now() - start;
    ends[end] = (ends[end] ?? 0) + 1;
    totalMs += ms;
    if (ms <= slowest.ms) continue;
    const own = Math.min(ms, quickest(work));
    if (own > slowest.ms) slowest = { ms: own, length, input: i };
  }
  return { inputs, seed, ends, totalMs, slowest, heapGrowthOctets: heapAfterCollection() - heapBefore };
}

/** Of a few more runs: what a collection or a neighbour took is not the input's. */
function quickest(work: () => string): number {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 3; i++) {
    const start = performance.now();
    work();
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

export function heapAfterCollection(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}

export function summary(target: string, report: FuzzReport): string {
  const { inputs, seed, ends, totalMs, slowest, heapGrowthOctets } = report;
  const counts = Object.entries(ends).map(([end, count]) => `${count} ${end}`);
  return [
    `${target}: ${inputs} inputs, seed ${seed}: ${counts.join(', ')}, 0 thrown`,
    `${((totalMs * 1000) / inputs).toFixed(2)} µs on average`,
    `slowest ${slowest.ms.toFixed(2)} ms (input ${slowest.input}, ${slowest.length} octets)`,
    `heap ${heapGrowthOctets >= 0 ? '+' : ''}${(heapGrowthOctets / 2 ** 20).toFixed(2)} MiB`,
  ].join('; ');
}

/** `--inputs N --seed N` of a target that is run by hand. */
export function fuzzOptions(inputs: number): FuzzOptions {
  const { values } = parseArgs({ options: { inputs: { type: 'string' }, seed: { type: 'string' } } });
  return { inputs: Number(values.inputs ?? inputs), seed: Number(values.seed ?? 1) };
}
