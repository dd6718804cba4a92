/**
 * What a newer statement of a zone's servers makes untrue among the older ones at the same name, so that the cache
 * never holds both "it exists" and "it does not".
 *
 * | learned                        | forgotten at that name                                                |
 * | ------------------------------ | --------------------------------------------------------------------- |
 * | records of a type              | its NODATA; NXDOMAIN                                                  |
 * | CNAME                          | every denial: the alias answers for all types (RFC 1034 §3.6.2)       |
 * | NODATA for a type              | the records of that type; CNAME; NXDOMAIN                             |
 * | NXDOMAIN                       | every record; every NODATA                                            |
 *
 * Only records that may answer (credibility.ts) take part: glue says where a server is and proves no name, and a name
 * that is denied to clients may still be where its zone's server is reached. Records of different types leave each
 * other alone, a CNAME included: each is true until its TTL ends.
 *
 * RFC 8020 §2 has an NXDOMAIN deny every name below it; we do so only when it is secure, since careless servers say
 * NXDOMAIN for empty non-terminals.
 */

import type { Name } from '../dns/name.ts';
import { Type } from '../dns/record-type.ts';
import { mayAnswer, type Credibility } from './credibility.ts';
import { EVERY_TYPE, type Entry, type NameTable } from './name-table.ts';

export function forgetDenials<E extends Entry>(denials: NameTable<E>, owner: Name, type: number): void {
  denials.remove(owner, (denial) => type === Type.CNAME || denial.type === type || denial.type === EVERY_TYPE);
}

/** `type` is EVERY_TYPE for an NXDOMAIN. What a denial replaces among the denials, the table does by itself. */
export function forgetRecords<E extends Entry & { readonly credibility: Credibility }>(
  rrsets: NameTable<E>,
  qname: Name,
  type: number,
): void {
  rrsets.remove(qname, (stored) => {
    const isDenied = type === EVERY_TYPE || stored.type === type || stored.type === Type.CNAME;
    return isDenied && mayAnswer(stored.credibility);
  });
}
