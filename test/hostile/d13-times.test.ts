/**
 * D13. Times: what has expired is replayed, what is not yet valid is used early, the 32 bits of a date wrap in 2106, and
 * TTLs are above what was signed, so that records outlive their signatures.
 *
 * Here dates are compared as serial numbers (RFC 4034 §3.1.5), with an allowance for wrong clocks of a tenth of the
 * validity, between an hour and a day (validate/rrsig.ts); a set is given and kept for no longer than its own TTL, the
 * original TTL and what is left of the signature's validity (RFC 4035 §5.3.3), and on the allowance alone for a minute.
 */

import { describe, expect, test } from 'vitest';

import { ErrorCode } from '../../src/dns/extended-error.ts';
import { name } from '../../src/dns/name.ts';
import { Rcode, Type } from '../../src/dns/record-type.ts';
import { signZone, makeKey } from '../../src/lab/signer.ts';
import { Algorithm } from '../../src/lab/signing-keys.ts';
import { records, signs, together, type Tampering } from '../../src/lab/tampering.ts';
import { readZoneText } from '../../src/lab/zone.ts';
import { verifyRRset } from '../../src/validate/verify.ts';
import { asDnskey, pick, setsOf, validatingWith } from '../support/signed-records.ts';
import { simulatedInternet } from '../support/simulated-internet.ts';
import { recordFigure } from './figures.ts';
import { isBelieved, validatedIn, type Validated } from './validated.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

/** `from` and `to` are seconds from when the scenario begins; zones are signed to hold from a day before. */
const lasts = (from: number, to: number): Tampering =>
  signs(Type.A, ({ inception }) => ({ inception: inception + DAY + from, expiration: inception + DAY + to }));

function resolverWith(tampering: Tampering): Validated {
  return validatedIn(
    simulatedInternet()
      .zone('.', { at: '198.51.100.1', signed: true })
      .zone('zone.', { at: '192.0.2.1', records: 'www 300 A 203.0.113.7', signed: { breakage: [tampering] } }),
  );
}

describe('out of time', () => {
  test.each([
    ['expired a second ago, beyond the allowance of an hour', -5 * HOUR, -HOUR - 1, ErrorCode.SIGNATURE_EXPIRED],
    ['expired two days ago, of thirty', -32 * DAY, -2 * DAY, ErrorCode.SIGNATURE_EXPIRED],
    ['expired a year ago', -2 * YEAR, -YEAR, ErrorCode.SIGNATURE_EXPIRED],
    ['valid in a day and a half, for thirty', 1.5 * DAY, 31 * DAY, ErrorCode.SIGNATURE_NOT_YET_VALID],
    ['valid in two hours, for four', 2 * HOUR, 6 * HOUR, ErrorCode.SIGNATURE_NOT_YET_VALID],
    ['valid in ten years', 10 * YEAR, 11 * YEAR, ErrorCode.SIGNATURE_NOT_YET_VALID],
    ['expires before it begins', 2 * HOUR, -2 * HOUR, ErrorCode.SIGNATURE_EXPIRED_BEFORE_VALID],
  ])('%s: bogus, with its code and both dates', async (what, from, to, code) => {
    const reply = await resolverWith(lasts(from, to)).ask('www.zone. A');
    recordFigure('D13', `${what}: believed`, Number(isBelieved(reply)), 0);
    expect(reply.errors[0]?.code).toBe(code);
    expect(reply.errors[0]?.text).toMatch(/20\d\d-\d\d-\d\dT/);
  });
});

describe('within the allowance', () => {
  test.each([
    ['expired a second ago', -5 * HOUR, -1],
    ['expired an hour ago, of ten', -11 * HOUR, -HOUR],
    ['expired a day ago, of thirty', -31 * DAY, -DAY],
    ['valid in 30 seconds', 30, 30 * DAY],
    ['valid in a day, for thirty', DAY, 31 * DAY],
  ])('%s: secure', async (_, from, to) => {
    const reply = await resolverWith(lasts(from, to)).ask('www.zone. A');
    expect(reply).toMatchObject({ rcode: Rcode.NOERROR, security: { state: 'secure' } });
  });
});

describe('TTL', () => {
  const longTtl = records('signed', Type.A, (record) => [{ ...record, ttl: 86_400 }]);

  test.each([
    ['is no more than the original TTL', longTtl, 300],
    ['is no more than what is left of the validity', together([longTtl, lasts(-DAY, 100)]), 100],
    ['is a minute on the allowance for wrong clocks', together([longTtl, lasts(-5 * HOUR, -1)]), 60],
  ])('%s', async (what, tampering, most) => {
    const resolver = resolverWith(tampering);
    const reply = await resolver.ask('www.zone. A');
    expect(reply.security).toEqual({ state: 'secure' });
    recordFigure('D13', `a TTL of a day, ${what}: seconds given`, reply.answer[0].ttl, most);
    const again = await resolver.ask('www.zone. A');
    recordFigure('D13', `a TTL of a day, ${what}: seconds given from the cache`, again.answer[0].ttl, most);
    resolver.clock.advance(most * 1000 + 1);
    recordFigure(
      'D13',
      `a TTL of a day, ${what}: exchanges afterwards`,
      (await resolver.measure('www.zone. A')).exchanges,
      {
        atLeast: 1,
      },
    );
  });

  test('what expires while it is in the cache is not given as secure for longer', async () => {
    const resolver = resolverWith(together([longTtl, lasts(-2 * HOUR, 200)]));
    await resolver.ask('www.zone. A');
    let late = 0;
    for (const seconds of [199, 300, 3000, 2 * HOUR]) {
      resolver.clock.advance(seconds * 1000);
      const reply = await resolver.ask('www.zone. A');
      const expiredFor = (resolver.clock.now() - 1) / 1000 - 200;
      if (reply.security?.state === 'secure' && expiredFor > HOUR) late++;
      if (reply.security?.state === 'secure' && expiredFor > -60) expect(reply.answer[0].ttl).toBeLessThanOrEqual(60);
    }
    recordFigure('D13', 'secure answers beyond expiration and allowance', late, 0);
  });
});

describe('across the wrap of 2106', () => {
  const WRAP = 2 ** 32;
  const zone = name('zone.');
  const text = '@ SOA ns admin 1 7200 3600 1209600 60\n@ NS ns\nns A 192.0.2.1\nwww A 203.0.113.7\n';
  const key = asDnskey(makeKey(zone, Algorithm.ECDSAP256SHA256, 'zone key'));
  const verifyAt = (signedAt: number, now: number): string => {
    const set = pick(setsOf(signZone(zone, readZoneText(zone, text, 300), {}, signedAt)), name('www.zone.'), Type.A);
    const result = verifyRRset(set, [key], zone, now, validatingWith());
    return result.kind === 'verified' ? 'verified' : result.reason.check;
  };

  test.each([
    ['signed before it, verified before it', WRAP - 10 * DAY, WRAP - DAY, 'verified'],
    ['signed before it, verified behind it', WRAP - 10 * DAY, WRAP + DAY, 'verified'],
    ['signed behind it, verified behind it', WRAP + DAY, WRAP + 2 * DAY, 'verified'],
    ['signed before it, expired behind it', WRAP - 100 * DAY, WRAP + DAY, 'signature-expired'],
    ['signed behind it, verified before it', WRAP + 10 * DAY, WRAP - DAY, 'signature-not-yet-valid'],
  ])('%s', (_, signedAt, now, outcome) => {
    expect(verifyAt(signedAt, now)).toBe(outcome);
  });
});

test('a clock that is ten years wrong believes nothing, and says what it believes the date to be', async () => {
  const resolver = resolverWith({});
  resolver.clock.advance(10 * YEAR * 1000);
  const reply = await resolver.ask('www.zone. A');
  recordFigure('D13', 'a clock ten years ahead: believed', Number(isBelieved(reply)), 0);
  expect(reply.errors[0]?.code).toBe(ErrorCode.SIGNATURE_EXPIRED);
});
