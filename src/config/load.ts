/**
 * From the text of a configuration file to a configuration, or to everything that is wrong with it, each problem with
 * its line, column, key, reason and remedy. Warnings are problems one can live with.
 *
 * Reads YAML 1.2, of which JSON is a part. A file without any key is sound and has all defaults.
 */

import { dirname, resolve } from 'node:path';
import { findContradictions, findDoubts } from './agreement.ts';
import { explainIssue } from './explain-issue.ts';
import type { Objection } from './explain-issue.ts';
import { keysOf } from './key.ts';
import { checkNamedFiles, readTextFile } from './named-files.ts';
import type { FileReading } from './named-files.ts';
import { keyText } from './problems.ts';
import type { Problem } from './problems.ts';
import { configSchema } from './schema.ts';
import type { Config } from './schema.ts';
import { settle, thisMachine } from './settle.ts';
import type { Machine } from './settle.ts';
import { readYaml } from './yaml-text.ts';
import type { YamlText } from './yaml-text.ts';

export type LoadResult =
  | { readonly kind: 'loaded'; readonly config: Config; readonly warnings: readonly Problem[] }
  | { readonly kind: 'problems'; readonly problems: readonly Problem[] };

/** Reads and checks the file and the files that it names. */
export function loadConfig(file: string, machine: Machine = thisMachine(), read = readTextFile): LoadResult {
  const reading = read(file);
  if (reading.kind === 'unreadable') return refuse([wholeFile(file, reading.why)]);
  return checkConfig(reading.text, file, machine, read);
}

/** The same for text that is at hand; `file` is what problems name, and where relative paths start. */
export function checkConfig(
  text: string,
  file: string,
  machine: Machine = thisMachine(),
  read: (file: string) => FileReading = readTextFile,
): LoadResult {
  const yaml = readYaml(text, file);
  if (yaml.kind === 'problems') return refuse(yaml.problems);
  const value = withoutEmptySections(yaml.value ?? {}, configSchema);
  const checked = configSchema.safeParse(value);
  const place = (objections: readonly Objection[]): Problem[] => objections.map((one) => placed(one, yaml, file));
  if (!checked.success) {
    return refuse(place(checked.error.issues.flatMap((issue) => explainIssue(issue, valueAt(value, issue.path)))));
  }
  const contradictions = findContradictions(checked.data);
  if (contradictions.length > 0) return refuse(place(contradictions));
  const config = settle(checked.data, dirname(resolve(file)), machine);
  const named = checkNamedFiles(config, read);
  if (named.problems.length > 0) return refuse(place(named.problems));
  return {
    kind: 'loaded',
    config,
    warnings: [...yaml.warnings, ...place([...findDoubts(checked.data), ...named.warnings])],
  };
}

/** `iteration:` with all its keys commented out is a section without keys, which YAML calls null. */
function withoutEmptySections(value: unknown, schema: Parameters<typeof keysOf>[0]): unknown {
  const keys = keysOf(schema);
  if (keys === undefined) return value;
  if (value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) return value;
  const entries = Object.entries(value).map(([name, child]): [string, unknown] => {
    return [name, Object.hasOwn(keys, name) ? withoutEmptySections(child, keys[name]) : child];
  });
  return Object.fromEntries(entries);
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let here: unknown = value;
  for (const step of path) {
    if (typeof here !== 'object' || here === null) return undefined;
    here = (here as Readonly<Record<PropertyKey, unknown>>)[step];
  }
  return here;
}

function placed({ path, at, reason, remedy }: Objection, yaml: YamlText, file: string): Problem {
  return { file, place: yaml.placeOf(path, at), key: keyText(path), reason, remedy };
}

function wholeFile(file: string, reason: string): Problem {
  return { file, place: undefined, key: '', reason, remedy: '' };
}

function refuse(problems: readonly Problem[]): LoadResult {
  return { kind: 'problems', problems };
}
