/** RFC 5011 with the resolver as it is: where the keys come from, and that validation goes by the states. */

import { expect, test } from 'vitest';

import { createHandClock } from '../support/hand-clock.ts';
import { createMemoryFiles } from '../support/memory-files.ts';
import { validatedInternet, validatingResolver } from '../support/validating-resolver.ts';
import { walkingResolver } from '../support/walking-resolver.ts';
import type { Resolver } from '../../src/daemon/resolver.ts';
import { ROOT, name } from '../../src/dns/name.ts';
import { Rcode } from '../../src/dns/record-type.ts';
import { createAnchorKeeper } from '../../src/validate/anchor-keeper.ts';
import { defaultPolicy } from '../../src/validate/policy.ts';
import { readTrustAnchors } from '../../src/validate/trust-anchor.ts';

test('the keys of the root are fetched from its servers, held against the DS, and validated by', async () => {
  let resolver: Resolver | undefined;
  const states: string[] = [];
  const clock = createHandClock();
  const keeper = createAnchorKeeper(
    { path: '/state/anchors.json' },
    {
      clock,
      files: createMemoryFiles(),
      fetchKeys: (zone) => resolver!.fetchKeys(zone),
      report: (event) => states.push(event.kind === 'anchor-changed' ? event.to : event.kind),
      changed: (zone) => void resolver!.forget(zone),
    },
  );
  const factory = validatingResolver({}, (made) => void (resolver = made), {
    trustPoints: () => keeper.trustPoints(),
  });
  const internet = validatedInternet({ resolver: factory })
    .zone('.', { at: '198.51.100.1', signed: true })
    .zone('example.', { at: '192.0.2.1', records: 'www 300 A 203.0.113.7', signed: true });
  const { anchors } = readTrustAnchors(internet.build().trustAnchors);
  keeper.use(anchors, defaultPolicy, true);

  expect((await internet.ask('www.example. A')).reply.security).toEqual({ state: 'secure' });
  await keeper.start();
  clock.advance(1);
  // The keeper's look ends when the internet's time has passed.
  await internet.build().clock.run(resolver!.fetchKeys(ROOT));
  await internet.build().clock.run(new Promise((resolve) => setImmediate(resolve)));
  expect(states).toEqual(['valid']);
  expect(keeper.trustPoints()).toMatchObject([{ ds: [], keys: [{}] }]);
  expect((await internet.ask('other.example. A')).reply.security).toEqual({ state: 'secure' });
});

test('a zone all of whose anchors are revoked is not validated, as if it had none', async () => {
  const internet = validatedInternet({ resolver: validatingResolver({}, undefined, { trustPoints: () => [] }) })
    .zone('.', { at: '198.51.100.1', signed: true })
    .zone('example.', { at: '192.0.2.1', records: 'www 300 A 203.0.113.7', signed: true });
  const { reply } = await internet.ask('www.example. A');
  expect(reply).toAnswer('www.example. 300 A 203.0.113.7');
  expect(reply.security).toMatchObject({ state: 'indeterminate', reason: { check: 'no-trust-anchor' } });
});

test('the root is told which of its keys are trusted, though its denials would answer that (RFC 8145)', async () => {
  let resolver: Resolver | undefined;
  const internet = validatedInternet({ resolver: validatingResolver({}, (made) => void (resolver = made)) }).zone('.', {
    at: '198.51.100.1',
    signed: true,
  });
  await internet.ask('_ta-0000. A');
  await internet.build().clock.run(resolver!.signal(name('_ta-4f66.')));
  expect(internet.seen('198.51.100.1').at(-1)).toBe('_ta-4f66. NULL');
});

test('who asks for the keys that are trusted gets to know by a failure (RFC 8509)', async () => {
  const internet = validatedInternet({
    resolver: (around) => {
      const { anchors } = readTrustAnchors(around.trustAnchors);
      const policy = defaultPolicy;
      const dnssec = { anchors, negativeAnchors: [], policy, aggressiveNsec: true, rootKeySentinel: true };
      return walkingResolver({ dnssec })(around);
    },
  })
    .zone('.', { at: '198.51.100.1', signed: true })
    .zone('example.', { at: '192.0.2.1', records: '* 300 A 203.0.113.7', signed: true });
  const [{ ds }] = readTrustAnchors(internet.build().trustAnchors).anchors;
  const tag = String(ds[0].keyTag).padStart(5, '0');
  const rcodeOf = async (label: string) => (await internet.ask(`root-key-sentinel-${label}.example. A`)).reply.rcode;
  for (let time = 0; time < 2; time++) {
    expect(await rcodeOf(`is-ta-${tag}`)).toBe(Rcode.NOERROR);
    expect(await rcodeOf(`not-ta-${tag}`)).toBe(Rcode.SERVFAIL);
  }
});
