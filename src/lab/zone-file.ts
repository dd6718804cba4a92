/** A zone of the lab as a master file (RFC 1035 §5), so that other people's servers and tools can be given it. */

import { formatRRset } from '../dns/presentation.ts';
import { Type } from '../dns/record-type.ts';
import type { RRset } from '../dns/rrset.ts';
import type { Zone } from './zone.ts';

/** The SOA comes first, as readers expect it. */
export function zoneToText(zone: Zone): string {
  const { soa } = zone;
  const others = zone.rrsets().filter((set) => set !== soa);
  const sets = soa === undefined ? others : [soa, ...others];
  return sets
    .flatMap((set) => [set, ...signaturesOf(set)])
    .map((set) => formatRRset(set) + '\n')
    .join('');
}

function signaturesOf({ owner, ttl, signatures }: RRset): RRset[] {
  return signatures === undefined ? [] : [{ owner, type: Type.RRSIG, ttl, ...signatures }];
}
