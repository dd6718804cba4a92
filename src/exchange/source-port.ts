/**
 * The source port of a query over UDP.
 *
 * RFC 5452 §9.2: drawn from the largest range that is to be had, unpredictably, anew for each query. That is 64,512
 * unprivileged ports less those below: 15.98 bits, and 31.98 bits together with the ID, before server address and
 * letter case add theirs. Drawn here and bound explicitly, as the system's own choice is from a range half as large
 * and, on some systems, in an order that can be foreseen.
 */

import type { Random } from '../system/random.ts';

export const LEAST_SOURCE_PORT = 1024;
export const MOST_SOURCE_PORT = 65_535;

/**
 * Ports whose datagrams are filtered on the way or taken for something else: NFS, SSDP, IPsec NAT traversal, RoCEv2,
 * SIP, multicast DNS, memcached.
 */
export const avoidedPorts: ReadonlySet<number> = new Set([2049, 1900, 4500, 4791, 5060, 5353, 11_211]);

export function drawSourcePort(random: Random): number {
  for (;;) {
    const port = LEAST_SOURCE_PORT + random.below(MOST_SOURCE_PORT - LEAST_SOURCE_PORT + 1);
    if (!avoidedPorts.has(port)) return port;
  }
}
