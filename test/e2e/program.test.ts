import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageDirectory } from '../../src/system/package-directory.ts';

function rootwalk(...args: string[]): { code: number | null; out: string; err: string } {
  return run('src/main.ts', ...args);
}

function run(...args: string[]): { code: number | null; out: string; err: string } {
  const ended = spawnSync(process.execPath, args, { cwd: packageDirectory, encoding: 'utf8' });
  return { code: ended.status, out: ended.stdout, err: ended.stderr };
}

test('the program says its version', () => {
  expect(rootwalk('version')).toMatchObject({ code: 0, out: expect.stringMatching(/^rootwalk \d/), err: '' });
});

test('a mistyped command is answered with the one that was meant, and exits with 2', () => {
  expect(rootwalk('strat')).toEqual({
    code: 2,
    out: '',
    err: 'rootwalk: there is no command "strat"; did you mean start?\n',
  });
});

test('a configuration that is not there exits with 1', () => {
  expect(rootwalk('check-config', '/nowhere.yaml')).toEqual({
    code: 1,
    out: '',
    err: '/nowhere.yaml: there is no such file\n',
  });
});

test('a reader that goes away (| head) is no failure', async () => {
  const child = spawn(process.execPath, ['src/main.ts', 'config-schema'], { cwd: packageDirectory });
  child.stdout.destroy();
  const [code] = await once(child, 'exit');
  expect(code).toBe(0);
});

/** Has the process that is started believe it runs on another Node. */
function pretend(version: string): string {
  return `--import=data:text/javascript,Object.defineProperty(process.versions,'node',{value:'${version}'})`;
}

test.each(['20.20.2', '24.14.9', '8.0.0'])('on Node %s it says in one sentence what to do', (version) => {
  const { code, out, err } = run(pretend(version), 'src/main.ts', 'version');
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toMatch(new RegExp(`^rootwalk needs Node 24\\.15 or newer, and this is ${version}: run \`npm ci\`.*\n$`));
});

test('an installed package says which Node to install, as it has no npm scripts to run', () => {
  const directory = mkdtempSync(join(tmpdir(), 'rootwalk-floor-'));
  const floor = join(directory, 'dist', 'node-floor.mjs');
  mkdirSync(join(directory, 'dist'));
  copyFileSync(join(packageDirectory, 'src/node-floor.js'), floor);
  const { code, err } = run(pretend('20.20.2'), floor);
  rmSync(directory, { recursive: true });
  expect(code).toBe(1);
  expect(err).toMatch(/this is 20\.20\.2: install Node 26 .*\n$/);
});

test.each(['24.15.0', '26.10.0', '27.0.0'])('on Node %s it starts', (version) => {
  expect(run(pretend(version), 'src/main.ts', 'version').code).toBe(0);
});
