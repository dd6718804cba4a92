/** A question to a single stage in the words of `dig`, and what the stage made of it in the words of a zone file. */

import { formatRRset } from '../../src/dns/presentation.ts';
import { rcodeToText } from '../../src/dns/record-type.ts';
import type { RRset } from '../../src/dns/rrset.ts';
import type { ClientQuery } from '../../src/query/client-query.ts';
import type { StageResult } from '../../src/query/stage.ts';
import { clientQuery } from './client-query.ts';

/** `www.example. AAAA`: a client's query, and otherwise as given. */
export function queryFor(text: string, others: Partial<ClientQuery> = {}): ClientQuery {
  const [qname, qtype] = text.split(' ');
  return { ...clientQuery({ qname, qtype }), ...others };
}

/** `pass`, `drop`, or the reply: RCODE, `aa`, the answer's records, then the authority's owner, TTL and type in brackets. */
export function told(result: StageResult): string {
  if (result.kind !== 'reply') return result.kind;
  const { rcode, isAuthoritative, answer, authority } = result.reply;
  const soa = authority.map((set) => `[${recordsOf(set)[0].split(' ').slice(0, 3).join(' ')}]`);
  return [rcodeToText(rcode) + (isAuthoritative ? ' aa' : ''), ...answer.flatMap(recordsOf), ...soa].join('; ');
}

/** One text a record: owner, TTL, type, RDATA. */
function recordsOf(set: RRset): string[] {
  return formatRRset(set)
    .split('\n')
    .map((line) => line.replace('\tIN\t', '\t').replaceAll('\t', ' '));
}
