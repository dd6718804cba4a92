/**
 * Reads the query log in the order of time: the files put aside, then the current one, and with `follow` what is
 * written from then on, across rotation and truncation. Never more than a chunk of a file is in memory.
 *
 * A file is known by its inode: it keeps that when it is put aside, so nothing is read twice or left out when the
 * daemon rotates in the middle. What stands behind the last line feed is a line still being written; without `follow`
 * it is given as the last line and whoever parses it decides.
 */

import { open, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../system/clock.ts';
import { CURRENT_FILE, compareAge, rotatedFiles, type RotatedFile } from './log-files.ts';

export type LogReaderOptions = {
  readonly directory: string;
  /** Files that end before this moment are not opened; undefined for all. */
  readonly sinceMs: number | undefined;
  readonly follow: boolean;
  /** Begins with what is written from now on. */
  readonly fromEnd: boolean;
};

/** How often a followed file is looked at; a person does not notice, and it costs one stat. */
const LOOK_MS = 200;
const CHUNK_OCTETS = 256 * 1024;
/** Our lines are bounded far below; what is longer is no line of ours and is passed over. */
const MAX_LINE_OCTETS = 1024 * 1024;

/** Lines without their line feed, some at a time. Throws what the file system throws, but for files that are not there. */
export async function* readLog(
  options: LogReaderOptions,
  around: { clock: Clock },
): AsyncGenerator<string[], void, void> {
  const path = join(options.directory, CURRENT_FILE);
  let file = await openFile(path);
  let last: RotatedFile | undefined;
  try {
    if (options.fromEnd) {
      last = (await rotatedFiles(options.directory)).at(-1);
      await file?.skipToEnd();
    } else {
      for (const rotated of await rotatedAfter(options, undefined)) {
        last = rotated;
        if (!(await isSame(file, options.directory, rotated))) yield* readWhole(options.directory, rotated);
      }
    }
    for (;;) {
      if (file) yield* file.lines();
      const isCurrent = await isStillAt(file, path);
      if (isCurrent || file === undefined) {
        if (!options.follow) {
          if (file) yield* file.rest();
          return;
        }
        await new Promise<void>((resolve) => void around.clock.after(LOOK_MS, resolve));
        if (isCurrent) continue;
      }
      // It was put aside: its last lines, whatever was put aside since, then the new current file.
      if (file) yield* file.lines();
      for (const rotated of await rotatedAfter(options, last)) {
        last = rotated;
        if (!(await isSame(file, options.directory, rotated))) yield* readWhole(options.directory, rotated);
      }
      await file?.close();
      file = await openFile(path);
      if (file === undefined && !options.follow) return;
    }
  } finally {
    await file?.close();
  }
}

async function rotatedAfter(options: LogReaderOptions, last: RotatedFile | undefined): Promise<RotatedFile[]> {
  const files = await rotatedFiles(options.directory);
  return files.filter(
    (file) =>
      (last === undefined || compareAge(file, last) > 0) &&
      (options.sinceMs === undefined || file.endMs >= options.sinceMs),
  );
}

async function* readWhole(directory: string, { name }: RotatedFile): AsyncGenerator<string[], void, void> {
  const file = await openFile(join(directory, name));
  if (file === undefined) return; // removed to make room
  try {
    yield* file.lines();
    yield* file.rest();
  } finally {
    await file.close();
  }
}

async function isSame(file: LogFile | undefined, directory: string, { name }: RotatedFile): Promise<boolean> {
  return file !== undefined && (await inodeOf(join(directory, name))) === file.inode;
}

async function isStillAt(file: LogFile | undefined, path: string): Promise<boolean> {
  return file !== undefined && (await inodeOf(path)) === file.inode;
}

async function inodeOf(path: string): Promise<string | undefined> {
  try {
    const { dev, ino } = await stat(path);
    return `${dev} ${ino}`;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

async function openFile(path: string): Promise<LogFile | undefined> {
  try {
    const handle = await open(path, 'r');
    const { dev, ino } = await handle.stat();
    return new LogFile(handle, `${dev} ${ino}`);
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** A file that is read on from where it was read last, with what has come of a line so far. */
class LogFile {
  readonly inode: string;
  readonly #handle: FileHandle;
  readonly #chunk = Buffer.allocUnsafe(CHUNK_OCTETS);
  #position = 0;
  #started: Buffer[] = [];
  #startedOctets = 0;
  /** The line that has begun is not one to give: it is too long, or its begin was not seen. */
  #isSkipping = false;

  constructor(handle: FileHandle, inode: string) {
    this.#handle = handle;
    this.inode = inode;
  }

  close(): Promise<void> {
    return this.#handle.close();
  }

  async skipToEnd(): Promise<void> {
    const { size } = await this.#handle.stat();
    // The octet before the end is read again: if it is a line feed, the next line is whole.
    this.#position = Math.max(0, size - 1);
    this.#isSkipping = size > 0;
  }

  /** Every line that is whole by now. */
  async *lines(): AsyncGenerator<string[], void, void> {
    const { size } = await this.#handle.stat();
    if (size < this.#position) this.#beginAgain(); // emptied by someone
    for (;;) {
      const { bytesRead } = await this.#handle.read(this.#chunk, 0, CHUNK_OCTETS, this.#position);
      if (bytesRead === 0) return;
      this.#position += bytesRead;
      const lines = this.#cut(this.#chunk.subarray(0, bytesRead));
      if (lines.length > 0) yield lines;
    }
  }

  /** What stands behind the last line feed. */
  *rest(): Generator<string[], void, void> {
    if (this.#startedOctets > 0 && !this.#isSkipping) yield [Buffer.concat(this.#started).toString('utf8')];
  }

  #beginAgain(): void {
    this.#position = 0;
    this.#forget();
    this.#isSkipping = false;
  }

  #forget(): void {
    this.#started = [];
    this.#startedOctets = 0;
  }

  #cut(octets: Buffer): string[] {
    const lines: string[] = [];
    let start = 0;
    for (let end = octets.indexOf(0x0a); end >= 0; end = octets.indexOf(0x0a, start)) {
      if (!this.#isSkipping) lines.push(this.#complete(octets.subarray(start, end)));
      this.#forget();
      this.#isSkipping = false;
      start = end + 1;
    }
    this.#keep(octets.subarray(start));
    return lines;
  }

  #complete(end: Buffer): string {
    return this.#startedOctets === 0 ? end.toString('utf8') : Buffer.concat([...this.#started, end]).toString('utf8');
  }

  #keep(octets: Buffer): void {
    if (octets.length === 0 || this.#isSkipping) return;
    this.#started.push(Buffer.from(octets)); // the chunk is read into again
    this.#startedOctets += octets.length;
    if (this.#startedOctets <= MAX_LINE_OCTETS) return;
    this.#forget();
    this.#isSkipping = true;
  }
}
