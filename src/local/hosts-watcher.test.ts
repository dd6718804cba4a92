import { afterEach, describe, expect, test } from 'vitest';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHandClock } from '../../test/support/hand-clock.ts';
import { name } from '../dns/name.ts';
import { Type } from '../dns/record-type.ts';
import { systemFiles, type Files } from '../system/file-watch.ts';
import { HOSTS_LOOK_MS, createHostsWatcher, type HostsEvent } from './hosts-watcher.ts';

/** What is at a path: its text, nothing, or the reason why it cannot be read. */
type Content = string | undefined | { unreadable: string };

function setUp(contents: Record<string, Content>) {
  const clock = createHandClock();
  const events: HostsEvent[] = [];
  let version = 0;
  const marks = new Map<string, string>();
  const files: Files = {
    async look(path) {
      const content = contents[path];
      if (content === undefined) return { kind: 'missing' };
      if (typeof content !== 'string') return { kind: 'unreadable', why: content.unreadable };
      return { kind: 'there', mark: marks.get(path) ?? 'first' };
    },
    async read(path) {
      const content = contents[path];
      if (content === undefined) return { kind: 'missing' };
      return typeof content === 'string'
        ? { kind: 'text', text: content }
        : { kind: 'unreadable', why: content.unreadable };
    },
  };
  const watcher = createHostsWatcher(Object.keys(contents), { clock, files, report: (event) => events.push(event) });
  return {
    clock,
    watcher,
    write: (path: string, content: Content): void => {
      contents[path] = content;
      marks.set(path, `version ${++version}`);
    },
    passLook: async (): Promise<void> => {
      clock.advance(HOSTS_LOOK_MS);
      await watcher.look();
      // Lets the watcher set its next timer.
      await new Promise((resolve) => setImmediate(resolve));
    },
    knows: (text: string) => watcher.table().answer(name(text), Type.A).kind === 'reply',
    kinds: () => events.splice(0).map((event) => event.kind),
    events,
  };
}

describe('the hosts files', () => {
  test('are all in force when the start has settled', async () => {
    const { watcher, knows, kinds } = setUp({ a: '192.0.2.1 a.example', b: '192.0.2.2 b.example' });
    expect(knows('a.example.')).toBe(false);
    await watcher.start();
    expect([knows('a.example.'), knows('b.example.')]).toEqual([true, true]);
    expect(kinds()).toEqual(['hosts-file-read', 'hosts-file-read']);
  });

  test('are read again when they change, and only then', async () => {
    const { watcher, write, passLook, knows, kinds } = setUp({ a: '192.0.2.1 a.example' });
    await watcher.start();
    kinds();
    const before = watcher.table();
    await passLook();
    expect(kinds()).toEqual([]);
    expect(watcher.table()).toBe(before);
    write('a', '192.0.2.1 new.example');
    await passLook();
    expect([knows('a.example.'), knows('new.example.')]).toEqual([false, true]);
    expect(kinds()).toEqual(['hosts-file-read']);
  });

  test('may come later', async () => {
    const { watcher, write, passLook, knows, kinds } = setUp({ a: undefined });
    await watcher.start();
    await passLook();
    expect(kinds()).toEqual(['hosts-file-missing']);
    write('a', '192.0.2.1 a.example');
    await passLook();
    expect(knows('a.example.')).toBe(true);
  });
});

describe('a file that is not there', () => {
  test('keeps its names for one look, as it may be on its way', async () => {
    const { watcher, write, passLook, knows, kinds } = setUp({ a: '192.0.2.1 a.example' });
    await watcher.start();
    kinds();
    write('a', undefined);
    await passLook();
    expect([knows('a.example.'), kinds()]).toEqual([true, []]);
    write('a', '192.0.2.1 a.example');
    await passLook();
    expect([knows('a.example.'), kinds()]).toEqual([true, ['hosts-file-read']]);
  });

  test('loses them at the next, and is reported once', async () => {
    const { watcher, write, passLook, knows, kinds } = setUp({ a: '192.0.2.1 a.example', b: '192.0.2.2 b.example' });
    await watcher.start();
    kinds();
    write('a', undefined);
    await passLook();
    await passLook();
    await passLook();
    expect([knows('a.example.'), knows('b.example.')]).toEqual([false, true]);
    expect(kinds()).toEqual(['hosts-file-missing']);
  });
});

test('a file that cannot be read keeps what it last said, and is reported once', async () => {
  const { watcher, write, passLook, knows, events } = setUp({ a: '192.0.2.1 a.example' });
  await watcher.start();
  events.length = 0;
  write('a', { unreadable: 'EACCES' });
  await passLook();
  await passLook();
  expect(knows('a.example.')).toBe(true);
  expect(events).toEqual([{ kind: 'hosts-file-unreadable', path: 'a', why: 'EACCES' }]);
});

test('lines that were left out are reported with their file', async () => {
  const { watcher, events } = setUp({ a: '192.0.2.1 a.example\nnonsense\n' });
  await watcher.start();
  expect(events).toEqual([
    { kind: 'hosts-file-read', path: 'a', entries: 1 },
    { kind: 'hosts-file-problems', path: 'a', problems: [{ line: 2, why: '"nonsense" is no IP address' }], count: 1 },
  ]);
});

test('nothing is looked at any more after the stop', async () => {
  const { clock, watcher } = setUp({ a: '192.0.2.1 a.example' });
  await watcher.start();
  expect(clock.pending()).toBe(1);
  watcher.stop();
  expect(clock.pending()).toBe(0);
});

test('a stop during the first look sets no timer', async () => {
  const { clock, watcher } = setUp({ a: '192.0.2.1 a.example' });
  const started = watcher.start();
  watcher.stop();
  await started;
  expect(clock.pending()).toBe(0);
});

describe('on the real file system', () => {
  const directories: string[] = [];
  afterEach(async () => {
    for (const directory of directories.splice(0)) await rm(directory, { recursive: true });
  });

  test('a file put in place by renaming is seen, also one of the same size', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'hosts-'));
    directories.push(directory);
    const path = join(directory, 'hosts');
    await writeFile(path, '192.0.2.1 a.example\n');
    const watcher = createHostsWatcher([path], { clock: createHandClock(), files: systemFiles, report: () => {} });
    await watcher.start();
    await writeFile(join(directory, 'next'), '192.0.2.1 b.example\n');
    await rename(join(directory, 'next'), path);
    await watcher.look();
    watcher.stop();
    expect(watcher.table().answer(name('b.example.'), Type.A).kind).toBe('reply');
    expect(watcher.table().answer(name('a.example.'), Type.A).kind).toBe('pass');
  });
});
