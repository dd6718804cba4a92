/**
 * IP addresses from their text: IPv4 as one number, IPv6 as four words, so that an access list compares integers.
 *
 * Text forms are RFC 4291 §2.2 for IPv6 (a dotted IPv4 tail included) and plain dotted decimal for IPv4: no leading
 * zeros, which some systems read as octal, and no short forms. A zone index (`%eth0`, RFC 4007 §11) is no part of an
 * address here; whoever has one takes it off first.
 */

/** The address as a number from 0 to 2^32 - 1; -1 where the text is no IPv4 address. */
export function parseIpv4(text: string, start = 0): number {
  let value = 0;
  let octets = 0;
  for (let at = start; ;) {
    const first = at;
    let octet = 0;
    for (; at < text.length && isDigit(text.charCodeAt(at)); at++) octet = octet * 10 + text.charCodeAt(at) - 0x30;
    const digits = at - first;
    if (digits === 0 || digits > 3 || octet > 255 || (digits > 1 && text.charCodeAt(first) === 0x30)) return -1;
    value = value * 256 + octet;
    if (++octets === 4) return at === text.length ? value : -1;
    if (text.charCodeAt(at++) !== DOT) return -1;
  }
}

/** Writes the address as four words, the first the most significant; false where the text is no IPv6 address. */
export function parseIpv6(text: string, words: Uint32Array): boolean {
  groups.fill(0);
  let count = 0;
  let gap = -1;
  let at = 0;
  if (text.startsWith('::')) {
    gap = 0;
    at = 2;
  }
  while (at < text.length) {
    if (count === 8) return false;
    const first = at;
    let group = 0;
    for (; at < text.length && at - first < 5 && hexValue(text.charCodeAt(at)) >= 0; at++) {
      group = group * 16 + hexValue(text.charCodeAt(at));
    }
    if (at < text.length && text.charCodeAt(at) === DOT) {
      const tail = parseIpv4(text, first);
      if (tail < 0 || count > 6) return false;
      groups[count++] = tail >>> 16;
      groups[count++] = tail & 0xffff;
      break;
    }
    if (at === first || at - first > 4) return false;
    groups[count++] = group;
    if (at === text.length) break;
    if (text.charCodeAt(at++) !== COLON) return false;
    if (text.charCodeAt(at) === COLON) {
      if (gap >= 0) return false;
      gap = count;
      at++;
    } else if (at === text.length) {
      return false;
    }
  }
  if (gap < 0 ? count !== 8 : count > 7) return false;
  if (gap >= 0) groups.copyWithin(gap + 8 - count, gap, count).fill(0, gap, gap + 8 - count);
  for (let i = 0; i < 4; i++) words[i] = groups[2 * i] * 0x10000 + groups[2 * i + 1];
  return true;
}

/** Only used within one call. */
const groups = new Uint16Array(8);

const DOT = 0x2e;
const COLON = 0x3a;

/** `::ffff:192.0.2.1` (RFC 4291 §2.5.5.2) is how a dual-stack socket shows an IPv4 client. */
export function isIpv4Mapped(words: Uint32Array): boolean {
  return words[0] === 0 && words[1] === 0 && words[2] === 0xffff;
}

/** An address as we write it everywhere: without its zone index, an IPv4-mapped IPv6 address as the IPv4 one it is. */
export function plainAddress(text: string): string {
  const zone = text.indexOf('%');
  const address = zone < 0 ? text : text.slice(0, zone);
  return MAPPED.test(address) ? address.slice(7) : address;
}
const MAPPED = /^::ffff:[0-9]+\./i;

/** This machine, by an address as `plainAddress` gives it (RFC 1122 §3.2.1.3, RFC 4291 §2.5.3). */
export function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.');
}

/** As a place to listen at, every address of this machine (RFC 4291 §2.5.2); `::` may serve IPv4 as well. */
export function isUnspecified(address: string): boolean {
  return address === '0.0.0.0' || address === '::';
}

export function ipv4ToText(value: number): string {
  return `${value >>> 24}.${(value >>> 16) & 0xff}.${(value >>> 8) & 0xff}.${value & 0xff}`;
}

/** RFC 5952 §4: lower case, no leading zeros, the longest run of two or more zero groups as `::` (the first of equals). */
export function ipv6ToText(words: Uint32Array): string {
  const parts: number[] = [];
  for (const word of words) parts.push(word >>> 16, word & 0xffff);
  let runStart = -1;
  let runLength = 1;
  for (let i = 0; i < 8; i++) {
    let end = i;
    while (end < 8 && parts[end] === 0) end++;
    if (end - i > runLength) [runStart, runLength] = [i, end - i];
    if (end > i) i = end;
  }
  const hex = (from: number, to: number): string =>
    parts
      .slice(from, to)
      .map((part) => part.toString(16))
      .join(':');
  return runStart < 0 ? hex(0, 8) : `${hex(0, runStart)}::${hex(runStart + runLength, 8)}`;
}

/** `192.0.2.1:53`, `[2001:db8::1]:53`. */
export function endpointToText(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function hexValue(code: number): number {
  if (isDigit(code)) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
