/**
 * Asks the running daemon over its control socket, and says what to do when that is not possible. The path comes from
 * `--socket`, else from the configuration given by `--config`, else from the defaults.
 */

import { connect, type Socket } from 'node:net';
import { loadConfig } from '../config/load.ts';
import { formatProblems } from '../config/problems.ts';
import { defaultConfig } from '../config/settle.ts';
import { printable } from '../observe/printable.ts';
import { ExitCode, type Command, type Io } from './command.ts';
import type { ControlMethod, ControlProtocol, ControlResponse } from '../daemon/control-protocol.ts';

/** Options of every command that talks to the daemon, for `readArguments`. */
export const socketOptions = { socket: { type: 'string' }, config: { type: 'string' } } as const;

export const socketUsage = `  --socket PATH   the control socket of the daemon to ask
  --config FILE   the configuration that names the control socket
`;

export type Asked<Result> =
  | { readonly kind: 'result'; readonly result: Result }
  | { readonly kind: 'problem'; readonly why: string };

export type ControlClient = {
  /** Asks, and gives each item on the way to `take`, which may take its time: the daemon waits. */
  ask<Method extends ControlMethod>(
    method: Method,
    params: ControlProtocol[Method]['params'],
    take?: (item: ControlProtocol[Method]['item']) => Promise<void>,
  ): Promise<Asked<ControlProtocol[Method]['result']>>;
};

/** The path of the socket to ask, or why none can be told. */
export function findSocket(given: {
  readonly socket?: string | undefined;
  readonly config?: string | undefined;
}): { readonly path: string } | { readonly why: string } {
  if (given.socket !== undefined) return { path: given.socket };
  if (given.config === undefined) return { path: defaultConfig().controlSocket };
  const loaded = loadConfig(given.config);
  return loaded.kind === 'loaded' ? { path: loaded.config.controlSocket } : { why: formatProblems(loaded.problems) };
}

export function createControlClient(path: string): ControlClient {
  return {
    async ask(method, params, take) {
      const socket = connect(path);
      try {
        socket.write(`${JSON.stringify({ id: 1, method, params })}\n`);
        return await readResponses(socket, take as ((item: unknown) => Promise<void>) | undefined);
      } catch (error) {
        return { kind: 'problem', why: explainFault(error, path) };
      } finally {
        socket.destroy();
      }
    },
  };
}

async function readResponses<Result>(
  socket: Socket,
  take: ((item: unknown) => Promise<void>) | undefined,
): Promise<Asked<Result>> {
  for await (const line of responseLines(socket)) {
    const response = JSON.parse(line) as ControlResponse;
    switch (response.kind) {
      case 'item':
        await take?.(response.item);
        break;
      case 'result':
        return { kind: 'result', result: response.result as Result };
      case 'error':
        return { kind: 'problem', why: `the daemon refused: ${response.why}` };
      default:
        response satisfies never;
    }
  }
  return { kind: 'problem', why: 'the daemon ended before it had answered' };
}

/** Reading by `for await` is the back-pressure: what is not taken stays with the daemon. */
async function* responseLines(socket: Socket): AsyncGenerator<string, void, void> {
  socket.setEncoding('utf8');
  let parts: string[] = [];
  for await (const chunk of socket as AsyncIterable<string>) {
    let start = 0;
    for (let end = chunk.indexOf('\n'); end >= 0; end = chunk.indexOf('\n', start)) {
      parts.push(chunk.slice(start, end));
      yield parts.join('');
      parts = [];
      start = end + 1;
    }
    parts.push(chunk.slice(start));
  }
}

/** Tells a problem on stderr; the exit code for the command to return. */
export function tellProblem(io: Io, command: Pick<Command, 'name'>, why: string): number {
  const text = why.trimEnd().split('\n').map(printable).join('\n');
  io.stderr(`rootwalk ${command.name}: ${text}\n`);
  return ExitCode.failed;
}

function explainFault(error: unknown, path: string): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOENT':
    case 'ECONNREFUSED':
      return (
        `the daemon is not running, or its control socket is not ${path}\n` +
        'Start it with `rootwalk start`, or name its socket with --socket PATH or its configuration with --config FILE.'
      );
    case 'EACCES':
    case 'EPERM':
      return (
        `permission denied to the control socket ${path}\n` +
        'Only the user that the daemon runs as may use it: call this as that user or with sudo.'
      );
    case 'ENOTSOCK':
    case 'EINVAL':
      return `${path} is no control socket`;
    default:
      return `the control socket ${path} cannot be used: ${String(error instanceof Error ? error.message : error)}`;
  }
}
