/**
 * Asks rootwalk and Unbound the same questions on the same servers and compares what a client gets: RCODE, answer set,
 * AD. Each round is a random internet of its own, on port 53 of loopback addresses, so it runs in a network namespace:
 *
 *     ip netns add differ && ip netns exec differ ip link set lo up
 *     ip netns exec differ node test/differential/against-unbound.ts --questions 20000 --seed 1
 *     ip netns del differ
 *
 * Prints one line for each disagreement and a summary; the exit code is 1 where one is unexplained (known.ts).
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createServerCookies } from '../../src/access/server-cookies.ts';
import { defaultConfig } from '../../src/config/settle.ts';
import { createService } from '../../src/daemon/service.ts';
import { Option, readOptions } from '../../src/dns/edns.ts';
import { readExtendedError } from '../../src/dns/extended-error.ts';
import { isAtOrBelow, name, type Name } from '../../src/dns/name.ts';
import { readMessage } from '../../src/dns/wire/message-view.ts';
import { createSocketNetwork } from '../../src/exchange/socket-network.ts';
import { hintsToText } from '../../src/lab/demo-internet.ts';
import type { BreakageKind } from '../../src/lab/dnssec-breakage.ts';
import { planInternet } from '../../src/lab/internet.ts';
import { createLoopbackServer } from '../../src/lab/loopback-server.ts';
import { Flag } from '../../src/dns/wire/compose.ts';
import { systemClock } from '../../src/system/clock.ts';
import { systemFiles } from '../../src/system/file-watch.ts';
import { createSystemRandom } from '../../src/system/random.ts';
import { queryFor, readResponse } from '../support/messages.ts';
import { exchangeOverTcp } from '../support/plain-exchange.ts';
import { createSeededRandom } from '../support/seeded-random.ts';
import { explanation } from './known.ts';
import { randomInternet, type RandomInternet } from './random-internet.ts';
import { drawQuestions, type Question } from './random-questions.ts';
import { startUnbound } from './unbound.ts';

/** What a client gets, as far as two resolvers should agree on it. */
export type Outcome = { readonly rcode: string; readonly ad: boolean; readonly answer: readonly string[] };
/** `why`: the extended errors that came along; they are not compared. */
type Heard = { readonly outcome: Outcome; readonly why: string };
export type Disagreement = {
  readonly question: Question;
  readonly ours: Outcome;
  readonly theirs: Outcome;
  /** What is broken in zones that the answer may depend on: those at and above the names that either of them told of. */
  readonly broken: readonly BreakageKind[];
  /** Of these, what is broken only above the zones that the names belong to. */
  readonly brokenAbove: readonly BreakageKind[];
  /** Ours, in words. */
  readonly why: string;
};

const QUESTIONS_PER_ROUND = 250;
const UNBOUND_PORT = 5399;
/** Longer than any client waits. */
const UNBOUND_PATIENCE_MS = 15_000;

/** `agreed` counts what both said, so that a run shows what it has seen. */
export async function differ(
  internet: RandomInternet,
  questions: readonly Question[],
  agreed = new Map<string, number>(),
): Promise<Disagreement[]> {
  const { hosts, hints, trustAnchors: ofRoot } = planInternet(internet.plan, systemClock);
  const trustAnchors = ofRoot + internet.anchors;
  const reachable = hosts.filter(({ address }) => !address.includes(':'));
  const servers = reachable.map((host) => createLoopbackServer({ ...host, port: 53 }, { clock: systemClock }));
  for (const server of servers) {
    const started = await server.start();
    if (started.kind === 'failed') throw new Error(started.why);
  }
  const unbound = await startUnbound({ hints: hintsToText(hints), trustAnchors, port: UNBOUND_PORT });
  const ours = startOurs(hintsToText(hints), trustAnchors);
  const disagreements: Disagreement[] = [];
  try {
    for (const question of questions) {
      const query = queryFor(question.text, question);
      const [mine, its] = await Promise.all([ours.ask(query), askUnbound(unbound.port, query)]);
      const { outcome, why } = heard(mine);
      const pair = { question, ours: outcome, theirs: heard(its).outcome, why };
      if (JSON.stringify(pair.ours) !== JSON.stringify(pair.theirs))
        disagreements.push({ ...pair, ...brokenFor(internet, pair) });
      else count(agreed, pair.ours);
    }
  } finally {
    ours.stop();
    await unbound.stop();
    await Promise.all(servers.map((server) => server.stop()));
  }
  return disagreements;
}

/** Unbound takes a handful of TCP connections and lets go of them in its own time; a refused one is tried again. */
async function askUnbound(port: number, query: Uint8Array): Promise<Uint8Array | string> {
  for (let tries = 1; ; tries++) {
    const reply = await exchangeOverTcp({ address: '127.0.0.1', port }, query, UNBOUND_PATIENCE_MS);
    if (typeof reply !== 'string' || reply === 'timeout' || tries === 5) return reply;
    await wait(100 * tries);
  }
}

function startOurs(
  hintsText: string,
  trustAnchors: string,
): { ask(query: Uint8Array): Promise<Uint8Array>; stop(): void } {
  const directory = mkdtempSync(join(tmpdir(), 'rootwalk-differ-'));
  const hints = join(directory, 'hints');
  writeFileSync(hints, hintsText);
  const random = createSystemRandom();
  const config = defaultConfig({
    roots: { hints },
    iteration: { ipv6: 'off', doNotQuery: [] },
    dnssec: { validate: true, trustAnchors: trustAnchors.trim().split('\n') },
    local: { hostsFiles: [] },
    dataDirectory: directory,
  });
  let serial = 0;
  const service = createService(config, undefined, {
    clock: systemClock,
    random,
    cookies: createServerCookies({ clock: systemClock, random }),
    network: createSocketNetwork({ random }),
    files: systemFiles,
    newId: () => String(++serial),
    observe: () => undefined,
    report: () => undefined,
    reportFault: (error) => {
      throw error;
    },
  });
  return {
    ask: (query) =>
      new Promise((resolve, reject) => {
        service.pipeline.handle(query, { address: '127.0.0.1', port: 1, transport: 'tcp' }, (octets) =>
          octets === undefined ? reject(new Error('dropped')) : resolve(octets),
        );
      }),
    stop() {
      service.stop();
      rmSync(directory, { recursive: true });
    },
  };
}

function heard(octets: Uint8Array | string): Heard {
  if (typeof octets === 'string') return { outcome: { rcode: octets, ad: false, answer: [] }, why: '' };
  const { rcode, flags, answer } = readResponse(octets);
  const records = answer.map((line) => line.replace(/^(\S+) \d+/, '$1')).filter((line) => !/^\S+ RRSIG /.test(line));
  const view = readMessage(octets);
  const options = 'opt' in view ? (readOptions(view.opt()?.options ?? new Uint8Array()) ?? []) : [];
  const errors = options
    .filter(({ code }) => code === Option.EXTENDED_ERROR)
    .map(({ data }) => readExtendedError(data));
  return {
    outcome: { rcode, ad: flags.includes('AD'), answer: records.sort() },
    why: errors.map((error) => error?.text ?? '').join('; '),
  };
}

function brokenFor(
  { broken, apexes }: RandomInternet,
  { question, ours, theirs }: Pick<Disagreement, 'question' | 'ours' | 'theirs'>,
): Pick<Disagreement, 'broken' | 'brokenAbove'> {
  const words = [question.text, ...ours.answer, ...theirs.answer].flatMap((line) => line.split(' '));
  const names = words.filter((word) => word.endsWith('.')).map((word) => name(word));
  const homes = new Set(names.map((each) => deepest(apexes.map(name), each)));
  const met = [...broken].filter(([apex]) => names.some((each) => isAtOrBelow(each, name(apex))));
  const above = met.filter(([apex]) => !homes.has(name(apex)));
  return { broken: met.map(([, kind]) => kind), brokenAbove: above.map(([, kind]) => kind) };
}

function deepest(apexes: readonly Name[], each: Name): Name | undefined {
  const around = apexes.filter((apex) => isAtOrBelow(each, apex));
  return around.sort((a, b) => b.length - a.length)[0];
}

function count(agreed: Map<string, number>, { rcode, ad, answer }: Outcome): void {
  const outcome = `${rcode}${ad ? ' AD' : ''}${rcode === 'NOERROR' && answer.length === 0 ? ' without records' : ''}`;
  agreed.set(outcome, (agreed.get(outcome) ?? 0) + 1);
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { questions: { type: 'string' }, seed: { type: 'string' } } });
  const total = Number(values.questions ?? 2000);
  const firstSeed = Number(values.seed ?? 1);
  const agreed = new Map<string, number>();
  let asked = 0;
  let internets = 0;
  let explained = 0;
  let unexplained = 0;
  for (let seed = firstSeed; asked < total; seed++) {
    const random = createSeededRandom(seed);
    const internet = randomInternet(random);
    const questions = drawQuestions(internet.apexes, random, Math.min(QUESTIONS_PER_ROUND, total - asked));
    for (const disagreement of await differ(internet, questions, agreed)) {
      const why = explanation(disagreement);
      if (why === undefined) unexplained++;
      else explained++;
      process.stdout.write(`seed ${seed} ${tell(disagreement)}${why === undefined ? '' : `\n    explained: ${why}`}\n`);
    }
    asked += questions.length;
    internets++;
  }
  for (const [outcome, times] of [...agreed].sort(([, a], [, b]) => b - a)) {
    process.stdout.write(`${String(times).padStart(6)} ${outcome}\n`);
  }
  process.stdout.write(
    `${asked} questions in ${internets} internets: ${explained} explained disagreements, ${unexplained} unexplained\n`,
  );
  return unexplained === 0 ? 0 : 1;
}

const flagNames = [
  ['ad', Flag.AD],
  ['cd', Flag.CD],
] as const;

function tell({ question, ours, theirs, why, broken }: Disagreement): string {
  const bits = [
    question.dnssecOk ? ' +do' : '',
    ...flagNames.map(([flag, bit]) => (question.flags & bit ? ` +${flag}` : '')),
  ];
  const state = broken.length === 0 ? '' : ` (broken: ${broken.join(', ')})`;
  return `${question.text}${bits.join('')}${state}\n    rootwalk ${text(ours)}${why === '' ? '' : ` (${why})`}\n    unbound  ${text(theirs)}`;
}

function text({ rcode, ad, answer }: Outcome): string {
  return `${rcode}${ad ? ' AD' : ''} [${answer.join('; ')}]`;
}

if (import.meta.main) process.exitCode = await main();
