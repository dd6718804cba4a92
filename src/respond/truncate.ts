/**
 * How large a reply may be, and what happens when the records do not fit: RRsets go in whole and in order, and from
 * the first one that does not fit on none does. Then TC is set and the client comes again over TCP (RFC 2181 §9).
 *
 * Every record that is left after minimal.ts is needed: a denial without its SOA could not be cached (RFC 2308 §5),
 * so an SOA that does not fit sets TC as an answer does.
 */

import { LEAST_PAYLOAD_SIZE } from '../dns/edns.ts';
import { Rcode } from '../dns/record-type.ts';
import type { RRset } from '../dns/rrset.ts';
import { MAX_MESSAGE_OCTETS, type MessageComposer } from '../dns/wire/compose.ts';
import type { ClientQuery } from '../query/client-query.ts';
import type { Reply } from '../query/reply.ts';
import type { NeededRecords } from './minimal.ts';

/**
 * RFC 1035 §4.2.1: 512 octets over UDP unless EDNS says more (RFC 6891 §6.2.3), and never more than we care to send. An
 * error that a rule of ours makes is not larger than the query, as whoever's address it goes to may not have asked: it
 * is to be had from strangers too, at any rate and without any name. The reason in words then goes to those alone who
 * prove their address.
 */
export function replyLimit(query: ClientQuery, reply: Pick<Reply, 'rcode' | 'source'>, maxUdpPayload: number): number {
  if (query.client.transport !== 'udp') return MAX_MESSAGE_OCTETS;
  if (reply.source === 'rule' && reply.rcode !== Rcode.NOERROR && !query.isAddressProven) return query.octets;
  const canTake = query.edns?.payloadSize ?? LEAST_PAYLOAD_SIZE;
  return Math.max(Math.min(canTake, maxUdpPayload), LEAST_PAYLOAD_SIZE);
}

/** Adds the records; false when not all of them fit. */
export function addWholeSets(
  composer: MessageComposer,
  needed: NeededRecords,
  arrange: (set: RRset) => RRset,
  recordClass: number,
): boolean {
  for (const set of needed.answer) {
    if (!composer.addRRset('answer', arrange(set), set.ttl, 0, recordClass)) return false;
  }
  for (const set of needed.authority) {
    if (!composer.addRRset('authority', set, set.ttl, 0, recordClass)) return false;
  }
  return true;
}
