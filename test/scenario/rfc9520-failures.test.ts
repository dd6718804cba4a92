/** Failures are kept with their reason, repeated, and asked again after growing waits: RFC 9520. */

import { describe, expect, test } from 'vitest';

import type { ResolverOptions } from '../../src/daemon/resolver.ts';
import { ErrorCode } from '../../src/dns/extended-error.ts';
import { failsAlways, only, refuses, silent } from '../../src/lab/misbehaviour.ts';
import { replaceServer } from '../support/replace-server.ts';
import { resolverIn } from '../support/resolver-in.ts';
import { defaultOptions, simulatedInternet } from '../support/walking-resolver.ts';

const zone = (...misbehaviour: Parameters<ReturnType<typeof simulatedInternet>['server']>[1][]) =>
  simulatedInternet()
    .zone('.', { at: '198.51.100.1' })
    .zone('example.', { at: '192.0.2.1', records: 'www A 203.0.113.7' })
    .server('192.0.2.1', ...misbehaviour);

test('a failure is repeated from the cache, with its reason and EDE 13 beside it (RFC 8914 §4.14)', async () => {
  const internet = zone(refuses);
  const first = await internet.ask('www.example. A');
  expect(first.reply).toFail(
    /^no server of example\. gave an answer that can be used: ns1\.example\. \(192\.0\.2\.1\) refused/,
  );
  expect(first.reply.errors).toHaveLength(1);

  const { reply, exchanges } = await internet.ask('www.example. A');
  expect(exchanges).toBe(0);
  expect(reply.source).toBe('failure-cache');
  expect(reply).toFail(/192\.0\.2\.1\) refused/);
  expect(reply.errors.map(({ code }) => code)).toEqual([ErrorCode.NO_REACHABLE_AUTHORITY, ErrorCode.CACHED_ERROR]);
});

test('the waits grow from 5 s to a minute and not further (RFC 9520 §3.2)', async () => {
  const internet = zone(refuses);
  await internet.ask('www.example. A');
  const waits: number[] = [];
  while (waits.length < 7) {
    let waitedMs = 0;
    while ((await internet.ask('www.example. A')).exchanges === 0) {
      internet.wait(500);
      waitedMs += 500;
    }
    waits.push(Math.round(waitedMs / 1000));
  }
  expect(waits).toEqual([5, 5, 10, 20, 40, 60, 60]);
});

test('after a success nothing is remembered of the failures', async () => {
  const internet = zone(only({ first: 2 }, refuses));
  await internet.ask('www.example. A');
  internet.wait(5000);
  expect((await internet.ask('www.example. A')).reply).toFail();
  internet.wait(5000);
  expect((await internet.ask('www.example. A')).reply).toAnswer('www.example. 300 A 203.0.113.7');
});

test('the failure of one question does not answer another of the same name', async () => {
  const internet = zone(only({ qtype: 1 }, failsAlways));
  expect((await internet.ask('www.example. A')).reply).toFail();
  expect((await internet.ask('www.example. AAAA')).reply).toDeny('nodata');
});

test('a server that is back is used as soon as the wait is over', async () => {
  const internet = zone(silent);
  expect((await internet.ask('www.example. A')).reply).toFail(/timed out/);
  replaceServer(internet, '192.0.2.1', { 'example.': 'www A 203.0.113.7' });
  internet.wait(5000);
  expect((await internet.ask('www.example. A')).reply).toAnswer('www.example. 300 A 203.0.113.7');
});

describe('for want of budget', () => {
  test('what an exhausted query could not look up is not held against the name', async () => {
    const internet = simulatedInternet()
      .zone('.', { at: '198.51.100.1' })
      .zone('victim.', { at: '192.0.2.2', records: 'www A 203.0.113.7' })
      // Each link is a walk of several exchanges, so that the last one finds nothing left.
      .zone('attacker.', {
        at: '192.0.2.66',
        records: 'a.a.a.a.a.a CNAME b.b.b.b.b.b.attacker.\nb.b.b.b.b.b CNAME www.victim.',
      });
    const resolver = resolverIn(internet, withExchanges(8));

    expect(await resolver.ask('a.a.a.a.a.a.attacker. A')).toFail(/budget was spent \(exchanges: 7\)/);
    expect(resolver.cached().filter((line) => line.startsWith('failure'))).toEqual([]);
    expect(await resolver.ask('www.victim. A')).toAnswer('www.victim. 300 A 203.0.113.7');
  });

  test('a question that spends all by itself is kept as a failure, with that reason', async () => {
    const resolver = resolverIn(zone(), withExchanges(1));
    expect(await resolver.ask('www.example. A')).toFail(/budget was spent \(exchanges: 1\)/);
    expect(resolver.cached()).toContainEqual(expect.stringMatching(/^failure www\.example\. A: .*budget/));
  });
});

function withExchanges(exchanges: number): Partial<ResolverOptions> {
  const { recursion } = defaultOptions;
  return { recursion: { ...recursion, budget: { ...recursion.budget, exchanges } } };
}
