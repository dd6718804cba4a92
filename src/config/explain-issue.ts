/**
 * Turns what the schema objects to into sentences: which key, what is wrong with its value, and what would be right.
 */

import type { z } from 'zod';
import { describeKeys, formAndRange, presetText } from './describe.ts';
import { entryOf, factsOf, keysOf } from './key.ts';
import { nearest } from './nearest.ts';
import { configSchema } from './schema.ts';

export type Objection = {
  readonly path: readonly PropertyKey[];
  /** Where to point: at the name of the key, or at its value. */
  readonly at: 'key' | 'value';
  readonly reason: string;
  readonly remedy: string;
};

/** `value` is what stands at the issue's path; one issue can be about several unknown keys. */
export function explainIssue(issue: z.core.$ZodIssue, value: unknown): Objection[] {
  if (issue.code === 'unrecognized_keys') return issue.keys.map((unknown) => explainUnknownKey(issue.path, unknown));
  return [{ path: issue.path, at: 'value', ...explainValue(issue, value) }];
}

function explainUnknownKey(path: readonly PropertyKey[], unknown: string): Objection {
  const siblings = Object.keys(keysOf(schemaAt(path)) ?? {});
  return {
    path: [...path, unknown],
    at: 'key',
    reason: 'there is no such key',
    remedy: meantKey(unknown, siblings) ?? `the keys here are ${siblings.join(', ')}`,
  };
}

/** A slip of the hand in the right section, or the right word in the wrong one. */
function meantKey(unknown: string, siblings: readonly string[]): string | undefined {
  const sibling = nearest(unknown, siblings);
  if (sibling !== undefined) return `did you mean ${sibling}?`;
  const elsewhere = describeKeys().find(({ path }) => path.at(-1) === unknown || path.join('.') === unknown);
  return elsewhere === undefined
    ? undefined
    : `it is written ${elsewhere.path.join(': {')}: …${'}'.repeat(elsewhere.path.length - 1)}`;
}

function explainValue(issue: z.core.$ZodIssue, value: unknown): { reason: string; remedy: string } {
  const shown = show(value);
  const expected = expectedAt(issue.path);
  switch (issue.code) {
    case 'custom':
      return { reason: issue.message, remedy: String(issue.params?.['remedy'] ?? '') };
    case 'invalid_value': {
      const meant = typeof value === 'string' ? nearest(value, issue.values.map(String)) : undefined;
      const reason = `${shown} is none of ${issue.values.map(String).join(', ')}`;
      return { reason, remedy: meant === undefined ? '' : `did you mean ${meant}?` };
    }
    case 'too_small':
      if (issue.origin === 'array') return { reason: 'the list is empty', remedy: expected.remedy };
      if (issue.origin === 'string') return { reason: 'the text is empty', remedy: expected.remedy };
      return { reason: `${shown} is less than ${issue.minimum}`, remedy: expected.remedy };
    case 'too_big':
      if (issue.origin === 'string')
        return { reason: `the text is longer than ${issue.maximum} characters`, remedy: '' };
      return { reason: `${shown} is more than ${issue.maximum}`, remedy: expected.remedy };
    default:
      // `[::1]:53` without quotes is a list and a key to YAML.
      if (typeof value === 'object' && value !== null && typeof issue.path.at(-1) === 'number') {
        return { reason: `${shown} is not text`, remedy: 'put quotes around text with brackets or colons: "[::1]:53"' };
      }
      return { reason: `${shown} is not ${article(expected.form)}`, remedy: expected.remedy };
  }
}

function expectedAt(path: readonly PropertyKey[]): { form: string; remedy: string } {
  const schema = schemaAt(path);
  const { form, range } = formAndRange(schema);
  if (keysOf(schema) !== undefined)
    return { form, remedy: `write keys below it: ${Object.keys(keysOf(schema) ?? {}).join(', ')}` };
  const described = describeKeys().find((known) => known.path.join('.') === path.map(String).join('.'));
  const preset = described === undefined ? '' : ` (default: ${described.defaultText})`;
  const why = factsOf(schema)?.why;
  const reason = why === undefined ? '' : `. ${why}`;
  return { form, remedy: `write ${article(form)}${range === '' ? '' : ' '}${range}${preset}${reason}` };
}

/** The schema of the value at a path; where the path leads nowhere, the last that it came by. */
function schemaAt(path: readonly PropertyKey[]): z.core.$ZodType {
  let schema: z.core.$ZodType = configSchema;
  for (const step of path) {
    const next = typeof step === 'number' ? entryOf(schema) : keysOf(schema)?.[String(step)];
    if (next === undefined) break;
    schema = next;
  }
  return schema;
}

function show(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  const text = typeof value === 'string' ? JSON.stringify(value) : presetText(value);
  return text.length <= 60 ? text : `${text.slice(0, 57)}…`;
}

/** `a whole number`; words that are a choice of values (`true or false`, `auto, on, off`) stand alone. */
function article(form: string): string {
  return /^(whole|list|path|size|section|user)/.test(form) ? `a ${form}` : form;
}
