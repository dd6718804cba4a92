/** The sources as the habit tests read them: path, text, and what is imported. */

import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { packageDirectory } from '../../src/system/package-directory.ts';

export type SourceFile = {
  /** From the repository's root: `src/dns/name.ts`. */
  readonly path: string;
  readonly text: string;
  readonly isTest: boolean;
  /** `src/dns/name.ts` for a relative import, otherwise as written: `node:net`, `zod`. */
  readonly imports: readonly string[];
};

export function sourceFiles(folder: string): SourceFile[] {
  return readdirSync(join(packageDirectory, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.[jt]s$/.test(path))
    .map((path) => readSource(join(folder, path)));
}

/** `import … from`, `export … from`, `import '…'` and `import('…')`. */
const IMPORT = /(?:\bfrom\s*|\bimport\s*\(?\s*)'([^']+)'/g;

function readSource(path: string): SourceFile {
  const text = readFileSync(join(packageDirectory, path), 'utf8');
  const imports = [...withoutComments(text).matchAll(IMPORT)].map(([, target]) => {
    return target.startsWith('.') ? normalize(join(dirname(path), target)) : target;
  });
  return { path, text, isTest: path.endsWith('.test.ts'), imports };
}

/** Without comments, so that what is only spoken of does not count. */
export function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[^]*?\*\//g, '').replaceAll(/(^|\s)\/\/.*$/gm, '$1');
}

/** `dns` for src/dns/wire/compose.ts, `pipeline` for src/pipeline.ts. */
export function roomOf(path: string): string {
  return path.split('/')[1].replace(/\.[jt]s$/, '');
}
