import { describe, expect, test } from 'vitest';
import { Rcode, Type } from '../../src/dns/record-type.ts';
import type { RRset } from '../../src/dns/rrset.ts';
import { validatedInternet } from '../support/validating-resolver.ts';

const root = { at: '198.51.100.1', signed: true };
const records = 'www 300 A 203.0.113.7\n* 300 TXT "wild"\nalias 300 CNAME www.example.';

describe.each([['nsec'], ['nsec3']] as const)('a zone signed with %s', (denial) => {
  const internet = () =>
    validatedInternet().zone('.', root).zone('example.', { at: '192.0.2.1', records, signed: { denial } });

  test('an address is proven from the root down', async () => {
    const { reply } = await internet().ask('www.example. A');
    expect(reply).toAnswer('www.example. 300 A 203.0.113.7');
    expect(reply.security).toEqual({ state: 'secure' });
  });

  test('an alias is proven link by link', async () => {
    const { reply } = await internet().ask('alias.example. A');
    expect(reply).toAnswer('alias.example. 300 CNAME www.example.', 'www.example. 300 A 203.0.113.7');
    expect(reply.security).toEqual({ state: 'secure' });
  });

  test.each([
    ['www.example. AAAA', 'nodata'],
    ['nothing.www.example. A', 'nxdomain'],
    ['some.example. A', 'nodata'],
  ] as const)('%s is denied with proof: %s', async (question, kind) => {
    const { reply } = await internet().ask(question);
    expect(reply.security).toEqual({ state: 'secure' });
    expect(reply.rcode).toBe(kind === 'nxdomain' ? 3 : 0);
    expect(reply.answer).toEqual([]);
  });

  test('an answer from a wildcard is proven with the denial of anything closer', async () => {
    const { reply } = await internet().ask('some.example. TXT');
    expect(reply).toAnswer('some.example. 300 TXT "wild"');
    expect(reply.security).toEqual({ state: 'secure' });
  });

  test('what was proven is answered from the cache as proven', async () => {
    const world = internet();
    await world.ask('www.example. A');
    const { reply, exchanges } = await world.ask('www.example. A');
    expect(reply.security).toEqual({ state: 'secure' });
    expect(exchanges).toBe(0);
  });
});

test('a zone without DS below a signed one is insecure', async () => {
  const { reply } = await validatedInternet()
    .zone('.', root)
    .zone('example.', { at: '192.0.2.1', records })
    .ask('www.example. A');
  expect(reply).toAnswer('www.example. 300 A 203.0.113.7');
  expect(reply.security).toMatchObject({ state: 'insecure', reason: { check: 'no-ds' } });
});

test('signatures that are asked for are answered, and not taken for proven (RFC 4035 §2.2)', async () => {
  const internet = validatedInternet().zone('.', root).zone('example.', { at: '192.0.2.1', records, signed: true });
  const { reply } = await internet.ask('www.example. RRSIG');
  expect(reply.answer).toMatchObject([{ type: Type.RRSIG, count: 2 }]);
  expect(reply.security).toMatchObject({ state: 'insecure', reason: { check: 'never-signed' } });
  const denied = await validatedInternet().zone('.', root).ask('nothing. RRSIG');
  expect([denied.reply.rcode, denied.reply.security]).toEqual([Rcode.NXDOMAIN, { state: 'secure' }]);
});

test('below a name that only leads to an unsigned delegation, a zone with opt-out denies provably', async () => {
  const { reply } = await validatedInternet()
    .zone('.', root)
    .zone('example.', {
      at: '192.0.2.1',
      records: 'www 300 A 203.0.113.7',
      signed: { denial: 'nsec3', optOut: true },
    })
    .zone('open.sub.example.', { at: '192.0.2.2', records })
    .ask('x.y.sub.example. A');
  expect(reply.rcode).toBe(3);
  expect(reply.security).toMatchObject({ state: 'insecure', reason: { check: 'opt-out' } });
});

test('no TTL that was raised on the way is handed on, nor one made from it (RFC 4035 §5.3.3, RFC 6672 §3.1)', async () => {
  const raised = (set: RRset): RRset => ({ ...set, ttl: 86_400 });
  const { reply } = await validatedInternet()
    .zone('.', root)
    .zone('example.', { at: '192.0.2.1', signed: true, records: 'old 300 DNAME new\nwww.new 300 A 203.0.113.7' })
    .server('192.0.2.1', { kind: 'redrafts', change: (draft) => ({ ...draft, answer: draft.answer.map(raised) }) })
    .ask('www.old.example. A');
  expect(reply).toAnswer(
    'old.example. 300 DNAME new.example.',
    'www.old.example. 300 CNAME www.new.example.',
    'www.new.example. 300 A 203.0.113.7',
  );
});
