/**
 * A network of its own for end-to-end tests (`ip netns`): nothing in it but a loopback interface, so port 53 is free
 * and there is no way out. Only root, and not in every container, may make one.
 */

import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Why none can be made here, or undefined. */
export const namespacesAreMissing: string | undefined = probe();

export type Namespace = {
  /** Words before a program that is to run in it. */
  readonly inside: readonly string[];
  /** Runs a program in it; what it prints. */
  run(...words: string[]): Promise<string>;
  /** When nothing runs in it any more. */
  remove(): Promise<void>;
};

let serial = 0;

export async function createNamespace(): Promise<Namespace> {
  const name = `rootwalk-${process.pid}-${++serial}`;
  const inside = ['ip', 'netns', 'exec', name];
  await run('ip', ['netns', 'add', name]);
  const runInside = async (...words: string[]): Promise<string> => {
    const [program, ...args] = [...inside, ...words];
    return (await run(program, args, { env: { ...process.env, HOME: '/nonexistent' } })).stdout;
  };
  await runInside('ip', 'link', 'set', 'lo', 'up');
  return { inside, run: runInside, remove: async () => void (await run('ip', ['netns', 'delete', name])) };
}

function probe(): string | undefined {
  if (process.getuid?.() !== 0) return 'only root may make network namespaces';
  const name = `rootwalk-${process.pid}-probe`;
  if (spawnSync('ip', ['netns', 'add', name]).status !== 0) return 'network namespaces cannot be made here';
  spawnSync('ip', ['netns', 'delete', name]);
  return undefined;
}
