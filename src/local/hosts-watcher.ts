/**
 * Keeps the hosts files in force: reads them at the start, looks every few seconds whether one has changed, and puts a
 * new table in the place of the old one as a whole.
 *
 * It looks, instead of having the system tell: notices of change are lost where editors put a new file in place of the
 * old one, where the file is not there yet, and on mounts of containers and of networks. A look is one `stat` a file.
 *
 * A file that disappears is given until the next look, since some programs write it by removing it first; one that
 * cannot be read keeps what it last said. Both are reported once.
 */

import type { Clock, Timer } from '../system/clock.ts';
import type { FileState, Files } from '../system/file-watch.ts';
import { parseHostsFile, type HostsEntry, type HostsProblem } from './hosts-file.ts';
import { createHostsTable, type HostsTable } from './hosts-table.ts';

export const HOSTS_LOOK_MS = 5000;
/** Some two million names; a file that is larger is none of this kind. */
const MOST_BYTES = 64 * 2 ** 20;

export type HostsEvent =
  | { readonly kind: 'hosts-file-read'; readonly path: string; readonly entries: number }
  /** Lines that were left out; the first of `count`. */
  | {
      readonly kind: 'hosts-file-problems';
      readonly path: string;
      readonly problems: readonly HostsProblem[];
      readonly count: number;
    }
  | { readonly kind: 'hosts-file-missing'; readonly path: string }
  | { readonly kind: 'hosts-file-unreadable'; readonly path: string; readonly why: string };

export type HostsWatcherAround = {
  readonly clock: Clock;
  readonly files: Files;
  readonly report: (event: HostsEvent) => void;
};

export type HostsWatcher = {
  /** Settles when all files have been read once. */
  readonly start: () => Promise<void>;
  readonly stop: () => void;
  /** Looks now; for a reload. */
  readonly look: () => Promise<void>;
  /** The one in force; an empty one before the start. */
  readonly table: () => HostsTable;
};

type Watched = {
  readonly path: string;
  entries: readonly HostsEntry[];
  /** What the last look came to, so that the same is not read or reported again. */
  last: string;
};

export function createHostsWatcher(paths: readonly string[], around: HostsWatcherAround): HostsWatcher {
  const { clock, files, report } = around;
  const watched: Watched[] = paths.map((path) => ({ path, entries: [], last: NEVER }));
  let table = createHostsTable([]);
  let timer: Timer | undefined;
  let isStopped = false;
  let looking: Promise<void> | undefined;

  const lookAtAll = async (): Promise<void> => {
    let hasChanged = false;
    for (const file of watched) if (await lookAt(file)) hasChanged = true;
    if (hasChanged) table = createHostsTable(allEntries(watched));
  };
  const look = (): Promise<void> => {
    looking ??= lookAtAll().finally(() => (looking = undefined));
    return looking;
  };
  const lookOn = async (): Promise<void> => {
    await look();
    if (!isStopped) timer = clock.after(HOSTS_LOOK_MS, () => void lookOn());
  };

  return {
    start: lookOn,
    look,
    table: () => table,
    stop() {
      isStopped = true;
      timer?.cancel();
    },
  };

  /** True when the entries of the file are others than before. */
  async function lookAt(file: Watched): Promise<boolean> {
    const state = await files.look(file.path);
    if (state.kind !== 'there') return lose(file, state);
    if (state.mark === file.last) return false;
    const reading = await files.read(file.path, MOST_BYTES);
    if (reading.kind !== 'text') return lose(file, reading);
    // The mark is from before the reading: what is written meanwhile is seen at the next look.
    file.last = state.mark;
    const { entries, problems, problemCount } = parseHostsFile(reading.text);
    file.entries = entries;
    report({ kind: 'hosts-file-read', path: file.path, entries: entries.length });
    if (problemCount > 0) report({ kind: 'hosts-file-problems', path: file.path, problems, count: problemCount });
    return true;
  }

  function lose(file: Watched, state: Exclude<FileState, { kind: 'there' }>): boolean {
    const { path, last } = file;
    if (state.kind === 'unreadable') {
      file.last = `unreadable ${state.why}`;
      if (last !== file.last) report({ kind: 'hosts-file-unreadable', path, why: state.why });
      return false;
    }
    if (last === MISSING) return false;
    // Nothing can be lost at the first look; later the file is given one more.
    file.last = last === NEVER || last === MISSING_ONCE ? MISSING : MISSING_ONCE;
    if (file.last === MISSING_ONCE) return false;
    report({ kind: 'hosts-file-missing', path });
    file.entries = [];
    return true;
  }
}

/** Beside marks, in `last`; no mark is like these. */
const NEVER = 'never looked at';
const MISSING_ONCE = 'missing since the last look';
const MISSING = 'missing';

function* allEntries(watched: readonly Watched[]): Iterable<HostsEntry> {
  for (const { entries } of watched) yield* entries;
}
