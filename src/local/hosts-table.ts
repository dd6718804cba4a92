/**
 * The names and addresses of hosts files, ready to be asked.
 *
 * A name that is listed is ours: it has its addresses of both families, and nothing of any other type (NODATA). The
 * public DNS is not asked about it, where a name of one's own would be denied, and an HTTPS record would lead around
 * the address that the file gives. An address leads back to the name that stands first on the first line with it.
 */

import type { Name } from '../dns/name.ts';
import { nameToWire } from '../dns/name.ts';
import { Class, Type } from '../dns/record-type.ts';
import { rrset } from '../dns/rrset.ts';
import { PASS, type Stage, type StageResult } from '../query/stage.ts';
import type { HostsEntry } from './hosts-file.ts';
import { localAnswer, localDenial, ownSoa } from './local-reply.ts';
import { reverseName } from './reverse-name.ts';

/** Files change, and clients shall see it soon; one minute of ours costs nothing. */
const HOSTS_TTL = 60;

/** Of one name, both families: more than any client tries, and little enough to be put together for each answer. */
const MOST_ADDRESSES = 100;

export type HostsTable = {
  answer(qname: Name, qtype: number): StageResult;
  /** How many names are listed, reverse names not counted. */
  readonly names: number;
};

/** Where a name stands on several lines, or in several files, it has the addresses of all. */
export function createHostsTable(entries: Iterable<HostsEntry>): HostsTable {
  const addresses = new Map<Name, Uint8Array[]>();
  const pointers = new Map<Name, Name>();
  const reverseOf = new Map<Uint8Array, Name>();

  for (const { address, names } of entries) {
    for (const listed of names) {
      const known = addresses.get(listed);
      if (known === undefined) addresses.set(listed, [address]);
      else if (known.length < MOST_ADDRESSES && !known.includes(address)) known.push(address);
    }
    // The reader gives lines with one address the same octets, so a long list of names for one address costs one look.
    if (!reverseOf.has(address)) {
      const reverse = reverseName(address, address.length === 4 ? 4 : 6);
      reverseOf.set(address, reverse);
      if (!pointers.has(reverse)) pointers.set(reverse, names[0]);
    }
  }

  return {
    names: addresses.size,
    answer(qname, qtype) {
      const listed = addresses.get(qname);
      if (listed !== undefined) return answerAddresses(qname, qtype, listed);
      const pointer = pointers.get(qname);
      return pointer === undefined ? PASS : answerPointer(qname, qtype, pointer);
    },
  };
}

/** A stage over whatever table is in force. */
export function createHostsStage(table: () => HostsTable): Stage {
  return ({ question: { qname, qtype, qclass } }) => (qclass === Class.IN ? table().answer(qname, qtype) : PASS);
}

function answerAddresses(qname: Name, qtype: number, listed: readonly Uint8Array[]): StageResult {
  const length = qtype === Type.A ? 4 : qtype === Type.AAAA ? 16 : undefined;
  const ofFamily = listed.filter((address) => address.length === length);
  if (ofFamily.length === 0) return nodata(qname);
  return localAnswer('hosts', [rrset(qname, qtype, HOSTS_TTL, ofFamily)]);
}

function answerPointer(qname: Name, qtype: number, pointer: Name): StageResult {
  if (qtype !== Type.PTR) return nodata(qname);
  return localAnswer('hosts', [rrset(qname, qtype, HOSTS_TTL, [nameToWire(pointer)])]);
}

function nodata(qname: Name): StageResult {
  return localDenial('hosts', 'nodata', ownSoa(qname, HOSTS_TTL));
}
