import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createHandClock, type HandClock } from '../../test/support/hand-clock.ts';
import { CURRENT_FILE } from './log-files.ts';
import { readLog, type LogReaderOptions } from './log-reader.ts';

let directory: string;
let clock: HandClock;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'rootwalk-reader-'));
  clock = createHandClock();
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const path = (file: string): string => join(directory, file);
const rotated = (hour: number, again = ''): string => `queries-20261125T${String(hour)}0000.000Z${again}.jsonl`;
const write = (file: string, text: string): void => appendFileSync(path(file), text);

function read(options: Partial<LogReaderOptions> = {}): AsyncGenerator<string[], void, void> {
  return readLog({ directory, sinceMs: undefined, follow: false, fromEnd: false, ...options }, { clock });
}

async function readAll(options: Partial<LogReaderOptions> = {}): Promise<string[]> {
  const lines: string[] = [];
  for await (const batch of read(options)) lines.push(...batch);
  return lines;
}

test('files are read in the order in which they were put aside, the current one last', async () => {
  write(CURRENT_FILE, '5\n6\n');
  write(rotated(11), '4\n');
  write(rotated(10, '-10'), '3\n');
  write(rotated(10, '-2'), '2\n');
  write(rotated(10), '1\n');
  write('queries-notes.jsonl', 'x\n');
  expect(await readAll()).toEqual(['1', '2', '3', '4', '5', '6']);
});

test('a directory without a current file, or with nothing else, is read too', async () => {
  write(rotated(10), '1\n');
  expect(await readAll()).toEqual(['1']);
  unlinkSync(path(rotated(10)));
  expect(await readAll()).toEqual([]);
});

test('a directory that is not there is a fault to tell', async () => {
  directory = join(directory, 'absent');
  await expect(readAll()).rejects.toThrow('ENOENT');
});

test('files that end before the moment asked for are not opened', async () => {
  write(rotated(10), '1\n');
  write(rotated(11), '2\n');
  write(CURRENT_FILE, '3\n');
  expect(await readAll({ sinceMs: Date.UTC(2026, 10, 25, 11) })).toEqual(['2', '3']);
  expect(await readAll({ sinceMs: Date.UTC(2026, 10, 25, 11) + 1 })).toEqual(['3']);
});

test('what stands behind the last line feed comes last, as it is', async () => {
  write(CURRENT_FILE, '1\n{"torn');
  expect(await readAll()).toEqual(['1', '{"torn']);
});

test('lines are whole wherever a chunk of the file ends, characters of several octets too', async () => {
  const lines = Array.from({ length: 3000 }, (_, i) => `${i}${'ü€'.repeat(i % 97)}`);
  write(CURRENT_FILE, lines.join('\n') + '\n');
  expect(await readAll()).toEqual(lines);
});

test('a line longer than any of ours is passed over', async () => {
  write(CURRENT_FILE, `1\n${'x'.repeat(3_000_000)}\n2\n`);
  expect(await readAll()).toEqual(['1', '2']);
});

describe('following', () => {
  let log: AsyncGenerator<string[], void, void>;
  afterEach(() => log.return());
  /** Takes as many lines as are named, with the clock turning meanwhile, and no more than these. */
  async function expectLines(...lines: string[]): Promise<void> {
    const got: string[] = [];
    while (got.length < lines.length) got.push(...((await next()).value ?? []));
    expect(got).toEqual(lines);
  }
  /** The reader waits for the file system and for the clock in turn, so the clock is turned until there is something. */
  async function next(asked = log.next()): Promise<IteratorResult<string[], void>> {
    let result: IteratorResult<string[], void> | undefined;
    void asked.then((value) => (result = value));
    await expect.poll(() => (clock.advance(200), result), { interval: 1, timeout: 5000 }).toBeDefined();
    return result!;
  }

  test('what is written later is given, a line only once it is whole', async () => {
    write(CURRENT_FILE, '1\n');
    log = read({ follow: true });
    await expectLines('1');
    write(CURRENT_FILE, '2\n3a');
    await expectLines('2');
    write(CURRENT_FILE, 'b\n');
    await expectLines('3ab');
  });

  test('from the end, nothing that was there before is given, not even the end of a line', async () => {
    write(CURRENT_FILE, '1\n2a');
    write(rotated(10), '0\n');
    log = read({ follow: true, fromEnd: true });
    const first = log.next();
    await expect.poll(() => clock.pending()).toBe(1); // it has seen the end, and waits
    write(CURRENT_FILE, 'b\n3\n');
    expect((await next(first)).value).toEqual(['3']);
  });

  test('the last lines of a file that is put aside are not missed, nor those of files put aside meanwhile', async () => {
    write(CURRENT_FILE, '1\n');
    log = read({ follow: true });
    await expectLines('1');
    write(CURRENT_FILE, '2\n');
    renameSync(path(CURRENT_FILE), path(rotated(10)));
    write(rotated(11), '3\n');
    write(CURRENT_FILE, '4\n');
    await expectLines('2', '3', '4');
    renameSync(path(CURRENT_FILE), path(rotated(12)));
    write(CURRENT_FILE, '5\n');
    await expectLines('5');
  });

  test('a file that was emptied is read from its begin', async () => {
    write(CURRENT_FILE, '1\n2\n');
    log = read({ follow: true });
    await expectLines('1', '2');
    truncateSync(path(CURRENT_FILE));
    write(CURRENT_FILE, '3\n');
    await expectLines('3');
  });

  test('a file that was put aside and removed before anyone looked costs no more than its own lines', async () => {
    write(CURRENT_FILE, '1\n');
    log = read({ follow: true });
    await expectLines('1');
    write(CURRENT_FILE, '2\n');
    unlinkSync(path(CURRENT_FILE));
    writeFileSync(path(CURRENT_FILE), '3\n');
    await expectLines('2', '3');
  });

  test('a log that begins later is waited for', async () => {
    log = read({ follow: true });
    const first = next();
    write(CURRENT_FILE, '1\n');
    expect((await first).value).toEqual(['1']);
    expect(readdirSync(directory)).toEqual([CURRENT_FILE]);
  });
});
