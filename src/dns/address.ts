/** IP addresses between the RDATA of A and AAAA records and text; what an address is, ip-address.ts says. */

import { ipv6ToText, parseIpv4, parseIpv6 } from './ip-address.ts';

/** The address in 4 or 16 octets as text (RFC 5952 for IPv6). */
export function addressToText(octets: Uint8Array): string {
  if (octets.length === 4) return `${octets[0]}.${octets[1]}.${octets[2]}.${octets[3]}`;
  for (let i = 0; i < 4; i++) words[i] = readWord(octets, 4 * i);
  return ipv6ToText(words);
}

/** The octets of an address, 4 or 16; undefined when the text is none. */
export function addressFromText(text: string): Uint8Array | undefined {
  const v4 = parseIpv4(text);
  if (v4 >= 0) return Uint8Array.of(v4 >>> 24, v4 >>> 16, v4 >>> 8, v4);
  if (!parseIpv6(text, words)) return undefined;
  return Uint8Array.from({ length: 16 }, (_, i) => words[i >> 2] >>> (24 - 8 * (i & 3)));
}

/** Only used within one call. */
const words = new Uint32Array(4);

function readWord(octets: Uint8Array, at: number): number {
  return ((octets[at] << 24) | (octets[at + 1] << 16) | (octets[at + 2] << 8) | octets[at + 3]) >>> 0;
}
