/**
 * RFC 8198: whatever was asked before, an answer made from denials in the cache is the one that the zone would give.
 *
 * Small zones of few labels, so that names are owners, empty non-terminals, below wildcards, below cuts, and neighbours of
 * all of these; every question goes to a resolver that synthesises and to one that asks.
 */

import { expect, test } from 'vitest';

import { formatRRset } from '../../src/dns/presentation.ts';
import { withTtl } from '../../src/dns/rrset.ts';
import type { Random } from '../../src/system/random.ts';
import type { Reply } from '../../src/query/reply.ts';
import { createSeededRandom } from '../support/seeded-random.ts';
import type { SimulatedInternet } from '../support/simulated-internet.ts';
import { validatedInternet } from '../support/validating-resolver.ts';
import { simulatedInternet } from '../support/walking-resolver.ts';

const LABELS = ['a', 'b', 'c', 'm', 'z', '*'];
const TYPES = ['A', 'TXT', 'MX', 'DS'];

function randomRecords(random: Random): string {
  const lines = new Set<string>();
  for (let i = 0; i < 3 + random.below(6); i++) {
    const owner = randomName(random);
    lines.add(random.below(2) === 0 ? `${owner} 300 A 203.0.113.7` : `${owner} 300 TXT "text"`);
  }
  return [...lines].join('\n');
}

function randomName(random: Random): string {
  return Array.from({ length: 1 + random.below(3) }, () => LABELS[random.below(LABELS.length)]).join('.');
}

function tell(world: SimulatedInternet, records: string, denial: 'nsec' | 'nsec3', optOut: boolean): SimulatedInternet {
  return world
    .zone('.', { at: '198.51.100.1', signed: true })
    .zone('example.', { at: '192.0.2.1', records, signed: { denial, optOut } })
    .zone('m.example.', { at: '192.0.2.2', records: 'a 300 A 203.0.113.9\n* 300 TXT "child"', signed: true })
    .zone('b.a.example.', { at: '192.0.2.3', records: 'c 300 A 203.0.113.11' });
}

function meaningOf({ rcode, answer }: Reply): { rcode: number; answer: string[] } {
  return { rcode, answer: answer.map((set) => formatRRset(withTtl(set, 1))).sort() };
}

test.each([
  ['nsec', false],
  ['nsec3', false],
  ['nsec3', true],
] as const)('of zones signed with %s, opt-out %s', async (denial, optOut) => {
  const random = createSeededRandom(optOut ? 3 : denial === 'nsec' ? 1 : 2);
  let synthesised = 0;
  for (let zone = 0; zone < 8; zone++) {
    // What is at and below the cuts is theirs. With opt-out, the name above the unsigned one has no record: beside a
    // wildcard, no zone could prove that nothing else is below it.
    const records = randomRecords(random)
      .split('\n')
      .filter((line) => !/(^|\.)(m|b\.a) 300/.test(line) && !(optOut && line.includes('*')))
      .join('\n');
    const savers = tell(validatedInternet(), records, denial, optOut);
    const askers = tell(simulatedInternet(), records, denial, optOut);
    for (let i = 0; i < 60; i++) {
      const question = `${randomName(random)}.example. ${TYPES[random.below(TYPES.length)]}`;
      const [saved, asked] = [(await savers.ask(question)).reply, (await askers.ask(question)).reply];
      if (saved.source === 'synthesised') synthesised++;
      expect(meaningOf(saved), `${question} after ${i} others in\n${records}`).toEqual(meaningOf(asked));
    }
  }
  // A test that never meets what it is about would tell nothing.
  expect(synthesised).toBeGreaterThan(optOut ? 0 : 20);
});
