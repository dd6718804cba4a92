/** What the cache knows about one (name, type), as a step. RFC 1034 §5.3.3 step 1. */

import type { Cache } from '../cache/cache.ts';
import type { CachedRRset } from '../cache/rrset-cache.ts';
import { ErrorCode } from '../dns/extended-error.ts';
import { ROOT, type Name } from '../dns/name.ts';
import { Type } from '../dns/record-type.ts';
import { aliasAt, setsOf, type FindRRset } from '../iterate/alias.ts';
import type { Evidence } from '../query/evidence.ts';
import { failedStep, type Step } from './step.ts';

/**
 * `maySeeDname`: false while no DNAME was ever cached, which saves looking at every name above. `synthesise` says what
 * follows from denials of other names.
 */
export function knownStep(
  cache: Cache,
  sname: Name,
  qtype: number,
  maySeeDname: boolean,
  synthesise: (sname: Name, qtype: number) => Step | undefined,
): Step | undefined {
  const held: CachedRRset[] = [];
  const find: FindRRset = (owner, type) => {
    const found = cache.rrsets.get(owner, type);
    if (found !== undefined) held.push(found);
    return found?.rrset;
  };
  // RFC 6672 §3.1: a CNAME that was made from a DNAME is shown with it, so that one is looked for first.
  const own = qtype === Type.CNAME && maySeeDname ? undefined : find(sname, qtype);
  if (own !== undefined) return { kind: 'answer', sets: [own], evidence: held.map(evidenceOf) };
  const alias = aliasAt(sname, qtype, ROOT, find, maySeeDname);
  if (alias.kind === 'too-long') return { kind: 'yxdomain', sets: [alias.dname], evidence: held.map(evidenceOf) };
  if (alias.kind === 'link') {
    const { target } = alias.link;
    const shown = { sets: setsOf(alias.link), evidence: held.map(evidenceOf) };
    return qtype === Type.CNAME ? { kind: 'answer', ...shown } : { kind: 'alias', ...shown, target };
  }
  const cname = qtype === Type.CNAME ? find(sname, qtype) : undefined;
  if (cname !== undefined) return { kind: 'answer', sets: [cname], evidence: held.map(evidenceOf) };
  return knownDenial(cache, sname, qtype) ?? synthesise(sname, qtype) ?? knownFailure(cache, sname, qtype);
}

function evidenceOf({ rrset, proof, provenance, security }: CachedRRset): Evidence {
  const { zone, server } = provenance;
  return { kind: 'set', set: rrset, proof, zone, server, security };
}

function knownDenial(cache: Cache, qname: Name, qtype: number): Step | undefined {
  const held = cache.denials.get(qname, qtype);
  if (held === undefined) return undefined;
  const { kind: denial, soa, proof, security, provenance } = held;
  const { zone, server } = provenance;
  return {
    kind: denial,
    soa,
    evidence: [{ kind: 'denial', denial, qname, qtype, soa, proof, zone, server, security }],
  };
}

/** RFC 9520 §3: the failure is repeated, with its reason, and marked as remembered. */
function knownFailure(cache: Cache, sname: Name, qtype: number): Step | undefined {
  const failure = cache.failures.get(sname, qtype);
  if (failure === undefined) return undefined;
  const seconds = Math.ceil(failure.retryInMs / 1000);
  const remembered = { code: ErrorCode.CACHED_ERROR, text: `remembered; asked again in ${seconds} s at the earliest` };
  return failedStep({ ...failure, errors: [...failure.errors, remembered] });
}
