/**
 * `rootwalk log`: reads and filters the query log, for people on a terminal and as JSON lines everywhere else. It reads
 * the files, so it works without the daemon; the log's own reader is observe/log-reader.ts.
 */

import { loadConfig } from '../config/load.ts';
import { formatProblems } from '../config/problems.ts';
import { defaultConfig } from '../config/settle.ts';
import { describeFault } from '../observe/log-files.ts';
import { readLog } from '../observe/log-reader.ts';
import { wantsColours } from '../observe/paint.ts';
import { printable } from '../observe/printable.ts';
import { systemClock, type Clock } from '../system/clock.ts';
import { ExitCode, badUsage, readArguments, type Command, type Io } from './command.ts';
import { parseFilter, passes, type LogFilter } from './log-filter.ts';
import { createLogView } from './log-view.ts';
import { parseLogLine } from './parse-log-line.ts';

const options = {
  follow: { type: 'boolean', short: 'f' },
  client: { type: 'string' },
  name: { type: 'string' },
  rcode: { type: 'string' },
  type: { type: 'string' },
  source: { type: 'string' },
  since: { type: 'string' },
  until: { type: 'string' },
  failed: { type: 'boolean' },
  json: { type: 'boolean' },
  directory: { type: 'string' },
  config: { type: 'string' },
} as const;

export const command: Command = {
  name: 'log',
  summary: 'Read and filter the query log',
  usage: `
Usage: rootwalk log [OPTIONS]

  -f, --follow     show what comes from now on (with --since: that, too), across rotation
  --client P       only from this address or prefix: 192.0.2.7, 2001:db8::/32
  --name SUFFIX    only names at or below this one
  --rcode R        only this response code: SERVFAIL, NXDOMAIN, …
  --type T         only questions for this record type
  --source S       only answers from there: cache, recursion, hosts, …
  --since T        30s, 10m, 2h, 3d ago, or a time: 2026-11-25T10:00
  --until T        the same
  --failed         only what got no answer: errors, refusals, drops
  --json           lines of JSON also on a terminal; elsewhere they always are
  --directory DIR  where the log is
  --config FILE    the configuration that names the directory

Colours are left out where NO_COLOR is set.
`,
  run: (args, io) => runLog(args, io, { clock: systemClock }),
};

async function runLog(args: string[], io: Io, around: { clock: Clock }): Promise<number> {
  const read = readArguments(args, options);
  if (read.kind === 'bad-usage') return badUsage(io, command, read.why);
  const { values } = read;
  const filter = parseFilter(values, around.clock.wallMs());
  if ('why' in filter) return badUsage(io, command, filter.why);
  const place = findDirectory(values);
  if ('why' in place) {
    io.stderr(`${place.why}\n`);
    return ExitCode.failed;
  }
  const follow = values.follow === true;
  const reading = {
    directory: place.directory,
    sinceMs: filter.sinceMs,
    follow,
    fromEnd: follow && filter.sinceMs === undefined,
  };
  try {
    await showLog(readLog(reading, around), filter, io, values.json === true || !io.isTerminal);
    return ExitCode.done;
  } catch (error) {
    io.stderr(`rootwalk log: ${place.directory}: ${explainFault(error)}\n`);
    return ExitCode.failed;
  }
}

function findDirectory(given: {
  directory?: string | undefined;
  config?: string | undefined;
}): { directory: string } | { why: string } {
  if (given.directory !== undefined) return { directory: given.directory };
  if (given.config === undefined) return defaultConfig().queryLog;
  const loaded = loadConfig(given.config);
  return loaded.kind === 'loaded' ? loaded.config.queryLog : { why: formatProblems(loaded.problems).trimEnd() };
}

async function showLog(batches: AsyncIterable<string[]>, filter: LogFilter, io: Io, asJson: boolean): Promise<void> {
  const view = createLogView({ colours: wantsColours(io.isTerminal, io.env) });
  let unreadable = 0;
  for await (const batch of batches) {
    let shown = '';
    for (const text of batch) {
      const line = parseLogLine(text);
      if (line === undefined) unreadable++;
      else if (passes(line, filter)) shown += asJson ? `${io.isTerminal ? printable(text) : text}\n` : view(line);
    }
    if (shown === '') continue;
    io.stdout(shown);
    await io.drained();
  }
  // The last line may be one that the daemon is just writing: nothing to speak of.
  if (unreadable > 1) io.stderr(`rootwalk log: ${unreadable} lines are no lines of the query log and were left out\n`);
}

function explainFault(error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
    return 'there is no query log here; name its directory with --directory DIR or its configuration with --config FILE';
  }
  return describeFault(error);
}
