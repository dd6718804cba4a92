/** SIGHUP: what a good file changes, what a bad one does not, and that nobody's query is lost meanwhile. */

import { readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startDaemon, type ConfigSections, type RunningDaemon } from '../support/daemon.ts';
import { startLoopbackInternet, type LoopbackInternet } from '../support/loopback-internet.ts';
import { queryFor, readResponse } from '../support/messages.ts';
import { exchangeOverUdp } from '../support/plain-exchange.ts';
import { udpClient } from '../support/wire-client.ts';

const plan = {
  zones: { '.': { at: '127.54.1.1' }, 'example.': { at: '127.54.1.2', records: '* A 203.0.113.7' } },
};

let internet: LoopbackInternet;
let daemon: RunningDaemon;
beforeEach(async () => {
  internet = await startLoopbackInternet(plan);
  daemon = await startDaemon({ config: configWith({}) });
});
afterEach(async () => {
  expect(await daemon.stop()).toBe(0);
  await internet.stop();
});

function configWith(changes: ConfigSections): ConfigSections {
  return { ...internet.config, ...changes };
}

const local = (address: string): ConfigSections => configWith({ local: { records: [`nas.example. 60 A ${address}`] } });

async function answerOf(question: string): Promise<string[]> {
  return readResponse(await exchangeOverUdp(daemon, queryFor(question, { flags: 0x0100 }), 5000)).answer;
}

test('what is new takes effect, and the cache stays', async () => {
  await answerOf('www.example. A');
  daemon.reload(local('192.0.2.20'));
  await daemon.says(/the new configuration is in force/);
  expect(daemon.err()).toContain('"changed":["local.records"]');
  expect(await answerOf('nas.example. A')).toEqual([expect.stringContaining('192.0.2.20')]);
  const cached = await daemon.call('query', 'www.example.', '--json');
  expect(JSON.parse(cached.out)).toMatchObject({ source: 'cache' });
});

test('a file with a problem leaves the former configuration in force, and the line is told', async () => {
  daemon.reload(local('192.0.2.20'));
  await daemon.says(/the new configuration is in force/);
  daemon.reload('cache:\n  maxTtl: 60\n  maxTll: 60\n');
  const [, said] = await daemon.says(/the former configuration stays in force:([^\n]*)/);
  expect(said).toMatch(/rootwalk\.yaml:3:3: cache\.maxTll: there is no such key.*did you mean maxTtl\?/);
  expect(await answerOf('nas.example. A')).toEqual([expect.stringContaining('192.0.2.20')]);
});

test('keys that need a restart are named and keep their value', async () => {
  daemon.reload({ ...local('192.0.2.21'), listen: { dns: ['127.0.0.1:0'], maxUdpPayload: 512 } });
  await daemon.says(/these changes wait for a restart/);
  expect(daemon.err()).toContain('"keys":["listen.maxUdpPayload"]');
  expect(await answerOf('nas.example. A')).toEqual([expect.stringContaining('192.0.2.21')]);
});

test('the query log is opened anew, so that what rotates it from outside may move it', async () => {
  const file = join(daemon.directory, 'data/log/queries.jsonl');
  await answerOf('before.example. A');
  await expect.poll(() => readFileSync(file, 'utf8')).toContain('before.example.');
  renameSync(file, `${file}.1`);
  daemon.reload(local('192.0.2.22'));
  await daemon.says(/the new configuration is in force/);
  await answerOf('after.example. A');
  await expect.poll(() => readFileSync(file, { encoding: 'utf8', flag: 'a+' })).toContain('after.example.');
  expect(readFileSync(`${file}.1`, 'utf8')).not.toContain('after.example.');
});

test('when local records clash, a reload warns of what is left out', async () => {
  daemon.reload(configWith({ local: { records: ['a.example. A 192.0.2.1', 'a.example. CNAME b.example.'] } }));
  await daemon.says(/the new configuration is in force/);
  expect(daemon.err()).toMatch(/local\.records\[1\]: a\.example\. has other records too, so its CNAME is left out/);
});

test('during four reloads under load not one query is lost, nor its line in the log', async () => {
  const client = await udpClient('127.0.0.1');
  const answered = new Set<number>();
  const reloads = (): number => daemon.err().match(/the new configuration is in force/g)?.length ?? 0;
  const reloading = (async () => {
    for (let times = 1; times <= 4; times++) {
      // Other bounds of the query log: the new one takes over the files of the former.
      daemon.reload({ ...local('192.0.2.23'), queryLog: { maxFileBytes: 2 ** 24 + times } });
      await expect.poll(reloads, { timeout: 10_000 }).toBe(times);
    }
  })();
  let count = 0;
  // Until the client is closed; its last wait is left to itself.
  void (async () => {
    for (;;) answered.add(Buffer.from((await client.next()).octets).readUInt16BE());
  })();
  for (; reloads() < 4 && count < 20_000; count++) {
    client.send(queryFor(`n${count}.example. A`, { id: count, flags: 0x0100 }), daemon.port, daemon.address);
    if (count % 10 === 9) await pause(2);
  }
  await reloading;
  await expect.poll(() => answered.size, { timeout: 10_000 }).toBe(count);
  client.close();
  const lines = async (): Promise<number> =>
    (await daemon.call('log', '--source', 'recursion')).out.split('\n').length - 1;
  await expect.poll(lines, { timeout: 5000 }).toBe(count);
});
