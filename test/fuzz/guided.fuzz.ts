/**
 * Mutation guided by coverage: `node test/fuzz/guided.fuzz.ts --target hosts-file --seconds 30 --seed 1`.
 *
 * Begins with the corpus of the target; an input that runs a block of our sources which none before it ran is kept and
 * damaged further. What throws ends the run, and the input is told in base64: it belongs into corpus/.
 */

import { parseArgs } from 'node:util';
import type { Random } from '../../src/system/random.ts';
import { createSeededRandom } from '../support/seeded-random.ts';
import { corpusOf } from './corpus.ts';
import { startCoverage } from './coverage.ts';
import { mutate } from './mutate.ts';
import { targetNames, targets, type Target, type TargetName } from './targets.ts';
import { woundText } from './wound-text.ts';

export type GuidedOptions = {
  readonly target: TargetName;
  readonly seed: number;
  /** Whichever comes first. */
  readonly inputs: number;
  readonly ms: number;
};
export type GuidedReport = {
  readonly inputs: number;
  readonly ends: Readonly<Record<string, number>>;
  /** Blocks that the corpus runs, and that all inputs together have run. */
  readonly blocks: { readonly corpus: number; readonly all: number };
  /** Inputs that were kept, beside the corpus. */
  readonly kept: number;
};

/** Asking for the coverage takes some milliseconds, so it is asked for a batch; what is new is looked for one by one. */
const BATCH = 100;
const MOST_OCTETS = 4096;

export async function fuzzGuided({ target: name, seed, inputs: most, ms }: GuidedOptions): Promise<GuidedReport> {
  const target: Target = targets[name];
  const random = createSeededRandom(seed);
  const pool = corpusOf(name).map(({ octets }) => octets);
  const ends: Record<string, number> = {};
  const coverage = startCoverage('/src/');
  const until = performance.now() + ms;
  for (const octets of pool) await run(octets);
  const corpus = coverage.takeNew();
  let [all, kept, inputs] = [corpus, 0, 0];
  while (inputs < most && performance.now() < until) {
    const batch = Array.from({ length: Math.min(BATCH, most - inputs) }, () => damage(target, pool, random));
    for (const octets of batch) count(await run(octets));
    inputs += batch.length;
    const found = coverage.takeNew();
    if (found === 0) continue;
    all += found;
    for (const octets of await thoseThatReach(batch)) {
      pool.push(octets);
      kept++;
    }
  }
  coverage.stop();
  return { inputs, ends, blocks: { corpus, all }, kept };

  async function run(octets: Uint8Array): Promise<string> {
    try {
      return await target.work(octets);
    } catch (error) {
      throw new Error(`${name} (seed ${seed}): ${Buffer.from(octets).toString('base64')}`, { cause: error });
    }
  }

  function count(end: string): void {
    ends[end] = (ends[end] ?? 0) + 1;
  }

  /** Each of the batch against the blocks of those before it. */
  async function thoseThatReach(batch: readonly Uint8Array[]): Promise<Uint8Array[]> {
    const own = startCoverage('/src/');
    for (const octets of pool) await run(octets);
    own.takeNew();
    const reaching: Uint8Array[] = [];
    for (const octets of batch) {
      await run(octets);
      if (own.takeNew() > 0) reaching.push(octets);
    }
    own.stop();
    return reaching;
  }
}

function damage({ form, pieces }: Target, pool: readonly Uint8Array[], random: Random): Uint8Array {
  if (form === 'octets') return mutate(pool, random).subarray(0, MOST_OCTETS);
  const text = Buffer.from(pool[random.below(pool.length)]).toString('utf8');
  return new Uint8Array(Buffer.from(woundText(text, pieces, random))).subarray(0, MOST_OCTETS);
}

export function guidedSummary(name: string, { inputs, ends, blocks, kept }: GuidedReport): string {
  const counts = Object.entries(ends).map(([end, times]) => `${times} ${end}`);
  return `${name}: ${inputs} inputs: ${counts.join(', ')}, 0 thrown; ${blocks.corpus} blocks by the corpus, ${blocks.all} by all, ${kept} inputs kept`;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { target: { type: 'string' }, seconds: { type: 'string' }, seed: { type: 'string' } },
  });
  const chosen = targetNames.filter((name) => values.target === undefined || values.target === name);
  for (const target of chosen) {
    const ms = Number(values.seconds ?? 30) * 1000;
    const report = await fuzzGuided({ target, ms, seed: Number(values.seed ?? 1), inputs: Infinity });
    process.stdout.write(`${guidedSummary(target, report)}\n`);
  }
}

if (import.meta.main) await main();
