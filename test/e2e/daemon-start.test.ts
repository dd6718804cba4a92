/** Starts that cannot be: each ends with a sentence that says what to do, and nothing stays behind. */

import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { daemonDirectory, startDaemon, startProgram, type ConfigSections } from '../support/daemon.ts';

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const each of cleanUp.splice(0).reverse()) await each();
});

async function failToStart(config: ConfigSections): Promise<{ code: number | string; err: string }> {
  const directory = daemonDirectory(config);
  cleanUp.push(() => directory.remove());
  const child = startProgram(['start', '--config', directory.configFile]);
  cleanUp.push(() => child.kill());
  return { code: await child.ended, err: child.err() };
}

test('a port that is taken: who has it is told, and what to do', async () => {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  cleanUp.push(() => holder.close());
  const { port } = holder.address() as AddressInfo;
  const { code, err } = await failToStart({ listen: { dns: [`127.0.0.1:${port}`] } });
  expect(code).toBe(1);
  expect(err).toMatch(
    new RegExp(`^rootwalk cannot start: TCP 127\\.0\\.0\\.1:${port} is taken by .* \\(process ${process.pid}\\)`, 'm'),
  );
  expect(err).toContain('`--port 5353`');
});

test('an address that the machine does not have', async () => {
  const { code, err } = await failToStart({ listen: { dns: ['192.0.2.53:0'] } });
  expect(code).toBe(1);
  expect(err).toContain('this machine has no such address');
});

test('a data directory that cannot be made', async () => {
  const { code, err } = await failToStart({ dataDirectory: '/dev/null/rootwalk' });
  expect(code).toBe(1);
  expect(err).toMatch(/^rootwalk cannot start: \/dev\/null\/rootwalk cannot be made \(ENOTDIR\): set `dataDirectory`/m);
});

test('a data directory in which another rootwalk runs', async () => {
  const running = await startDaemon();
  cleanUp.push(() => running.stop());
  const { code, err } = await failToStart({ dataDirectory: `${running.directory}/data` });
  expect(code).toBe(1);
  expect(err).toContain('another rootwalk is running');
  expect(await running.call('query', 'localhost.')).toMatchObject({ code: 0 });
});

test('a configuration with a problem: file, line, key, remedy', async () => {
  const { code, err } = await failToStart({ cache: { maxTll: 60 } });
  expect(code).toBe(1);
  expect(err).toMatch(/rootwalk\.yaml:1:\d+: cache\.maxTll: there is no such key\n {4}did you mean maxTtl\?/);
});

test.each([
  [['--prot', '5353'], 'there is no option --prot; did you mean --port?'],
  [['--port', '70000'], '--port 70000: a port is a number from 0 to 65535'],
  [['--port'], '--port needs a value'],
  [['5353'], '"5353" is one argument too many'],
])('a call that is none: start %o', async (words, why) => {
  const child = startProgram(['start', ...words]);
  expect(await child.ended).toBe(2);
  expect(child.err()).toContain(why);
});

test('a configuration file that is not there', async () => {
  const child = startProgram(['start', '--config', '/nowhere.yaml']);
  expect(await child.ended).toBe(1);
  expect(child.err()).toBe('/nowhere.yaml: there is no such file\n');
});

test('--port takes the place of the configured port', async () => {
  const directory = daemonDirectory({ listen: { dns: ['127.0.0.1:1'] } });
  cleanUp.push(() => directory.remove());
  const child = startProgram(['start', '--config', directory.configFile, '--port', '0']);
  cleanUp.push(() => child.kill());
  const [, port] = await child.says(/answers on 127\.0\.0\.1:(\d+)/);
  expect(Number(port)).toBeGreaterThan(1023);
});
