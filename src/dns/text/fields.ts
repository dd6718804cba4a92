/**
 * The fields that RDATA is made of, each able to be read from words of a master file and shown as text and as a value.
 * Which type has which fields is rdata-shapes.ts; fields of DNSSEC are dnssec-fields.ts, of RFC 9460 svc-params.ts.
 *
 * A field shows only what reading would turn into the same octets again; anything else is left to the generic form.
 */

import { parseWireName, wireNameToText } from '../name.ts';
import { addressFromText, addressToText } from '../address.ts';
import type { OctetSink, OctetSource } from './octets.ts';
import { escapeOctets, octetsFromToken, quoteOctets, type Tokens } from './tokens.ts';

/** As words of a master file, and as JSON. */
export type Shown = { readonly text: string; readonly value: unknown };

export type Field = {
  /** What the value is called; the names of dns-packet where it knows the type. */
  readonly key: string;
  /** Takes words and adds octets; says why it cannot. */
  read(from: Tokens, to: OctetSink): string | undefined;
  /** Takes octets; undefined when they do not have this field's shape. */
  show(from: OctetSource): Shown | undefined;
};

/** Reads one word; `key` is missing when there is none. */
export function oneToken(key: string, read: (token: string, to: OctetSink, from: Tokens) => string | undefined) {
  return (from: Tokens, to: OctetSink): string | undefined => {
    const token = from.next();
    if (token === undefined) return `${key} is missing`;
    const why = read(token, to, from);
    return why === undefined ? undefined : `${key}: ${why}`;
  };
}

export function putNumber(to: OctetSink, size: number, value: number): void {
  if (size === 1) to.put8(value);
  else if (size === 2) to.put16(value);
  else to.put32(value);
}

/** An unsigned number of 1, 2 or 4 octets in decimals; a word of `mnemonics` is read too. */
export function number(key: string, size: 1 | 2 | 4, mnemonics: Readonly<Record<string, number>> = {}): Field {
  const most = 256 ** size - 1;
  return {
    key,
    read: oneToken(key, (token, to) => {
      const known = Object.hasOwn(mnemonics, token.toUpperCase()) ? mnemonics[token.toUpperCase()] : undefined;
      const value = known ?? decimal(token, most);
      if (value === undefined) return `${token} is not a number from 0 to ${most}`;
      putNumber(to, size, value);
      return undefined;
    }),
    show(from) {
      const value = from.number(size);
      return value === undefined ? undefined : { text: String(value), value };
    },
  };
}

/** A whole number in decimals from 0 to `most`. */
export function decimal(text: string, most: number): number | undefined {
  const value = /^[0-9]{1,10}$/.test(text) ? Number(text) : Number.NaN;
  return value <= most ? value : undefined;
}

/** Seconds in four octets; read with units too (`1h30m`), shown as a plain number. */
export function period(key: string): Field {
  return {
    ...number(key, 4),
    read: oneToken(key, (token, to) => {
      const seconds = parsePeriod(token, 0xffff_ffff);
      if (seconds === undefined) return `${token} is not a span of time`;
      to.put32(seconds);
      return undefined;
    }),
  };
}

/** A span of time in seconds: `3600`, or numbers with the units w d h m s as BIND reads them (`1h30m`). */
export function parsePeriod(text: string, most: number): number | undefined {
  const plain = decimal(text, most);
  if (plain !== undefined) return plain;
  if (!/^(?:[0-9]{1,10}[wdhms])+$/i.test(text)) return undefined;
  let seconds = 0;
  for (const [, count, unit] of text.matchAll(/([0-9]+)([wdhms])/gi)) {
    seconds += Number(count) * unitSeconds[unit.toLowerCase()];
  }
  return seconds <= most ? seconds : undefined;
}
const unitSeconds: Readonly<Record<string, number>> = { w: 604_800, d: 86_400, h: 3600, m: 60, s: 1 };

export function address(key: string, size: 4 | 16): Field {
  return {
    key,
    read: oneToken(key, (token, to) => {
      const octets = addressFromText(token);
      if (octets?.length !== size) return `${token} is not an IPv${size === 4 ? 4 : 6} address`;
      to.put(octets);
      return undefined;
    }),
    show(from) {
      const octets = from.take(size);
      return octets && same(addressToText(octets));
    },
  };
}

export function domainName(key: string): Field {
  return {
    key,
    read: oneToken(key, (token, to, { origin }) => {
      const parsed = parseWireName(token, origin);
      if (!(parsed instanceof Uint8Array)) return parsed.why;
      to.put(parsed);
      return undefined;
    }),
    show(from) {
      const octets = from.name();
      return octets && same(wireNameToText(octets));
    },
  };
}

/** RFC 1035 §3.3 character-string: at most 255 octets behind their length. */
export function characterString(key: string): Field {
  return {
    key,
    read: oneToken(key, putCharacterString),
    show(from) {
      const octets = from.counted();
      return octets && { text: quoteOctets(octets), value: escapeOctets(octets) };
    },
  };
}

function putCharacterString(token: string, to: OctetSink): string | undefined {
  const octets = octetsFromToken(token);
  if (typeof octets === 'string') return octets;
  if (octets.length > 255) return 'a character-string is longer than 255 octets';
  to.put8(octets.length);
  to.put(octets);
  return undefined;
}

/** One character-string or more, to the end (RFC 1035 §3.3.14). */
export function characterStrings(key: string): Field {
  return {
    key,
    read(from, to) {
      if (from.left === 0) return `${key} is missing`;
      for (const token of from.rest()) {
        const why = putCharacterString(token, to);
        if (why !== undefined) return `${key}: ${why}`;
      }
      return undefined;
    },
    show(from) {
      if (from.left === 0) return undefined;
      const strings: Uint8Array[] = [];
      while (from.left > 0) {
        const octets = from.counted();
        if (octets === undefined) return undefined;
        strings.push(octets);
      }
      return { text: strings.map(quoteOctets).join(' '), value: strings.map(escapeOctets) };
    },
  };
}

/** Text of any length to the end, in quotes (RFC 7553 §4.4, RFC 8659 §4.1.1). */
export function quotedRest(key: string, least: number): Field {
  return {
    key,
    read: oneToken(key, (token, to) => {
      const octets = octetsFromToken(token);
      if (typeof octets === 'string') return octets;
      if (octets.length < least) return 'it may not be empty';
      to.put(octets);
      return undefined;
    }),
    show(from) {
      if (from.left < least) return undefined;
      const octets = from.rest();
      return { text: quoteOctets(octets), value: escapeOctets(octets) };
    },
  };
}

/** RFC 8659 §4.1: a property tag of ASCII letters and digits. */
export function propertyTag(key: string): Field {
  return {
    key,
    read: oneToken(key, (token, to) => (TAG.test(token) ? putCharacterString(token, to) : `${token} is not a tag`)),
    show(from) {
      const octets = from.counted();
      const text = octets && escapeOctets(octets);
      return text !== undefined && TAG.test(text) ? same(text) : undefined;
    },
  };
}
const TAG = /^[a-z0-9]{1,255}$/i;

/** All that is left, at least one octet; may be written with spaces between. */
export function rest(key: string, encoding: 'hex' | 'base64'): Field {
  return {
    key,
    read(from, to) {
      if (from.left === 0) return `${key} is missing`;
      const octets = encoding === 'hex' ? hexToOctets(from.rest().join('')) : base64ToOctets(from.rest().join(''));
      if (octets === undefined || octets.length === 0) return `${key} is not sound ${encoding}`;
      to.put(octets);
      return undefined;
    },
    show: (from) => (from.left === 0 ? undefined : same(toText(from.rest(), encoding))),
  };
}

/** EUI-48 and EUI-64 (RFC 7043 §3.2): pairs of hexadecimal digits with hyphens. */
export function hyphenated(key: string, size: number): Field {
  return {
    key,
    read: oneToken(key, (token, to) => {
      const isSound = token.length === size * 3 - 1 && /^[0-9a-f]{2}(?:-[0-9a-f]{2})+$/i.test(token);
      if (!isSound) return `${token} is not ${size} pairs of hexadecimal digits with hyphens between`;
      to.put(hexToOctets(token.replaceAll('-', ''))!);
      return undefined;
    }),
    show(from) {
      const octets = from.take(size);
      return octets && same(Array.from(octets, (octet) => octet.toString(16).padStart(2, '0')).join('-'));
    },
  };
}

export function hexToOctets(text: string): Uint8Array | undefined {
  return text.length % 2 === 0 && /^[0-9a-f]*$/i.test(text) ? new Uint8Array(Buffer.from(text, 'hex')) : undefined;
}

/** RFC 4648 §4, with its padding; leftover bits that are set are not sound. */
export function base64ToOctets(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  const octets = Buffer.from(text, 'base64');
  return octets.toString('base64') === text ? new Uint8Array(octets) : undefined;
}

export function toText(octets: Uint8Array, encoding: 'hex' | 'base64'): string {
  const text = Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString(encoding);
  return encoding === 'hex' ? text.toUpperCase() : text;
}

export function same(text: string): Shown {
  return { text, value: text };
}
