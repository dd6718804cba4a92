/**
 * A14. Poison by a side door (2010 BIND by CD; CVE-2026-46582 Unbound by stale answers; CVE-2026-50243 by rewriting):
 * what never passed validation gets into the cache by a query that did not want any, and is served to those who did.
 *
 * Here what was found for CD=1 is marked as unchecked wherever it is kept, and is judged before anybody else gets it
 * (recursion/judging.ts). Stale answers, prefetching and a cache on disk do not exist yet; their doors are tested when
 * they come.
 */

import { describe, expect, test } from 'vitest';

import { Rcode } from '../../src/dns/record-type.ts';
import { nameToText } from '../../src/dns/name.ts';
import { brokenInternet } from '../../src/lab/broken-internet.ts';
import { breakageKinds, breakages, type BreakageKind } from '../../src/lab/dnssec-breakage.ts';
import { readQuestion } from '../support/messages.ts';
import { simulatedInternet } from '../support/walking-resolver.ts';
import { clientTo, type ClientTo } from './client-to.ts';
import { recordFigure } from './figures.ts';

const RD = 0x0100;
const CD = 0x0010;
const AD = 0x0020;

const bogusKinds = breakageKinds.filter((kind) => breakages[kind].expected.state === 'bogus');

function validatingClient(kind: BreakageKind): {
  client: ClientTo;
  ask: (flags: number) => ReturnType<ClientTo['ask']>;
} {
  const { plan, question } = brokenInternet(kind);
  const internet = simulatedInternet().plan(plan);
  const trustAnchors = internet
    .build()
    .trustAnchors.split('\n')
    .filter((line) => line.trim() !== '');
  const client = clientTo(internet, {
    // The plan has its servers on loopback.
    iteration: { doNotQuery: [] },
    dnssec: { validate: true, trustAnchors },
  });
  const [qname, qtype] = readQuestion(question);
  const ask = (flags: number) =>
    client.ask({ qname: nameToText(qname), qtype, flags: RD | flags, edns: { dnssecOk: true } });
  return { client, ask };
}

/** Who checks for himself, and who does not, in turn: cold, warm, after the failure's time, after the record's. */
const turns: readonly (readonly [number, number])[] = [
  [CD, 0],
  [0, 0],
  [CD, 0],
  [0, 0],
  [0, 61_000],
  [CD, 0],
  [0, 0],
  [CD, 400_000],
  [0, 0],
];

describe.each([
  ['CD=1 first', turns],
  ['CD=0 first', turns.slice(1)],
] as const)('what is bogus, %s', (order, list) => {
  test('is never given to those who want it checked, nor is AD ever set', async () => {
    let served = 0;
    let proved = 0;
    let found = 0;
    for (const kind of bogusKinds) {
      const { client, ask } = validatingClient(kind);
      for (const [flags, afterMs] of list) {
        client.clock.advance(afterMs);
        const reply = await ask(flags);
        if (reply === undefined) throw new Error('no reply');
        if ((reply.flags & AD) !== 0) proved++;
        if (flags === CD) found += reply.rcode === Rcode.SERVFAIL ? 0 : 1;
        else if (reply.rcode !== Rcode.SERVFAIL || reply.answerCount > 0) served++;
      }
    }
    recordFigure('A14', `bogus answers to CD=0, ${order}`, served, 0);
    recordFigure('A14', `AD on bogus answers, ${order}`, proved, 0);
    // The others did get what they had asked for, so there was something to leak.
    expect(found).toBeGreaterThan(bogusKinds.length);
  });
});

test('what is sound is proved for all, whoever asked first', async () => {
  const { ask } = validatingClient(breakageKinds.find((kind) => breakages[kind].expected.state === 'secure')!);
  const unchecked = await ask(CD);
  const checked = await ask(0);
  expect(unchecked!.flags & AD).toBe(0);
  expect(checked!.flags & AD).toBe(AD);
  expect(checked!.rcode).toBe(unchecked!.rcode);
});
