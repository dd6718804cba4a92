/** The root hints: names and addresses of the root servers, from which the first walk starts (RFC 9609 §2). */

import type { Delegation } from '../cache/delegation-cache.ts';
import { addressToText } from '../dns/address.ts';
import { ROOT, nameFromWire } from '../dns/name.ts';
import { Type } from '../dns/record-type.ts';
import type { ZoneRecord } from '../dns/zone-text.ts';

/** The NS records of the root and the A and AAAA records of their targets; other records are passed over. */
export function delegationFromHints(records: readonly ZoneRecord[]): Delegation {
  const names = records
    .filter(({ owner, type }) => owner === ROOT && type === Type.NS)
    .map(({ rdata }) => nameFromWire(rdata));
  const servers = [...new Set(names)].map((name) => ({
    name,
    addresses: records
      .filter((record) => record.owner === name && isAddress(record))
      .map(({ rdata }) => addressToText(rdata)),
  }));
  return { zone: ROOT, servers };
}

function isAddress({ type }: ZoneRecord): boolean {
  return type === Type.A || type === Type.AAAA;
}
