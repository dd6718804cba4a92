/** The daemon's own files in memory, for tests that look into them, damage them, or have the disk fail. */

import type { KeptFiles } from '../../src/system/kept-file.ts';

export type MemoryFiles = KeptFiles & {
  readonly contents: Map<string, string>;
  /** Why nothing can be written, while it is set. */
  failure: string | undefined;
};

export function createMemoryFiles(contents = new Map<string, string>()): MemoryFiles {
  const files: MemoryFiles = {
    contents,
    failure: undefined,
    read(path) {
      const text = contents.get(path);
      return Promise.resolve(text === undefined ? { kind: 'missing' } : { kind: 'text', text });
    },
    replace(path, text) {
      if (files.failure === undefined) contents.set(path, text);
      return Promise.resolve(files.failure);
    },
    setAside(path) {
      const text = contents.get(path);
      if (text === undefined) return Promise.resolve(undefined);
      contents.delete(path);
      contents.set(`${path}.bad`, text);
      return Promise.resolve(`${path}.bad`);
    },
  };
  return files;
}
