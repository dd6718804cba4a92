/**
 * Every misbehaviour of the lab, twice: by the only server of a zone, and by one of two. What the client gets, how many
 * exchanges it takes and how long, is docs/misbehaving-servers.md, which this test keeps true (`vitest -u` writes it).
 *
 * Time is simulated and chance repeats, so the numbers are the same everywhere.
 */

import { describe, expect, test } from 'vitest';

import { name } from '../../src/dns/name.ts';
import { Rcode, rcodeToText, typeToText } from '../../src/dns/record-type.ts';
import { addressSets } from '../../src/lab/address-sets.ts';
import * as does from '../../src/lab/misbehaviour.ts';
import type { Misbehaviour } from '../../src/lab/misbehaviour.ts';
import type { Reply } from '../../src/query/reply.ts';
import type { Asked } from '../support/simulated-internet.ts';
import { simulatedInternet } from '../support/walking-resolver.ts';

type Case = {
  readonly what: string;
  readonly misbehaviour: readonly Misbehaviour[];
  /** What comes of it where there is no other server. */
  readonly alone: 'answer' | 'failure';
  readonly question?: string;
};

const WWW = 'www.example. A';
/** So many records that they do not go into a datagram. */
const BIG = 'big.example. TXT';

const cases: readonly Case[] = [
  { what: 'none', misbehaviour: [], alone: 'answer' },
  { what: 'silent', misbehaviour: [does.silent, does.tcpHangs], alone: 'failure' },
  { what: 'silent over UDP only', misbehaviour: [does.only({ transport: 'udp' }, does.silent)], alone: 'answer' },
  { what: 'UDP port closed, TCP refused', misbehaviour: [does.udpRefused, does.tcpRefused], alone: 'failure' },
  { what: 'answers after 300 ms', misbehaviour: [does.delays(300)], alone: 'answer' },
  { what: 'answers after 1 s', misbehaviour: [does.delays(1000)], alone: 'answer' },
  { what: 'loses every second query', misbehaviour: [does.loses(1, 2)], alone: 'answer' },
  { what: 'loses two of three queries', misbehaviour: [does.loses(2, 3)], alone: 'answer' },
  { what: 'wrong ID', misbehaviour: [does.only({ transport: 'udp' }, does.wrongId)], alone: 'answer' },
  { what: 'wrong ID, over TCP too', misbehaviour: [does.wrongId], alone: 'failure' },
  { what: 'answers from another port', misbehaviour: [does.answersFrom('port')], alone: 'answer' },
  { what: 'answers from another address', misbehaviour: [does.answersFrom('address')], alone: 'answer' },
  { what: 'letter case lowered', misbehaviour: [does.lowersCase], alone: 'answer' },
  { what: 'letter case flipped', misbehaviour: [does.flipsCase], alone: 'answer' },
  {
    what: 'another question',
    misbehaviour: [{ kind: 'wrong-question', qname: name('other.test.') }],
    alone: 'failure',
  },
  { what: 'truncates over UDP', misbehaviour: [does.truncates], alone: 'answer' },
  { what: 'truncates, TCP refused', misbehaviour: [does.truncates, does.tcpRefused], alone: 'failure' },
  { what: 'truncates, TCP hangs', misbehaviour: [does.truncates, does.tcpHangs], alone: 'failure' },
  { what: 'truncates, TCP closed at once', misbehaviour: [does.truncates, does.tcpCloses], alone: 'failure' },
  { what: 'an answer too large for UDP', misbehaviour: [], alone: 'answer', question: BIG },
  { what: 'REFUSED', misbehaviour: [does.refuses], alone: 'failure' },
  { what: 'SERVFAIL', misbehaviour: [does.failsAlways], alone: 'failure' },
  { what: 'NOTIMP', misbehaviour: [does.says(Rcode.NOTIMP)], alone: 'failure' },
  { what: 'NOTAUTH', misbehaviour: [does.says(Rcode.NOTAUTH)], alone: 'failure' },
  { what: 'FORMERR on EDNS', misbehaviour: [does.formatErrorOnEdns], alone: 'answer' },
  { what: 'drops EDNS', misbehaviour: [does.dropsEdns], alone: 'answer' },
  { what: 'ignores EDNS', misbehaviour: [does.ignoresEdns], alone: 'answer' },
  { what: 'AA missing', misbehaviour: [does.notAuthoritative], alone: 'answer' },
  { what: 'refers upward', misbehaviour: [does.refersTo('.')], alone: 'failure' },
  { what: 'refers sideways', misbehaviour: [does.refersTo('other.')], alone: 'failure' },
  { what: 'refers to itself', misbehaviour: [does.refersTo('example.')], alone: 'failure' },
  {
    what: 'NXDOMAIN for an empty non-terminal',
    misbehaviour: [does.deniesEmptyNonTerminals],
    alone: 'answer',
    question: 'deep.empty.example. A',
  },
  { what: 'fills its answers to 4000 octets', misbehaviour: [{ kind: 'huge', octets: 4000 }], alone: 'answer' },
  { what: 'forged address of www.other. beside the answer', misbehaviour: [forged('additional')], alone: 'answer' },
  { what: 'forged answer for www.other.', misbehaviour: [forged('answer')], alone: 'answer' },
  {
    what: 'junk first: too short, noise, cut, an echo',
    misbehaviour: [does.sendsFirst('empty', 'short', 'noise', 'cut', 'echo')],
    alone: 'answer',
  },
  {
    what: 'a forger first: a burst of wrong IDs',
    misbehaviour: [
      does.only({ transport: 'udp' }, does.sendsFirst(...Array.from({ length: 30 }, () => 'wrong-id' as const))),
    ],
    alone: 'answer',
  },
  {
    what: 'octets that are no message',
    misbehaviour: [{ kind: 'octets', make: (_, response) => response.slice(0, 20) }],
    alone: 'failure',
  },
];

function forged(section: 'answer' | 'additional'): Misbehaviour {
  return does.forges(section, ...addressSets(name('www.other.'), 86_400, ['198.51.100.66']));
}

const records = `
www        A   203.0.113.7
deep.empty A   203.0.113.7
${Array.from({ length: 40 }, (_, i) => `big TXT "${'x'.repeat(50)}${i}"`).join('\n')}
`;
/** With this one the bad server comes first, where there are two. */
const SEED = 2;
const BAD = '192.0.2.1';
const GOOD = '192.0.2.2';

function ask({ misbehaviour, question = WWW }: Case, at: readonly string[]): Promise<Asked> {
  return simulatedInternet({ latencyMs: 20, seed: SEED })
    .zone('.', { at: '198.51.100.1' })
    .zone('other.', { at: '198.51.100.2', records: 'www A 203.0.113.8' })
    .zone('example.', { at, records })
    .server(BAD, ...misbehaviour)
    .ask(question);
}

describe('a zone with one server', () => {
  test.each(cases.map((one) => [one.what, one.alone, one] as const))('%s: %s', async (_, alone, one) => {
    const asked = await ask(one, [BAD]);
    if (alone === 'failure') expect(asked.reply).toFail();
    else expectAnswer(asked.reply, one);
    expectBounded(asked);
  });
});

describe('a good server beside it always answers', () => {
  test.each(cases.map((one) => [one.what, one] as const))('%s', async (_, one) => {
    const asked = await ask(one, [BAD, GOOD]);
    expectAnswer(asked.reply, one);
    expectBounded(asked);
  });
});

test('the table in the documentation is true', async () => {
  const table = [
    '| Misbehaviour | The only server: reply | exchanges | ms | One of two: reply | exchanges | ms |',
    '| --- | --- | --: | --: | --- | --: | --: |',
  ];
  for (const one of cases) {
    table.push(`| ${one.what} | ${cells(await ask(one, [BAD]))} | ${cells(await ask(one, [BAD, GOOD]))} |`);
  }
  await expect(`${INTRODUCTION}\n${table.join('\n')}\n`).toMatchFileSnapshot('../../docs/misbehaving-servers.md');
});

const INTRODUCTION = `# What comes of servers that misbehave

A cold question to a zone below the root, whose only server, or one of whose two servers, does what the first column
says; every round trip takes 20 ms. Exchanges are datagrams sent and connections begun, that with the root included; time
is simulated. Written and kept true by \`test/scenario/misbehaving-servers.test.ts\`.
`;

function cells({ reply, exchanges, tookMs }: Asked): string {
  return `${told(reply)} | ${exchanges} | ${Math.round(tookMs)}`;
}

function told({ rcode, answer }: Reply): string {
  const types = answer.map(({ type, count }) => (count === 1 ? typeToText(type) : `${count} ${typeToText(type)}`));
  return rcode === Rcode.NOERROR ? types.join(', ') : rcodeToText(rcode);
}

function expectAnswer(reply: Reply, { question = WWW }: Case): void {
  if (question === BIG) expect(reply.answer[0]).toMatchObject({ count: 40 });
  else expect(reply).toAnswer(`${question.replace(' ', ' 300 ')} 203.0.113.7`);
}

/** The work that one question may cause. */
function expectBounded({ exchanges, tookMs }: Asked): void {
  expect(exchanges).toBeLessThanOrEqual(50);
  expect(tookMs).toBeLessThanOrEqual(10_500);
}
