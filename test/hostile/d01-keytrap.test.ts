/**
 * D1. KeyTrap and its family (CVE-2023-50387): a zone of the attacker has many keys of one tag, and many signatures that
 * might be by any of them, so that a validator that tries all pairs is busy for hours over one packet: SigJam (one key,
 * many signatures), LockCram (many keys, one signature), KeySigTrap (both), HashTrap (many DS, many keys).
 *
 * Here two keys of one tag are tried, four signatures of one set fail, and a failed signature takes sixteen from the
 * query's bound on signatures: eight fail at most, whatever the chain, the answer, its aliases and retries at other
 * servers come to (validate/verify.ts, recursion/judging.ts). A set that is too dear is not asked of other servers, and
 * the keys of a zone that are too dear are remembered as bogus. DS digests are computed once for a key, for sixteen keys
 * (validate/key-set.ts). After 4 ms of verifying, others have their turn.
 */

import { describe, expect, test, vi } from 'vitest';

import { ErrorCode } from '../../src/dns/extended-error.ts';
import { Rcode, Type } from '../../src/dns/record-type.ts';
import { afterSigning, together, type Tampering } from '../../src/lab/tampering.ts';
import { simulatedInternet } from '../support/simulated-internet.ts';
import { recordFigure, reportStall } from './figures.ts';
import {
  SERVERS,
  digests,
  forged,
  forgedSignatures,
  fullP384Trap,
  keyTwins,
  rsa,
  trap,
  zoneKeyTwins,
} from './keytrap-zones.ts';
import { validatedIn } from './validated.ts';

vi.mock('node:crypto', async (original) => (await import('./counted-crypto.ts')).counted(await original()));

const MOST = 16;

describe('signatures verified for one query, chain and answer and retries at three servers together', () => {
  test.each([
    ['SigJam: 1 key, 200 signatures', forgedSignatures(Type.A, 200)],
    ['LockCram: 120 keys, 1 signature', together([zoneKeyTwins(120), forgedSignatures(Type.A, 1)])],
    ['KeySigTrap: 120 keys, 100 signatures', together([zoneKeyTwins(120), forgedSignatures(Type.A, 100)])],
    ['100 signatures over the keys', forgedSignatures(Type.DNSKEY, 100)],
    ['120 keys, 100 signatures over the keys', together([keyTwins(120), forgedSignatures(Type.DNSKEY, 100)])],
    [
      '100 signatures over everything',
      together([Type.A, Type.DNSKEY, Type.SOA, Type.NSEC].map((type) => forgedSignatures(type, 100))),
    ],
  ])('%s', async (shape, tampering) => {
    const resolver = validatedIn(trap(tampering, rsa));
    const { reply, verifications, exchanges } = await resolver.measure('www.trap. A');
    expect(reply).toMatchObject({ rcode: Rcode.SERVFAIL, answer: [] });
    expect(reply.errors[0]?.code).toBe(ErrorCode.DNSSEC_BOGUS);
    recordFigure('D1', `${shape}: signatures verified`, verifications, MOST);
    recordFigure('D1', `${shape}: exchanges`, exchanges, 12);
  });

  test('HashTrap: 120 keys, 60 DS', async () => {
    const resolver = validatedIn(trap(together([keyTwins(120), digests(60)]), rsa));
    const { reply, verifications, hashes } = await resolver.measure('www.trap. A');
    expect(reply.errors[0]?.code).toBe(ErrorCode.DNSSEC_BOGUS);
    expect(reply.errors[0]?.text).toContain('more than one query may');
    recordFigure('D1', 'HashTrap: signatures verified', verifications, MOST);
    recordFigure('D1', 'HashTrap: digests computed', hashes, 17);
  });

  test('a full packet of P-384: 560 keys, 440 signatures', async () => {
    const resolver = validatedIn(fullP384Trap());
    const { reply, verifications } = await reportStall('D1', () => resolver.measure('www.trap. A'));
    expect(reply.errors[0]?.text).toContain('more than one query may');
    recordFigure('D1', 'P-384, 560 keys, 440 signatures: signatures verified', verifications, MOST);
  });

  test('eleven aliases, each with twenty signatures', async () => {
    const chain = Array.from({ length: 11 }, (_, i) => `a${i} CNAME a${i + 1}`).join('\n');
    const resolver = validatedIn(
      simulatedInternet()
        .zone('.', { at: '198.51.100.1', signed: true })
        .zone('trap.', {
          at: SERVERS,
          records: `${chain}\na11 A 203.0.113.66`,
          signed: { ...rsa, breakage: [forgedSignatures(Type.CNAME, 20)] },
        }),
    );
    const { reply, verifications } = await resolver.measure('a0.trap. A');
    expect(reply.errors[0]?.code).toBe(ErrorCode.DNSSEC_BOGUS);
    recordFigure('D1', 'eleven aliases: signatures verified', verifications, MOST);
  });
});

test('signatures that are out of time cost nothing, however many', async () => {
  const late = { expiration: 1, inception: 0 };
  const tampering = afterSigning(Type.A, (signature) =>
    Array.from({ length: 200 }, (_, i) => ({
      octets: forged(signature.octets, i),
      fields: { ...signature.fields, ...late, expiration: 1 + i },
    })),
  );
  const { reply, verifications } = await validatedIn(trap(tampering, rsa)).measure('www.trap. A');
  expect(reply.errors[0]?.code).toBe(ErrorCode.SIGNATURE_EXPIRED);
  // Those of the chain: DNSKEY of the root and of the zone, DS.
  recordFigure('D1', '200 expired signatures: signatures verified', verifications, 3);
});

test('fifty names of a trap: each costs its share, what is wrong with the keys is found out once', async () => {
  const names = Array.from({ length: 50 }, (_, i) => `n${i}.trap. A`);
  const answers = validatedIn(trap(together([zoneKeyTwins(120), forgedSignatures(Type.A, 100)]), rsa));
  const keys = validatedIn(trap(together([keyTwins(120), forgedSignatures(Type.DNSKEY, 100)]), rsa));
  let [most, ofKeys] = [0, 0];
  for (const question of names) {
    most = Math.max(most, (await answers.measure(question)).verifications);
    ofKeys += (await keys.measure(question)).verifications;
  }
  recordFigure('D1', 'fifty names, bogus answers: signatures verified for any of them', most, MOST);
  recordFigure('D1', 'fifty names, bogus keys: signatures verified for all of them', ofKeys, MOST);
  const { reply } = await answers.measure('www.example. A');
  expect(reply).toMatchObject({ rcode: Rcode.NOERROR, security: { state: 'secure' } });
});

describe('honest zones that look a little like it', () => {
  test.each([
    ['two keys share a tag', zoneKeyTwins(1)],
    ['a hundred forged signatures stand behind the right one', behind(100)],
    ['the first three signatures are wrong', before(3)],
    ['two DS of a key are wrong', { ds: (ds) => [...digestsOf(ds, 2), ...ds] } satisfies Tampering],
  ])('%s: answered, with AD', async (_, tampering) => {
    const { reply } = await validatedIn(trap(tampering, rsa)).measure('www.trap. A');
    expect(reply).toMatchObject({ rcode: Rcode.NOERROR, security: { state: 'secure' } });
    expect(reply.answer).toHaveLength(1);
  });

  test('a chain of ten zones and an alias into another ten are proven, cold', async () => {
    let [internet, left, right] = [simulatedInternet().zone('.', { at: '198.51.100.1', signed: true }), '', ''];
    for (let i = 0; i < 10; i++) {
      [left, right] = [`l${i}.${left}`, `r${i}.${right}`];
      const [l, r] = [left, right];
      internet = internet
        .zone(l, { at: `192.0.2.${10 + i}`, records: `www CNAME www.r9.r8.r7.r6.r5.r4.r3.r2.r1.r0.`, signed: true })
        .zone(r, { at: `192.0.2.${30 + i}`, records: 'www A 203.0.113.7', signed: true });
    }
    const { reply, verifications } = await validatedIn(internet).measure(`www.${left} A`);
    expect(reply.answer).toHaveLength(2);
    expect(reply.security).toEqual({ state: 'secure' });
    recordFigure('D1', 'twenty honest zones, cold: signatures verified', verifications, 64);
  });
});

function behind(count: number): Tampering {
  return afterSigning(Type.A, (signature) => [
    signature,
    ...Array.from({ length: count }, (_, i) => wrong(signature, i)),
  ]);
}
function before(count: number): Tampering {
  return afterSigning(Type.A, (signature) => [
    ...Array.from({ length: count }, (_, i) => wrong(signature, i)),
    signature,
  ]);
}
function wrong<S extends { octets: Uint8Array }>(signature: S, i: number): S {
  return { ...signature, octets: forged(signature.octets, i) };
}
function digestsOf<D extends { digest: Uint8Array }>([ds]: readonly D[], count: number): D[] {
  return Array.from({ length: count }, (_, i) => ({ ...ds, digest: forged(ds.digest, i) }));
}
