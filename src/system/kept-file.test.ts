import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { seal, systemKeptFiles, unseal } from './kept-file.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'rootwalk-kept-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

test('a file is replaced whole, and nothing is left beside it', async () => {
  const path = join(directory, 'state');
  expect(await systemKeptFiles.read(path)).toEqual({ kind: 'missing' });
  expect(await systemKeptFiles.replace(path, 'first, and longer')).toBeUndefined();
  expect(await systemKeptFiles.replace(path, 'second')).toBeUndefined();
  expect(await systemKeptFiles.read(path)).toEqual({ kind: 'text', text: 'second' });
  expect(readdirSync(directory)).toEqual(['state']);
});

test('a directory that is not there is told, and so is a file that is far too large', async () => {
  expect(await systemKeptFiles.replace(join(directory, 'no', 'state'), 'text')).toBe('ENOENT');
  const path = join(directory, 'large');
  writeFileSync(path, Buffer.alloc(1024 * 1024 + 1));
  expect(await systemKeptFiles.read(path)).toMatchObject({ kind: 'unreadable' });
});

test('a file that is set aside keeps what is in it', async () => {
  const path = join(directory, 'state');
  writeFileSync(path, 'foreign');
  expect(await systemKeptFiles.setAside(path)).toBe(`${path}.bad`);
  expect(readFileSync(`${path}.bad`, 'utf8')).toBe('foreign');
  expect(await systemKeptFiles.setAside(path)).toBeUndefined();
});

test('what was sealed is read again; torn at any place, or changed, it is not', () => {
  const content = { keys: [1, 2], zone: 'example.' };
  const text = seal('anchors 1', content);
  expect(unseal('anchors 1', text)).toEqual({ content });
  for (let length = 0; length < text.trimEnd().length; length++) {
    expect(unseal('anchors 1', text.slice(0, length))).toHaveProperty('why');
  }
  expect(unseal('anchors 1', text.replace('example', 'examble'))).toEqual({
    why: 'its checksum does not fit what is in it',
  });
  expect(unseal('anchors 2', text)).toHaveProperty('why');
});
