/**
 * Reads the form of /etc/hosts: an address, then names, the first of them the canonical one; `#` begins a comment.
 *
 * What is not sound is left out, with its line and the reason, and the rest still counts: a line whose address is none,
 * a name that no host has. An IPv6 scope (`fe80::1%eth0`) is read over, as it means nothing to whoever asks us. There
 * are no wildcards in this form.
 */

import { addressFromText } from '../dns/address.ts';
import { MAX_LABEL_OCTETS, MAX_NAME_OCTETS, parseName, type Name } from '../dns/name.ts';

export type HostsEntry = {
  /** 4 or 16 octets; the same object for the same text. */
  readonly address: Uint8Array;
  /** The canonical name, then its aliases; at least one. */
  readonly names: readonly [Name, ...Name[]];
};
export type HostsProblem = { readonly line: number; readonly why: string };

export type HostsReading = {
  readonly entries: HostsEntry[];
  /** The first MOST_PROBLEMS. */
  readonly problems: HostsProblem[];
  readonly problemCount: number;
};

/** Some thousand names; a line is taken apart as a whole, so a file of one line may not become millions of words at once. */
export const MOST_LINE_CHARACTERS = 64 * 1024;
/** A file of another kind altogether would fill the log. */
export const MOST_PROBLEMS = 20;

export function parseHostsFile(text: string): HostsReading {
  const entries: HostsEntry[] = [];
  const problems: HostsProblem[] = [];
  const addresses = new Map<string, Uint8Array | undefined>();
  let problemCount = 0;
  let line = 0;

  const object = (why: string): void => {
    if (++problemCount <= MOST_PROBLEMS) problems.push({ line, why });
  };
  const readAddress = (word: string): Uint8Array | undefined => {
    if (addresses.has(word)) return addresses.get(word);
    const scope = word.indexOf('%');
    const address = addressFromText(scope < 0 ? word : word.slice(0, scope));
    addresses.set(word, address);
    return address;
  };
  const readLine = (words: readonly string[]): void => {
    const address = readAddress(words[0]);
    if (address === undefined) {
      object(`${quote(words[0])} is no IP address`);
      return;
    }
    const names: Name[] = [];
    for (let i = 1; i < words.length; i++) {
      const read = readHostName(words[i]);
      if (typeof read === 'string') names.push(read);
      else object(read.why);
    }
    if (words.length === 1) object(`${words[0]} has no name`);
    if (isNotEmpty(names)) entries.push({ address, names });
  };

  for (let start = 0; start < text.length;) {
    let end = text.indexOf('\n', start);
    if (end < 0) end = text.length;
    line++;
    if (end - start > MOST_LINE_CHARACTERS) {
      object(`it is longer than ${MOST_LINE_CHARACTERS} characters`);
    } else {
      const words = wordsOf(text, start, end);
      if (words.length > 0) readLine(words);
    }
    start = end + 1;
  }
  return { entries, problems, problemCount };
}

/** Cut at blanks (a CR of CRLF is one), up to `#`. */
function wordsOf(text: string, start: number, end: number): string[] {
  const words: string[] = [];
  let first = -1;
  for (let at = start; at <= end; at++) {
    const code = at < end ? text.charCodeAt(at) : HASH;
    const isBetween = code <= 0x20 || code === HASH || code === BYTE_ORDER_MARK;
    if (!isBetween) {
      if (first < 0) first = at;
    } else if (first >= 0) {
      words.push(text.slice(first, at));
      first = -1;
    }
    if (code === HASH) break;
  }
  return words;
}
const HASH = 0x23;
const BYTE_ORDER_MARK = 0xfeff;

function readHostName(word: string): Name | { why: string } {
  if (HOST_NAME.test(word)) return plainName(word) ?? parseName(word.endsWith('.') ? word : `${word}.`);
  const read = parseName(word);
  return typeof read === 'string' ? { why: `${quote(word)} has a character that no host name has` } : read;
}

/** Letters, digits, hyphens (RFC 1123 §2.1), and the underscore that many files use. */
const HOST_NAME = /^[A-Za-z0-9_-][A-Za-z0-9_.-]*$/;

/**
 * What `parseName` makes of a word without escapes, in a third of the time: a list of 100,000 lines is read while
 * queries wait. Undefined where there is something to complain of.
 */
function plainName(word: string): Name | undefined {
  if (word.length > MAX_NAME_OCTETS - 2) return undefined;
  const folded = word.toLowerCase();
  let wire = '';
  for (let start = 0; start < folded.length;) {
    const dot = folded.indexOf('.', start);
    const end = dot < 0 ? folded.length : dot;
    if (end === start || end - start > MAX_LABEL_OCTETS) return undefined;
    wire += String.fromCharCode(end - start) + folded.slice(start, end);
    start = end + 1;
  }
  return `${wire}\0` as Name;
}

/** A word of a file of another kind may have any length. */
function quote(word: string): string {
  return JSON.stringify(word.length > 80 ? `${word.slice(0, 79)}…` : word);
}

function isNotEmpty(names: readonly Name[]): names is readonly [Name, ...Name[]] {
  return names.length > 0;
}
