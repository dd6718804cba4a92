/**
 * The query log: a line of JSON for every query, written by pino off the answer path.
 *
 * `record` pushes to a bounded queue and returns. A timer takes the queue in small slices, makes lines of it and
 * hands them to the files in batches, at the latest LINGER_MS after they came: so much a killed process loses.
 * Where a bound is reached, lines are lost, counted and reported; nobody ever waits for the disk. A disk that takes
 * no lines turns the log off with one report, and it is tried again after a while.
 *
 * pino composes the line; its own destinations are not used, as they lose lines or block when the disk is slow or full
 * and do not say which. Which fields a line has is log-line.ts, floods are folded in fold.ts, files are log-files.ts.
 */

import { pino } from 'pino';
import type { Finished } from '../query/finished.ts';
import type { Clock, Timer } from '../system/clock.ts';
import { createFold, foldKind, type Folded } from './fold.ts';
import { createLogFiles, type LogFilesOptions } from './log-files.ts';
import { LOG_FORMAT, logLine, type LogLine } from './log-line.ts';
import { timeToText } from './time-text.ts';

export type QueryLogOptions = LogFilesOptions & {
  /** Queries that may wait to become lines; 8192 unless given. */
  readonly maxWaiting?: number;
  /** Octets of lines that may wait for the disk; 4 MiB unless given. */
  readonly maxWaitingBytes?: number;
};

export type QueryLogEvent =
  /** Lines go nowhere until it works again; said once. */
  | { readonly kind: 'query-log-off'; readonly why: string; readonly retryInMs: number }
  | { readonly kind: 'query-log-on'; readonly lost: number }
  /** Queries came faster than their lines could be written; said at most once a minute. */
  | { readonly kind: 'query-log-lost'; readonly lost: number };

export type QueryLogStatistics = {
  readonly state: 'on' | 'off' | 'stopped';
  /** Why it is off. */
  readonly why: string | undefined;
  readonly written: number;
  readonly lost: number;
  readonly waiting: number;
};

export type QueryLog = {
  record(finished: Finished): void;
  /** Resolves when everything recorded so far is written or counted as lost. */
  flush(): Promise<void>;
  /** Opens the file anew, after something outside has moved it away. */
  reopen(): Promise<void>;
  stop(): Promise<void>;
  statistics(): QueryLogStatistics;
};

/** How long a line may wait for others to be written with. Floods wait for the end of their second besides. */
const LINGER_MS = 100;
/** Lines made in one go: under a millisecond, so that an answer does not wait for more. */
const SLICE = 100;
const BATCH_OCTETS = 256 * 1024;
const RETRY_MS = 60_000;
const REPORT_LOST_MS = 60_000;
const MAX_FOLDED = 4096;

export function createQueryLog(
  options: QueryLogOptions,
  around: {
    clock: Clock;
    report: (event: QueryLogEvent) => void;
    /** Until this settles lines wait: the log before this one may be writing to the same files. */
    predecessor?: Promise<void> | undefined;
  },
): QueryLog {
  const { clock, report } = around;
  const maxWaiting = options.maxWaiting ?? 8192;
  const maxWaitingBytes = options.maxWaitingBytes ?? 4 * 1024 * 1024;
  const files = createLogFiles(options, around);
  const fold = createFold(MAX_FOLDED);
  const lines = createLines();

  let queue: Finished[] = [];
  let taken = 0;
  let state: 'on' | 'trying' | 'off' | 'stopped' = 'on';
  let why: string | undefined;
  let written = 0;
  let lost = 0;
  let lostWhileOff = 0;
  let lostUnreported = 0;
  let drainTimer: Timer | undefined;
  let foldTimer: Timer | undefined;
  let lostTimer: Timer | undefined;
  let retryTimer: Timer | undefined;
  /** Queries ever queued, lines that are being written. */
  let queued = 0;
  let inWriting = 0;
  let going = around.predecessor?.finally(() => {
    going = undefined;
    workOnFiles();
  });
  const closings: (() => Promise<void>)[] = [];

  const lose = (count: number): void => {
    lost += count;
    // Nobody listens any more, and a timer would keep the process.
    if (count === 0 || state === 'stopped') return;
    if (state === 'off' || state === 'trying') {
      lostWhileOff += count;
      return;
    }
    lostUnreported += count;
    lostTimer ??= clock.after(REPORT_LOST_MS, reportLost);
  };
  const reportLost = (): void => {
    lostTimer?.cancel();
    lostTimer = undefined;
    if (lostUnreported > 0) report({ kind: 'query-log-lost', lost: lostUnreported });
    lostUnreported = 0;
  };

  const isWritable = (): boolean => state === 'on' || state === 'trying';
  const waiting = (): number => queue.length - taken;
  const scheduleDrain = (delayMs: number): void => {
    drainTimer ??= clock.after(delayMs, () => {
      drainTimer = undefined;
      drain(SLICE);
    });
  };
  /** Makes lines of at most `most` queries; what is left waits for the next turn of the event loop. */
  const drain = (most: number): void => {
    for (let i = 0; i < most && waiting() > 0; i++) {
      if (lines.octets >= maxWaitingBytes) break; // the disk is slow: the queue is the bound now
      lines.add(logLine(queue[taken++]));
    }
    if (taken === queue.length) {
      queue = [];
      taken = 0;
    }
    if (lines.octets >= BATCH_OCTETS || waiting() === 0) workOnFiles();
    if (waiting() > 0 && lines.octets < maxWaitingBytes) scheduleDrain(0);
  };
  const unfold = (floods: readonly Folded[]): void => {
    for (const folded of floods) lines.add(foldedLine(folded));
  };
  const scheduleUnfold = (): void => {
    foldTimer ??= clock.after(1000 - (clock.wallMs() % 1000), () => {
      foldTimer = undefined;
      unfold(fold.takeAllBut(clock.wallMs()));
      workOnFiles();
      if (fold.size > 0) scheduleUnfold();
    });
  };

  /** The files take one call at a time: when one has ended, the next begins. */
  const workOnFiles = (): void => {
    if (going !== undefined) return;
    const work = closings.shift() ?? (lines.count > 0 && isWritable() ? writeBatch : undefined);
    going = work?.().finally(() => {
      going = undefined;
      workOnFiles();
    });
  };
  const writeBatch = async (): Promise<void> => {
    const batch = lines.take();
    inWriting = batch.count;
    const result = await files.append(batch.octets);
    inWriting = 0;
    if (result.kind === 'written') {
      written += batch.count;
      turnedOn();
    } else {
      const kept = countLines(batch.octets.subarray(0, result.kept));
      written += kept;
      turnOff(result.why, batch.count - kept);
    }
    if (waiting() > 0) scheduleDrain(0);
  };
  const closeFiles = (): Promise<void> =>
    new Promise((resolve, reject) => {
      closings.push(() => files.close().then(resolve, reject));
      workOnFiles();
    });

  const turnOff = (reason: string, lostNow: number): void => {
    if (state === 'on') report({ kind: 'query-log-off', why: reason, retryInMs: RETRY_MS });
    state = 'off';
    why = reason;
    lose(lostNow + waiting() + lines.count + countFolded(fold.takeAll()));
    queue = [];
    taken = 0;
    lines.take();
    retryTimer = clock.after(RETRY_MS, () => (state = 'trying'));
  };
  const turnedOn = (): void => {
    if (state !== 'trying') return;
    state = 'on';
    why = undefined;
    report({ kind: 'query-log-on', lost: lostWhileOff });
    lostWhileOff = 0;
  };

  /** What comes later is not waited for: under load there would be no end of it. */
  const flush = async (): Promise<void> => {
    unfold(fold.takeAll());
    const lastQuery = queued;
    const isQueued = (): boolean => queued - waiting() < lastQuery;
    for (drain(Infinity); isQueued() && isWritable(); drain(Infinity)) await fileWork();
    const lastLine = lines.added;
    const isUnwritten = (): boolean => lines.added - lines.count - inWriting < lastLine;
    while (isUnwritten() && isWritable()) await fileWork();
  };
  /** The end of what is being done with the files, or of what there is to do. */
  const fileWork = (): Promise<void> => {
    workOnFiles();
    return going ?? Promise.resolve();
  };

  return {
    record(finished) {
      if (state === 'off' || state === 'stopped') return lose(1);
      const kind = foldKind(finished);
      if (kind !== undefined) {
        fold.add(finished, kind);
        scheduleUnfold();
      } else if (waiting() < maxWaiting) {
        queue.push(finished);
        queued++;
        scheduleDrain(LINGER_MS);
      } else {
        lose(1);
      }
    },
    flush,
    async reopen() {
      await flush();
      await closeFiles();
      // Whoever asks for it has perhaps just made room.
      if (state === 'off') {
        retryTimer?.cancel();
        state = 'trying';
      }
      workOnFiles();
    },
    async stop() {
      await flush();
      for (const timer of [drainTimer, foldTimer, retryTimer]) timer?.cancel();
      lose(waiting() + lines.count);
      lostUnreported += lostWhileOff;
      lostWhileOff = 0;
      state = 'stopped';
      reportLost();
      await closeFiles();
    },
    statistics: () => ({
      state: state === 'trying' ? 'off' : state,
      why,
      written,
      lost,
      waiting: waiting() + lines.count + inWriting + fold.size,
    }),
  };
}

/** Lines that wait for the disk. */
function createLines() {
  let texts: string[] = [];
  let octets = 0;
  let added = 0;
  const logger = pino(
    // `v` stands where pino puts its level, which says nothing about a query; the time is that of the arrival.
    { base: null, timestamp: false, formatters: { level: () => ({ v: LOG_FORMAT }) } },
    {
      write(text) {
        texts.push(text);
        octets += text.length;
        added++;
      },
    },
  );
  return {
    add: (line: LogLine): void => logger.info(line),
    get octets() {
      return octets;
    },
    get count() {
      return texts.length;
    },
    /** Ever. */
    get added() {
      return added;
    },
    take(): { octets: Buffer; count: number } {
      const batch = { octets: Buffer.from(texts.join(''), 'utf8'), count: texts.length };
      texts = [];
      octets = 0;
      return batch;
    },
  };
}

function foldedLine({ finished, count, firstWallMs, lastWallMs, isManyClients }: Folded): LogLine {
  const line = logLine(finished);
  if (count === 1) return line;
  const flood = { count, first: timeToText(firstWallMs), last: timeToText(lastWallMs) };
  return { ...line, ...flood, ...(isManyClients ? { manyClients: true as const } : undefined) };
}

function countFolded(folded: readonly Folded[]): number {
  return folded.reduce((sum, { count }) => sum + count, 0);
}

function countLines(octets: Buffer): number {
  let count = 0;
  for (let at = octets.indexOf(0x0a); at >= 0; at = octets.indexOf(0x0a, at + 1)) count++;
  return count;
}
