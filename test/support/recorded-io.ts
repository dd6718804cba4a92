/** An `Io` that keeps what a command writes. */

import type { Command, Io } from '../../src/cli/command.ts';

export type Called = { readonly code: number; readonly out: string; readonly err: string };

export async function callCommand(
  command: Command,
  args: readonly string[],
  changes: Partial<Io> = {},
): Promise<Called> {
  let out = '';
  let err = '';
  const io: Io = {
    stdout: (text) => void (out += text),
    stderr: (text) => void (err += text),
    drained: () => Promise.resolve(),
    env: {},
    isTerminal: false,
    ...changes,
  };
  const code = await command.run([...args], io);
  return { code, out, err };
}
