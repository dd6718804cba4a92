/** How the daemon ends: in good order, at once when asked twice, and when its own faults are too many. */

import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as does from '../../src/lab/misbehaviour.ts';
import { startDaemon, type RunningDaemon } from '../support/daemon.ts';
import { startLoopbackInternet, type LoopbackInternet } from '../support/loopback-internet.ts';
import { queryFor, readResponse } from '../support/messages.ts';
import { exchangeOverUdp } from '../support/plain-exchange.ts';
import { tcpClient, udpClient } from '../support/wire-client.ts';

/** Three of them take longer than a stop waits. */
const silent = Object.fromEntries(
  ['127.54.2.4', '127.54.2.5', '127.54.2.6'].map((at) => [at, { misbehaviour: [does.silent, does.tcpHangs] }]),
);

const plan = {
  zones: {
    '.': { at: '127.54.2.1' },
    'example.': { at: '127.54.2.2', records: '* A 203.0.113.7' },
    'slow.example.': { at: '127.54.2.3', records: '* A 203.0.113.8' },
    'silent.example.': { at: ['127.54.2.4', '127.54.2.5', '127.54.2.6'] },
  },
  servers: { '127.54.2.3': { misbehaviour: [does.delays(1000)] }, ...silent },
};

let internet: LoopbackInternet;
beforeAll(async () => {
  internet = await startLoopbackInternet(plan);
});
afterAll(() => internet.stop());

const start = (): Promise<RunningDaemon> => startDaemon({ config: internet.config });

/** Sends queries that take a second, and waits until all of them are in work. */
async function sendSlowOnes(daemon: RunningDaemon, count: number): Promise<{ answered(): number }> {
  const client = await udpClient('127.0.0.1');
  let answered = 0;
  void (async () => {
    for (;;) if (readResponse((await client.next()).octets).rcode === 'NOERROR') answered++;
  })();
  for (let id = 0; id < count; id++) {
    client.send(queryFor(`n${id}.slow.example. A`, { id, flags: 0x0100 }), daemon.port, daemon.address);
  }
  await pause(300);
  return {
    answered() {
      client.close();
      return answered;
    },
  };
}

test('SIGTERM with 50 queries in work: they are answered, and it ends with 0 within 5 s', async () => {
  const daemon = await start();
  // Its server is known to live: few may wait for one of which nothing was heard yet.
  await exchangeOverUdp(daemon, queryFor('www.slow.example. A', { flags: 0x0100 }), 5000);
  const slow = await sendSlowOnes(daemon, 50);
  daemon.process.kill('SIGTERM');
  expect(await Promise.race([daemon.ended, pause(5000, 'it still runs')])).toBe(0);
  expect(slow.answered()).toBeGreaterThanOrEqual(48);
});

test('a client that leaves its connection open does not keep it', async () => {
  const daemon = await start();
  const idle = await tcpClient(daemon.port, daemon.address);
  daemon.process.kill('SIGTERM');
  expect(await Promise.race([daemon.ended, pause(5000, 'it still runs')])).toBe(0);
  expect(await idle.ended).toBe('end');
  idle.socket.destroy();
});

test('what cannot be answered in time does not keep it either', async () => {
  const daemon = await start();
  void exchangeOverUdp(daemon, queryFor('www.silent.example. A', { flags: 0x0100 }), 10);
  await pause(300);
  daemon.process.kill('SIGINT');
  expect(await Promise.race([daemon.ended, pause(5500, 'it still runs')])).toBe(0);
});

test('a second signal ends it at once', async () => {
  const daemon = await start();
  const slow = await sendSlowOnes(daemon, 5);
  daemon.process.kill('SIGTERM');
  await daemon.says(/answering what is in work/);
  daemon.process.kill('SIGTERM');
  expect(await daemon.ended).toBe(143);
  expect(slow.answered()).toBe(0);
});

/** Code that has the process meet a fault of ours, as many times as that. */
const withFaults = (times: number): string =>
  `--import=data:text/javascript,let n=${times};const t=setInterval(()=>{if(n--<=0)return clearInterval(t);throw new Error('a bug')},20);t.unref()`;

test('a fault of ours is told with its stack, and answering goes on', async () => {
  const daemon = await startDaemon({ config: internet.config, nodeOptions: [withFaults(3)] });
  await expect.poll(() => daemon.err().match(/"msg":"a fault of ours"/g)?.length).toBe(3);
  expect(daemon.err()).toContain('Error: a bug\\n    at ');
  const response = await exchangeOverUdp(daemon, queryFor('www.example. A', { flags: 0x0100 }));
  expect(readResponse(response).rcode).toBe('NOERROR');
  expect(await daemon.stop()).toBe(0);
});

test('with too many within a minute it ends with 70, to be started afresh', async () => {
  const daemon = await startDaemon({ config: internet.config, nodeOptions: [withFaults(50)] });
  expect(await daemon.ended).toBe(70);
  expect(daemon.err()).toContain('too many faults within a minute');
});
