/**
 * The files of the query log. Lines are appended to `queries.jsonl`; when that grows too big or too old it is renamed
 * to `queries-<UTC stamp>.jsonl`, the stamp being the moment of the renaming: no line in it is younger. The oldest
 * are removed so that all of them together stay within their bound.
 *
 * Every line in a file is whole: what a full disk or a killed process left of a line is cut off again. What to do when
 * the disk does not take lines is the caller's decision (query-log.ts); reading is log-reader.ts.
 *
 * One call at a time: the caller waits for each.
 */

import { constants } from 'node:fs';
import { mkdir, open, readdir, rename, stat, unlink, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../system/clock.ts';
import { stampToTime, timeToStamp } from './time-text.ts';

export const CURRENT_FILE = 'queries.jsonl';

export type LogFilesOptions = {
  readonly directory: string;
  readonly maxFileBytes: number;
  readonly maxFileAgeMs: number;
  /** Of all files together, the current one included. */
  readonly maxTotalBytes: number;
};

export type AppendResult =
  | { readonly kind: 'written' }
  /** `kept` octets, whole lines, are in the file; the rest is not. */
  | { readonly kind: 'failed'; readonly kept: number; readonly why: string };

export type LogFiles = {
  /** Appends whole lines, in a new file where the current one is full or old. */
  append(lines: Buffer): Promise<AppendResult>;
  /** The next line opens the current file anew: something outside has moved it away. */
  close(): Promise<void>;
};

/** Readable by the group, so that a log shipper needs no root. */
const DIRECTORY_MODE = 0o750;
const FILE_MODE = 0o640;
/** O_NONBLOCK: a FIFO under our name fails at once where it would wait for a reader. */
const OPEN_FLAGS = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_NONBLOCK;

type OpenFile = { readonly handle: FileHandle; readonly bornMs: number };

export function createLogFiles(options: LogFilesOptions, around: { clock: Clock }): LogFiles {
  const path = join(options.directory, CURRENT_FILE);
  // The current file counts against the bound too, so it may not fill it alone.
  const maxFileBytes = Math.max(1, Math.min(options.maxFileBytes, Math.floor(options.maxTotalBytes / 2)));
  let file: OpenFile | undefined;

  const close = async (): Promise<void> => {
    const closing = file;
    file = undefined;
    await closing?.handle.close();
  };
  const openCurrent = async (): Promise<OpenFile> => {
    await mkdir(options.directory, { recursive: true, mode: DIRECTORY_MODE });
    await removeOldest(options.directory, options.maxTotalBytes - maxFileBytes);
    return openWhole(path, around.clock.wallMs());
  };
  const rotate = async (): Promise<void> => {
    await close();
    await rename(path, join(options.directory, await freeName(options.directory, around.clock.wallMs())));
  };

  /** The open file with room for `octets` more. */
  const fileFor = async (octets: number): Promise<OpenFile & { size: number }> => {
    for (;;) {
      file ??= await openCurrent();
      const { size, nlink } = await file.handle.stat();
      const isFull = size > 0 && size + octets > maxFileBytes;
      const isOld = size > 0 && around.clock.wallMs() - file.bornMs > options.maxFileAgeMs;
      if (nlink === 0) await close(); // removed by someone: lines would go nowhere
      else if (isFull || isOld) await rotate();
      else return { ...file, size };
    }
  };

  return {
    close,
    async append(lines) {
      let kept = 0;
      // What is longer than a file goes into several, cut between lines.
      for (const part of inParts(lines, maxFileBytes)) {
        try {
          const { handle, size } = await fileFor(part.length);
          const written = await writeAll(handle, part);
          if (written.why === undefined) {
            kept += part.length;
            continue;
          }
          kept += await keepWholeLines(handle, part, written.octets, size);
          return { kind: 'failed', kept, why: `${path}: ${written.why}` };
        } catch (error) {
          await close().catch(() => undefined);
          return { kind: 'failed', kept, why: `${path}: ${describeFault(error)}` };
        }
      }
      return { kind: 'written' };
    },
  };
}

function* inParts(lines: Buffer, most: number): Iterable<Buffer> {
  for (let at = 0; at < lines.length;) {
    let end = lines.length;
    if (end - at > most) {
      end = lines.lastIndexOf(0x0a, at + most - 1) + 1;
      if (end <= at) end = lines.indexOf(0x0a, at) + 1; // one line longer than a file: it goes in whole
    }
    yield lines.subarray(at, end);
    at = end;
  }
}

async function writeAll(handle: FileHandle, octets: Buffer): Promise<{ octets: number; why?: string }> {
  let at = 0;
  try {
    while (at < octets.length) at += (await handle.write(octets, at)).bytesWritten;
    return { octets: at };
  } catch (error) {
    return { octets: at, why: describeFault(error) };
  }
}

/** Cuts off what was written of a line that did not fit; the octets of whole lines that stay. */
async function keepWholeLines(handle: FileHandle, lines: Buffer, written: number, start: number): Promise<number> {
  const kept = written === 0 ? 0 : lines.lastIndexOf(0x0a, written - 1) + 1;
  if (kept < written) await handle.truncate(start + kept).catch(() => undefined);
  return kept;
}

/** Opens the current file for appending. A torn last line, left by a process that was killed while writing, is cut off. */
async function openWhole(path: string, nowMs: number): Promise<OpenFile> {
  const handle = await open(path, OPEN_FLAGS, FILE_MODE);
  try {
    const status = await handle.stat();
    if (!status.isFile()) throw new Error('it is not an ordinary file');
    const end = await endOfLastLine(handle, status.size);
    if (end < status.size) await handle.truncate(end);
    return { handle, bornMs: (end > 0 ? await firstTime(handle) : undefined) ?? nowMs };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

const CHUNK_OCTETS = 64 * 1024;

async function endOfLastLine(handle: FileHandle, size: number): Promise<number> {
  const chunk = Buffer.alloc(CHUNK_OCTETS);
  for (let end = size; end > 0;) {
    const start = Math.max(0, end - CHUNK_OCTETS);
    const { bytesRead } = await handle.read(chunk, 0, end - start, start);
    const at = chunk.subarray(0, bytesRead).lastIndexOf(0x0a);
    if (at >= 0) return start + at + 1;
    end = start;
  }
  return 0;
}

/** How old the file is, by its first line: the file system's own birth time does not survive a copy. */
async function firstTime(handle: FileHandle): Promise<number | undefined> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(256), 0, 256, 0);
  const time = /"time":"([^"]+)"/.exec(buffer.toString('latin1', 0, bytesRead));
  const ms = time ? Date.parse(time[1]) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

async function freeName(directory: string, wallMs: number): Promise<string> {
  const taken = new Set(await readdir(directory));
  const stamp = timeToStamp(wallMs);
  for (let again = 0; ; again++) {
    const name = `queries-${stamp}${again === 0 ? '' : `-${again}`}.jsonl`;
    if (!taken.has(name)) return name;
  }
}

async function removeOldest(directory: string, maxBytes: number): Promise<void> {
  const files: { path: string; size: number }[] = [];
  for (const { name } of await rotatedFiles(directory)) {
    const path = join(directory, name);
    const status = await stat(path).catch(() => undefined);
    if (status) files.push({ path, size: status.size });
  }
  let total = files.reduce((sum, { size }) => sum + size, 0);
  for (const { path, size } of files) {
    if (total <= maxBytes) return;
    await unlink(path);
    total -= size;
  }
}

export type RotatedFile = {
  readonly name: string;
  /** When it was put aside, ms since 1970; no line in it came later. */
  readonly endMs: number;
  /** Several may have been put aside within a millisecond. */
  readonly again: number;
};

/** The files put aside, oldest first. */
export async function rotatedFiles(directory: string): Promise<RotatedFile[]> {
  const files: RotatedFile[] = [];
  for (const name of await readdir(directory)) {
    const parts = /^queries-(\d{8}T\d{6}\.\d{3}Z)(?:-(\d{1,6}))?\.jsonl$/.exec(name);
    const endMs = parts ? stampToTime(parts[1]) : undefined;
    if (endMs !== undefined) files.push({ name, endMs, again: Number(parts?.[2] ?? 0) });
  }
  return files.sort(compareAge);
}

/** Oldest first. */
export function compareAge(a: RotatedFile, b: RotatedFile): number {
  return a.endMs - b.endMs || a.again - b.again;
}

const faults: Readonly<Record<string, string>> = {
  ENOSPC: 'no space left on the disk',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the file system is read-only',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EIO: 'the disk reports an error',
  ENOTDIR: 'a part of the path is not a directory',
  EISDIR: 'it is a directory',
  EMFILE: 'too many open files',
  ENXIO: 'it is not an ordinary file',
};

export function describeFault(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return faults[code] ?? error.message;
}
