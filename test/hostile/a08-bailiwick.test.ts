/**
 * A8. Records beside the question (Kashpureff, 1997; CVE-2025-40778, CVE-2025-11411, CVE-2025-59023, CVE-2026-42960): a
 * response carries NS sets of parents or siblings, addresses of other zones' servers, aliases of names that nobody
 * asked for, and the cache believes them.
 *
 * Here iterate/bailiwick.ts has the table of what is taken, by section, type and owner: what the question led to, and
 * nothing else. A zone's servers are what its parent says, whatever the zone says of itself.
 *
 * The matrix: section × type × owner × state of the victim in the cache × transport, and after each attack the cache is
 * searched and the victim asked for.
 */

import { describe, expect, test } from 'vitest';

import { rrset, type RRset } from '../../src/dns/rrset.ts';
import type { Section } from '../../src/dns/wire/message-view.ts';
import { parseZoneText } from '../../src/dns/zone-text.ts';
import { forges, only, truncates, type Misbehaviour } from '../../src/lab/misbehaviour.ts';
import { resolverIn, type ResolverIn } from '../support/resolver-in.ts';
import { simulatedInternet } from '../support/walking-resolver.ts';
import { recordFigure } from './figures.ts';

const ATTACKER = '192.0.2.66';
/** Nothing that is true has these. */
const POISON = /203\.0\.113\.66|evil/;

/** Types, with RDATA that is the attacker's. */
const forgedData = {
  NS: 'NS ns.evil.',
  A: 'A 203.0.113.66',
  AAAA: 'AAAA 2001:db8:66::evil',
  CNAME: 'CNAME www.evil.',
  DNAME: 'DNAME evil.',
  MX: 'MX 1 mail.evil.',
  SOA: 'SOA evil. evil. 1 1 1 1 86400',
  SVCB: 'SVCB 1 svc.evil.',
} as const;

/** Seen from the attacker's zone `attacker.test.`. */
const owners = {
  'its own zone': 'attacker.test.',
  'a name in it that was not asked for': 'other.attacker.test.',
  'a zone below it': 'child.attacker.test.',
  'a sibling': 'victim.test.',
  'a name in a sibling': 'www.victim.test.',
  'its parent': 'test.',
  'the root': '.',
} as const;

const sections: readonly Section[] = ['answer', 'authority', 'additional'];
const states = ['cold', 'warm', 'expired'] as const;
const transports = ['udp', 'tcp'] as const;

type Cell = {
  readonly section: Section;
  readonly type: keyof typeof forgedData;
  readonly owner: string;
  readonly state: (typeof states)[number];
  readonly transport: (typeof transports)[number];
};

const cells: readonly Cell[] = sections.flatMap((section) =>
  Object.keys(forgedData).flatMap((type) =>
    Object.values(owners).flatMap((owner) =>
      states.flatMap((state) =>
        transports.map((transport): Cell => ({ section, type: type as Cell['type'], owner, state, transport })),
      ),
    ),
  ),
);

function forgedSet({ owner, type }: Cell): RRset {
  const text = forgedData[type].replace('2001:db8:66::evil', '2001:db8:66::e711');
  const { records, problems } = parseZoneText(`${owner} 86400 ${text}`);
  if (problems.length > 0) throw new TypeError(problems[0].why);
  return rrset(records[0].owner, records[0].type, records[0].ttl, [records[0].rdata]);
}

function resolverFor(...misbehaviour: Misbehaviour[]): ResolverIn {
  return resolverIn(
    simulatedInternet()
      .zone('.', { at: '198.51.100.1' })
      .zone('test.', { at: '192.0.2.53', records: 'lonely A 203.0.113.5' })
      .zone('victim.test.', { at: '192.0.2.2', records: 'www A 203.0.113.8\n@ MX 1 mail\nmail A 203.0.113.8' })
      .zone('attacker.test.', { at: ATTACKER, records: 'www A 203.0.113.7\nother A 203.0.113.9\nchild TXT "true"' })
      .server(ATTACKER, ...misbehaviour),
  );
}

/** What is asked of the victim afterwards, and what is true. */
const truths: readonly (readonly [string, string])[] = [
  ['www.victim.test. A', 'www.victim.test. 300 A 203.0.113.8'],
  ['lonely.test. A', 'lonely.test. 300 A 203.0.113.5'],
];

/** Foreign records that a cell left in the reply, in the cache, or in what the victim's clients are told. */
async function foreignRecords(cell: Cell): Promise<number> {
  const overTcp: Misbehaviour[] = cell.transport === 'tcp' ? [truncates] : [];
  const resolver = resolverFor(...overTcp, only({ transport: cell.transport }, forges(cell.section, forgedSet(cell))));
  if (cell.state !== 'cold') for (const [question] of truths) await resolver.ask(question);
  if (cell.state === 'expired') resolver.clock.advance(301_000);

  const reply = await resolver.ask('www.attacker.test. A');
  expect(reply).toAnswer('www.attacker.test. 300 A 203.0.113.7');
  let foreign = [...reply.answer, ...reply.authority].length - 1;
  foreign += resolver.cached().filter(isPoison).length;

  for (const [question, truth] of truths) {
    const victim = await resolver.ask(question);
    if (cell.state === 'warm') expect(victim.answer).toHaveLength(1);
    else expect(victim).toAnswer(truth);
  }
  return foreign + resolver.cached().filter(isPoison).length;
}

const isPoison = (line: string): boolean => POISON.test(line) || line.includes('2001:db8:66:');

describe.each(sections)('in the %s section', (section) => {
  test.each(Object.keys(forgedData))('%s', async (type) => {
    const own = cells.filter((cell) => cell.section === section && cell.type === type);
    let foreign = 0;
    for (const cell of own) foreign += await foreignRecords(cell);
    recordFigure('A8', `foreign records from ${own.length} cells of ${type} in ${section}`, foreign, 0);
  });
});

test('the matrix has as many cells as it must', () => {
  recordFigure('A8', 'cells of the matrix', cells.length, { atLeast: 400 });
});

test('the servers of a zone are those that its parent names, whatever the zone says with its answers', async () => {
  const own = forgedSet({ section: 'authority', type: 'NS', owner: 'attacker.test.', state: 'cold', transport: 'udp' });
  const resolver = resolverFor(forges('authority', own));
  await resolver.ask('www.attacker.test. A');
  await resolver.ask('attacker.test. NS');
  expect(resolver.cached().filter((line) => line.startsWith('delegation attacker.test.'))).toEqual([
    `delegation attacker.test. ns1.attacker.test. ${ATTACKER}`,
  ]);
});

test('what a response may say is kept: an alias within the zone, and its target', async () => {
  const resolver = resolverIn(
    simulatedInternet()
      .zone('.', { at: '198.51.100.1' })
      .zone('test.', { at: '192.0.2.53', records: 'alias CNAME www\nwww A 203.0.113.7' }),
  );
  await resolver.ask('alias.test. A');
  const before = resolver.exchanges();
  expect(await resolver.ask('www.test. A')).toAnswer('www.test. 300 A 203.0.113.7');
  expect(resolver.exchanges()).toBe(before);
});
