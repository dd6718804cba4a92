/**
 * Fields that only the records of DNSSEC and their kin have: lists of types, times, salts, hashed names (RFC 4034 §3.2,
 * §4.1.2; RFC 5155 §3.3).
 */

import { parseType, typeToText } from '../record-type.ts';
import { decimal, hexToOctets, oneToken, same, toText, type Field } from './fields.ts';
import type { OctetSink, OctetSource } from './octets.ts';

/** RFC 4034 Appendix A.1 and the registry since: words that may stand for an algorithm's number. */
export const algorithmMnemonics = {
  RSAMD5: 1,
  DH: 2,
  DSA: 3,
  RSASHA1: 5,
  'DSA-NSEC3-SHA1': 6,
  'RSASHA1-NSEC3-SHA1': 7,
  RSASHA256: 8,
  RSASHA512: 10,
  'ECC-GOST': 12,
  ECDSAP256SHA256: 13,
  ECDSAP384SHA384: 14,
  ED25519: 15,
  ED448: 16,
  INDIRECT: 252,
  PRIVATEDNS: 253,
  PRIVATEOID: 254,
} as const;

/** One type by its name (RFC 4034 §3.2). */
export function typeCovered(key: string): Field {
  return {
    key,
    read: oneToken(key, (token, to) => {
      const type = parseType(token);
      if (type === undefined) return `${token} is not a type`;
      to.put16(type);
      return undefined;
    }),
    show(from) {
      const type = from.number(2);
      return type === undefined ? undefined : same(typeToText(type));
    },
  };
}

/** Seconds since 1970 modulo 2^32, written `YYYYMMDDHHmmSS` in UTC or as a plain number (RFC 4034 §3.2). */
export function time(key: string): Field {
  return {
    key,
    read: oneToken(key, (token, to) => {
      const seconds = secondsFromText(token);
      if (seconds === undefined) return `${token} is not a time (YYYYMMDDHHmmSS)`;
      to.put32(seconds);
      return undefined;
    }),
    show(from) {
      const seconds = from.number(4);
      return seconds === undefined ? undefined : same(timeToText(seconds));
    },
  };
}

function secondsFromText(text: string): number | undefined {
  if (text.length !== 14) return decimal(text, 0xffff_ffff);
  const parts = /^([0-9]{4})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})$/.exec(text);
  if (parts === null) return undefined;
  const [year, month, day, hour, minute, second] = parts.slice(1).map(Number);
  const seconds = Date.UTC(year, month - 1, day, hour, minute, second) / 1000;
  // Date turns the 31st of April into the 1st of May; then the text does not come back.
  return seconds >= 0 && seconds <= 0xffff_ffff && timeToText(seconds) === text ? seconds : undefined;
}

function timeToText(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 19).replaceAll(/[-T:]/g, '');
}

/** Octets behind their length, in hexadecimal; `-` for none (RFC 5155 §3.3). */
export function salt(key: string): Field {
  return {
    key,
    read: oneToken(key, (token, to) => {
      const octets = token === '-' ? new Uint8Array(0) : hexToOctets(token);
      if (octets === undefined || octets.length > 255 || token === '') return `${token} is not a salt in hexadecimal`;
      to.put8(octets.length);
      to.put(octets);
      return undefined;
    }),
    show(from) {
      const octets = from.counted();
      return octets && same(octets.length === 0 ? '-' : toText(octets, 'hex'));
    },
  };
}

/** A hash behind its length, in base32 with the extended hex alphabet, unpadded (RFC 5155 §3.3). */
export function hashedName(key: string): Field {
  return {
    key,
    read: oneToken(key, (token, to) => {
      const octets = octetsFromBase32Hex(token);
      if (octets === undefined || octets.length === 0 || octets.length > 255) return `${token} is not base32hex`;
      to.put8(octets.length);
      to.put(octets);
      return undefined;
    }),
    show(from) {
      const octets = from.counted();
      return octets === undefined || octets.length === 0 ? undefined : same(octetsToBase32Hex(octets));
    },
  };
}

const BASE32_HEX = '0123456789ABCDEFGHIJKLMNOPQRSTUV';

/** RFC 4648 §7 without padding, in upper case. */
export function octetsToBase32Hex(octets: Uint8Array): string {
  let text = '';
  let bits = 0;
  let held = 0;
  for (const octet of octets) {
    held = (held << 8) | octet;
    for (bits += 8; bits >= 5; bits -= 5) text += BASE32_HEX[(held >> (bits - 5)) & 31];
    held &= 0xff;
  }
  return bits === 0 ? text : text + BASE32_HEX[(held << (5 - bits)) & 31];
}

export function octetsFromBase32Hex(text: string): Uint8Array | undefined {
  const octets: number[] = [];
  let bits = 0;
  let held = 0;
  for (const character of text.toUpperCase()) {
    const digit = BASE32_HEX.indexOf(character);
    if (digit < 0) return undefined;
    held = ((held << 5) | digit) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    octets.push((held >> bits) & 0xff);
  }
  const result = Uint8Array.from(octets);
  return octetsToBase32Hex(result) === text.toUpperCase() ? result : undefined;
}

/** Window blocks of RFC 4034 §4.1.2, to the end of the RDATA; names of types in text. */
export function typeBitmap(key: string): Field {
  return {
    key,
    read(from, to) {
      const types: number[] = [];
      for (const token of from.rest()) {
        const type = parseType(token);
        if (type === undefined) return `${key}: ${token} is not a type`;
        types.push(type);
      }
      writeBitmap(types, to);
      return undefined;
    },
    show(from) {
      const types = readBitmap(from);
      if (types === undefined) return undefined;
      const names = types.map(typeToText);
      return { text: names.join(' '), value: names };
    },
  };
}

function writeBitmap(types: readonly number[], to: OctetSink): void {
  const windows = new Map<number, Uint8Array>();
  for (const type of [...new Set(types)].sort((a, b) => a - b)) {
    const window = windows.get(type >> 8) ?? new Uint8Array(32);
    window[(type & 0xff) >> 3] |= 0x80 >> (type & 7);
    windows.set(type >> 8, window);
  }
  for (const [number, bits] of windows) {
    const length = bits.findLastIndex((octet) => octet !== 0) + 1;
    to.put8(number);
    to.put8(length);
    to.put(bits.subarray(0, length));
  }
}

/** RFC 4034 §4.1.2: windows ascend, have 1 to 32 octets and no zero octets at their end. */
function readBitmap(from: OctetSource): number[] | undefined {
  const types: number[] = [];
  let last = -1;
  while (from.left > 0) {
    const window = from.number(1)!;
    const bits = from.counted();
    if (bits === undefined || bits.length === 0 || bits.length > 32 || window <= last) return undefined;
    if (bits.at(-1) === 0) return undefined;
    last = window;
    for (let i = 0; i < bits.length * 8; i++) {
      if (bits[i >> 3] & (0x80 >> (i & 7))) types.push((window << 8) | i);
    }
  }
  return types;
}
