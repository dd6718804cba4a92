/** RFC 7646: zones that the operator exempts from validation, for a while, because they are broken. */

import { describe, expect, test } from 'vitest';

import type { Resolver } from '../../src/daemon/resolver.ts';
import { ErrorCode } from '../../src/dns/extended-error.ts';
import { name } from '../../src/dns/name.ts';
import { Rcode } from '../../src/dns/record-type.ts';
import type { NegativeTrustAnchor } from '../../src/validate/negative-trust-anchor.ts';
import type { SimulatedInternet } from '../support/simulated-internet.ts';
import { validatedInternet, validatingResolver } from '../support/validating-resolver.ts';

const records = 'www 300 A 203.0.113.7';
const broken = name('broken.example.');

/** The list is the operator's: what stands in it is in force. */
function world(): { internet: SimulatedInternet; anchors: NegativeTrustAnchor[]; readonly forget: () => number } {
  const anchors: NegativeTrustAnchor[] = [];
  let resolver: Resolver | undefined;
  const factory = validatingResolver({}, (made) => void (resolver = made), { temporaryAnchors: () => anchors });
  const internet = validatedInternet({ resolver: factory })
    .zone('.', { at: '198.51.100.1', signed: true })
    .zone('example.', { at: '192.0.2.1', records, signed: true })
    .zone('broken.example.', { at: '192.0.2.2', records, signed: { breakage: ['ds-digest-wrong'] } })
    .zone('sub.broken.example.', { at: '192.0.2.3', records, signed: true });
  return { internet, anchors, forget: () => resolver!.forget(broken) };
}

const inForce = { zone: broken, reason: 'their DS is stale', expiresAt: undefined };

describe('a zone that is broken', () => {
  test('is answered under a negative trust anchor, marked with code 33 and the reason, and never as secure', async () => {
    const { internet, anchors } = world();
    anchors.push(inForce);
    const { reply } = await internet.ask('www.broken.example. A');
    expect(reply).toAnswer('www.broken.example. 300 A 203.0.113.7');
    expect(reply.security).toMatchObject({ state: 'insecure', reason: { check: 'negative-trust-anchor' } });
    expect(reply.errors).toMatchObject([{ code: ErrorCode.NEGATIVE_TRUST_ANCHOR }]);
    expect(reply.errors[0].text).toContain('their DS is stale');
  });

  test('takes the zones below along, and answers from the cache alike', async () => {
    const { internet, anchors } = world();
    anchors.push(inForce);
    await internet.ask('www.sub.broken.example. A');
    const { reply, exchanges } = await internet.ask('www.sub.broken.example. A');
    expect(exchanges).toBe(0);
    expect(reply.errors).toMatchObject([{ code: ErrorCode.NEGATIVE_TRUST_ANCHOR }]);
  });

  test('is answered once what was found bogus is forgotten, and bogus again after the end', async () => {
    const { internet, anchors, forget } = world();
    expect((await internet.ask('www.broken.example. A')).reply.rcode).toBe(Rcode.SERVFAIL);
    anchors.push(inForce);
    expect(forget()).toBeGreaterThan(0);
    expect((await internet.ask('www.broken.example. A')).reply.rcode).toBe(Rcode.NOERROR);
    anchors.pop();
    forget();
    expect((await internet.ask('www.broken.example. A')).reply.rcode).toBe(Rcode.SERVFAIL);
  });

  test('is bogus when the time is over, whoever still holds the anchor', async () => {
    const { internet, anchors } = world();
    anchors.push({ ...inForce, expiresAt: Math.floor(internet.build().clock.wallMs() / 1000) + 60 });
    expect((await internet.ask('www.broken.example. A')).reply.rcode).toBe(Rcode.NOERROR);
    internet.wait(61_000);
    expect((await internet.ask('www.broken.example. A')).reply.rcode).toBe(Rcode.SERVFAIL);
  });
});

test('a negative trust anchor at a name that is no zone covers that name, and its neighbours stay secure', async () => {
  const { internet, anchors } = world();
  anchors.push({ ...inForce, zone: name('www.example.') });
  expect((await internet.ask('www.example. A')).reply.security).toMatchObject({ state: 'insecure' });
  expect((await internet.ask('other.example. A')).reply.security).toEqual({ state: 'secure' });
});

test('nothing is concluded below one from what the zone above has denied', async () => {
  const { internet, anchors } = world();
  await internet.ask('a.example. A');
  anchors.push({ ...inForce, zone: name('b.example.') });
  expect((await internet.ask('b.example. A')).exchanges).toBeGreaterThan(0);
  expect((await internet.ask('bb.example. A')).exchanges).toBe(0);
});

test('an internal zone that its signed parent denies is bogus, and answered under a negative trust anchor', async () => {
  const corp = name('corp.example.');
  const anchors: NegativeTrustAnchor[] = [];
  const zones = [{ zone: corp, addresses: [{ address: '192.0.2.2' }], kind: 'stub', first: false }] as const;
  const walking = { minimisation: 'relaxed', zones } as const;
  let resolver: Resolver | undefined;
  const factory = validatingResolver({ walking }, (made) => void (resolver = made), {
    temporaryAnchors: () => anchors,
  });
  const internet = validatedInternet({ resolver: factory })
    // Nobody ever comes by the root's view of it: `example.` is delegated before.
    .zone('.', { at: '198.51.100.1', signed: true, delegates: { 'corp.example.': ['192.0.2.2'] } })
    .zone('example.', { at: '192.0.2.1', signed: true })
    .zone('corp.example.', { at: '192.0.2.2', records });
  expect((await internet.ask('www.corp.example. A')).reply.security).toMatchObject({ state: 'bogus' });
  anchors.push({ ...inForce, zone: corp });
  resolver!.forget(corp);
  expect((await internet.ask('www.corp.example. A')).reply).toAnswer('www.corp.example. 300 A 203.0.113.7');
});
