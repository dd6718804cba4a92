/**
 * Text files as the rooms see them that watch for change: has it changed, what does it say. The rooms keep the rhythm.
 */

import { readFile, stat } from 'node:fs/promises';

export type FileState =
  /** Two states of a file with the same mark have the same content. */
  | { readonly kind: 'there'; readonly mark: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unreadable'; readonly why: string };

export type FileText = { readonly kind: 'text'; readonly text: string } | Exclude<FileState, { kind: 'there' }>;

export type Files = {
  look(path: string): Promise<FileState>;
  read(path: string, mostBytes: number): Promise<FileText>;
};

export const systemFiles: Files = {
  async look(path) {
    try {
      const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
      // The inode tells a file that was put in place of another by renaming, even one of equal size and time.
      return { kind: 'there', mark: [dev, ino, size, mtimeNs, ctimeNs].join(' ') };
    } catch (error) {
      return absence(error);
    }
  },
  async read(path, mostBytes) {
    try {
      const { size } = await stat(path);
      if (size > mostBytes) return { kind: 'unreadable', why: `it is larger than ${mostBytes} bytes` };
      return { kind: 'text', text: await readFile(path, 'utf8') };
    } catch (error) {
      return absence(error);
    }
  },
};

function absence(error: unknown): Exclude<FileState, { kind: 'there' }> {
  const { code, message } = error as NodeJS.ErrnoException;
  // ENOTDIR: what should be its directory is a file.
  if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'missing' };
  return { kind: 'unreadable', why: code ?? message };
}
