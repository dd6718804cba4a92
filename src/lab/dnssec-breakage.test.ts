import { describe, expect, test } from 'vitest';

import { queryFor, readQuestion, readResponse, type ResponseText } from '../../test/support/messages.ts';
import { isAtOrBelow, name } from '../dns/name.ts';
import { allBroken, brokenInternet } from './broken-internet.ts';
import { breakageKinds, breakages, type BreakageKind } from './dnssec-breakage.ts';
import { planInternet } from './internet.ts';

function ask(kind: BreakageKind, address: string, question: string): ResponseText {
  const host = planInternet(brokenInternet(kind).plan).hosts.find((one) => one.address === address)!;
  return readResponse(host.server.react(queryFor(question, { dnssecOk: true }), 'tcp').messages[0].octets);
}

const ROOT = '127.0.53.1';
const PARENT = '127.0.53.3';
const BROKEN = '127.0.53.4';

test('there are ways enough, of every outcome', () => {
  const outcomes = breakageKinds.map((kind) => breakages[kind].expected);
  expect(breakageKinds.length).toBeGreaterThan(140);
  expect(new Set(outcomes.map(({ state }) => state))).toEqual(
    new Set(['secure', 'insecure', 'bogus', 'indeterminate']),
  );
  // Those that are left are of trust anchors, which a zone cannot break.
  expect(new Set(outcomes.flatMap((expected) => ('check' in expected ? [expected.check] : []))).size).toBe(18);
});

test.each(breakageKinds)('%s: its question is about a zone that there is', (kind) => {
  const { plan, question } = brokenInternet(kind);
  const [qname] = readQuestion(question);
  const below = Object.keys(plan.zones).filter((apex) => apex !== '.' && apex !== 'example.');
  expect(below.filter((apex) => isAtOrBelow(qname, name(apex)))).not.toEqual([]);
});

describe('what is broken is broken where it stands', () => {
  test('in the zone', () => {
    expect(ask('signature-missing', BROKEN, 'www.broken.example. A').answer).toEqual([
      'www.broken.example. 300 A 203.0.113.10',
      'www.broken.example. 300 A 203.0.113.11',
    ]);
    expect(ask('sound-zone', BROKEN, 'www.broken.example. A').answer).toHaveLength(3);
  });

  test('in its parent, at the delegation', () => {
    const ds = (kind: BreakageKind): string[] =>
      ask(kind, PARENT, 'broken.example. DS').answer.map((line) => line.split(' ').slice(2, 6).join(' '));
    const [right, signature] = ds('sound-zone');
    expect(right).toMatch(/^DS [0-9]+ 13 2$/);
    expect(signature).toMatch(/^RRSIG DS 13 2$/);
    expect(ds('ds-signature-missing')).toEqual([right]);
    expect(ds('ds-algorithm-wrong')[0]).toBe(right.replace(' 13 2', ' 8 2'));
    expect(ds('ds-stripped')).toEqual([]);
  });

  test('and nowhere above that', () => {
    const kinds: BreakageKind[] = ['sound-zone', 'ds-stripped', 'ds-signature-missing', 'nsec3-ds-stripped'];
    const above = kinds.map((kind) => ask(kind, ROOT, 'example. DS').answer.map((line) => line.split(' ', 4)));
    expect(new Set(above.map((lines) => JSON.stringify(lines))).size).toBe(1);
  });
});

test('all of them at once keep out of each other’s way', () => {
  const { plan, cases } = allBroken();
  expect(cases.map(({ kind }) => kind)).toEqual(breakageKinds);
  expect(Object.keys(plan.zones)).toHaveLength(2 + 6 * breakageKinds.length);
  const questions = cases.map(({ question }) => question);
  expect(new Set(questions).size).toBe(questions.length);
  expect(questions).toContain('www.broken.signature-expired.example. A');
  expect(questions).toContain('tobroken.sound.alias-leads-to-bogus.example. A');
  expect(questions).toContain('broken.nsec-of-the-parent-for-the-apex.example. MX');
});
