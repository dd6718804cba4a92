/**
 * The chain of steps from a question to its end: follows aliases, notices loops, ends a chain that is too long, and
 * makes the reply.
 */

import { ErrorCode, type ExtendedError } from '../dns/extended-error.ts';
import { nameToText, type Name } from '../dns/name.ts';
import { Rcode, Type } from '../dns/record-type.ts';
import type { RRset } from '../dns/rrset.ts';
import type { Reply, Source } from '../query/reply.ts';
import { worse, type Security } from '../query/security.ts';
import { securityError } from '../validate/describe-security.ts';
import { failedStep, type End, type Step } from './step.ts';

export type Chain = {
  /** The name that is to be found out next. */
  readonly sname: Name;
  /** Takes the next step, with what was proved of it; the end of the question, if this is it. */
  add(step: Step, security?: Security): End | undefined;
  reply(end: End, source: Source): Reply;
};

/** `mostAliases`: CNAME and DNAME records followed one after the other, however they came in. */
export function createChain(qname: Name, mostAliases: number): Chain {
  const sets: RRset[] = [];
  const proofs: RRset[] = [];
  const visited = new Set<Name>([qname]);
  let security: Security | undefined;
  let aliases = 0;
  let sname = qname;

  const pass = (links: readonly RRset[], target: Name | undefined): End | undefined => {
    for (const { owner, type } of links) {
      if (type !== Type.CNAME) continue;
      aliases++;
      visited.add(owner);
    }
    if (aliases > mostAliases) return dead(`more than ${mostAliases} aliases follow one another`);
    if (target === undefined) return undefined;
    if (visited.has(target)) return dead(`the aliases of ${nameToText(qname)} lead back to ${nameToText(target)}`);
    visited.add(target);
    sname = target;
    return undefined;
  };

  return {
    get sname() {
      return sname;
    },
    add(step, proved) {
      for (const { proof } of step.evidence) proofs.push(...proof);
      if (proved !== undefined) security = security === undefined ? proved : worse(security, proved);
      switch (step.kind) {
        case 'alias':
          sets.push(...step.sets);
          return pass(step.sets, step.target);
        case 'answer':
        case 'yxdomain':
          sets.push(...step.sets);
          // The last set is what was asked for, or the DNAME that leads nowhere.
          return pass(step.sets.slice(0, -1), undefined) ?? step;
        case 'nodata':
        case 'nxdomain':
        case 'failed':
          return step;
        default:
          return step satisfies never;
      }
    },
    reply: (end, source) => toReply(end, sets, proofs, source, security),
  };
}

function dead(why: string): End {
  return failedStep({ why, errors: [{ code: ErrorCode.OTHER, text: why }], walkId: '' });
}

/** Nobody has said this of the very name, so that whoever looks into it knows where to look. */
const SYNTHESISED: ExtendedError = { code: ErrorCode.SYNTHESIZED, text: '' };

function errorsOf(end: End, security: Security | undefined): ExtendedError[] {
  const errors = 'isSynthesised' in end ? [SYNTHESISED] : [];
  // Unsigned for an unusual reason: the operator's word, algorithms that nobody knows.
  const unusual = security?.state === 'insecure' ? securityError(security) : undefined;
  return unusual === undefined ? errors : [...errors, unusual];
}

function toReply(
  end: End,
  answer: readonly RRset[],
  proofs: readonly RRset[],
  source: Source,
  security: Security | undefined,
): Reply {
  const errors = errorsOf(end, security);
  const base = { isAuthoritative: false, answer, authority: proofs, errors, source, ...(security && { security }) };
  switch (end.kind) {
    case 'answer':
      return { ...base, rcode: Rcode.NOERROR };
    case 'yxdomain':
      return { ...base, rcode: Rcode.YXDOMAIN };
    case 'nodata':
    case 'nxdomain': {
      // RFC 2308 §2.1: behind aliases the RCODE speaks of the last name.
      const rcode = end.kind === 'nxdomain' ? Rcode.NXDOMAIN : Rcode.NOERROR;
      return { ...base, rcode, authority: end.soa === undefined ? proofs : [end.soa, ...proofs] };
    }
    case 'failed':
      return failureReply(end, source, security);
    default:
      return end satisfies never;
  }
}

/** Half a chain would be taken for the whole, so a failure has no records; and proven links before it prove nothing of it. */
function failureReply({ failure }: Step & { kind: 'failed' }, source: Source, security: Security | undefined): Reply {
  const why = security === undefined || security.state === 'secure' ? undefined : { security };
  const empty = { isAuthoritative: false, answer: [], authority: [] };
  return { ...empty, rcode: Rcode.SERVFAIL, errors: failure.errors, source, ...why };
}

/** Which source a reply names when its last step came from the cache. */
export function cachedSource(step: Step): Source {
  if (step.kind === 'failed') return 'failure-cache';
  if ('isSynthesised' in step) return 'synthesised';
  return step.kind === 'nodata' || step.kind === 'nxdomain' ? 'negative' : 'cache';
}
