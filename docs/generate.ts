/**
 * Writes what is made from the code: `npm run docs`. test/habits/generated-files.test.ts tells when it was forgotten.
 */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configurationPage, exampleFile, jsonSchema } from '../src/config/reference.ts';
import { packageDirectory } from '../src/system/package-directory.ts';

/** Each file that is written, by its path in the repository. */
export function generatedFiles(): Readonly<Record<string, string>> {
  return {
    'docs/configuration.md': configurationPage(),
    'config/rootwalk.yaml': exampleFile(),
    'config/rootwalk.schema.json': `${JSON.stringify(jsonSchema(), null, 2)}\n`,
  };
}

if (import.meta.main) {
  for (const [path, text] of Object.entries(generatedFiles())) writeFileSync(join(packageDirectory, path), text);
}
