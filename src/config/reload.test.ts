import { expect, test } from 'vitest';
import { applicableConfig, compareConfigs } from './reload.ts';
import { defaultConfig } from './settle.ts';

test('an unchanged file changes nothing', () => {
  expect(compareConfigs(defaultConfig(), defaultConfig())).toEqual({ atOnce: [], atRestart: [] });
});

test('changed keys are told apart by whether they take effect at once', () => {
  const fresh = defaultConfig({
    listen: { dns: ['127.0.0.1:5353'] },
    access: { allow: ['192.0.2.0/24'] },
    cache: { maxTtl: 60, maxBytes: '1MiB' },
    iteration: { budget: { depth: 3 } },
    local: { specialUse: { test: false } },
    zones: [{ name: 'example', stub: ['192.0.2.1'] }],
  });
  expect(compareConfigs(defaultConfig(), fresh)).toEqual({
    atOnce: ['access.allow', 'iteration.budget.depth', 'zones', 'local.specialUse.test', 'cache.maxTtl'],
    atRestart: ['listen.dns', 'cache.maxBytes'],
  });
});

test('another data directory moves the control socket and the query log with it', () => {
  expect(compareConfigs(defaultConfig(), defaultConfig({ dataDirectory: '/srv/rootwalk' }))).toEqual({
    atOnce: ['queryLog.directory'],
    atRestart: ['dataDirectory', 'controlSocket'],
  });
});

test('what needs a restart keeps its running value, everything else is fresh', () => {
  const running = defaultConfig({ listen: { dns: ['127.0.0.1:5353'] }, cache: { maxBytes: '2MiB' } });
  const fresh = defaultConfig({ listen: { dns: ['127.0.0.1:53'] }, cache: { maxTtl: 60 } });
  const applicable = applicableConfig(running, fresh);
  expect(applicable.listen.dns).toEqual([{ address: '127.0.0.1', port: 5353 }]);
  expect(applicable.cache.maxBytes).toBe(2 * 2 ** 20);
  expect(applicable.cache.maxTtl).toBe(60);
  expect(fresh.listen.dns[0].port).toBe(53);
});
