/**
 * The configuration: one schema that says for each key its type, default, range, and a sentence for the operator.
 *
 * Everything else about keys is made from it: the checks at start and reload (load.ts), docs/configuration.md, the
 * JSON Schema for editors and config/rootwalk.yaml (reference.ts). Paths that depend on the machine are settled in
 * settle.ts, rules between keys stand in agreement.ts.
 */

import type { z } from 'zod';
import { section } from './key.ts';
import { cache, local, log, queryLog } from './schema-data.ts';
import {
  access,
  answers,
  controlSocket,
  dataDirectory,
  identity,
  listen,
  threads,
  user,
  web,
} from './schema-listening.ts';
import { dnssec } from './schema-dnssec.ts';
import { iteration, roots, walks, zones } from './schema-walking.ts';

export const configSchema = section(
  {
    listen,
    access,
    answers,
    identity,
    roots,
    iteration,
    walks,
    zones,
    local,
    cache,
    dnssec,
    queryLog,
    log,
    web,
    threads,
    user,
    dataDirectory,
    controlSocket,
  },
  { says: 'The whole configuration.' },
);

/** As it is written in a file. */
export type ConfigInput = z.input<typeof configSchema>;
/** Checked, with all defaults but those that depend on the machine. */
export type CheckedConfig = z.output<typeof configSchema>;

export type TrustAnchors =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'records'; readonly lines: readonly string[] };

/** What the daemon runs by: every key has its value, every path is absolute. */
export type Config = Omit<CheckedConfig, 'dnssec'> & {
  readonly dataDirectory: string;
  readonly controlSocket: string;
  readonly roots: { readonly hints: string };
  /** What nobody chose to tell is told to this machine alone. */
  readonly identity: { readonly version: string; readonly isVersionForAll: boolean };
  readonly queryLog: { readonly directory: string };
  readonly dnssec: Omit<CheckedConfig['dnssec'], 'trustAnchors'> & { readonly trustAnchors: TrustAnchors };
};
