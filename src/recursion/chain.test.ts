import { describe, expect, test } from 'vitest';

import { name, nameToText, nameToWire } from '../dns/name.ts';
import { Rcode, Type } from '../dns/record-type.ts';
import { rrset } from '../dns/rrset.ts';
import { Chain, cachedSource } from './chain.ts';
import { failedStep, type Step } from './step.ts';

const cname = (owner: string, target: string) => rrset(name(owner), Type.CNAME, 60, [nameToWire(name(target))]);
/** Aliases from the first name to the last. */
const alias = (...names: string[]): Step => ({
  kind: 'alias',
  sets: names.slice(0, -1).map((owner, i) => cname(owner, names[i + 1])),
  target: name(names.at(-1)!),
  evidence: [],
});
const address = rrset(name('x.'), Type.A, 60, [Uint8Array.of(203, 0, 113, 7)]);
const answer: Step & { kind: 'answer' } = {
  kind: 'answer',
  sets: [address],
  evidence: [],
};
const nothing: Step = { kind: 'nxdomain', soa: undefined, evidence: [] };
const broken = failedStep({ why: 'it is broken', errors: [{ code: 22, text: 'it is broken' }], walkId: '1' });

describe('a chain', () => {
  test('goes on at the target of an alias and ends with an answer, in order', () => {
    const chain = new Chain(name('a.'), 11);
    expect(chain.add(alias('a.', 'b.'))).toBeUndefined();
    expect(nameToText(chain.sname)).toBe('b.');
    const end = chain.add(answer);
    expect(end).toBe(answer);
    expect(chain.reply(end!, 'recursion').answer.map(({ type }) => type)).toEqual([Type.CNAME, Type.A]);
  });

  test.each<[string, Step, number, number]>([
    ['a denial keeps the aliases before it, and its RCODE', nothing, Rcode.NXDOMAIN, 1],
    ['a failure shows none of it: half a chain would be taken for the whole', broken, Rcode.SERVFAIL, 0],
  ])('%s', (_, step, rcode, sets) => {
    const chain = new Chain(name('a.'), 11);
    chain.add(alias('a.', 'b.'));
    const reply = chain.reply(chain.add(step)!, 'recursion');
    expect({ rcode: reply.rcode, sets: reply.answer.length }).toEqual({ rcode, sets });
  });

  test.each([
    ['the first name', [alias('a.', 'b.'), alias('b.', 'a.')]],
    ['itself', [alias('a.', 'a.')]],
    ['a name inside an earlier step', [alias('a.', 'b.', 'c.'), alias('c.', 'b.')]],
    ['a name inside the same step', [alias('a.', 'b.', 'c.', 'b.')]],
  ])('that leads back to %s ends as a failure that says so', (_, steps) => {
    const chain = new Chain(name('a.'), 11);
    const ends = steps.map((step) => chain.add(step));
    expect(ends.at(-1)).toMatchObject({ kind: 'failed', failure: { why: expect.stringMatching(/lead back to/) } });
  });

  test.each([
    ['each in a step of its own', [alias('a.', 'b.'), alias('b.', 'c.'), alias('c.', 'd.')]],
    ['all in one step', [alias('a.', 'b.', 'c.', 'd.')]],
    [
      'in an answer that comes with its aliases',
      [alias('a.', 'b.'), { ...answer, sets: [cname('b.', 'c.'), cname('c.', 'd.'), address] }],
    ],
  ])('of more aliases than it may have is a failure, %s', (_, steps) => {
    const chain = new Chain(name('a.'), 2);
    const ends = steps.map((step) => chain.add(step));
    expect(ends.at(-1)).toMatchObject({ kind: 'failed', failure: { why: 'more than 2 aliases follow one another' } });
  });
});

test.each([
  [answer, 'cache'],
  [nothing, 'negative'],
  [{ ...nothing, isSynthesised: true }, 'synthesised'],
  [broken, 'failure-cache'],
] as const)('the source of a cached end', (step, source) => {
  expect(cachedSource(step)).toBe(source);
});
