/** Names of the reverse tree: an address's labels (RFC 1035 §3.5, RFC 3596 §2.5). */

import { name, type Name } from '../dns/name.ts';

/** From the octets of an address, or from the leading ones: the name of the zone for all that begin so. */
export function reverseName(octets: Uint8Array, family: 4 | 6): Name {
  let wire = '';
  for (let i = octets.length - 1; i >= 0; i--) {
    wire += family === 4 ? DECIMAL[octets[i]] : NIBBLE[octets[i] & 0x0f] + NIBBLE[octets[i] >> 4];
  }
  return (wire + (family === 4 ? IN_ADDR_ARPA : IP6_ARPA)) as Name;
}

const IN_ADDR_ARPA = name('in-addr.arpa.');
const IP6_ARPA = name('ip6.arpa.');

/** Labels with their length: made once, as a hosts file may have a hundred thousand addresses. */
const DECIMAL = Array.from({ length: 256 }, (_, octet) => label(String(octet)));
const NIBBLE = Array.from({ length: 16 }, (_, nibble) => label(nibble.toString(16)));

function label(text: string): string {
  return String.fromCharCode(text.length) + text;
}
