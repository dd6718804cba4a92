/**
 * Who counts as one client where something is shared out: an IPv4 address, and of IPv6 the /64 that any host can take
 * all addresses of (RFC 4291 §2.5.4). And whose address can be taken for true without asking for proof.
 */

import { ipv6ToText, isLoopback, parseIpv6 } from '../dns/ip-address.ts';
import type { Client } from '../query/client-query.ts';

/** A key for tables. */
export function clientPrefix(address: string): string {
  if (!address.includes(':') || !parseIpv6(address, words)) return address;
  words[2] = 0;
  words[3] = 0;
  return ipv6ToText(words);
}

/** Only used within one call. */
const words = new Uint32Array(4);

/** Over a connection the client has answered from there; a loopback address cannot come in from a network. */
export function isAddressSure({ address, transport }: Client): boolean {
  return transport !== 'udp' || isLoopback(address);
}
