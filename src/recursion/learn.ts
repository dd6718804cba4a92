/**
 * Keeps in the cache what a walk has found, and says it as a step.
 *
 * Failures are kept with their reason (RFC 9520 §3.2). A denial without SOA is passed on but not kept: nothing says how
 * long it holds (RFC 2308 §5).
 */

import type { Cache } from '../cache/cache.ts';
import type { Failure } from '../cache/failure-cache.ts';
import type { Provenance } from '../cache/rrset-cache.ts';
import type { Name } from '../dns/name.ts';
import type { RRset } from '../dns/rrset.ts';
import { setsOf, type AliasLink } from '../iterate/alias.ts';
import type { WalkOutcome } from '../iterate/walk.ts';
import type { Step } from './step.ts';

type Found = WalkOutcome & { kind: 'found' };

export function learnFound(
  cache: Cache,
  sname: Name,
  qtype: number,
  { meaning, server, zone }: Found,
  walkId: string,
): Step {
  const provenance: Provenance = { server, zone, walkId };
  cache.failures.clear(sname, qtype);
  switch (meaning.kind) {
    case 'answer': {
      const links = keepLinks(cache, meaning.links, meaning.isAuthoritative, provenance);
      for (const set of meaning.sets) keep(cache, set, meaning.isAuthoritative, provenance);
      return { kind: 'answer', sets: [...links, ...meaning.sets] };
    }
    case 'alias': {
      const sets = keepLinks(cache, meaning.links, meaning.isAuthoritative, provenance);
      return { kind: 'alias', sets, target: meaning.target };
    }
    case 'yxdomain':
      keep(cache, meaning.dname, true, provenance);
      return { kind: 'yxdomain', sets: [...keepLinks(cache, meaning.links, true, provenance), meaning.dname] };
    case 'nodata':
    case 'nxdomain':
      if (meaning.soa !== undefined) cache.denials.put(sname, qtype, meaning.kind, meaning.soa, provenance);
      return { kind: meaning.kind, soa: meaning.soa };
    default:
      return meaning satisfies never;
  }
}

export function learnFailure(cache: Cache, sname: Name, qtype: number, failure: Failure): Step {
  cache.failures.put(sname, qtype, failure);
  return { kind: 'failed', failure };
}

/** Keeps what the servers said, a DNAME rather than the CNAME made from it, and returns what a client is shown. */
function keepLinks(
  cache: Cache,
  links: readonly AliasLink[],
  isAuthoritative: boolean,
  provenance: Provenance,
): RRset[] {
  return links.flatMap((link) => {
    keep(cache, link.dname ?? link.cname, isAuthoritative, provenance);
    return setsOf(link);
  });
}

function keep(cache: Cache, set: RRset, isAuthoritative: boolean, provenance: Provenance): void {
  cache.rrsets.put(set, isAuthoritative ? 'authoritative-answer' : 'non-authoritative-answer', provenance);
}
