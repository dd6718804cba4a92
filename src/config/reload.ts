/**
 * Compares the running configuration with the one that a reload brings: which keys changed, and which of them take
 * effect only when the daemon is started again. What is done about them is the daemon's.
 */

import { isDeepStrictEqual } from 'node:util';
import { describeKeys } from './describe.ts';
import type { Config } from './schema.ts';

export type ConfigChanges = {
  /** Keys such as `cache.maxTtl`, in the order of the schema. */
  readonly atOnce: readonly string[];
  readonly atRestart: readonly string[];
};

export function compareConfigs(running: Config, fresh: Config): ConfigChanges {
  const changed = describeKeys().filter(({ isSection, path }) => {
    return !isSection && !isDeepStrictEqual(valueAt(running, path), valueAt(fresh, path));
  });
  const keys = (effect: 'at once' | 'at restart'): string[] =>
    changed.filter(({ takesEffect }) => takesEffect === effect).map(({ path }) => path.join('.'));
  return { atOnce: keys('at once'), atRestart: keys('at restart') };
}

/**
 * What may run after a reload: the fresh configuration, with the running one's values where a change needs a restart.
 * So what the daemon believes and what it does cannot part.
 */
export function applicableConfig(running: Config, fresh: Config): Config {
  const applicable = structuredClone(fresh);
  for (const key of compareConfigs(running, fresh).atRestart) {
    const path = key.split('.');
    const holder = valueAt(applicable, path.slice(0, -1)) as Record<string, unknown>;
    holder[path[path.length - 1]] = valueAt(running, path);
  }
  return applicable;
}

function valueAt(config: Config, path: readonly string[]): unknown {
  let here: unknown = config;
  for (const step of path) here = (here as Readonly<Record<string, unknown>>)[step];
  return here;
}
