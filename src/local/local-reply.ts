/**
 * Replies that come from ourselves: authoritative, and for a denial with an SOA of our own, so that whoever caches it
 * knows for how long (RFC 2308 §3).
 */

import { name, nameToWire, type Name } from '../dns/name.ts';
import { Rcode, Type } from '../dns/record-type.ts';
import { rrset, type RRset } from '../dns/rrset.ts';
import type { ExtendedError } from '../dns/extended-error.ts';
import type { Reply } from '../query/reply.ts';
import type { StageResult } from '../query/stage.ts';

type LocalSource = 'local' | 'hosts' | 'special-use';

export function localAnswer(source: LocalSource, answer: readonly RRset[]): StageResult {
  return localReply({ source, rcode: Rcode.NOERROR, answer, authority: [], errors: [] });
}

export function localDenial(
  source: LocalSource,
  kind: 'nxdomain' | 'nodata',
  soa: RRset,
  errors: readonly ExtendedError[] = [],
): StageResult {
  const rcode = kind === 'nxdomain' ? Rcode.NXDOMAIN : Rcode.NOERROR;
  return localReply({ source, rcode, answer: [], authority: [soa], errors });
}

export function localReply(reply: Omit<Reply, 'isAuthoritative'>): StageResult {
  return { kind: 'reply', reply: { ...reply, isAuthoritative: true } };
}

const nobody = nameToWire(name('nobody.invalid.'));

/**
 * The SOA of a zone that nobody wrote (RFC 6303 §3): `@ nobody.invalid. 1 3600 1200 604800 TTL`. The last field is how
 * long a denial holds, so it follows the TTL.
 */
export function ownSoa(zone: Name, ttl: number): RRset {
  const origin = nameToWire(zone);
  const rdata = new Uint8Array(origin.length + nobody.length + 20);
  rdata.set(origin);
  rdata.set(nobody, origin.length);
  const numbers = new DataView(rdata.buffer, origin.length + nobody.length);
  for (const [i, value] of [1, 3600, 1200, 604_800, ttl].entries()) numbers.setUint32(4 * i, value);
  return rrset(zone, Type.SOA, ttl, [rdata]);
}
