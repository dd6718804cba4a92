/**
 * Which of a reply's records this client needs: what answers the question, and for a denial what proves it or lets it
 * be cached. Anything more is octets that help no stub and that an attacker would have us send.
 *
 *     answer      all of it, without DNSSEC's records unless DO is set or they were asked for (RFC 4035 §3.2.1)
 *     authority   for NXDOMAIN and NODATA the SOA (RFC 2308 §3); with DO the proofs too, which a wildcard's answer
 *                 needs as well (RFC 4035 §3.1.3.3)
 */

import { Rcode, Type } from '../dns/record-type.ts';
import type { RRset } from '../dns/rrset.ts';
import type { ClientQuery } from '../query/client-query.ts';
import type { Reply } from '../query/reply.ts';

export type NeededRecords = { readonly answer: readonly RRset[]; readonly authority: readonly RRset[] };

export function neededRecords(query: ClientQuery, reply: Reply): NeededRecords {
  const wantsDnssec = query.edns?.dnssecOk === true;
  const { qtype } = query.question;
  const answer = wantsDnssec
    ? withSignatures(reply.answer)
    : reply.answer.filter((set) => set.type === qtype || !isDnssec(set.type));
  if (reply.authority.length === 0) return { answer, authority: reply.authority };

  const denies = isDenial(reply, qtype);
  const authority = reply.authority.filter((set) =>
    isDnssec(set.type) ? wantsDnssec : denies && set.type === Type.SOA,
  );
  return { answer, authority: wantsDnssec ? withSignatures(authority) : authority };
}

/** RFC 4035 §3.1.1: the signatures of a set go where the set goes, right behind it. */
function withSignatures(sets: readonly RRset[]): readonly RRset[] {
  if (sets.every(({ signatures }) => signatures === undefined)) return sets;
  return sets.flatMap((set) => {
    const { owner, ttl, signatures } = set;
    return signatures === undefined ? [set] : [set, { owner, type: Type.RRSIG, ttl, ...signatures }];
  });
}

/** NXDOMAIN or NODATA (RFC 2308 §2), also at the end of a chain of aliases. */
function isDenial(reply: Reply, qtype: number): boolean {
  if (reply.rcode === Rcode.NXDOMAIN) return true;
  return reply.rcode === Rcode.NOERROR && !reply.answer.some((set) => set.type === qtype || qtype === Type.ANY);
}

/** What RFC 4035 §3.2.1 calls authenticating records: of no use to a client that did not ask for DNSSEC. */
function isDnssec(type: number): boolean {
  return type === Type.RRSIG || type === Type.NSEC || type === Type.NSEC3;
}
