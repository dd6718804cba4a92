import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageDirectory } from '../../src/system/package-directory.ts';
import { ground, importMap } from './import-map.ts';
import { roomOf, sourceFiles } from './source-files.ts';

const product = sourceFiles('src').filter(({ isTest }) => !isTest);

function mayImport(from: string, to: string): boolean {
  const depth = ground.findIndex((room) => room === from);
  if (depth >= 0) return ground.slice(0, depth).some((room) => room === to);
  return ground.some((room) => room === to) || (importMap[from] ?? []).includes(to);
}

test('the reader of imports finds those of this very kind of file', () => {
  const name = product.find(({ path }) => path === 'src/dns/rrset.ts');
  expect(name?.imports).toContain('src/dns/name.ts');
});

test('the map names no room that is gone', () => {
  const rooms = new Set(product.map(({ path }) => roomOf(path)));
  const named = new Set([...ground, ...Object.keys(importMap), ...Object.values(importMap).flat()]);
  expect([...named].filter((room) => !rooms.has(room))).toEqual([]);
});

test('docs/architecture.md shows the map as it is', () => {
  const page = readFileSync(join(packageDirectory, 'docs/architecture.md'), 'utf8');
  const shown = [...page.matchAll(/^(\w+) +→ (.+)$/gm)].map(([, room, targets]): [string, string[]] => [
    room,
    targets.split(', ').toSorted(),
  ]);
  const mapped = Object.entries(importMap).map(([room, targets]) => [room, targets.toSorted()]);
  expect(Object.fromEntries(shown)).toEqual(Object.fromEntries(mapped));
});

test('a room imports only what the map lets it', () => {
  const strays = product.flatMap(({ path, imports }) =>
    imports
      .filter((target) => target.startsWith('src/') && target !== 'src/node-floor.js')
      .filter((target) => roomOf(target) !== roomOf(path) && !mayImport(roomOf(path), roomOf(target)))
      .map((target) => `${path} imports ${target}`),
  );
  expect(strays).toEqual([]);
});

test('nothing in src imports what stands outside of it', () => {
  const strays = product.flatMap(({ path, imports }) =>
    imports.filter((target) => /^(\.\.|test|bench|docs)/.test(target)).map((target) => `${path} imports ${target}`),
  );
  expect(strays).toEqual([]);
});

test('the arrows of the map never turn back', () => {
  const above: string[] = [];
  const visit = (room: string): void => {
    expect(above, 'a circle').not.toContain(room);
    above.push(room);
    for (const next of importMap[room] ?? []) visit(next);
    above.pop();
  };
  for (const room of Object.keys(importMap)) visit(room);
});
