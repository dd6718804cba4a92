/**
 * What the schema says of a key beside its type: the sentence for the operator, why its range ends where it does, and
 * when a changed value takes effect. Pages, examples, JSON Schema and reload all read it from here.
 */

import { z } from 'zod';
import { byteSize, sizeText } from './values.ts';

export type KeyFacts = {
  /** One sentence for the operator. */
  readonly says: string;
  /** Why there is a bound, and why there. */
  readonly why?: string;
  /** In words, where the default depends on the machine. */
  readonly defaultText?: string;
  /** In words, where the JSON type does not say it: `list of prefixes`. */
  readonly form?: string;
  /** In words, where the JSON type does not say it: `from 1MiB to 1GiB`. */
  readonly range?: string;
  /** When a changed value takes effect at a reload (SIGHUP). A section's word holds for its keys. */
  readonly takesEffect?: 'at once' | 'at restart';
};

const facts = z.registry<KeyFacts>();

/** The schema of one key, with what is said of it. */
export function key<Schema extends z.ZodType>(schema: Schema, of: KeyFacts): Schema {
  facts.add(schema, of);
  return schema;
}

export function factsOf(schema: z.core.$ZodType): KeyFacts | undefined {
  return facts.get(schema as z.ZodType);
}

/** A group of keys; left out, every key in it has its default. An unknown key in it is a problem. */
export function section<Shape extends z.core.$ZodLooseShape>(shape: Shape, of: KeyFacts) {
  // Every key of a section has a default, so {} is a valid input; TypeScript cannot know it of any Shape.
  return key(z.strictObject(shape).prefault({} as never), of);
}

/** The keys of a section or of a list's entries; undefined where the schema is of a single value. */
export function keysOf(schema: z.core.$ZodType): Readonly<Record<string, z.core.$ZodType>> | undefined {
  const inner = unwrapped(schema);
  return inner._zod.def.type === 'object' ? (inner as z.core.$ZodObject)._zod.def.shape : undefined;
}

/** What each entry of a list is; undefined where the schema is no list. */
export function entryOf(schema: z.core.$ZodType): z.core.$ZodType | undefined {
  const inner = unwrapped(schema);
  return inner._zod.def.type === 'array' ? (inner as z.core.$ZodArray)._zod.def.element : undefined;
}

/** The schema of what is written, behind its default and before its transformation. */
function unwrapped(schema: z.core.$ZodType): z.core.$ZodType {
  const { def } = schema._zod;
  switch (def.type) {
    case 'prefault':
    case 'default':
    case 'optional':
      return unwrapped((def as z.core.$ZodDefaultDef).innerType);
    case 'pipe':
      return unwrapped((def as z.core.$ZodPipeDef).in);
    default:
      return schema;
  }
}

/** A whole number from `least` to `most`. */
export function whole(least: number, most: number, preset: number, of: KeyFacts) {
  return key(z.int().min(least).max(most).default(preset), of);
}

export function flag(preset: boolean, of: KeyFacts) {
  return key(z.boolean().default(preset), of);
}

export function choice<const Word extends string>(words: readonly Word[], preset: NoInfer<Word>, of: KeyFacts) {
  return key(z.enum(words).default(preset as never), of);
}

/** A list, each entry by `entry`; the default is given as it would be written. */
export function list<Entry extends z.ZodType>(entry: Entry, preset: readonly z.input<Entry>[], of: KeyFacts) {
  return key(z.array(entry).prefault([...preset] as never), of);
}

/** A path. A relative one is taken from the directory of the configuration file. */
export function path(of: KeyFacts) {
  return key(z.string().min(1).optional(), { form: 'path', ...of });
}

/** A number of bytes: plain, or with KiB, MiB or GiB behind it. */
export function size(least: number, most: number, preset: string, of: KeyFacts) {
  const range = `from ${sizeText(least)} to ${sizeText(most)}`;
  return key(byteSize(least, most).prefault(preset), { form: 'size', range, ...of });
}
