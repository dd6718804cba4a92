/** `rootwalk cache dump` and `rootwalk cache flush`: shows what the running daemon has learned, or makes it forget. */

import { nameToText, parseName } from '../dns/name.ts';
import type { CacheDumpEntry, FlushParams } from '../daemon/control-protocol.ts';
import { printable } from '../observe/printable.ts';
import { ExitCode, badUsage, readArguments, type Command, type Io } from './command.ts';
import { createControlClient, findSocket, socketOptions, socketUsage, tellProblem } from './control-client.ts';

const options = {
  name: { type: 'string' },
  subtree: { type: 'boolean' },
  all: { type: 'boolean' },
  json: { type: 'boolean' },
  ...socketOptions,
} as const;

export const command: Command = {
  name: 'cache',
  summary: 'Show or flush what the running daemon has cached',
  usage: `
Usage: rootwalk cache dump [--name SUFFIX] [--json]
       rootwalk cache flush NAME
       rootwalk cache flush --subtree NAME
       rootwalk cache flush --all

  --name SUFFIX   only names at or below this one
  --subtree       the name and everything below it
  --all           everything
  --json          a line of JSON for each entry
${socketUsage}
The dump is in zone-file form: sets as records, everything else as comments.
`,
  async run(args, io) {
    const at = actionAt(args);
    const action = args[at];
    const rest = args.toSpliced(at, at < 0 ? 0 : 1);
    if (action === 'dump') return dump(rest, io);
    if (action === 'flush') return flush(rest, io);
    return badUsage(
      io,
      command,
      action === undefined ? 'dump or flush?' : `${JSON.stringify(action)} is not dump or flush`,
    );
  },
};

/** The first word that is neither an option nor the value of one: options may stand before it, too. */
function actionAt(args: readonly string[]): number {
  return args.findIndex((word, i) => !word.startsWith('-') && !/^--(name|socket|config)$/.test(args[i - 1] ?? ''));
}

async function dump(args: string[], io: Io): Promise<number> {
  const { subtree: _subtree, all: _all, ...dumpOptions } = options;
  const read = readArguments(args, dumpOptions);
  if (read.kind === 'bad-usage') return badUsage(io, command, read.why);
  const { values } = read;
  const suffix = values.name === undefined ? undefined : parseName(values.name);
  if (typeof suffix === 'object') return badUsage(io, command, suffix.why);
  const socket = findSocket(values);
  if ('why' in socket) return tellProblem(io, command, socket.why);
  const format = values.json === true ? JSON.stringify : formatEntry;
  const asked = await createControlClient(socket.path).ask(
    'cacheDump',
    suffix === undefined ? {} : { name: nameToText(suffix) },
    (entry) => {
      io.stdout(`${format(entry).split('\n').map(printable).join('\n')}\n`);
      return io.drained();
    },
  );
  return asked.kind === 'problem' ? tellProblem(io, command, asked.why) : ExitCode.done;
}

async function flush(args: string[], io: Io): Promise<number> {
  const { name: _name, json: _json, ...flushOptions } = options;
  const read = readArguments(args, flushOptions, { optional: ['NAME'] });
  if (read.kind === 'bad-usage') return badUsage(io, command, read.why);
  const params = flushParams(read.positionals[0], read.values.subtree === true, read.values.all === true);
  if ('why' in params) return badUsage(io, command, params.why);
  const socket = findSocket(read.values);
  if ('why' in socket) return tellProblem(io, command, socket.why);
  const asked = await createControlClient(socket.path).ask('cacheFlush', params);
  if (asked.kind === 'problem') return tellProblem(io, command, asked.why);
  const { removed } = asked.result;
  io.stdout(`${removed} ${removed === 1 ? 'entry' : 'entries'} removed\n`);
  return ExitCode.done;
}

function flushParams(text: string | undefined, subtree: boolean, all: boolean): FlushParams | { why: string } {
  if (all) {
    return text === undefined && !subtree ? { scope: 'all' } : { why: '--all stands alone: it needs no NAME' };
  }
  if (text === undefined) return { why: 'NAME is missing (or --all for everything)' };
  const name = parseName(text);
  if (typeof name !== 'string') return { why: name.why };
  return { scope: subtree ? 'subtree' : 'name', name: nameToText(name) };
}

/** Sets as zone-file lines; what a zone file cannot say as comments. */
export function formatEntry({ kind, name, type, ttl, data, note }: CacheDumpEntry): string {
  switch (kind) {
    case 'rrset':
      return data.map((rdata) => `${name} ${ttl} IN ${type} ${rdata}`).join('\n') + ` ; ${note}`;
    case 'nxdomain':
      return `; ${name} does not exist, ${ttl} s: ${note}`;
    case 'nodata':
      return `; ${name} has no ${type}, ${ttl} s: ${note}`;
    case 'failure':
      return `; ${name} ${type} failed, not asked again for ${ttl} s: ${note}`;
    case 'delegation':
      return `; ${name} is delegated to ${data.join(', ')}, ${ttl} s: ${note}`;
    default:
      return kind satisfies never;
  }
}
