/** What the cache knows about one (name, type), as a step. RFC 1034 §5.3.3 step 1. */

import type { Cache } from '../cache/cache.ts';
import { ErrorCode } from '../dns/extended-error.ts';
import { ROOT, type Name } from '../dns/name.ts';
import { Type } from '../dns/record-type.ts';
import { aliasAt, setsOf, type FindRRset } from '../iterate/alias.ts';
import type { Step } from './step.ts';

/** `maySeeDname`: false while no DNAME was ever cached, which saves looking at every name above. */
export function knownStep(cache: Cache, sname: Name, qtype: number, maySeeDname: boolean): Step | undefined {
  const find: FindRRset = (owner, type) => cache.rrsets.get(owner, type)?.rrset;
  // RFC 6672 §3.1: a CNAME that was made from a DNAME is shown with it, so that one is looked for first.
  const held = qtype === Type.CNAME && maySeeDname ? undefined : find(sname, qtype);
  if (held !== undefined) return { kind: 'answer', sets: [held] };
  const alias = aliasAt(sname, qtype, ROOT, find, maySeeDname);
  if (alias.kind === 'too-long') return { kind: 'yxdomain', sets: [alias.dname] };
  if (alias.kind === 'link') {
    const sets = setsOf(alias.link);
    return qtype === Type.CNAME ? { kind: 'answer', sets } : { kind: 'alias', sets, target: alias.link.target };
  }
  const own = qtype === Type.CNAME ? find(sname, qtype) : undefined;
  if (own !== undefined) return { kind: 'answer', sets: [own] };
  const denial = cache.denials.get(sname, qtype);
  if (denial !== undefined) return { kind: denial.kind, soa: denial.soa };
  return knownFailure(cache, sname, qtype);
}

/** RFC 9520 §3: the failure is repeated, with its reason, and marked as remembered. */
function knownFailure(cache: Cache, sname: Name, qtype: number): Step | undefined {
  const failure = cache.failures.get(sname, qtype);
  if (failure === undefined) return undefined;
  const seconds = Math.ceil(failure.retryInMs / 1000);
  const remembered = { code: ErrorCode.CACHED_ERROR, text: `remembered; asked again in ${seconds} s at the earliest` };
  return { kind: 'failed', failure: { ...failure, errors: [...failure.errors, remembered] } };
}
