/**
 * Small files that the daemon keeps for itself across restarts: read whole, replaced whole. Whoever is interrupted
 * leaves the former file or the new one, never half of one: it is written beside, brought to the disk, then renamed.
 *
 * What is in a file carries a checksum (`seal`), so that one that was torn, mended by hand or belongs to something else
 * is seen for what it is and not half believed.
 */

import { createHash } from 'node:crypto';
import { open, readFile, rename, stat } from 'node:fs/promises';

export type KeptText =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unreadable'; readonly why: string };

export type KeptFiles = {
  read(path: string): Promise<KeptText>;
  /** Undefined when it is done, else why not. */
  replace(path: string, text: string): Promise<string | undefined>;
  /** Puts a file out of the way under another name, which it returns, so that a person can look at it. */
  setAside(path: string): Promise<string | undefined>;
};

const MAX_OCTETS = 1024 * 1024;

export const systemKeptFiles: KeptFiles = {
  async read(path) {
    try {
      const { size } = await stat(path);
      if (size > MAX_OCTETS) return { kind: 'unreadable', why: `it has ${size} bytes, and ${MAX_OCTETS} are the most` };
      return { kind: 'text', text: await readFile(path, 'utf8') };
    } catch (error) {
      return codeOf(error) === 'ENOENT' ? { kind: 'missing' } : { kind: 'unreadable', why: codeOf(error) };
    }
  },
  async replace(path, text) {
    const beside = `${path}.new`;
    try {
      const file = await open(beside, 'w', 0o640);
      try {
        await file.writeFile(text);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(beside, path);
      return undefined;
    } catch (error) {
      return codeOf(error);
    }
  },
  async setAside(path) {
    const aside = `${path}.bad`;
    try {
      await rename(path, aside);
      return aside;
    } catch {
      return undefined;
    }
  },
};

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}

/** The text of a file: what it is, what is in it, and the checksum of that. `content` is a JSON value. */
export function seal(format: string, content: unknown): string {
  return `${JSON.stringify({ format, sha256: checksum(content), content }, undefined, 2)}\n`;
}

/** The content, when the text is whole and of that format. */
export function unseal(format: string, text: string): { readonly content: unknown } | { readonly why: string } {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return { why: 'it is not JSON, or only a part of it' };
  }
  if (typeof parsed !== 'object' || parsed === null || !('format' in parsed) || parsed.format !== format) {
    return { why: `it is no file of the format "${format}"` };
  }
  if (!('content' in parsed) || !('sha256' in parsed) || parsed.sha256 !== checksum(parsed.content)) {
    return { why: 'its checksum does not fit what is in it' };
  }
  return { content: parsed.content };
}

function checksum(content: unknown): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}
