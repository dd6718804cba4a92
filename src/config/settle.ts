/**
 * Settles what a checked configuration leaves to the machine: default directories, files that come with rootwalk,
 * and relative paths, which are taken from the directory of the configuration file.
 */

import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { packageDirectory, packageVersion } from '../system/package-directory.ts';
import { configSchema } from './schema.ts';
import type { CheckedConfig, Config, ConfigInput, TrustAnchors } from './schema.ts';

export type Machine = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isRoot: boolean;
  readonly home: string;
};

export function thisMachine(): Machine {
  return { env: process.env, isRoot: process.getuid?.() === 0, home: homedir() };
}

export function settle(checked: CheckedConfig, directory: string, machine: Machine): Config {
  const absolute = (path: string): string => resolve(directory, path);
  const dataDirectory = absolute(checked.dataDirectory ?? defaultDataDirectory(machine));
  return {
    ...checked,
    dataDirectory,
    controlSocket: absolute(checked.controlSocket ?? join(dataDirectory, 'control.sock')),
    identity: {
      ...checked.identity,
      version: checked.identity.version ?? `rootwalk ${packageVersion}`,
      isVersionForAll: checked.identity.version !== undefined,
    },
    roots: { ...checked.roots, hints: absolute(checked.roots.hints ?? bundled('named.root')) },
    local: { ...checked.local, hostsFiles: checked.local.hostsFiles.map(absolute) },
    queryLog: { ...checked.queryLog, directory: absolute(checked.queryLog.directory ?? join(dataDirectory, 'log')) },
    dnssec: { ...checked.dnssec, trustAnchors: settleTrustAnchors(checked.dnssec.trustAnchors, absolute) },
  };
}

/** The configuration of an empty file, or of `changes` to it; for tests, the demo, and a start without a file. */
export function defaultConfig(changes: ConfigInput = {}, machine: Machine = thisMachine()): Config {
  return settle(configSchema.parse(changes), process.cwd(), machine);
}

/** The same configuration on another port, each address once: what `--port` means. */
export function withPort(config: Config, port: number): Config {
  const addresses = new Set(config.listen.dns.map(({ address }) => address));
  const dns = Array.from(addresses, (address) => ({ address, port }));
  return { ...config, listen: { ...config.listen, dns } };
}

/** By the XDG base directory specification, state that outlives a restart and is not worth a backup. */
function defaultDataDirectory({ env, isRoot, home }: Machine): string {
  if (isRoot) return '/var/lib/rootwalk';
  return join(env['XDG_STATE_HOME'] || join(home, '.local', 'state'), 'rootwalk');
}

function settleTrustAnchors(
  given: CheckedConfig['dnssec']['trustAnchors'],
  absolute: (path: string) => string,
): TrustAnchors {
  if (Array.isArray(given)) return { kind: 'records', lines: given };
  return { kind: 'file', path: absolute(given ?? bundled('root-anchors.ds')) };
}

function bundled(file: string): string {
  return join(packageDirectory, 'root-hints', file);
}
