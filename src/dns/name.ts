/**
 * Domain names as the octets that stand on the wire.
 *
 * A `Name` is the uncompressed wire form (length octet, label, …, zero octet), ASCII letters folded to
 * lower case (RFC 4343 §3), held one octet a character in a JavaScript string. V8 stores such a string in one
 * byte a character and remembers its hash, so a name is compared, sliced to its parent and used as a key at
 * no more than the cost of its octets, and `a.b` in one label can never be taken for two labels.
 *
 * Text for people (RFC 1035 §5.1 escapes) is made and read here too; it is never used as a key.
 */

import { domainToASCII, domainToUnicode } from 'node:url';

declare const brand: unique symbol;
/** A domain name: uncompressed wire octets, folded to lower case, one octet a character; 1 to 255 octets. */
export type Name = string & { readonly [brand]: 'Name' };

export const ROOT = '\0' as Name;

/** RFC 1035 §2.3.4: a name has at most 255 octets, a label at most 63. */
export const MAX_NAME_OCTETS = 255;
export const MAX_LABEL_OCTETS = 63;

export type NameProblem = { readonly kind: 'bad-name'; readonly why: string };

/** RFC 4343 §3: only the ASCII letters fold; every other octet is itself. */
export function foldOctet(octet: number): number {
  return octet >= 0x41 && octet <= 0x5a ? octet | 0x20 : octet;
}

/** The folded name from uncompressed wire octets that are known to be well-formed. */
export function nameFromWire(octets: Uint8Array, start = 0, end = octets.length): Name {
  for (let i = start; i < end; i++) scratch[i - start] = foldOctet(octets[i]);
  return nameFromFolded(scratch, end - start);
}
const scratch = Buffer.allocUnsafeSlow(MAX_NAME_OCTETS);

/**
 * The name whose folded octets stand at the front of `octets`. One call that makes a flat string costs half of adding
 * a character at a time, which leaves a tree to be flattened when the name is first used as a key (bench/wire.ts).
 */
export function nameFromFolded(octets: Buffer, length: number): Name {
  return octets.toString('latin1', 0, length) as Name;
}

/** Writes the name's octets (folded, uncompressed) at `at` and returns the offset behind them. */
export function writeName(name: Name, target: Uint8Array, at: number): number {
  for (let i = 0; i < name.length; i++) target[at + i] = name.charCodeAt(i);
  return at + name.length;
}

export function nameToWire(name: Name): Uint8Array {
  const octets = new Uint8Array(name.length);
  writeName(name, octets, 0);
  return octets;
}

/** The name with its first label taken off; the root's parent is the root. */
export function parentOf(name: Name): Name {
  const length = name.charCodeAt(0);
  return length === 0 ? ROOT : (name.slice(length + 1) as Name);
}

/** How many labels the name has, the root label not counted (RFC 4034 §3.1.3). */
export function labelCount(name: Name): number {
  let count = 0;
  for (let at = 0; name.charCodeAt(at) !== 0; at += name.charCodeAt(at) + 1) count++;
  return count;
}

/** The ancestor (or the name itself) that has exactly `labels` labels; `labels` may not exceed the name's own. */
export function ancestorWithLabels(name: Name, labels: number): Name {
  let surplus = labelCount(name) - labels;
  let at = 0;
  for (; surplus > 0; surplus--) at += name.charCodeAt(at) + 1;
  return name.slice(at) as Name;
}

/** True when `name` is `zone` or stands below it (a subdomain, RFC 9499 §7). */
export function isAtOrBelow(name: Name, zone: Name): boolean {
  const surplus = name.length - zone.length;
  if (surplus < 0 || !name.endsWith(zone)) return false;
  // The octets agree; they are a suffix of labels only when a label boundary stands exactly there.
  let at = 0;
  while (at < surplus) at += name.charCodeAt(at) + 1;
  return at === surplus;
}

export function isBelow(name: Name, zone: Name): boolean {
  return name.length > zone.length && isAtOrBelow(name, zone);
}

/** The name's labels, leftmost first, each as octets in a string; the root label left out. */
export function labelsOf(name: Name): string[] {
  const labels: string[] = [];
  for (let at = 0; name.charCodeAt(at) !== 0;) {
    const length = name.charCodeAt(at);
    labels.push(name.slice(at + 1, at + 1 + length));
    at += length + 1;
  }
  return labels;
}

/** A name from labels (leftmost first, octets in strings); undefined when a limit of RFC 1035 §2.3.4 is broken. */
export function nameFromLabels(labels: readonly string[]): Name | undefined {
  let name = '';
  for (const label of labels) {
    if (label.length === 0 || label.length > MAX_LABEL_OCTETS) return undefined;
    name += String.fromCharCode(label.length) + foldText(label);
  }
  return name.length < MAX_NAME_OCTETS ? ((name + '\0') as Name) : undefined;
}

/** `label` put in front of `name`; undefined when the result would be too long. */
export function prepend(label: string, name: Name): Name | undefined {
  if (label.length === 0 || label.length > MAX_LABEL_OCTETS) return undefined;
  if (label.length + 1 + name.length > MAX_NAME_OCTETS) return undefined;
  return (String.fromCharCode(label.length) + foldText(label) + name) as Name;
}

/** True when the leftmost label is `*` (RFC 4592 §2.1.1). */
export function isWildcard(name: Name): boolean {
  return name.charCodeAt(0) === 1 && name.charCodeAt(1) === 0x2a;
}

/** The deepest name that both are at or below. */
export function commonAncestor(a: Name, b: Name): Name {
  let ancestor = a;
  while (!isAtOrBelow(b, ancestor)) ancestor = parentOf(ancestor);
  return ancestor;
}

/** Canonical DNS name order (RFC 4034 §6.1): by label from the right, octets as unsigned numbers. */
export function compareCanonical(a: Name, b: Name): number {
  const left = labelsOf(a);
  const right = labelsOf(b);
  for (let i = 1; i <= left.length && i <= right.length; i++) {
    const x = left[left.length - i];
    const y = right[right.length - i];
    if (x !== y) return x < y ? -1 : 1;
  }
  return left.length - right.length;
}

/**
 * RFC 6672 §2.2: the part of `name` below `owner` put in front of `target`. Undefined when `name` is not below
 * `owner`, or the result is longer than 255 octets (then the answer is YXDOMAIN).
 */
export function substituteSuffix(name: Name, owner: Name, target: Name): Name | undefined {
  if (!isBelow(name, owner)) return undefined;
  const substituted = name.slice(0, name.length - owner.length) + target;
  return substituted.length <= MAX_NAME_OCTETS ? (substituted as Name) : undefined;
}

/** Presentation form, RFC 1035 §5.1: a dot at the end, `\.` and `\\` escaped, octets beyond printable ASCII as `\DDD`. */
export function nameToText(name: Name): string {
  if (name === ROOT) return '.';
  let text = '';
  for (const label of labelsOf(name)) text += escapeLabel(label) + '.';
  return text;
}

function escapeLabel(label: string): string {
  let text = '';
  for (let i = 0; i < label.length; i++) {
    const octet = label.charCodeAt(i);
    if (octet <= 0x20 || octet >= 0x7f) text += '\\' + String(octet).padStart(3, '0');
    else if (SPECIAL.has(octet)) text += '\\' + label[i];
    else text += label[i];
  }
  return text;
}
/** `"` `$` `(` `)` `.` `;` `@` `\`: what a master file reads as something else. */
const SPECIAL = new Set([0x22, 0x24, 0x28, 0x29, 0x2e, 0x3b, 0x40, 0x5c]);

/** Presentation form of uncompressed wire octets that are known to be well-formed, with the letter case they have. */
export function wireNameToText(octets: Uint8Array, start = 0): string {
  if (octets[start] === 0) return '.';
  let text = '';
  for (let at = start; octets[at] !== 0; at += octets[at] + 1) {
    text += escapeLabel(String.fromCharCode(...octets.subarray(at + 1, at + 1 + octets[at]))) + '.';
  }
  return text;
}

/**
 * The name with its `xn--` labels as people write them (RFC 5890 §2.3.2.1), to be shown beside `nameToText`, never
 * instead of it: two names that differ may look alike. Undefined when the name has no such label, or none that is sound.
 */
export function nameToUnicode(name: Name): string | undefined {
  if (!name.includes('xn--')) return undefined;
  let isInternational = false;
  let text = '';
  for (const label of labelsOf(name)) {
    const unicode = label.startsWith('xn--') ? unicodeLabel(label) : undefined;
    isInternational ||= unicode !== undefined;
    text += (unicode ?? escapeLabel(label)) + '.';
  }
  return isInternational ? text : undefined;
}

/** Only a U-label that leads back to the same A-label is shown: anything else would be a lie about the octets. */
function unicodeLabel(label: string): string | undefined {
  if (!/^xn--[a-z0-9-]+$/.test(label)) return undefined;
  const unicode = domainToUnicode(label);
  return unicode !== label && !unicode.includes('.') && domainToASCII(unicode) === label ? unicode : undefined;
}

/**
 * Reads presentation form. A name without its final dot is relative to `origin` (the root unless given).
 * Characters beyond ASCII are refused: an IDN is written by its A-label.
 */
export function parseName(text: string, origin: Name = ROOT): Name | NameProblem {
  const parsed = parseText(text, origin);
  return typeof parsed === 'string' ? (foldText(parsed) as Name) : parsed;
}

/** As `parseName`, as wire octets with the letter case that was written. */
export function parseWireName(text: string, origin: Name = ROOT): Uint8Array | NameProblem {
  const parsed = parseText(text, origin);
  return typeof parsed === 'string' ? nameToWire(parsed as Name) : parsed;
}

/** Uncompressed wire octets in a string, letter case as written. */
function parseText(text: string, origin: Name): string | NameProblem {
  const bad = (why: string): NameProblem => ({ kind: 'bad-name', why: `${JSON.stringify(excerpt(text))}: ${why}` });
  if (text === '.') return ROOT;
  if (text === '@') return origin;
  if (text === '') return bad('a name may not be empty');
  let name = '';
  let label = '';
  for (let i = 0; i < text.length; i++) {
    let octet = text.charCodeAt(i);
    if (octet === 0x2e) {
      if (label === '') return bad('two dots follow each other, or the name begins with one');
      name += String.fromCharCode(label.length) + label;
      label = '';
      continue;
    }
    if (octet === 0x5c) {
      const escaped = readEscape(text, i);
      if (typeof escaped === 'string') return bad(escaped);
      i += escaped.length - 1;
      octet = escaped.octet;
    } else if (octet > 0x7f) {
      return bad(NOT_ASCII);
    }
    label += String.fromCharCode(octet);
    if (label.length > MAX_LABEL_OCTETS) return bad('a label is longer than 63 octets');
    if (name.length > MAX_NAME_OCTETS) return bad(TOO_LONG);
  }
  // Without a final dot the last label is still open, and the name goes on with the origin.
  name += label === '' ? ROOT : String.fromCharCode(label.length) + label + origin;
  return name.length <= MAX_NAME_OCTETS ? name : bad(TOO_LONG);
}
const NOT_ASCII = 'a character is not ASCII (write an international name by its xn-- form)';
const TOO_LONG = 'it is longer than 255 octets';

/** An escape of RFC 1035 §5.1, `\X` or `\DDD`, at `at`: the octet and how many characters it takes, or what is wrong. */
export function readEscape(text: string, at: number): { octet: number; length: number } | string {
  const next = text.charCodeAt(at + 1);
  if (Number.isNaN(next)) return 'it ends inside an escape';
  if (next > 0x7f) return NOT_ASCII;
  if (next < 0x30 || next > 0x39) return { octet: next, length: 2 };
  const digits = text.slice(at + 1, at + 4);
  if (!/^[0-9]{3}$/.test(digits)) return `\\${digits} is neither \\DDD nor an escaped character`;
  const octet = Number(digits);
  return octet <= 255 ? { octet, length: 4 } : `\\${digits} is not an octet`;
}

/** What a message quotes of a text that may be a megabyte. */
function excerpt(text: string): string {
  return text.length <= 80 ? text : text.slice(0, 77) + '…';
}

/** For names written in our own source and tests: throws where `parseName` would report. */
export function name(text: string): Name {
  const parsed = parseName(text);
  if (typeof parsed !== 'string') throw new TypeError(parsed.why);
  return parsed;
}

function foldText(octets: string): string {
  let folded = '';
  for (let i = 0; i < octets.length; i++) folded += String.fromCharCode(foldOctet(octets.charCodeAt(i)));
  return folded;
}
