/** A program as a child process whose words are kept, for end-to-end tests. */

import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';

export type Child = {
  readonly process: ChildProcess;
  out(): string;
  err(): string;
  /** Waits until it has said that, on either stream; throws with its words when it ends first or time is up. */
  says(what: RegExp, timeoutMs?: number): Promise<RegExpExecArray>;
  /** The exit code; the name of the signal for a process that was killed by one. */
  readonly ended: Promise<number | string>;
  /** Ends it at once where it still runs. */
  kill(): Promise<void>;
};

export function startChild(
  program: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Child {
  const child = spawn(program, args, { ...options, env: { ...process.env, ...options.env }, stdio: 'pipe' });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => void (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => void (err += text));
  child.stdin.end();
  const ended = new Promise<number | string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    // Not `exit`: its last words come before `close`.
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'gone'));
  });
  let isOver = false;
  void ended.then(() => (isOver = true));
  return {
    process: child,
    out: () => out,
    err: () => err,
    ended,
    async says(what, timeoutMs = 10_000) {
      for (let waited = 0; ; waited += 20) {
        const found = what.exec(out) ?? what.exec(err);
        if (found !== null) return found;
        if (isOver || waited >= timeoutMs) throw new Error(`it did not say ${String(what)}, but:\n${out}${err}`);
        await pause(20);
      }
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
