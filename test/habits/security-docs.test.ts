/** docs/security.md and the tests of test/hostile/ speak of the same classes, and what the page names is there. */

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageDirectory } from '../../src/system/package-directory.ts';

/** How many classes of attack each section has. */
const classCounts = { A: 18, B: 14, C: 9, D: 15, E: 16, F: 9, G: 6 } as const;

const page = readFileSync(join(packageDirectory, 'docs/security.md'), 'utf8');
const testFiles = readdirSync(join(packageDirectory, 'test/hostile')).filter((file) => file.endsWith('.test.ts'));
const tested = testFiles.map(classOf);
const described = rowsBelow(/^## [A-G]\. /).map(firstCell);
const waiting = rowsBelow(/^## Waits for its feature/).map(firstCell);

test('every test of test/hostile/ is named after its class: e04-tcp-exhaustion.test.ts', () => {
  expect(testFiles.filter((file) => !/^[a-g]\d\d-[a-z0-9-]+\.test\.ts$/.test(file))).toEqual([]);
});

test('every class that is tested has its row, and every row its test', () => {
  expect([...described].sort()).toEqual([...new Set(tested)].sort());
});

test('a class stands once: in its table, or among those that wait for their feature', () => {
  const all = [...described, ...waiting];
  expect(all.filter((id, i) => all.indexOf(id) !== i)).toEqual([]);
});

describe.each(Object.entries(classCounts))('section %s', (section, count) => {
  test('has all its classes', () => {
    const wanted = Array.from({ length: count }, (_, i) => `${section}${i + 1}`);
    expect(wanted.filter((id) => !described.includes(id) && !waiting.includes(id))).toEqual([]);
  });
});

test('every file that the page names is in the tree', () => {
  const named = [...page.matchAll(/`((?:src|test|bench|docs)\/[\w./-]+)`/g)].map(([, path]) => path);
  expect([...new Set(named)].filter((path) => !existsSync(join(packageDirectory, path)))).toEqual([]);
});

/** `E4` for `e04-tcp-exhaustion.test.ts`. */
function classOf(file: string): string {
  return `${file[0].toUpperCase()}${Number(file.slice(1, 3))}`;
}

/** The rows of the tables below headings that match, up to the next heading. */
function rowsBelow(heading: RegExp): string[] {
  const rows: string[] = [];
  let isBelow = false;
  for (const line of page.split('\n')) {
    if (line.startsWith('## ')) isBelow = heading.test(line);
    else if (isBelow && /^\| \[?[A-G]\d/.test(line)) rows.push(line);
  }
  return rows;
}

/** `E4` of `| E4 | …` and of `| [E4](…) | …`. */
function firstCell(row: string): string {
  return /[A-G]\d+/.exec(row)![0];
}
