/**
 * What a sub-command is, and how its arguments are read: one set of rules and messages for all of them.
 *
 * A command writes through `Io` and returns its exit code: 0 done, 1 could not, 2 was called wrongly.
 * `--help` never reaches a command; run-command.ts prints its usage.
 */

import { parseArgs } from 'node:util';
import type { ParseArgsOptionsConfig } from 'node:util';
import { nearest } from '../config/nearest.ts';

export type Io = {
  stdout(text: string): void;
  stderr(text: string): void;
  /** Resolves when what was written to stdout has been taken: a long output waits here and does not grow in memory. */
  drained(): Promise<void>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Stdout is a terminal: colours are welcome there unless NO_COLOR says otherwise. */
  readonly isTerminal: boolean;
};

export type Command = {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What `--help` prints: the call, then each option in a line. */
  readonly usage: string;
  run(args: string[], io: Io): Promise<number>;
};

export const ExitCode = { done: 0, failed: 1, usage: 2 } as const;

type ParsedValues<Options extends ParseArgsOptionsConfig> = ReturnType<
  typeof parseArgs<{ args: string[]; options: Options; allowPositionals: true; strict: true }>
>['values'];

export type Arguments<Options extends ParseArgsOptionsConfig> =
  | { readonly kind: 'arguments'; readonly values: ParsedValues<Options>; readonly positionals: string[] }
  | { readonly kind: 'bad-usage'; readonly why: string };

/** What may stand beside the options, named as in the usage: `NAME [TYPE]` is `{ required: ['NAME'], optional: ['TYPE'] }`. */
export type Positionals = { readonly required?: readonly string[]; readonly optional?: readonly string[] };

/** Reads arguments by `node:util` parseArgs; a bad one gets a sentence that names the option that was probably meant. */
export function readArguments<const Options extends ParseArgsOptionsConfig>(
  args: readonly string[],
  options: Options,
  positionals: Positionals = {},
): Arguments<Options> {
  // Not strict: the tokens say what is wrong better than the exception does.
  const read = parseArgs({ args: [...args], options, allowPositionals: true, strict: false, tokens: true });
  for (const token of read.tokens) {
    const why = token.kind === 'option' ? optionProblem(token, options) : undefined;
    if (why !== undefined) return { kind: 'bad-usage', why };
  }
  const why = positionalProblem(read.positionals, positionals);
  if (why !== undefined) return { kind: 'bad-usage', why };
  // Each value has been held against its option above, so it has the type that strict parsing would give.
  return { kind: 'arguments', values: read.values, positionals: read.positionals };
}

/** Says on stderr what was wrong with the call and how it goes; the exit code for the caller to return. */
export function badUsage(io: Io, command: Pick<Command, 'name'>, why: string): number {
  io.stderr(`rootwalk ${command.name}: ${why}\nSee \`rootwalk help ${command.name}\`.\n`);
  return ExitCode.usage;
}

type OptionToken = {
  readonly name: string;
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
};

function optionProblem(token: OptionToken, options: ParseArgsOptionsConfig): string | undefined {
  if (!Object.hasOwn(options, token.name)) {
    const meant = nearest(token.name, Object.keys(options));
    return `there is no option ${token.rawName}` + (meant === undefined ? '' : `; did you mean --${meant}?`);
  }
  const takesValue = options[token.name]?.type === 'string';
  if (!takesValue) return token.value === undefined ? undefined : `${token.rawName} takes no value`;
  if (token.value === undefined || token.value === '') return `${token.rawName} needs a value`;
  // `--since --follow` forgot the value; one that does begin with a dash is written with `=`.
  if (token.value.startsWith('-') && token.inlineValue !== true) {
    return `${token.rawName} needs a value (one that begins with a dash is written ${token.rawName}=${token.value})`;
  }
  return undefined;
}

function positionalProblem(
  given: readonly string[],
  { required = [], optional = [] }: Positionals,
): string | undefined {
  if (given.length < required.length) return `${required[given.length]} is missing`;
  const most = required.length + optional.length;
  return given.length > most ? `"${given[most]}" is one argument too many` : undefined;
}

/** A port number; undefined when the text is none. */
export function readPort(text: string): number | undefined {
  const port = /^[0-9]{1,5}$/.test(text) ? Number(text) : Infinity;
  return port <= 65535 ? port : undefined;
}
