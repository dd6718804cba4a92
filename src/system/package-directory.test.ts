import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageDirectory, packageVersion } from './package-directory.ts';

test('the root hints that come with the package are found from the sources', () => {
  expect(existsSync(join(packageDirectory, 'root-hints', 'named.root'))).toBe(true);
});

test('the version is that of the package', () => {
  expect(packageVersion).toMatch(/^[0-9]+\.[0-9]+\.[0-9]+/);
});
