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
import type { Evidence } from '../query/evidence.ts';
import { failedStep, type Step } from './step.ts';

type Found = WalkOutcome & { kind: 'found' };

export function learnFound(
  cache: Cache,
  sname: Name,
  qtype: number,
  { meaning, server, zone }: Found,
  walkId: string,
): Step {
  const provenance: Provenance = { server, zone, walkId };
  const evidenceFor = (set: RRset): Evidence => ({
    kind: 'set',
    set,
    proof: proofOf(meaning),
    zone,
    server,
    security: undefined,
  });
  const keep = (set: RRset, isAuthoritative: boolean): Evidence => {
    const credibility = isAuthoritative ? 'authoritative-answer' : 'non-authoritative-answer';
    cache.rrsets.put(set, credibility, provenance, { proof: proofOf(meaning) });
    return evidenceFor(set);
  };
  // A DNAME is what the server said; the CNAME made from it is for the client.
  const keepLinks = (links: readonly AliasLink[], isAuthoritative: boolean): Evidence[] =>
    links.map(({ dname, cname }) => keep(dname ?? cname, isAuthoritative));

  cache.failures.clear(sname, qtype);
  switch (meaning.kind) {
    case 'answer': {
      const { links, sets, isAuthoritative } = meaning;
      const evidence = [...keepLinks(links, isAuthoritative), ...sets.map((set) => keep(set, isAuthoritative))];
      return { kind: 'answer', sets: [...links.flatMap(setsOf), ...sets], evidence };
    }
    case 'alias': {
      const { links, target, isAuthoritative } = meaning;
      return { kind: 'alias', sets: links.flatMap(setsOf), target, evidence: keepLinks(links, isAuthoritative) };
    }
    case 'yxdomain': {
      const { links, dname } = meaning;
      const evidence = [...keepLinks(links, true), keep(dname, true)];
      return { kind: 'yxdomain', sets: [...links.flatMap(setsOf), dname], evidence };
    }
    case 'nodata':
    case 'nxdomain': {
      const { kind: denial, soa, proof } = meaning;
      if (soa !== undefined) cache.denials.put(sname, qtype, denial, soa, provenance, proof);
      const said = { zone, server, proof, security: undefined };
      return { kind: denial, soa, evidence: [{ kind: 'denial', denial, qname: sname, qtype, soa, ...said }] };
    }
    default:
      return meaning satisfies never;
  }
}

export function learnFailure(cache: Cache, sname: Name, qtype: number, failure: Failure): Step {
  cache.failures.put(sname, qtype, failure);
  return failedStep(failure);
}

function proofOf(meaning: Found['meaning']): readonly RRset[] {
  return 'proof' in meaning ? meaning.proof : [];
}
