/**
 * Whether a datagram's sender is the server that was asked (RFC 5452 §9.1: the response must come from the address and
 * port the query went to). The system checks that for a connected socket; but what reached the port between binding
 * and connecting has been queued unchecked.
 */

import { parseIpv6 } from '../dns/ip-address.ts';
import type { Endpoint } from './network.ts';

export function comesFrom(server: Endpoint, sender: Endpoint): boolean {
  if (sender.port !== server.port) return false;
  return sender.address === server.address || isSameIPv6(sender.address, server.address);
}

/** One IPv6 address has many spellings (RFC 4291 §2.2); a configured one need not be the system's. */
function isSameIPv6(a: string, b: string): boolean {
  const [left, right] = [new Uint32Array(4), new Uint32Array(4)];
  if (!parseIpv6(withoutZoneIndex(a), left) || !parseIpv6(withoutZoneIndex(b), right)) return false;
  return left.every((word, i) => word === right[i]);
}

/** RFC 4007 §11: `%eth0` names the interface, which connecting has fixed. */
function withoutZoneIndex(address: string): string {
  const at = address.indexOf('%');
  return at < 0 ? address : address.slice(0, at);
}
