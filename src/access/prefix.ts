/**
 * Address prefixes in CIDR form (RFC 4632 §3.1, RFC 4291 §2.3) as operators write them: `192.0.2.0/24`, `2001:db8::/32`,
 * or one address alone. The access list and the configuration both read them here.
 *
 * A prefix with bits set behind its length is refused, and the one that was probably meant is named: which of the
 * two numbers is wrong only the operator knows, and an access list is no place to guess.
 */

import { ipv4ToText, ipv6ToText, isIpv4Mapped, parseIpv4, parseIpv6 } from '../dns/ip-address.ts';

export type Prefix =
  | { readonly kind: 'ipv4'; readonly first: number; readonly last: number }
  /** Four words each, the first the most significant. */
  | { readonly kind: 'ipv6'; readonly first: Uint32Array; readonly last: Uint32Array };

export type PrefixProblem = { readonly kind: 'bad-prefix'; readonly why: string };

export function parsePrefix(text: string): Prefix | PrefixProblem {
  const slash = text.indexOf('/');
  const address = slash < 0 ? text : text.slice(0, slash);
  const length = slash < 0 ? undefined : text.slice(slash + 1);
  if (address.includes('%')) return problem(text, 'a zone index has no place in a prefix');
  const value = parseIpv4(address);
  if (value >= 0) return ipv4Prefix(text, value, length);
  const words = new Uint32Array(4);
  if (!parseIpv6(address, words)) return problem(text, `${JSON.stringify(address)} is no IPv4 or IPv6 address`);
  return ipv6Prefix(text, words, length);
}

function ipv4Prefix(text: string, value: number, lengthText: string | undefined): Prefix | PrefixProblem {
  const length = lengthText === undefined ? 32 : parseLength(lengthText, 32);
  if (length === undefined) return problem(text, 'the length of an IPv4 prefix is a whole number from 0 to 32');
  const size = 2 ** (32 - length);
  const surplus = value % size;
  if (surplus !== 0) return strayBits(text, `${ipv4ToText(value - surplus)}/${length}`, ipv4ToText(value));
  return { kind: 'ipv4', first: value, last: value + size - 1 };
}

function ipv6Prefix(text: string, words: Uint32Array, lengthText: string | undefined): Prefix | PrefixProblem {
  const length = lengthText === undefined ? 128 : parseLength(lengthText, 128);
  if (length === undefined) return problem(text, 'the length of an IPv6 prefix is a whole number from 0 to 128');
  const first = words.map((word, i) => (word & maskOf(length - 32 * i)) >>> 0);
  if (words.some((word, i) => word !== first[i])) {
    return strayBits(text, `${ipv6ToText(first)}/${length}`, ipv6ToText(words));
  }
  // Clients behind a dual-stack socket are seen by their IPv4 address, so a mapped prefix means those.
  if (isIpv4Mapped(words) && length >= 96) {
    return { kind: 'ipv4', first: words[3], last: words[3] + 2 ** (128 - length) - 1 };
  }
  return { kind: 'ipv6', first, last: first.map((word, i) => (word | ~maskOf(length - 32 * i)) >>> 0) };
}

/** A word with its upper `bits` bits set; any number below 0 means none, above 32 all. */
function maskOf(bits: number): number {
  if (bits <= 0) return 0;
  return bits >= 32 ? 0xffffffff : (0xffffffff << (32 - bits)) >>> 0;
}

function parseLength(text: string, most: number): number | undefined {
  const length = /^(0|[1-9][0-9]{0,2})$/.test(text) ? Number(text) : most + 1;
  return length <= most ? length : undefined;
}

function strayBits(text: string, network: string, address: string): PrefixProblem {
  return problem(
    text,
    `the address has bits set behind the length; for the network write ${network}, for the one host ${address}`,
  );
}

function problem(text: string, why: string): PrefixProblem {
  return { kind: 'bad-prefix', why: `${JSON.stringify(text)}: ${why}` };
}
