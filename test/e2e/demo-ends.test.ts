/** However the demo ends, nothing of it stays. */

import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { packageDirectory } from '../../src/system/package-directory.ts';
import { startChild, type Child } from '../support/child.ts';
import { freePort } from '../support/free-port.ts';

let demo: Child;
let temporary: string;
beforeEach(async () => {
  temporary = mkdtempSync(join(tmpdir(), 'rootwalk-demo-test-'));
  const ports = ['--port', String(await freePort('127.0.0.1')), '--server-port', String(await freePort('127.53.0.1'))];
  const program = join(packageDirectory, 'src/main.ts');
  demo = startChild(process.execPath, [program, 'demo', ...ports], { env: { TMPDIR: temporary, NO_COLOR: '1' } });
});
afterEach(async () => {
  await demo.kill();
  rmSync(temporary, { recursive: true, force: true });
});

test('the demo ends with its terminal', async () => {
  await demo.says(/Ctrl-C ends it/, 25_000);
  expect(readdirSync(temporary)).toHaveLength(1);
  demo.process.kill('SIGHUP');
  expect(await demo.ended).toBe(0);
  expect(readdirSync(temporary)).toEqual([]);
});

test('the demo ends when nobody reads on', async () => {
  await demo.says(/^# /m, 25_000);
  expect(readdirSync(temporary)).toHaveLength(1);
  demo.process.stdout!.destroy();
  expect(await demo.ended).toBe(0);
  expect(readdirSync(temporary)).toEqual([]);
});
