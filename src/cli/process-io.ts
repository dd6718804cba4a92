/** `Io` of the running process. */

import type { Io } from './command.ts';

export function createProcessIo(): Io {
  // `rootwalk log | head`: the reader has seen enough, which is no failure of ours.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  process.stderr.on('error', () => {});
  return {
    stdout: (text) => void process.stdout.write(text),
    stderr: (text) => void process.stderr.write(text),
    drained: () =>
      new Promise((resolve) => {
        if (process.stdout.writableNeedDrain) process.stdout.once('drain', resolve);
        else resolve();
      }),
    env: process.env,
    isTerminal: process.stdout.isTTY,
  };
}
