/** `rootwalk log` on files that the query log has written, in this process and as a program in a pipe. */

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { command } from '../../src/cli/log.ts';
import { Rcode } from '../../src/dns/record-type.ts';
import { createQueryLog } from '../../src/observe/query-log.ts';
import { MOMENT, aWalk, answered, at, dropped, exchange } from '../support/finished-query.ts';
import { createHandClock } from '../support/hand-clock.ts';
import { callCommand } from '../support/recorded-io.ts';

const program = join(import.meta.dirname, '..', '..', 'src', 'main.ts');

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'rootwalk-log-command-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** Writes a line each second, rotating on the way. */
async function writeLog(count: number): Promise<void> {
  const clock = createHandClock({ wallMs: MOMENT });
  const options = { directory, maxFileBytes: 3000, maxFileAgeMs: 1e9, maxTotalBytes: 1e8 };
  const log = createQueryLog(options, { clock, report: () => undefined });
  for (let i = 0; i < count; i++) {
    log.record(answered(`n${i}.example.`, {}, { receivedWallMs: clock.wallMs() }));
    await log.flush();
    clock.advance(1000);
  }
  await log.stop();
}

const call = (...args: string[]) => callCommand(command, ['--directory', directory, ...args]);
const namesOf = (out: string): string[] =>
  out
    .split('\n')
    .slice(0, -1)
    .map((line) => (JSON.parse(line) as { qname: string }).qname);

test('every line comes out in order, across the files, as JSON where nobody looks on', async () => {
  await writeLog(50);
  const { code, out, err } = await call();
  expect(namesOf(out)).toEqual(Array.from({ length: 50 }, (_, i) => `n${i}.example.`));
  expect([code, err]).toEqual([0, '']);
});

test('filters hold across the files', async () => {
  await writeLog(50);
  const { out } = await call('--since', '2026-11-25T10:00:20Z', '--until', '2026-11-25T10:00:22Z');
  expect(namesOf(out)).toEqual(['n20.example.', 'n21.example.', 'n22.example.']);
  expect(namesOf((await call('--name', 'n7.example')).out)).toEqual(['n7.example.']);
  expect((await call('--failed')).out).toBe('');
});

test('a person sees lines in colours, and with --json the JSON', async () => {
  await writeLog(1);
  const terminal = { isTerminal: true };
  const seen = await callCommand(command, ['--directory', directory], terminal);
  expect(seen.out).toContain('\u001b[32mNOERROR\u001b[39m 203.0.113.7');
  const plain = await callCommand(command, ['--directory', directory], { ...terminal, env: { NO_COLOR: '1' } });
  expect(plain.out).toBe(
    '2026-11-25 10:00:00.000 192.0.2.77      udp n0.example. A NOERROR 203.0.113.7 [cache, 1 ms]\n',
  );
  const json = await callCommand(command, ['--directory', directory, '--json'], terminal);
  expect(namesOf(json.out)).toEqual(['n0.example.']);
});

test('hostile names, texts and reasons come out escaped, in the line as on the terminal', async () => {
  const clock = createHandClock({ wallMs: MOMENT });
  const options = { directory, maxFileBytes: 1e6, maxFileAgeMs: 1e9, maxTotalBytes: 1e8 };
  const log = createQueryLog(options, { clock, report: () => undefined });
  const detail = '\u001b[2J\u0000\u202e"<script>';
  const walk = aWalk([at(exchange('example.', { result: 'malformed', detail })), at({ kind: 'failed', why: '' })]);
  log.record(answered('<script>\\"\\027[31m\\000\\255.example.', { rcode: Rcode.SERVFAIL, source: 'recursion', walk }));
  log.record(dropped('malformed'));
  await log.stop();
  const { out } = await call();
  expect(out.replaceAll('\n', '')).toMatch(/^[\x20-\x7e]*$/);
  expect(namesOf(out)).toContain('<script>\\"\\027[31m\\000\\255.example.');
  const seen = await callCommand(command, ['--directory', directory], { isTerminal: true, env: { NO_COLOR: '1' } });
  expect(seen.out.replaceAll('\n', '')).toMatch(/^[\x20-\x7e]*$/);
});

test('a torn last line is passed over in silence; more that is none of ours is counted', async () => {
  await writeLog(2);
  appendFileSync(join(directory, 'queries.jsonl'), '{"v":1,"time":"2026');
  expect(await call()).toMatchObject({ code: 0, err: '' });
  appendFileSync(join(directory, 'queries.jsonl'), '\n{}\nnull\n');
  const { out, err } = await call();
  expect(namesOf(out)).toEqual(['n0.example.', 'n1.example.']);
  expect(err).toBe('rootwalk log: 3 lines are no lines of the query log and were left out\n');
});

test('a bad filter, a bad configuration and a place without a log are told, each with its exit code', async () => {
  expect(await call('--rcode', 'SERVFIAL')).toMatchObject({
    code: 2,
    err: expect.stringContaining('SERVFAIL?') as string,
  });
  const config = join(directory, 'c.yaml');
  writeFileSync(config, 'queryLog: {directry: x}\n');
  expect(await callCommand(command, ['--config', config])).toMatchObject({
    code: 1,
    err: expect.stringContaining('directry') as string,
  });
  writeFileSync(config, 'queryLog: {directory: absent}\n');
  expect(await callCommand(command, ['--config', config])).toMatchObject({
    code: 1,
    err: expect.stringContaining('there is no query log here') as string,
  });
});

test('a reader that has seen enough ends the program quietly', async () => {
  const line = `{"v":1,"time":"2026-11-25T10:00:00.000000Z","client":"192.0.2.7","transport":"udp","ms":{"total":1}}\n`;
  writeFileSync(join(directory, 'queries.jsonl'), line.repeat(200_000));
  const pipe = '"$0" "$1" log --directory "$2" | head -n 2; echo "${PIPESTATUS[0]}"';
  const out = execFileSync('bash', ['-c', pipe, process.execPath, program, directory], { stdio: 'pipe' });
  expect(String(out)).toBe(`${line.repeat(2)}0\n`);
});

test('a followed log shows lines as they are written, until it is interrupted', async () => {
  await writeLog(1);
  const child = spawn(process.execPath, [
    program,
    'log',
    '--follow',
    '--since',
    '2026-11-25',
    '--directory',
    directory,
  ]);
  let out = '';
  child.stdout.on('data', (chunk) => (out += String(chunk)));
  await expect.poll(() => out, { timeout: 10_000 }).toContain('n0.example.');
  await writeLog(2);
  await expect.poll(() => out, { timeout: 10_000 }).toContain('n1.example.');
  child.kill('SIGTERM');
  await once(child, 'exit');
});

test('a log far bigger than the memory it may use is read', () => {
  const line = `{"v":1,"time":"2026-11-25T10:00:00.000000Z","client":"192.0.2.7","transport":"udp","ms":{"total":1}}\n`;
  for (let i = 0; i < 8; i++) appendFileSync(join(directory, 'queries.jsonl'), line.repeat(100_000));
  const pipe = '"$0" --max-old-space-size=32 "$1" log --directory "$2" | wc -l';
  const out = execFileSync('bash', ['-c', pipe, process.execPath, program, directory], { stdio: 'pipe' });
  expect(Number(String(out))).toBe(800_000);
});
