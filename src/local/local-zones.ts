/**
 * Answers from the operator's own records (`local.records`); which name has what is local-records.ts.
 *
 * An alias is followed among our own records; where it leads outside, the rest of the answer is found as for any client
 * that asked for the target: by `lookUp`, which takes a query through the stages again. No alias leads from there back
 * to us, so a loop can only stand in our own records, where it is seen.
 */

import { ErrorCode, type ExtendedError } from '../dns/extended-error.ts';
import { nameFromWire, nameToText, nameToWire, type Name } from '../dns/name.ts';
import { Class, Rcode, Type } from '../dns/record-type.ts';
import { firstRdata, type RRset } from '../dns/rrset.ts';
import type { ClientQuery } from '../query/client-query.ts';
import type { Reply } from '../query/reply.ts';
import { PASS, type Stage, type StageResult } from '../query/stage.ts';
import { localReply } from './local-reply.ts';
import type { LocalFinding, LocalRecords } from './local-records.ts';

/** As long a chain as the walk follows. */
export const MAX_LOCAL_ALIASES = 11;

export type LocalZonesAround = {
  /** What a client gets who sends this query: never `pass`. */
  readonly lookUp: (query: ClientQuery) => Promise<StageResult>;
};

export function createLocalZones(records: LocalRecords, around: LocalZonesAround): Stage {
  return (query) => {
    const { qname, qtype, qclass } = query.question;
    if (qclass !== Class.IN) return PASS;
    const found = records.find(qname);
    if (found.kind === 'not-ours') return PASS;
    const chain = followAliases(records, qname, qtype, found);
    if (chain.end.kind !== 'not-ours') return answerAtEnd(records, qtype, chain);
    // RFC 1034 §4.3.1: without RD the alias is all that we say.
    if (!query.recursionDesired) return answer(Rcode.NOERROR, chain.aliases);
    return lookUpTarget(query, chain, around);
  };
}

type Chain = {
  /** The CNAME sets on the way. */
  readonly aliases: readonly RRset[];
  readonly sname: Name;
  readonly end: LocalFinding | { readonly kind: 'loop' };
};

function followAliases(records: LocalRecords, qname: Name, qtype: number, first: LocalFinding): Chain {
  const aliases: RRset[] = [];
  let sname = qname;
  let end = first;
  while (end.kind === 'node' && !end.node.has(qtype)) {
    const alias = end.node.get(Type.CNAME);
    if (alias === undefined) break;
    if (aliases.length === MAX_LOCAL_ALIASES) return { aliases, sname, end: { kind: 'loop' } };
    aliases.push(ownedBy(sname, alias));
    sname = nameFromWire(firstRdata(alias));
    end = records.find(sname);
  }
  return { aliases, sname, end };
}

function answerAtEnd(records: LocalRecords, qtype: number, { aliases, sname, end }: Chain): StageResult {
  if (end.kind === 'loop') {
    const text = `the local records lead from alias to alias, at last to ${nameToText(sname)}`;
    return answer(Rcode.SERVFAIL, [], [], [{ code: ErrorCode.INVALID_DATA, text }]);
  }
  const set = end.kind === 'node' ? end.node.get(qtype) : undefined;
  if (set !== undefined) return answer(Rcode.NOERROR, [...aliases, ownedBy(sname, set)]);
  // RFC 2308 §2.1: an alias that leads to a name that does not exist is an NXDOMAIN too.
  return answer(end.kind === 'nxdomain' ? Rcode.NXDOMAIN : Rcode.NOERROR, aliases, [records.soaFor(sname)]);
}

async function lookUpTarget(
  query: ClientQuery,
  { aliases, sname }: Chain,
  around: LocalZonesAround,
): Promise<StageResult> {
  const question = { ...query.question, qname: sname };
  const result = await around.lookUp({ ...query, question, wireName: nameToWire(sname) });
  if (result.kind !== 'reply') return result;
  const { rcode, authority, errors, walk } = result.reply;
  const reply: Reply = {
    rcode,
    // RFC 1035 §4.1.1: AA is said of the first owner name of the answer, which is ours.
    isAuthoritative: true,
    answer: [...aliases, ...result.reply.answer],
    authority,
    errors,
    source: 'local',
    ...(walk === undefined ? {} : { walk }),
  };
  return { kind: 'reply', reply };
}

function answer(
  rcode: number,
  sets: readonly RRset[],
  authority: readonly RRset[] = [],
  errors: readonly ExtendedError[] = [],
): StageResult {
  return localReply({ source: 'local', rcode, answer: sets, authority, errors });
}

/** RFC 4592 §3.3.1: records from a wildcard bear the name that was asked for. */
function ownedBy(owner: Name, set: RRset): RRset {
  return set.owner === owner ? set : { ...set, owner };
}
