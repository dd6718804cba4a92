import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { systemFiles } from './file-watch.ts';

const directory = mkdtempSync(join(tmpdir(), 'files-'));
const path = join(directory, 'hosts');

beforeEach(() => writeFileSync(path, '192.0.2.1 a.example\n'));
afterAll(() => rmSync(directory, { recursive: true }));

test('a file is read as text', async () => {
  expect(await systemFiles.read(path, 1000)).toEqual({ kind: 'text', text: '192.0.2.1 a.example\n' });
});

test('a missing file, a directory and a file that is too large are told apart', async () => {
  expect(await systemFiles.look(join(directory, 'none'))).toEqual({ kind: 'missing' });
  expect(await systemFiles.look(join(path, 'none'))).toEqual({ kind: 'missing' });
  expect(await systemFiles.read(join(directory, 'none'), 1000)).toEqual({ kind: 'missing' });
  expect(await systemFiles.read(directory, 1_000_000)).toEqual({ kind: 'unreadable', why: 'EISDIR' });
  expect(await systemFiles.read(path, 5)).toEqual({ kind: 'unreadable', why: 'it is larger than 5 bytes' });
});

test('the mark stays while the file does, and is another after a file of the same size took its place', async () => {
  const first = await systemFiles.look(path);
  expect(await systemFiles.look(path)).toEqual(first);
  writeFileSync(join(directory, 'next'), '192.0.2.1 b.example\n');
  await rename(join(directory, 'next'), path);
  const second = await systemFiles.look(path);
  expect(second.kind).toBe('there');
  expect(second).not.toEqual(first);
});
