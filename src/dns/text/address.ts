/**
 * Addresses of both families between octets and text: IPv4 in dotted decimals, IPv6 as RFC 5952 §4 wants it.
 *
 * Ours rather than dns-packet's: that one reads `999.1.1.1` as an address, and shortens the first run of zeros in
 * place of the longest (RFC 5952 §4.2.3).
 */

import { isIPv4, isIPv6 } from 'node:net';

/** 4 or 16 octets; undefined when the text is no address. A zone index is not part of a record's address. */
export function addressFromText(text: string): Uint8Array | undefined {
  if (isIPv4(text)) return Uint8Array.from(text.split('.'), Number);
  return isIPv6(text) && !text.includes('%') ? ipv6FromText(text) : undefined;
}

/** `text` is known to be sound, so what is left to do is to count groups. */
function ipv6FromText(text: string): Uint8Array {
  const [head, tail] = text.split('::');
  const before = octetsOfGroups(head);
  const after = octetsOfGroups(tail ?? '');
  const octets = new Uint8Array(16);
  octets.set(before);
  octets.set(after, 16 - after.length);
  return octets;
}

function octetsOfGroups(text: string): number[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    if (group.includes('.')) return group.split('.').map(Number);
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
}

/** Text of 4 or 16 octets. */
export function addressToText(octets: Uint8Array): string {
  if (octets.length === 4) return `${octets[0]}.${octets[1]}.${octets[2]}.${octets[3]}`;
  const groups: string[] = [];
  for (let at = 0; at < 16; at += 2) groups.push(((octets[at] << 8) | octets[at + 1]).toString(16));
  const { start, length } = longestZeroRun(groups);
  // RFC 5952 §5: the IPv4-mapped prefix is the one under which decimals are expected.
  if (start === 0 && length === 5 && groups[5] === 'ffff') return `::ffff:${addressToText(octets.subarray(12))}`;
  // RFC 5952 §4.2.2: one group of zeros is not shortened.
  if (length < 2) return groups.join(':');
  return `${groups.slice(0, start).join(':')}::${groups.slice(start + length).join(':')}`;
}

/** RFC 5952 §4.2.3: the longest run, the first of several. */
function longestZeroRun(groups: readonly string[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  for (let i = 0; i < groups.length; i++) {
    let end = i;
    while (groups[end] === '0') end++;
    if (end - i > best.length) best = { start: i, length: end - i };
    i = Math.max(i, end);
  }
  return best;
}
