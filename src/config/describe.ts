/**
 * The keys of the schema in words: what may be written, what holds when nothing is. The pages, the example and the
 * messages about bad values all say it in these words.
 */

import { z } from 'zod';
import { factsOf, keysOf } from './key.ts';
import { configSchema } from './schema.ts';

export type KeyDescription = {
  readonly path: readonly string[];
  /** A section holds keys and has no value itself. */
  readonly isSection: boolean;
  /** `whole number`, `list of prefixes`, … */
  readonly form: string;
  /** `from 1 to 1000`; empty where any value of the form will do. */
  readonly range: string;
  /** What is written in a file to get the default; undefined where it depends on the machine (see `defaultText`). */
  readonly preset: unknown;
  /** The default in words or as YAML. */
  readonly defaultText: string;
  readonly says: string;
  readonly why: string;
  readonly takesEffect: 'at once' | 'at restart';
};

/** All keys in the order of the schema, a section before its keys. */
export function describeKeys(): readonly KeyDescription[] {
  described ??= describeSection(configSchema, [], 'at restart');
  return described;
}
/** Made when it is first asked for: a sound configuration starts without it. */
let described: readonly KeyDescription[] | undefined;

function describeSection(
  schema: z.core.$ZodType,
  above: readonly string[],
  effect: KeyDescription['takesEffect'],
): KeyDescription[] {
  return Object.entries(keysOf(schema) ?? {}).flatMap(([name, child]) => {
    const described = describeKey(child, [...above, name], effect);
    return described.isSection
      ? [described, ...describeSection(child, described.path, described.takesEffect)]
      : [described];
  });
}

function describeKey(
  schema: z.core.$ZodType,
  path: readonly string[],
  effect: KeyDescription['takesEffect'],
): KeyDescription {
  const facts = factsOf(schema);
  const json = inputSchema(schema);
  return {
    path,
    isSection: keysOf(schema) !== undefined,
    ...formAndRange(schema),
    preset: json.default,
    defaultText: facts?.defaultText ?? presetText(json.default),
    says: facts?.says ?? '',
    why: facts?.why ?? '',
    takesEffect: facts?.takesEffect ?? effect,
  };
}

/** `whole number` and `from 1 to 10`: what may be written for a value of this schema. */
export function formAndRange(schema: z.core.$ZodType): { form: string; range: string } {
  const facts = factsOf(schema);
  const json = inputSchema(schema);
  return { form: facts?.form ?? formOf(json), range: facts?.range ?? rangeOf(json) };
}

type JsonSchema = z.core.JSONSchema.JSONSchema;

function inputSchema(schema: z.core.$ZodType): JsonSchema {
  return z.toJSONSchema(schema, { io: 'input' }) as JsonSchema;
}

function formOf(json: JsonSchema): string {
  if (json.enum) return json.enum.map(String).join(', ');
  switch (json.type) {
    case 'integer':
      return 'whole number';
    case 'boolean':
      return 'true or false';
    case 'array':
      return 'list';
    case 'object':
      return 'section';
    default:
      return 'text';
  }
}

function rangeOf(json: JsonSchema): string {
  if (json.type === 'integer') return `from ${json.minimum} to ${json.maximum}`;
  return json.maxLength === undefined ? '' : `up to ${json.maxLength} characters`;
}

/** As it is written in YAML; the flow form is JSON. */
export function presetText(preset: unknown): string {
  if (Array.isArray(preset)) return `[${preset.map((entry) => JSON.stringify(entry)).join(', ')}]`;
  return typeof preset === 'string' && /^[A-Za-z][A-Za-z0-9]*$/.test(preset) ? preset : JSON.stringify(preset ?? null);
}
