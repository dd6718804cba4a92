/**
 * D2. NSEC3 cost (CVE-2023-50868; CVE-2026-42923 by the way of the negative cache, CVE-2026-1519 by referrals to unsigned
 * zones with 65,535 iterations): every label of a name that is denied may have to be hashed, each with as many rounds as
 * the zone likes.
 *
 * Here a chain of more than 50 iterations proves nothing, and its zone counts as insecure, before anything is hashed
 * (RFC 9276 §3.2), by whatever way its records came. Hashing goes from the apex down and ends at the first name that
 * does not exist (validate/denial-nsec3.ts), so a hundred random labels cost three hashes; rounds are taken from the
 * bound of the query. That an honest long name is answered, with AD, counts as much.
 */

import { describe, expect, test, vi } from 'vitest';

import { ErrorCode } from '../../src/dns/extended-error.ts';
import { Rcode, Type } from '../../src/dns/record-type.ts';
import type { Signing } from '../../src/lab/signer.ts';
import { records, withRdata } from '../../src/lab/tampering.ts';
import { simulatedInternet, type SimulatedInternet } from '../support/simulated-internet.ts';
import { recordFigure } from './figures.ts';
import { validatedIn, type Validated } from './validated.ts';

vi.mock('node:crypto', async (original) => (await import('./counted-crypto.ts')).counted(await original()));

const hashed = (iterations: number): Signing => ({ denial: 'nsec3', salt: 'c0ffee', iterations });
const labels = (count: number, label = 'a'): string => `${label}.`.repeat(count);

/** A zone with a name of so many labels, a wildcard and an unsigned zone as deep. */
function zoneWith(depth: number, iterations: number): SimulatedInternet {
  const below = labels(depth - 1, 'd');
  const lies = records(
    'unsigned',
    Type.NSEC3,
    withRdata((rdata) =>
      Uint8Array.of(...rdata.subarray(0, 2), iterations >> 8, iterations & 0xff, ...rdata.subarray(4)),
    ),
  );
  // What nobody ought to hash, nobody has to: the records only say that they were.
  const signed = iterations <= 50 ? hashed(iterations) : { ...hashed(0), breakage: [lies] };
  return simulatedInternet()
    .zone('.', { at: '198.51.100.1', signed: true })
    .zone('nsec3.', {
      at: '192.0.2.1',
      records: `www.${below}nsec3. A 203.0.113.7\n*.wild A 203.0.113.8`,
      signed,
    })
    .zone(`open.${below}nsec3.`, { at: '192.0.2.2', records: 'www A 203.0.113.9' });
}

/** The ways by which records of NSEC3 come to be looked at; each question is asked cold. */
const ways: readonly (readonly [string, (depth: number) => string])[] = [
  ['NXDOMAIN', (depth) => `${labels(depth, 'n')}nsec3. A`],
  ['NODATA', (depth) => `www.${labels(depth - 1, 'd')}nsec3. TXT`],
  ['wildcard', (depth) => `${labels(depth - 1, 'w')}wild.nsec3. A`],
  ['unsigned referral', (depth) => `www.open.${labels(depth - 1, 'd')}nsec3. A`],
];

describe.each([1, 30, 100])('%i labels', (depth) => {
  test.each([0, 50])('%i iterations are computed, and prove what they ought to', async (iterations) => {
    for (const [way, question] of ways) {
      const { reply, hashes } = await validatedIn(zoneWith(depth, iterations)).measure(question(depth));
      const isReferral = way === 'unsigned referral';
      expect([way, reply.rcode]).toEqual([way, way === 'NXDOMAIN' ? Rcode.NXDOMAIN : Rcode.NOERROR]);
      expect([way, reply.security?.state]).toEqual([way, isReferral ? 'insecure' : 'secure']);
      // Those of two DS beside them.
      recordFigure('D2', `${way}, ${depth} labels, ${iterations} iterations: rounds`, hashes, 8 * (iterations + 1) + 2);
    }
  });

  test.each([51, 150, 500, 65_535])('%i iterations are not computed', async (iterations) => {
    for (const [way, question] of ways) {
      const { reply, hashes } = await validatedIn(zoneWith(depth, iterations)).measure(question(depth));
      expect([way, reply.security?.state]).toEqual([way, 'insecure']);
      expect(reply.errors.map(({ code }) => code)).toContain(ErrorCode.UNSUPPORTED_NSEC3_ITERATIONS);
      recordFigure('D2', `${way}, ${depth} labels, ${iterations} iterations: rounds`, hashes, 2);
    }
  });
});

describe('denials in the cache', () => {
  test('answer for other long names without a query, at the same cost', async () => {
    const resolver = validatedIn(zoneWith(100, 0));
    await resolver.ask(`${labels(100, 'n')}nsec3. A`);
    await resolver.ask('www.nsec3. A');
    let [most, asked] = [0, 0];
    for (let i = 0; i < 50; i++) {
      const { hashes, exchanges, reply } = await resolver.measure(`${labels(90, 'n')}m${i}.nsec3. A`);
      expect(reply).toMatchObject({ rcode: Rcode.NXDOMAIN, security: { state: 'secure' } });
      most = Math.max(most, hashes);
      asked += exchanges > 0 ? 1 : 0;
    }
    recordFigure('D2', 'denied from the cache: rounds', most, 16);
    recordFigure('D2', 'denied from the cache: names of 50 that were asked for', asked, 35);
  });

  test('with 51 iterations are not among them', async () => {
    const resolver = validatedIn(zoneWith(30, 51));
    await resolver.ask('none.nsec3. A');
    const { hashes, reply } = await resolver.measure('other.nsec3. A');
    expect(reply.security?.state).toBe('insecure');
    recordFigure('D2', 'from the cache, 51 iterations: rounds', hashes, 0);
  });
});

/** The 32 digits of an address, and the zone of a network of 32 bits. */
const REVERSE = '8.b.d.0.1.0.0.2.ip6.arpa.';
async function reverseZone(iterations: number): Promise<Validated> {
  const host = `1.${labels(23, '0')}`;
  const resolver = validatedIn(
    simulatedInternet()
      .zone('.', { at: '198.51.100.1', signed: true })
      .zone('ip6.arpa.', { at: '192.0.2.1', signed: true })
      .zone(REVERSE, { at: '192.0.2.2', records: `${host}${REVERSE} PTR host.example.`, signed: hashed(iterations) }),
  );
  await resolver.ask(`${REVERSE} SOA`);
  return resolver;
}

test.each([0, 1, 10, 50])(
  'an address without a name beside one that has one is denied with AD, 24 labels down, %i iterations',
  async (iterations) => {
    const { reply, hashes } = await (await reverseZone(iterations)).measure(`2.${labels(23, '0')}${REVERSE} PTR`);
    expect(reply).toMatchObject({ rcode: Rcode.NXDOMAIN, security: { state: 'secure' } });
    recordFigure('D2', `24 labels below the zone, ${iterations} iterations: rounds`, hashes, 30 * (iterations + 1));
  },
);

test('a hundred labels that exist, and one that does not below them, end with the bound and say so', async () => {
  const resolver = validatedIn(zoneWith(100, 50));
  const { reply, hashes } = await resolver.measure(`none.${labels(99, 'd')}nsec3. A`);
  expect(reply).toMatchObject({ rcode: Rcode.SERVFAIL });
  expect(reply.errors[0]).toMatchObject({ code: ErrorCode.DNSSEC_BOGUS });
  expect(reply.errors[0]?.text).toContain('would have cost more than one query may');
  recordFigure('D2', 'closest encloser 99 labels down, 50 iterations: rounds', hashes, 2002);
});
