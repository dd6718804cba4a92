/** The inputs that fuzzing begins with: files of corpus/, by target, each under a name that tells what it holds. */

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { packageDirectory } from '../../src/system/package-directory.ts';
import type { TargetName } from './targets.ts';

export type Seed = { readonly name: string; readonly octets: Uint8Array };

export function corpusOf(target: TargetName): Seed[] {
  const directory = join(packageDirectory, 'test/fuzz/corpus', target);
  return readdirSync(directory)
    .sort()
    .map((name) => ({ name, octets: new Uint8Array(readFileSync(join(directory, name))) }));
}
