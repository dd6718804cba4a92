/** The query log on real files: rotation, bounds, disks that are full or read-only, and processes that are killed. */

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Rcode } from '../../src/dns/record-type.ts';
import { createQueryLog, type QueryLogEvent, type QueryLogOptions } from '../../src/observe/query-log.ts';
import { MOMENT, aClient, answered, dropped } from '../support/finished-query.ts';
import { createHandClock } from '../support/hand-clock.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'rootwalk-log-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

function start(options: Partial<QueryLogOptions> = {}, predecessor?: Promise<void>) {
  const clock = createHandClock({ wallMs: MOMENT });
  const events: QueryLogEvent[] = [];
  const log = createQueryLog(
    { directory, maxFileBytes: 1e6, maxFileAgeMs: 86_400_000, maxTotalBytes: 1e7, ...options },
    { clock, report: (event) => void events.push(event), predecessor },
  );
  return { clock, events, log };
}

type Line = { readonly qname?: string; readonly count?: number; readonly [field: string]: unknown };

function linesOf(file: string): Line[] {
  const text = readFileSync(join(directory, file), 'utf8');
  expect(text === '' || text.endsWith('\n')).toBe(true);
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Line);
}
const current = (): Line[] => linesOf('queries.jsonl');
const rotated = (): string[] =>
  readdirSync(directory)
    .filter((file) => file !== 'queries.jsonl')
    .sort();

test('each query is a line of JSON, in the order in which they came', async () => {
  const { log } = start();
  for (let i = 0; i < 1000; i++) log.record(answered(`n${i}.example.`));
  await log.stop();
  expect(current().map(({ qname }) => qname)).toEqual(Array.from({ length: 1000 }, (_, i) => `n${i}.example.`));
  expect(current()[0]).toMatchObject({ v: 1, time: '2026-11-25T10:00:00.000000Z', client: '192.0.2.77' });
  expect(log.statistics()).toMatchObject({ state: 'stopped', written: 1000, lost: 0, waiting: 0 });
});

test('lines reach the file by themselves, and nothing is left to do afterwards', async () => {
  const { clock, log } = start();
  log.record(answered('www.example.'));
  expect(existsSync(join(directory, 'queries.jsonl'))).toBe(false);
  clock.advance(100);
  await expect.poll(() => existsSync(join(directory, 'queries.jsonl')) && current().length).toBe(1);
  await log.stop();
  expect(clock.pending()).toBe(0);
});

test('the directory is made, and only owner and group can read it', async () => {
  directory = join(directory, 'deeper', 'log');
  const { log } = start();
  log.record(answered('www.example.'));
  await log.stop();
  expect(statSync(directory).mode & 0o777).toBe(0o750);
  expect(statSync(join(directory, 'queries.jsonl')).mode & 0o777).toBe(0o640);
  directory = join(directory, '..', '..');
});

describe('rotation', () => {
  test('a file that would grow too big is put aside under the moment of it, and no line is lost or torn', async () => {
    const { log, clock } = start({ maxFileBytes: 2000 });
    for (let i = 0; i < 40; i++) {
      log.record(answered(`n${i}.example.`));
      await log.flush();
      clock.advance(1000);
    }
    await log.stop();
    expect(rotated().length).toBeGreaterThan(3);
    for (const file of rotated()) {
      expect(file).toMatch(/^queries-20261125T1000\d\d\.000Z\.jsonl$/);
      expect(statSync(join(directory, file)).size).toBeLessThanOrEqual(2000);
    }
    const all = [...rotated(), 'queries.jsonl'].flatMap(linesOf);
    expect(all.map(({ qname }) => qname)).toEqual(Array.from({ length: 40 }, (_, i) => `n${i}.example.`));
  });

  test('a batch bigger than a file goes into several, cut between lines', async () => {
    const { log } = start({ maxFileBytes: 2000 });
    for (let i = 0; i < 40; i++) log.record(answered(`n${i}.example.`));
    await log.stop();
    const names = [...rotated()].flatMap(linesOf).concat(current());
    expect(names).toHaveLength(40);
    for (const file of rotated()) expect(statSync(join(directory, file)).size).toBeLessThanOrEqual(2000);
  });

  test('a file that is too old is put aside, its age known by its first line across a restart', async () => {
    const first = start({ maxFileAgeMs: 3_600_000 });
    first.log.record(answered('a.example.'));
    await first.log.stop();
    const second = start({ maxFileAgeMs: 3_600_000 });
    second.clock.advance(3_600_000);
    second.log.record(answered('b.example.'));
    await second.log.flush();
    expect(rotated()).toEqual([]);
    second.clock.advance(1);
    second.log.record(answered('c.example.'));
    await second.log.stop();
    expect(rotated().flatMap(linesOf)).toMatchObject([{ qname: 'a.example.' }, { qname: 'b.example.' }]);
    expect(current()).toMatchObject([{ qname: 'c.example.' }]);
  });

  test('all files together stay within their bound, the oldest go first, and files of others are left alone', async () => {
    writeFileSync(join(directory, 'queries-notes.jsonl'), 'x'.repeat(50_000));
    const { log, clock } = start({ maxFileBytes: 2000, maxTotalBytes: 10_000 });
    for (let i = 0; i < 200; i++) {
      log.record(answered(`n${i}.example.`));
      await log.flush();
      clock.advance(1000);
      const ours = readdirSync(directory).filter((file) => file !== 'queries-notes.jsonl');
      const total = ours.reduce((sum, file) => sum + statSync(join(directory, file)).size, 0);
      expect(total).toBeLessThanOrEqual(10_000);
    }
    await log.stop();
    expect(existsSync(join(directory, 'queries-notes.jsonl'))).toBe(true);
    expect(current().at(-1)).toMatchObject({ qname: 'n199.example.' });
  });

  test('after the file was moved away, reopen begins a new one', async () => {
    const { log } = start();
    log.record(answered('a.example.'));
    await log.flush();
    renameSync(join(directory, 'queries.jsonl'), join(directory, 'moved'));
    log.record(answered('b.example.'));
    await log.reopen();
    log.record(answered('c.example.'));
    await log.stop();
    expect(linesOf('moved')).toMatchObject([{ qname: 'a.example.' }, { qname: 'b.example.' }]);
    expect(current()).toMatchObject([{ qname: 'c.example.' }]);
  });

  test('a file that was removed is begun anew without being told', async () => {
    const { log } = start();
    log.record(answered('a.example.'));
    await log.flush();
    rmSync(join(directory, 'queries.jsonl'));
    log.record(answered('b.example.'));
    await log.stop();
    expect(current()).toMatchObject([{ qname: 'b.example.' }]);
  });
});

describe('floods', () => {
  test('what one client had refused or dropped within a second is one line with its number', async () => {
    const { log, clock } = start();
    for (let i = 0; i < 500; i++) {
      const receivedWallMs = MOMENT + i;
      log.record(answered(`n${i}.example.`, { source: 'rule', rcode: Rcode.REFUSED, answer: [] }, { receivedWallMs }));
      log.record(dropped('malformed', { receivedWallMs }));
    }
    log.record(dropped('malformed', { client: { ...aClient, address: '192.0.2.78' } }));
    clock.advance(999);
    expect(log.statistics().waiting).toBe(3);
    clock.advance(1);
    await expect.poll(() => log.statistics().written).toBe(3);
    await log.stop();
    const [first, last] = ['2026-11-25T10:00:00.000000Z', '2026-11-25T10:00:00.499000Z'];
    expect(current()).toMatchObject([
      { rcode: 'REFUSED', qname: 'n0.example.', count: 500, first, last },
      { dropped: 'malformed', client: '192.0.2.77', count: 500, first, last },
      { dropped: 'malformed', client: '192.0.2.78' },
    ]);
    expect(current()[2]).not.toHaveProperty('count');
  });

  test('a flood does not push the lines of others out of the queue', async () => {
    const { log } = start({ maxWaiting: 10 });
    for (let i = 0; i < 10_000; i++) log.record(dropped('malformed'));
    log.record(answered('www.example.'));
    await log.stop();
    expect(log.statistics().lost).toBe(0);
    expect(current()).toMatchObject([{ count: 10_000 }, { qname: 'www.example.' }]);
  });
});

test('queries beyond the bound of the queue are lost, counted and reported once', async () => {
  const { log, clock, events } = start({ maxWaiting: 10 });
  for (let i = 0; i < 25; i++) log.record(answered(`n${i}.example.`));
  await log.flush();
  clock.advance(60_000);
  await log.stop();
  expect(current()).toHaveLength(10);
  expect(events).toEqual([{ kind: 'query-log-lost', lost: 15 }]);
});

describe('disks', () => {
  test('a place that cannot be written to turns the log off with one report, and it comes back by itself', async () => {
    const place = join(directory, 'log');
    writeFileSync(place, 'a file where the directory should be');
    const { log, clock, events } = start({ directory: place });
    for (let minute = 0; minute < 3; minute++) {
      log.record(answered('lost.example.'));
      await log.flush();
      log.record(answered('lost-at-once.example.'));
      clock.advance(60_000);
    }
    expect(log.statistics()).toMatchObject({ state: 'off', written: 0, lost: 6 });
    rmSync(place);
    log.record(answered('www.example.'));
    await log.stop();
    directory = place;
    expect(current()).toMatchObject([{ qname: 'www.example.' }]);
    expect(events).toMatchObject([
      { kind: 'query-log-off', retryInMs: 60_000 },
      { kind: 'query-log-on', lost: 6 },
    ]);
  });

  test.skipIf(process.getuid?.() === 0)('a directory without permission is named with the reason', async () => {
    chmodSync(directory, 0o500);
    const { log, events } = start();
    log.record(answered('www.example.'));
    await log.stop();
    expect(events[0]).toMatchObject({ why: `${join(directory, 'queries.jsonl')}: permission denied` });
  });

  const canMount = mayMount();
  test.skipIf(!canMount)(
    'a full disk: only whole lines stay, one report, and it goes on when there is room',
    async () => {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', directory]);
      try {
        const { log, clock, events } = start();
        for (let i = 0; i < 1000; i++) log.record(answered(`n${i}.example.`));
        await log.flush();
        const { written, lost } = log.statistics();
        expect(written).toBeGreaterThan(50);
        expect(written + lost).toBe(1000);
        expect(current()).toHaveLength(written);
        clock.advance(60_000);
        log.record(answered('still-full.example.'));
        await log.flush();
        clock.advance(60_000);
        writeFileSync(join(directory, 'queries.jsonl'), '');
        log.record(answered('room.example.'));
        await log.stop();
        expect(current()).toMatchObject([{ qname: 'room.example.' }]);
        expect(events).toEqual([
          {
            kind: 'query-log-off',
            why: `${join(directory, 'queries.jsonl')}: no space left on the disk`,
            retryInMs: 60_000,
          },
          { kind: 'query-log-on', lost: lost + 1 },
        ]);
      } finally {
        execFileSync('umount', [directory]);
      }
    },
  );

  test.skipIf(!canMount)('a read-only disk turns it off with the reason', async () => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'ro,size=64k', 'tmpfs', directory]);
    try {
      const { log, events } = start();
      log.record(answered('www.example.'));
      await log.stop();
      expect(events[0]).toMatchObject({ kind: 'query-log-off', why: expect.stringContaining('read-only') as string });
    } finally {
      execFileSync('umount', [directory]);
    }
  });

  test('a FIFO in place of the file is refused at once and keeps nobody waiting', async () => {
    execFileSync('mkfifo', [join(directory, 'queries.jsonl')]);
    const { log, events } = start();
    log.record(answered('www.example.'));
    await log.stop();
    expect(events[0]).toMatchObject({ why: `${join(directory, 'queries.jsonl')}: it is not an ordinary file` });
  });
});

test('a log that follows another into the same file writes when that one has ended, and loses nothing meanwhile', async () => {
  const former = start().log;
  former.record(answered('before.example.'));
  let end!: () => void;
  const predecessor = new Promise<void>((resolve) => (end = resolve)).then(() => former.stop());
  const { log, clock } = start({}, predecessor);
  log.record(answered('after.example.'));
  clock.advance(1000);
  const flushed = log.flush();
  expect(existsSync(join(directory, 'queries.jsonl'))).toBe(false);
  end();
  await flushed;
  expect(current().map(({ qname }) => qname)).toEqual(['before.example.', 'after.example.']);
  await log.stop();
  expect(log.statistics()).toMatchObject({ written: 1, lost: 0 });
});

test('a query that ends after the log is lost without a word, and leaves no timer behind', async () => {
  const { log, clock, events } = start();
  await log.stop();
  log.record(answered('late.example.'));
  expect(log.statistics()).toMatchObject({ state: 'stopped', lost: 1 });
  expect(clock.pending()).toBe(0);
  expect(events).toEqual([]);
});

test('a flush ends while queries go on coming', async () => {
  const { log } = start();
  log.record(answered('before.example.'));
  const flushing = { isDone: false };
  void log.flush().then(() => (flushing.isDone = true));
  for (let turn = 0; turn < 2000 && !flushing.isDone; turn++) {
    log.record(answered('later.example.'));
    await new Promise(setImmediate);
  }
  expect(flushing.isDone).toBe(true);
  expect(current()[0]).toMatchObject({ qname: 'before.example.' });
  await log.stop();
  expect(log.statistics()).toMatchObject({ lost: 0, waiting: 0 });
});

test('what a killed process left of a line is cut off, and the lines before it are kept', async () => {
  const whole = '{"v":1,"time":"2026-11-25T09:59:59.000000Z","qname":"before.example."}\n';
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'queries.jsonl'), whole);
  appendFileSync(join(directory, 'queries.jsonl'), `{"v":1,"qname":"${'x'.repeat(100_000)}`);
  const { log } = start();
  log.record(answered('www.example.'));
  await log.stop();
  expect(current().map(({ qname }) => qname)).toEqual(['before.example.', 'www.example.']);
});

test('after kill -9 at most a second of lines is missing, none before is torn, and the next start is clean', async () => {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'log-child.ts'), directory, '5000']);
  let said = '';
  for await (const chunk of child.stdout) {
    said += String(chunk);
    if (Number(said.split('\n').at(-2)?.split(' ')[0]) > 7500) break;
  }
  child.kill('SIGKILL');
  await once(child, 'exit');
  const reports = said
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split(' ').map(Number));
  const { log } = start({ maxFileBytes: 1e9, maxTotalBytes: 4e9 });
  log.record(answered('next.example.'));
  await log.stop();
  const names = current().map(({ qname }) => qname);
  expect(names.pop()).toBe('next.example.');
  expect(names).toEqual(names.map((_, i) => `n${i}.example.`));
  const [, lastMs] = reports.at(-1)!;
  const aSecondBefore = reports.findLast(([, ms]) => ms <= lastMs - 1000)!;
  expect(aSecondBefore[0]).toBeGreaterThan(0);
  expect(names.length).toBeGreaterThanOrEqual(aSecondBefore[0]);
});

/** Only root, and not in every container, may mount: then full disks are made, otherwise those tests are skipped. */
function mayMount(): boolean {
  if (process.getuid?.() !== 0) return false;
  const place = mkdtempSync(join(tmpdir(), 'rootwalk-mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', place], { stdio: 'ignore' });
    execFileSync('umount', [place]);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}
