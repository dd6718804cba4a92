/**
 * A lying network to the walker: `node test/fuzz/walker.fuzz.ts --replies 200000 --seed 1`, or `--sequences 100000`.
 *
 * The root, `victim.` and `honest.` are served truly; every server of `liar.`, and whatever it refers to, lies. After
 * each question there must be a reply, within the budget of exchanges and time, with no timer or flow left; and what
 * the cache holds of names outside `liar.` must be true. Questions come in sequences of five below one name, so that
 * each meets what the lies before it have left; the cache is looked into after each sequence.
 */

import { parseArgs } from 'node:util';

import { createResolver, type Resolver } from '../../src/daemon/resolver.ts';
import { ROOT, isAtOrBelow, name, nameToText, prepend, type Name } from '../../src/dns/name.ts';
import { Rcode, Type } from '../../src/dns/record-type.ts';
import { rdataOf } from '../../src/dns/rrset.ts';
import { answerQuery } from '../../src/lab/authoritative.ts';
import { planInternet } from '../../src/lab/internet.ts';
import { createMemoryNetwork } from '../../src/lab/memory-network.ts';
import { createZoneSet } from '../../src/lab/zone.ts';
import type { Random } from '../../src/system/random.ts';
import { createHandClock } from '../support/hand-clock.ts';
import { defaultOptions } from '../support/resolver-options.ts';
import { createSeededRandom } from '../support/seeded-random.ts';
import { createLyingServer } from './lying-server.ts';
import { heapAfterCollection } from './run.ts';

/** Ends when there were so many replies and so many sequences. */
export type WalkerFuzzOptions = { readonly replies: number; readonly sequences?: number; readonly seed: number };
export type WalkerFuzzReport = {
  readonly seed: number;
  readonly replies: number;
  readonly questions: number;
  readonly sequences: number;
  readonly byRcode: Readonly<Record<string, number>>;
  readonly mostExchanges: number;
  readonly longestMs: number;
  readonly heapGrowthOctets: number;
};

const LIAR = name('liar.');
const LIARS = ['192.0.2.66', '192.0.2.67', '192.0.2.68'];
const HONEST = ['198.51.100.1', '192.0.2.1', '192.0.2.2'];
const NOBODY = ['192.0.2.200', '0.0.0.0', '224.0.0.1'];
const NAMES = [
  '.',
  'liar.',
  'sub.liar.',
  'ns1.liar.',
  'deep.sub.liar.',
  'victim.',
  'www.victim.',
  'ns1.victim.',
  'www.honest.',
  'nobody.',
].map(name);
const QTYPES = [Type.A, Type.A, Type.A, Type.AAAA, Type.TXT, Type.NS, Type.CNAME, Type.DS, Type.MX, Type.SOA];
/** Enough that a name is seldom asked twice while its failure is remembered. */
const LABELS = ['www', 'to', ...Array.from({ length: 200 }, (_, i) => `n${i}`)];
const { budget } = defaultOptions.recursion;
/** Small, so that it fills soon and its growth is not taken for a leak. */
const CACHE_BYTES = 512 * 1024;
const SEQUENCE = 5;
/** Clients that ask at once share walks and wait for each other. */
const MOST_TOGETHER = 4;
/** A lie that leads nowhere would spare the liars all further questions for a day. */
const MOST_TTL = 120;
/** Between the questions of a sequence. */
const MOST_SHORT_PAUSE_MS = 2000;
/** Time goes by between questions, so that what was learned also expires. */
const MOST_PAUSE_MS = 20_000;

export async function fuzzWalker({
  replies,
  sequences: least = 0,
  seed,
}: WalkerFuzzOptions): Promise<WalkerFuzzReport> {
  const world = createWorld(seed);
  const byRcode: Record<string, number> = {};
  let [sequences, questions, mostExchanges, longestMs, heapBefore] = [0, 0, 0, 0, 0];
  for (let asked = 0; world.replies() < replies || sequences < least; asked++) {
    const isWarm = world.replies() >= replies / 5 && sequences >= least / 5;
    if (heapBefore === 0 && isWarm) heapBefore = heapAfterCollection();
    const { rcodes, exchanges, tookMs } = await world.ask(asked % SEQUENCE === 0);
    for (const rcode of rcodes) byRcode[rcode] = (byRcode[rcode] ?? 0) + 1;
    mostExchanges = Math.max(mostExchanges, exchanges);
    longestMs = Math.max(longestMs, tookMs);
    questions += rcodes.length;
    if (asked % SEQUENCE !== SEQUENCE - 1) continue;
    sequences++;
    world.checkCache();
  }
  world.checkCache();
  const heapGrowthOctets = heapAfterCollection() - heapBefore;
  return { seed, replies: world.replies(), sequences, questions, byRcode, mostExchanges, longestMs, heapGrowthOctets };
}

type World = {
  replies(): number;
  /** One question, or a few in the same moment; they are below one name until a sequence begins. */
  ask(beginsSequence: boolean): Promise<{ rcodes: readonly number[]; exchanges: number; tookMs: number }>;
  checkCache(): void;
};

function createWorld(seed: number): World {
  const random = createSeededRandom(seed);
  const clock = createHandClock({ mostMs: 2 * budget.milliseconds });
  const network = createMemoryNetwork({}, { clock });
  const { hosts, hints } = planInternet({
    zones: {
      '.': { at: HONEST[0] },
      'victim.': { at: HONEST[1], records: 'www A 203.0.113.8\n@ MX 10 www' },
      'honest.': { at: HONEST[2], records: 'www A 203.0.113.9\nalias CNAME www.victim.' },
      'liar.': { at: LIARS, records: 'www A 203.0.113.7\nto CNAME www.victim.' },
      'sub.liar.': { at: LIARS, records: 'www A 203.0.113.7' },
    },
  });
  const liars = hosts
    .filter(({ address }) => LIARS.includes(address))
    .map(({ address, server }) => {
      const zones = createZoneSet(server.zones);
      const lies = { names: NAMES, addresses: [...LIARS, ...HONEST, ...NOBODY] };
      const liar = createLyingServer(lies, random, (query, transport) => answerQuery(query, zones, transport));
      network.attach({ address, port: 53 }, liar);
      return liar;
    });
  const honest = hosts.filter(({ address }) => !LIARS.includes(address));
  for (const { address, server } of honest) network.attach({ address, port: 53 }, server);

  let serial = 0;
  let topic = LIAR;
  const resolver = createResolver(
    {
      ...defaultOptions,
      cache: { ...defaultOptions.cache, maxBytes: CACHE_BYTES, maxTtl: MOST_TTL },
      hints: { zone: ROOT, servers: hints },
    },
    {
      network,
      clock,
      random,
      newId: () => String(++serial),
      mayAsk: (at) => at !== '0.0.0.0',
      report: () => undefined,
    },
  );
  const sent = (): number => network.counts().datagramsSent + network.counts().connections;

  return {
    replies: () => liars.reduce((sum, liar) => sum + liar.replies(), 0),
    checkCache: () =>
      checkCache(
        resolver,
        honest.flatMap(({ server }) => server.zones),
      ),
    async ask(beginsSequence) {
      clock.advance(random.below(beginsSequence ? MOST_PAUSE_MS : MOST_SHORT_PAUSE_MS));
      if (beginsSequence) topic = drawQuestion(random)[0];
      const questions = Array.from({ length: 1 + random.below(MOST_TOGETHER) }, () => drawQuestion(random, topic));
      const [startedAt, sentBefore] = [clock.now(), sent()];
      const asking = questions.map(([qname, qtype]) => resolver.recursion.resolve(qname, qtype, String(++serial)));
      const replies = await clock.run(Promise.all(asking));
      const [tookMs, exchanges] = [clock.now() - startedAt, sent() - sentBefore];
      const what = `${questions.map(([qname, qtype]) => `${nameToText(qname)} ${qtype}`).join(', ')} (seed ${seed})`;
      ensure(exchanges <= questions.length * budget.exchanges, `${what}: ${exchanges} exchanges`);
      ensure(tookMs <= budget.milliseconds, `${what}: ${tookMs} ms`);
      ensure(clock.pending() === 0 && network.counts().open === 0, `${what}: something was left behind`);
      const failures = replies.filter(({ rcode }) => rcode === Rcode.SERVFAIL);
      const areReasoned = failures.every(({ errors }) => errors.length > 0 && errors.every(({ text }) => text !== ''));
      ensure(areReasoned, `${what}: a failure without a reason`);
      return { rcodes: replies.map(({ rcode }) => rcode), exchanges, tookMs };
    },
  };
}

function drawQuestion(random: Random, topic: Name = NAMES[1 + random.below(4)]): [Name, number] {
  let qname = topic;
  for (let labels = random.below(4); labels > 0; labels--)
    qname = prepend(LABELS[random.below(LABELS.length)], qname) ?? qname;
  if (random.below(20) === 0) qname = NAMES[random.below(NAMES.length)];
  return [qname, QTYPES[random.below(QTYPES.length)]];
}

type Zones = Parameters<typeof createZoneSet>[0];

/** What is held of names that no liar is asked about must be what their zones say. */
function checkCache({ cache, recursion }: Resolver, zones: Zones): void {
  ensure(recursion.walksInFlight() === 0, 'a walk is left');
  ensure(cache.statistics().bytes <= CACHE_BYTES, 'the cache keeps to its bound');
  const set = createZoneSet(zones);
  for (const entry of cache.dump()) {
    if (isAtOrBelow(entry.name, LIAR)) continue;
    const where = `${entry.kind} ${nameToText(entry.name)}`;
    if (entry.kind === 'rrset') {
      const { rrset: held } = entry;
      const found = set.find(entry.name, held.type)!.lookup(entry.name, held.type);
      const truth = 'rrsets' in found ? found.rrsets.find(({ type }) => type === held.type) : undefined;
      ensure(truth !== undefined && textOf(truth) === textOf(held), `${where} type ${held.type} is foreign`);
    } else if (entry.kind === 'denial') {
      const found = set.find(entry.name, entry.qtype ?? Type.A)!.lookup(entry.name, entry.qtype ?? Type.A);
      ensure(found.kind === entry.denial.kind, `${where}: ${entry.denial.kind} where it is ${found.kind}`);
    } else if (entry.kind === 'delegation') {
      const addresses = entry.delegation.servers.flatMap((server) => server.addresses);
      ensure(
        addresses.every((address) => HONEST.includes(address)),
        `${where} is foreign`,
      );
    }
  }
}

function textOf(set: Parameters<typeof rdataOf>[0]): string {
  return rdataOf(set)
    .map((rdata) => Buffer.from(rdata).toString('hex'))
    .sort()
    .join();
}

function ensure(holds: boolean, what: string): void {
  if (!holds) throw new Error(`does not hold: ${what}`);
}

export function walkerSummary(report: WalkerFuzzReport): string {
  const { replies, seed, questions, sequences, byRcode, mostExchanges, longestMs, heapGrowthOctets } = report;
  const rcodes = Object.entries(byRcode).map(([rcode, count]) => `${count} RCODE ${rcode}`);
  return [
    `walker: ${replies} lying replies to ${questions} questions in ${sequences} sequences, seed ${seed}: ${rcodes.join(', ')}, 0 thrown`,
    `at most ${mostExchanges} exchanges and ${longestMs} simulated ms for up to ${MOST_TOGETHER} questions at once`,
    `heap ${heapGrowthOctets >= 0 ? '+' : ''}${(heapGrowthOctets / 2 ** 20).toFixed(2)} MiB`,
  ].join('; ');
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { replies: { type: 'string' }, sequences: { type: 'string' }, seed: { type: 'string' } },
  });
  const report = await fuzzWalker({
    replies: Number(values.replies ?? (values.sequences === undefined ? 200_000 : 0)),
    sequences: Number(values.sequences ?? 0),
    seed: Number(values.seed ?? 1),
  });
  process.stdout.write(`${walkerSummary(report)}\n`);
}
