/** The root's servers are asked for, once the hints have been used, and kept: RFC 9609. */

import { expect, test } from 'vitest';

import { omitsGlue, refuses, silent, truncates, only } from '../../src/lab/misbehaviour.ts';
import { resolverIn, type ResolverIn } from '../support/resolver-in.ts';
import type { SimulatedInternet } from '../support/simulated-internet.ts';
import { removeServer, replaceServer } from '../support/replace-server.ts';
import { simulatedInternet } from '../support/walking-resolver.ts';

const A = '198.51.100.1';
const B = '198.51.100.2';

const root = () =>
  simulatedInternet()
    .zone('.', { at: { 'a.root.': A, 'b.root.': B } })
    .zone('example.', { at: '192.0.2.1', records: 'www A 203.0.113.7' });

function primed(internet: SimulatedInternet): ResolverIn {
  return resolverIn(internet, { prime: true });
}
const primings = (resolver: ResolverIn): number => resolver.seen().filter((asked) => asked.startsWith('. NS')).length;
const delegationOfRoot = (resolver: ResolverIn): string | undefined =>
  resolver.cached().find((line) => line.startsWith('delegation . '));

test('the first walk starts from the hints and primes beside it, once', async () => {
  const resolver = primed(root());
  expect(await resolver.ask('www.example. A')).toAnswer('www.example. 300 A 203.0.113.7');
  await resolver.clock.run(resolver.resolver.priming.prime());
  await resolver.askTogether(['a.example. A', 'b. A', 'c. A']);
  expect(primings(resolver)).toBe(1);
  expect(delegationOfRoot(resolver)).toMatch(`a.root. ${A}`);
  expect(delegationOfRoot(resolver)).toMatch(`b.root. ${B}`);
});

test('the root is primed again when the TTL of its servers has ended', async () => {
  const resolver = primed(root());
  await resolver.ask('x. A');
  resolver.clock.advance(3_600_000);
  await resolver.ask('y. A');
  expect(primings(resolver)).toBe(2);
});

test('addresses that the response has no room for are those of the hints (RFC 9609 §4.2)', async () => {
  const resolver = primed(root().server(A, omitsGlue).server(B, omitsGlue));
  await resolver.ask('x. A');
  await resolver.ask('y. A');
  expect(delegationOfRoot(resolver)).toMatch(`a.root. ${A}`);
});

test('a truncated response is fetched over TCP', async () => {
  const tc = only({ qtype: 2 }, truncates);
  const resolver = primed(root().server(A, tc).server(B, tc));
  await resolver.ask('x. A');
  await resolver.clock.run(resolver.resolver.priming.prime());
  expect(delegationOfRoot(resolver)).toBeDefined();
  expect(resolver.seen()).toContain('. NS over TCP');
});

test('hints that are partly dead prime all the same', async () => {
  const resolver = primed(root().server(A, silent));
  expect(await resolver.ask('www.example. A')).toAnswer('www.example. 300 A 203.0.113.7');
  await resolver.clock.run(resolver.resolver.priming.prime());
  await resolver.ask('y. A');
  expect(delegationOfRoot(resolver)).toBeDefined();
});

test('priming that fails is tried again after growing pauses, and walks go on from the hints', async () => {
  const refusesNs = only({ qtype: 2 }, refuses);
  const resolver = primed(root().server(A, refusesNs).server(B, refusesNs));
  expect(await resolver.ask('www.example. A')).toAnswer('www.example. 300 A 203.0.113.7');
  const after: number[] = [];
  for (let second = 1; second <= 8; second++) {
    const before = primings(resolver);
    resolver.clock.advance(1000);
    await resolver.ask(`n${second}. A`);
    await resolver.askTogether([`m${second}. A`]);
    if (primings(resolver) > before) after.push(second);
  }
  expect(after.length).toBeGreaterThanOrEqual(2);
  expect(after.length).toBeLessThanOrEqual(4);
  expect(delegationOfRoot(resolver)).toBeUndefined();
});

test('when every hint is dead the reply says so, and a root that is back is found', async () => {
  const internet = root().server(A, silent).server(B, silent);
  const resolver = primed(internet);
  expect(await resolver.ask('www.example. A')).toFail(/no server of \. answered/);
  removeServer(internet, A);
  replaceServer(internet, B, {
    '.': 'example NS ns1.example.\nns1.example A 192.0.2.1\n@ NS b.root.\nb.root A 198.51.100.2',
  });
  resolver.clock.advance(60_000);
  expect(await resolver.ask('www.example. A')).toAnswer('www.example. 300 A 203.0.113.7');
});

test('a root whose NS set has TTL 0 is not primed with every walk', async () => {
  const resolver = primed(simulatedInternet().zone('.', { at: { 'a.root.': A }, nsTtl: 0 }));
  for (let i = 0; i < 10; i++) await resolver.ask(`n${i}. A`);
  expect(primings(resolver)).toBe(1);
});
