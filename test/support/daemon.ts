/**
 * `rootwalk start` as a child process with a directory and a configuration of its own, for end-to-end tests: on
 * loopback, at a port that the system chooses, without the hosts file of the machine.
 */

import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageDirectory } from '../../src/system/package-directory.ts';
import { startChild, type Child } from './child.ts';

export type ConfigSections = Readonly<Record<string, unknown>>;

export type DaemonSetup = {
  /** Of the configuration file; these are what is said in place of the defaults for tests. */
  readonly config?: ConfigSections;
  /** Words before `rootwalk`: `ip netns exec …`. */
  readonly inside?: readonly string[];
  readonly nodeOptions?: readonly string[];
  /** Where the package is to be found, when not where it is. */
  readonly from?: string;
};

export type RunningDaemon = Child & {
  readonly directory: string;
  readonly address: string;
  readonly port: number;
  /** Writes the configuration file anew and has the daemon read it. */
  reload(config: ConfigSections | string): void;
  /** Calls a sub-command with the daemon's configuration. */
  call(...words: string[]): Promise<{ code: number | string; out: string; err: string }>;
  /** SIGTERM; the exit code. */
  stop(): Promise<number | string>;
};

export type DaemonDirectory = { readonly path: string; readonly configFile: string; remove(): void };

/** A directory with a configuration file in it, for a daemon. */
export function daemonDirectory(config: ConfigSections = {}): DaemonDirectory {
  const path = mkdtempSync(join(tmpdir(), 'rootwalk-e2e-'));
  // A daemon that has become another user goes on using it.
  chmodSync(path, 0o755);
  const configFile = join(path, 'rootwalk.yaml');
  writeFileSync(configFile, configText(path, config));
  return { path, configFile, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export function configText(directory: string, config: ConfigSections): string {
  const { listen, local, ...others } = config;
  return JSON.stringify({
    listen: { dns: ['127.0.0.1:0'], ...(listen as object) },
    local: { hostsFiles: [], ...(local as object) },
    dataDirectory: join(directory, 'data'),
    user: '',
    // The internets of the tests are not signed from the root that we know.
    dnssec: { validate: false },
    ...others,
  });
}

/** Starts `node src/main.ts` with the given words. */
export function startProgram(
  words: readonly string[],
  { inside = [], nodeOptions = [], from = packageDirectory }: Omit<DaemonSetup, 'config'> = {},
): Child {
  const call = [process.execPath, ...nodeOptions, join(packageDirectory, 'src/main.ts')];
  const [program, ...args] = [...inside, ...call.map((word) => word.replace(packageDirectory, from)), ...words];
  return startChild(program, args, { env: { NO_COLOR: '1' } });
}

/** Settles when it answers; whoever starts it stops it. */
export async function startDaemon(setup: DaemonSetup = {}): Promise<RunningDaemon> {
  const directory = daemonDirectory(setup.config);
  const child = startProgram(['start', '--config', directory.configFile], setup);
  void child.ended.then(() => directory.remove());
  const [, address, port] = await child.says(/answers on \[?([0-9a-f.:]+)\]?:(\d+)/);
  return {
    ...child,
    directory: directory.path,
    address,
    port: Number(port),
    reload(config) {
      writeFileSync(directory.configFile, typeof config === 'string' ? config : configText(directory.path, config));
      child.process.kill('SIGHUP');
    },
    async call(...words) {
      const called = startProgram([...words, '--config', directory.configFile], setup);
      return { code: await called.ended, out: called.out(), err: called.err() };
    },
    stop() {
      child.process.kill('SIGTERM');
      return child.ended;
    },
  };
}
