/**
 * D4. Cancelled work that keeps its memory (CVE-2026-11622): random names below a signed zone, whose clients have long
 * gone when the validations that they caused come to their turn.
 *
 * Here nothing queues: a signature is verified in the turn in which its keys are there, what a zone's keys are is found
 * out once for all who wait (validate/chain-of-trust.ts), and who waits does so inside the time bound of its query.
 * Afterwards nothing is left but what the bounded cache holds.
 */

import { expect, test, vi } from 'vitest';

import { name } from '../../src/dns/name.ts';
import { Rcode, Type } from '../../src/dns/record-type.ts';
import { only, silent, type Misbehaviour } from '../../src/lab/misbehaviour.ts';
import { simulatedInternet } from '../support/simulated-internet.ts';
import { recordFigure } from './figures.ts';
import { validatedIn, type Validated } from './validated.ts';

vi.mock('node:crypto', async (original) => (await import('./counted-crypto.ts')).counted(await original()));

const ZONE = '192.0.2.1';
const names = Array.from({ length: 500 }, (_, i) => `n${i * 7919}.signed. A`);

function resolverWith(...misbehaviour: Misbehaviour[]): Validated {
  return validatedIn(
    simulatedInternet()
      .zone('.', { at: '198.51.100.1', signed: true })
      .zone('signed.', { at: ZONE, records: 'www A 203.0.113.7', signed: { denial: 'nsec3' } })
      .server(ZONE, ...misbehaviour),
  );
}

function left({ resolver, clock }: Validated): number {
  return resolver.recursion.walksInFlight() + clock.pending();
}

test('500 names that do not exist, at once: each denied with proof, and nothing is left behind', async () => {
  const resolver = resolverWith();
  const replies = await resolver.askTogether(names);
  expect(replies.filter(({ rcode, security }) => rcode !== Rcode.NXDOMAIN || security?.state !== 'secure')).toEqual([]);
  recordFigure('D4', 'walks and timers left behind', left(resolver), 0);
  const keys = resolver.seen(ZONE).filter((question) => question.includes('DNSKEY'));
  recordFigure('D4', 'questions for the keys of the zone', keys.length, 1);
});

test('500 names whose proof never comes: each told so in time, and nothing is left behind', async () => {
  const resolver = resolverWith(only({ qname: name('signed.'), qtype: Type.DNSKEY }, silent));
  const startedAt = resolver.clock.now();
  const replies = await resolver.askTogether(names);
  expect(replies.filter(({ rcode }) => rcode !== Rcode.SERVFAIL)).toEqual([]);
  recordFigure('D4', 'ms until the last client is told', resolver.clock.now() - startedAt, 7000);
  recordFigure('D4', 'walks and timers left behind, keys silent', left(resolver), 0);
  const keys = resolver.seen(ZONE).filter((question) => question.includes('DNSKEY'));
  recordFigure('D4', 'questions for keys that never come', keys.length, 8);
});
