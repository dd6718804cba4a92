/**
 * D12. Stripping, and falling back from EDNS (CVE-2026-52690): without EDNS there is no DO, without DO no signatures; so
 * whoever can have a resolver leave EDNS away, by forged FORMERR or by dropping what has it, has the signatures gone.
 *
 * Here falling back changes what is received, never what is required: a signed zone without signatures is bogus, another
 * server of the zone is asked (recursion/judging.ts), and where none is better the client gets SERVFAIL with the reason.
 */

import { describe, expect, test } from 'vitest';

import { name } from '../../src/dns/name.ts';
import { Rcode } from '../../src/dns/record-type.ts';
import type { RRset } from '../../src/dns/rrset.ts';
import {
  dropsEdns,
  formatErrorOnEdns,
  ignoresEdns,
  says,
  tcpRefused,
  type Misbehaviour,
} from '../../src/lab/misbehaviour.ts';
import type { BreakageKind } from '../../src/lab/dnssec-breakage.ts';
import { simulatedInternet } from '../support/simulated-internet.ts';
import { attackedBy, type Forger } from './forger.ts';
import { recordFigure } from './figures.ts';
import { believedOf, isBelieved, validatedIn, type Validated } from './validated.ts';

const FIRST = '192.0.2.1';
const SECOND = '192.0.2.2';

/** Repeats OPT without DO, and sends what goes to those who have not set it. */
const dropsDo: Misbehaviour = {
  kind: 'redrafts',
  change: (draft) => ({ ...draft, proof: [], edns: draft.edns && { ...draft.edns, dnssecOk: false } }),
};
/** Sets DO and has nothing to show. */
const stripsSignatures: Misbehaviour = {
  kind: 'redrafts',
  change: (draft) => ({
    ...draft,
    answer: draft.answer.map(unsigned),
    authority: draft.authority.map(unsigned),
    proof: [],
  }),
};

function unsigned({ owner, type, ttl, count, packed }: RRset): RRset {
  return { owner, type, ttl, count, packed };
}

const strippers: readonly (readonly [string, Misbehaviour])[] = [
  ['drop DO', dropsDo],
  ['strip RRSIG', stripsSignatures],
  ['answer without EDNS', ignoresEdns],
  ['say FORMERR to EDNS', formatErrorOnEdns],
  ['say NOTIMP to EDNS', { kind: 'rejects-edns', rcode: Rcode.NOTIMP }],
  ['drop queries with EDNS', dropsEdns],
];

function internet(servers: string | string[]) {
  return simulatedInternet()
    .zone('.', { at: '198.51.100.1', signed: true })
    .zone('zone.', { at: servers, records: 'www A 203.0.113.7\nalias CNAME www', signed: true });
}

const questions = ['www.zone. A', 'www.zone. TXT', 'none.zone. A', 'alias.zone. A', 'zone. DNSKEY'];

async function outcomes(resolver: Validated): Promise<{ believed: number; secure: number; silent: number }> {
  const counts = { believed: 0, secure: 0, silent: 0 };
  for (const question of questions) {
    const reply = await resolver.ask(question);
    if (reply.security?.state === 'secure') counts.secure++;
    else if (isBelieved(reply)) counts.believed++;
    else if (reply.errors.length === 0) counts.silent++;
  }
  return counts;
}

describe.each(strippers)('servers that %s', (what, deed) => {
  test('all of them: SERVFAIL with the reason, never insecure', async () => {
    const { believed, secure, silent } = await outcomes(
      validatedIn(internet([FIRST, SECOND]).server(FIRST, deed).server(SECOND, deed)),
    );
    recordFigure('D12', `all servers ${what}: insecure answers`, believed, 0);
    recordFigure('D12', `all servers ${what}: failures without a reason`, silent, 0);
    expect(secure).toBe(0);
  });

  test('one of two: the other is asked, and its answer is secure', async () => {
    for (const [one, other] of [
      [FIRST, SECOND],
      [SECOND, FIRST],
    ]) {
      const { believed, secure } = await outcomes(validatedIn(internet([one, other]).server(one, deed)));
      recordFigure('D12', `one of two servers (${one}) ${what}: insecure answers`, believed, 0);
      recordFigure('D12', `one of two servers (${one}) ${what}: secure answers`, secure, { exactly: questions.length });
    }
  });

  test('the servers of the parent: nothing below becomes insecure', async () => {
    const below = internet(FIRST).zone('child.zone.', { at: SECOND, records: 'www A 203.0.113.8', signed: true });
    const reply = await validatedIn(below.server(FIRST, deed)).ask('www.child.zone. A');
    recordFigure('D12', `the parent’s servers ${what}: insecure answers`, Number(isBelieved(reply)), 0);
  });
});

/** FORMERR to everything, before the server can answer: from the header alone, as RFC 1035 servers send it. */
const formatErrors: Forger = function* (query) {
  const octets = query.slice(0, 12);
  octets.set([0x80, Rcode.FORMERR, 0, 0, 0, 0, 0, 0, 0, 0], 2);
  yield octets;
};

test('forged FORMERR that knows the message ID leads to no insecure answer', async () => {
  const { believed } = await outcomes(validatedIn(attackedBy(internet([FIRST, SECOND]), formatErrors)));
  recordFigure('D12', 'forged FORMERR: insecure answers', believed, 0);
});

test('an attack that is over leaves the servers as they were', async () => {
  let isThere = true;
  const forger: Forger = (query, server) => (isThere ? formatErrors(query, server) : []);
  const resolver = validatedIn(attackedBy(internet([FIRST, SECOND]), forger));
  await outcomes(resolver);
  isThere = false;
  resolver.clock.advance(15 * 60_000);
  const { secure } = await outcomes(resolver);
  recordFigure('D12', '15 minutes behind forged FORMERR: secure answers', secure, { exactly: questions.length });
});

test('servers without TCP, of which truncated answers cannot be had, are SERVFAIL', async () => {
  const texts = Array.from({ length: 40 }, (_, i) => `big TXT "${String(i).padStart(200, '.')}"`).join('\n');
  const large = simulatedInternet()
    .zone('.', { at: '198.51.100.1', signed: true })
    .zone('zone.', { at: FIRST, records: texts, signed: true })
    .server(FIRST, tcpRefused);
  const reply = await validatedIn(large).ask('big.zone. TXT');
  expect(reply.rcode).toBe(Rcode.SERVFAIL);
});

test('a referral that comes without its DS is looked into', async () => {
  const kinds: BreakageKind[] = ['all-signatures-stripped', 'dnskey-signature-missing', 'ds-signature-missing'];
  recordFigure('D12', 'signatures stripped in one place: believed', (await believedOf(kinds)).length, 0);
});

test('a refusal of the keys alone is no way to be insecure', async () => {
  const deed: Misbehaviour = { ...says(Rcode.REFUSED), only: { qname: name('zone.'), qtype: 48 } };
  const reply = await validatedIn(internet(FIRST).server(FIRST, deed)).ask('www.zone. A');
  recordFigure('D12', 'keys refused: believed', Number(isBelieved(reply)), 0);
  expect(reply.errors.length).toBeGreaterThan(0);
});
