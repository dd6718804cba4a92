import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { generatedFiles } from '../../docs/generate.ts';
import { packageDirectory } from '../../src/system/package-directory.ts';

test.each(Object.entries(await generatedFiles()))(
  '%s is what the schema says (npm run docs writes it)',
  (path, text) => {
    expect(readFileSync(join(packageDirectory, path), 'utf8')).toBe(text);
  },
);
