/**
 * Signed answers that are changed on the way, to the whole resolver: `node test/fuzz/validator.fuzz.ts --inputs 20000`.
 *
 * In each input the responses to one question at one server are damaged, over UDP and over TCP: a bit of one octet, or
 * wounds of mutate.ts. Whatever octet it was, of a signed set, its RRSIG, a DNSKEY or DS set, a proof or the frame
 * around them: what is `secure` afterwards is what the zones say, and what they have signed is never only `insecure`.
 */

import { canonicalRRset } from '../../src/dns/canonical.ts';
import { nameToText } from '../../src/dns/name.ts';
import { Rcode } from '../../src/dns/record-type.ts';
import { rdataOf, type RRset } from '../../src/dns/rrset.ts';
import { MessageView, readMessage } from '../../src/dns/wire/message-view.ts';
import { planInternet, type InternetPlan } from '../../src/lab/internet.ts';
import type { LabServer } from '../../src/lab/lab-server.ts';
import { createMemoryNetwork } from '../../src/lab/memory-network.ts';
import type { Reply } from '../../src/query/reply.ts';
import type { Random } from '../../src/system/random.ts';
import { createHandClock } from '../support/hand-clock.ts';
import { readQuestion } from '../support/messages.ts';
import { createSeededRandom } from '../support/seeded-random.ts';
import { validatingResolver } from '../support/validating-resolver.ts';
import { mutate } from './mutate.ts';
import { fuzzOptions, type FuzzOptions } from './run.ts';

export type ValidatorFuzzReport = FuzzOptions & {
  /** `true and secure` in spite of the damage, or not believed, by the state. */
  readonly ends: Readonly<Record<string, number>>;
};

const records = `
www 300 A 203.0.113.7
www 300 A 203.0.113.8
mail 300 MX 10 www
*.wild 300 A 203.0.113.9
alias 300 CNAME www
old 300 DNAME new
www.new 300 A 203.0.113.10
`;
const plan: InternetPlan = {
  zones: {
    '.': { at: '198.51.100.1', signed: true },
    'example.': { at: '192.0.2.1', signed: true, records },
    'sub.example.': { at: '192.0.2.2', signed: { algorithm: 15 }, records },
    'hashed.': { at: '192.0.2.3', signed: { denial: 'nsec3', algorithm: 8, keys: 'one' }, records },
  },
};
const zones = ['example.', 'hashed.', 'sub.example.'];
const asked = ['www A', 'mail MX', 'www TXT', 'none A', 'q.wild A', 'q.wild TXT', 'wild A', 'alias A', 'www.old A'];
export const questions = [
  ...zones.flatMap((zone) => asked.map((question) => question.replace(' ', `.${zone} `))),
  'sub.example. DS',
  'example. DNSKEY',
  'hashed. NSEC3PARAM',
  'nothing. A',
];

/** Of whom the damage is, which question of the resolver's it is the answer to, and what becomes of the octets. */
export type Damage = {
  readonly address: string;
  readonly key: string;
  readonly change: (octets: Uint8Array) => Uint8Array;
};
/** What a server was asked on the way to an answer, and what it said. */
type Said = { readonly address: string; readonly key: string; readonly octets: Uint8Array };
type Truth = { readonly question: string; readonly reply: Reply; readonly said: readonly Said[] };

const { hosts, hints, trustAnchors } = planInternet(plan);

export async function fuzzValidator({ inputs, seed }: FuzzOptions): Promise<ValidatorFuzzReport> {
  const random = createSeededRandom(seed);
  const truths: Truth[] = [];
  for (const question of questions) truths.push(await truthOf(question));
  const ends: Record<string, number> = {};
  for (let i = 0; i < inputs; i++) {
    const truth = truths[random.below(truths.length)];
    const said = truth.said[random.below(truth.said.length)];
    const end = await endOf(
      truth,
      { ...said, change: drawChange(said.octets.length, random) },
      `seed ${seed} input ${i}`,
    );
    ends[end] = (ends[end] ?? 0) + 1;
  }
  return { inputs, seed, ends };
}

/** Every octet of every response on the way to one answer, or each so manieth, with one bit of it turned over. */
export async function turnOctets(question: string, seed: number, every = 1): Promise<Record<string, number>> {
  const random = createSeededRandom(seed);
  const truth = await truthOf(question);
  const ends: Record<string, number> = {};
  for (const said of truth.said) {
    for (let at = random.below(every); at < said.octets.length; at += every) {
      const end = await endOf(truth, { ...said, change: flip(at, random.below(8)) }, `octet ${at} of ${said.key}`);
      ends[end] = (ends[end] ?? 0) + 1;
    }
  }
  return ends;
}

async function truthOf(question: string): Promise<Truth> {
  const said: Said[] = [];
  const reply = await ask(question, undefined, said);
  if (reply.security?.state !== 'secure') throw new Error(`${question} is not secure without damage`);
  return { question, reply, said };
}

/** How it ended; throws where something was believed that is not so. */
export async function endOf(
  { question, reply: truth }: Pick<Truth, 'question' | 'reply'>,
  damage: Damage,
  what: string,
): Promise<string> {
  const { rcode, answer, authority, security } = await ask(question, damage);
  const state = security?.state ?? 'unjudged';
  const where = `${question}, ${damage.key} at ${damage.address}, ${what}`;
  if (rcode === Rcode.SERVFAIL) return `failed, ${state}`;
  if (state !== 'secure') throw new Error(`${where}: answered though ${state}`);
  if (rcode !== truth.rcode || told(answer).join() !== told(truth.answer).join()) {
    throw new Error(`${where}: secure, and changed`);
  }
  const known = new Set(told(truth.authority));
  if (!told(authority).every((line) => known.has(line))) throw new Error(`${where}: secure, and its proof is changed`);
  const most = Math.max(...truth.answer.map(({ ttl }) => ttl));
  if (answer.some(({ ttl }) => ttl > most)) throw new Error(`${where}: secure, and its TTL has grown`);
  return 'true and secure';
}

function ask(question: string, damage: Damage | undefined, said: Said[] = []): Promise<Reply> {
  const clock = createHandClock();
  const network = createMemoryNetwork({}, { clock });
  for (const { address, server, latencyMs } of hosts) {
    network.attach({ address, port: 53 }, tapped(address, server, damage, said), latencyMs);
  }
  const resolver = validatingResolver()({ network, clock, random: createSeededRandom(1), hints, trustAnchors });
  return clock.run(resolver.resolve(...readQuestion(question)));
}

function tapped(address: string, server: LabServer, damage: Damage | undefined, said: Said[]): LabServer {
  return {
    ...server,
    react(query, transport) {
      const reaction = server.react(query, transport);
      const key = keyOf(query);
      for (const { octets } of reaction.messages) said.push({ address, key, octets });
      if (damage?.address !== address || damage.key !== key) return reaction;
      const messages = reaction.messages.map((message) => ({
        ...message,
        octets: damage.change(message.octets.slice()),
      }));
      return { ...reaction, messages };
    },
  };
}

function keyOf(query: Uint8Array): string {
  const view = readMessage(query);
  return view instanceof MessageView ? `${nameToText(view.qname())} ${view.qtype}` : 'malformed';
}

function drawChange(length: number, random: Random): Damage['change'] {
  if (random.below(3) > 0) return flip(random.below(length), random.below(8));
  const seed = random.below(2 ** 31);
  return (octets) => mutate([octets], createSeededRandom(seed));
}

function flip(at: number, bit: number): Damage['change'] {
  return (octets) => {
    octets[at % octets.length] ^= 1 << bit;
    return octets;
  };
}

/** Without TTL and letter case, which signatures do not guard (RFC 4034 §6.2), and in one order. */
function told(sets: readonly RRset[]): string[] {
  return sets
    .flatMap((set) =>
      canonicalRRset(set.type, rdataOf(set)).map(
        (rdata) => `${nameToText(set.owner)} ${set.type} ${Buffer.from(rdata).toString('hex')}`,
      ),
    )
    .sort();
}

async function main(): Promise<void> {
  const { inputs, seed, ends } = await fuzzValidator(fuzzOptions(20_000));
  const counts = Object.entries(ends).map(([end, count]) => `${count} ${end}`);
  process.stdout.write(`validator: ${inputs} changed responses, seed ${seed}: ${counts.join(', ')}, 0 believed\n`);
}

if (import.meta.main) await main();
