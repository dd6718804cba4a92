import { expect, test } from 'vitest';
import { configSchema } from './schema.ts';
import { defaultConfig, settle, withPort } from './settle.ts';

const home = '/home/ada';

test.each([
  [{ env: {}, isRoot: true, home: '/root' }, '/var/lib/rootwalk'],
  [{ env: {}, isRoot: false, home }, '/home/ada/.local/state/rootwalk'],
  [{ env: { XDG_STATE_HOME: '/state' }, isRoot: false, home }, '/state/rootwalk'],
  [{ env: { XDG_STATE_HOME: '' }, isRoot: false, home }, '/home/ada/.local/state/rootwalk'],
])('on %j data is kept in %s', (machine, directory) => {
  const config = defaultConfig({}, machine);
  expect(config.dataDirectory).toBe(directory);
  expect(config.controlSocket).toBe(`${directory}/control.sock`);
  expect(config.queryLog.directory).toBe(`${directory}/log`);
});

test('relative paths start from the directory of the configuration file', () => {
  const checked = configSchema.parse({
    roots: { hints: 'named.root' },
    local: { hostsFiles: ['../hosts', '/etc/hosts'] },
    dnssec: { trustAnchors: 'anchors.ds' },
    dataDirectory: 'data',
  });
  const config = settle(checked, '/etc/rootwalk', { env: {}, isRoot: false, home });
  expect(config.roots.hints).toBe('/etc/rootwalk/named.root');
  expect(config.local.hostsFiles).toEqual(['/etc/hosts', '/etc/hosts']);
  expect(config.dnssec.trustAnchors).toEqual({ kind: 'file', path: '/etc/rootwalk/anchors.ds' });
  expect(config.queryLog.directory).toBe('/etc/rootwalk/data/log');
});

test('trust anchors may stand in the file itself', () => {
  const lines = ['example. DS 20326 8 2 e06d44b80b8f1d39a95c0b0d7c65d08458e880409bbc683457104237c7f8ec8d'];
  expect(defaultConfig({ dnssec: { trustAnchors: lines } }).dnssec.trustAnchors).toEqual({ kind: 'records', lines });
});

test('--port moves every address to it, once', () => {
  const listen = { dns: ['127.0.0.1:53', '127.0.0.1:54', '[::1]:53'] };
  const config = withPort(defaultConfig({ listen }), 5353);
  expect(config.listen.dns).toEqual([
    { address: '127.0.0.1', port: 5353 },
    { address: '::1', port: 5353 },
  ]);
});
