import { expect, test } from 'vitest';
import { describeKeys } from './describe.ts';

const keys = describeKeys();
const values = keys.filter(({ isSection }) => !isSection);

test.each(keys.map((key) => [key.path.join('.'), key] as const))('%s is explained by a sentence', (_, { says }) => {
  expect(says).toMatch(/^[A-Z0-9`].*\.$/);
});

test.each(values.filter(({ range }) => range !== '').map((key) => [key.path.join('.'), key] as const))(
  'the range of %s has its reason',
  (_, { why }) => {
    expect(why).toMatch(/^[A-Z0-9`].*\.$/);
  },
);

test('every key has a default, in a file or in words', () => {
  expect(values.filter(({ preset, defaultText }) => preset === undefined && defaultText === 'null')).toEqual([]);
});

test('the keys are those that operators were promised', () => {
  expect(values.map(({ path }) => path.join('.'))).toEqual(
    expect.arrayContaining([
      'listen.dns',
      'access.allow',
      'roots.hints',
      'roots.prime',
      'iteration.ipv4',
      'iteration.ipv6',
      'iteration.serverPort',
      'iteration.qnameMinimisation',
      'iteration.caseRandomisation',
      'iteration.budget.exchanges',
      'zones',
      'local.hostsFiles',
      'local.records',
      'cache.maxBytes',
      'cache.minTtl',
      'cache.maxTtl',
      'cache.maxNegativeTtl',
      'cache.ttlOverrides',
      'answers.order',
      'threads.listeners',
      'threads.resolvers',
      'dnssec.validate',
      'dnssec.trustAnchors',
      'dnssec.rollover',
      'dnssec.negativeTrustAnchors',
      'dnssec.aggressiveNsec',
      'dnssec.acceptRsaSha1',
      'dnssec.maxNsec3Iterations',
      'dnssec.signalAnchors',
      'dnssec.rootKeySentinel',
      'dnssec.clockSkew.fraction',
      'dnssec.clockNames',
      'queryLog.enabled',
      'queryLog.directory',
      'web.enabled',
      'dataDirectory',
    ]),
  );
});
