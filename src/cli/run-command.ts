/**
 * From the words on the command line to the command that they name: the table of commands, `help`, `version`, and what
 * is said to a word that is no command.
 *
 * Commands are loaded when they are called, so that `rootwalk version` does not load a resolver.
 */

import { nearest } from '../config/nearest.ts';
import { packageVersion } from '../system/package-directory.ts';
import { ExitCode } from './command.ts';
import type { Command, Io } from './command.ts';
import { createProcessIo } from './process-io.ts';

export type CommandTable = Readonly<Record<string, () => Promise<{ readonly command: Command }>>>;

/** Each stands in the file of its name. */
const names = [
  'start',
  'demo',
  'check-config',
  'config-schema',
  'status',
  'query',
  'log',
  'cache',
  'anchors',
  'nta',
  'health',
] as const;

export const commands: CommandTable = Object.fromEntries(
  names.map((name) => [
    name,
    () => import(/* @vite-ignore */ `./${name}.ts`) as Promise<{ readonly command: Command }>,
  ]),
);

/** The exit code of the program called with these arguments. */
export function runProgram(args: readonly string[]): Promise<number> {
  return runCommand(args, commands, createProcessIo());
}

export async function runCommand(args: readonly string[], table: CommandTable, io: Io): Promise<number> {
  const [word = 'help', ...rest] = args;
  if (word === 'help' || word === '--help' || word === '-h') return help(rest[0], table, io);
  if (word === 'version' || word === '--version' || word === '-V') {
    io.stdout(`rootwalk ${packageVersion} (Node ${process.versions.node})\n`);
    return ExitCode.done;
  }
  if (!Object.hasOwn(table, word)) return unknownCommand(word, table, io);
  if (asksForHelp(rest)) return help(word, table, io);
  const { command } = await table[word]();
  return command.run(rest, io);
}

/** `--help` anywhere before a lone `--`, behind which nothing is an option. */
function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  const options = end < 0 ? args : args.slice(0, end);
  return options.includes('--help') || options.includes('-h');
}

async function help(word: string | undefined, table: CommandTable, io: Io): Promise<number> {
  if (word === undefined || word === 'help' || word === 'version') {
    io.stdout(await overview(table));
    return ExitCode.done;
  }
  if (!Object.hasOwn(table, word)) return unknownCommand(word, table, io);
  const { command } = await table[word]();
  io.stdout(`${command.summary}\n\n${command.usage.trim()}\n`);
  return ExitCode.done;
}

async function overview(table: CommandTable): Promise<string> {
  const loaded = await Promise.all(Object.values(table).map((load) => load()));
  const lines = [
    ...loaded.map(({ command }) => [command.name, command.summary]),
    ['version', 'Print the version'],
    ['help', 'Print this, or the usage of a command: rootwalk help COMMAND'],
  ];
  const width = Math.max(...lines.map(([name]) => name.length)) + 2;
  const list = lines.map(([name, summary]) => `  ${name.padEnd(width)}${summary}\n`).join('');
  return `rootwalk, a DNS resolver that walks from the root itself\n\nUsage: rootwalk COMMAND [OPTIONS]\n\n${list}`;
}

function unknownCommand(word: string, table: CommandTable, io: Io): number {
  const meant = nearest(word, [...Object.keys(table), 'version', 'help']);
  const remedy = meant === undefined ? 'see `rootwalk help`' : `did you mean ${meant}?`;
  io.stderr(`rootwalk: there is no command ${JSON.stringify(word)}; ${remedy}\n`);
  return ExitCode.usage;
}
