/**
 * Says whether a client may have us recurse: its address is looked up among the allowed prefixes.
 *
 * An open resolver is a weapon against others (RFC 5358 §4), so who is not on the list is refused. What the refusal
 * looks like is the pipeline's; what a prefix is, prefix.ts.
 *
 * A look-up makes no objects: prefixes become sorted ranges of integers that do not touch, searched by halves.
 */

import { isIpv4Mapped, parseIpv4, parseIpv6 } from '../dns/ip-address.ts';
import { parsePrefix, type Prefix } from './prefix.ts';

export type ClientAcl = {
  /** `address` is text, an IPv4-mapped IPv6 address counting as IPv4; a zone index is ignored. */
  mayRecurse(address: string): boolean;
};

/** The prefixes must have passed `parsePrefix`: one that has not is a bug of the caller, and throws. */
export function createClientAcl(prefixes: readonly string[]): ClientAcl {
  const parsed = prefixes.map(soundPrefix);
  const ipv4 = ipv4Ranges(parsed);
  const ipv6 = ipv6Ranges(parsed);
  return {
    mayRecurse(address) {
      const value = parseIpv4(address);
      if (value >= 0) return isInIpv4(ipv4, value);
      const zone = address.indexOf('%');
      if (!parseIpv6(zone < 0 ? address : address.slice(0, zone), asked)) return false;
      return isIpv4Mapped(asked) ? isInIpv4(ipv4, asked[3]) : isInIpv6(ipv6, asked);
    },
  };
}

/** Only used within one call. */
const asked = new Uint32Array(4);

function soundPrefix(text: string): Prefix {
  const prefix = parsePrefix(text);
  if (prefix.kind === 'bad-prefix') throw new TypeError(prefix.why);
  return prefix;
}

/** First and last address of each range, one after the other, in order; ranges that overlap are made one. */
function ipv4Ranges(prefixes: readonly Prefix[]): Uint32Array {
  const ranges = prefixes.filter((prefix) => prefix.kind === 'ipv4').sort((a, b) => a.first - b.first);
  const bounds: number[] = [];
  for (const { first, last } of ranges) {
    const end = bounds.length - 1;
    if (end > 0 && first <= bounds[end]) bounds[end] = Math.max(bounds[end], last);
    else bounds.push(first, last);
  }
  return Uint32Array.from(bounds);
}

/** As for IPv4, each bound in four words. Of prefixes that overlap one holds the other, so the later one is left out. */
function ipv6Ranges(prefixes: readonly Prefix[]): Uint32Array {
  const ranges = prefixes
    .filter((prefix) => prefix.kind === 'ipv6')
    .sort((a, b) => compareWords(a.first, 0, b.first) || compareWords(b.last, 0, a.last));
  const bounds: number[] = [];
  let reached: Uint32Array | undefined;
  for (const { first, last } of ranges) {
    if (reached !== undefined && compareWords(reached, 0, first) >= 0) continue;
    bounds.push(...first, ...last);
    reached = last;
  }
  return Uint32Array.from(bounds);
}

function isInIpv4(bounds: Uint32Array, value: number): boolean {
  let low = 0;
  let high = bounds.length >> 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (bounds[2 * middle + 1] < value) low = middle + 1;
    else high = middle;
  }
  return 2 * low < bounds.length && bounds[2 * low] <= value;
}

const RANGE_WORDS = 8;

function isInIpv6(bounds: Uint32Array, value: Uint32Array): boolean {
  let low = 0;
  let high = bounds.length / RANGE_WORDS;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareWords(bounds, middle * RANGE_WORDS + 4, value) < 0) low = middle + 1;
    else high = middle;
  }
  return low * RANGE_WORDS < bounds.length && compareWords(bounds, low * RANGE_WORDS, value) <= 0;
}

/** The four words of `a` from `at` on against those of `b`: below 0, 0 or above 0. */
function compareWords(a: Uint32Array, at: number, b: Uint32Array): number {
  for (let i = 0; i < 4; i++) if (a[at + i] !== b[i]) return a[at + i] < b[i] ? -1 : 1;
  return 0;
}
