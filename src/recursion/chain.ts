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
import { failedBecause, type End, type Step } from './step.ts';

/** `mostAliases`: CNAME and DNAME records followed one after the other, however they came in. */
export class Chain {
  readonly #qname: Name;
  readonly #mostAliases: number;
  #sname: Name;
  readonly #sets: RRset[] = [];
  readonly #proofs: RRset[] = [];
  /** From the first alias on; most questions meet none. */
  #visited: Set<Name> | undefined;
  #aliases = 0;
  #security: Security | undefined;

  constructor(qname: Name, mostAliases: number) {
    this.#qname = qname;
    this.#sname = qname;
    this.#mostAliases = mostAliases;
  }

  /** The name that is to be found out next. */
  get sname(): Name {
    return this.#sname;
  }

  /** Takes the next step, with what was proved of it; the end of the question, if this is it. */
  add(step: Step, proved?: Security): End | undefined {
    for (const { proof } of step.evidence) this.#proofs.push(...proof);
    if (proved !== undefined) this.#security = this.#security === undefined ? proved : worse(this.#security, proved);
    switch (step.kind) {
      case 'alias':
        this.#sets.push(...step.sets);
        return this.#pass(step.sets) ?? this.#goOnAt(step.target);
      case 'answer':
      case 'yxdomain':
        this.#sets.push(...step.sets);
        // The last set is what was asked for, or the DNAME that leads nowhere.
        return this.#pass(step.sets.slice(0, -1)) ?? step;
      case 'nodata':
      case 'nxdomain':
      case 'failed':
        return step;
      default:
        return step satisfies never;
    }
  }

  reply(end: End, source: Source): Reply {
    return toReply(end, this.#sets, this.#proofs, source, this.#security);
  }

  #pass(links: readonly RRset[]): End | undefined {
    for (const { owner, type } of links) {
      if (type !== Type.CNAME) continue;
      this.#aliases++;
      this.#visit(owner);
    }
    return this.#aliases > this.#mostAliases
      ? dead(`more than ${this.#mostAliases} aliases follow one another`)
      : undefined;
  }

  #goOnAt(target: Name): End | undefined {
    if (this.#visited?.has(target) === true || target === this.#qname) {
      return dead(`the aliases of ${nameToText(this.#qname)} lead back to ${nameToText(target)}`);
    }
    this.#visit(target);
    this.#sname = target;
    return undefined;
  }

  #visit(name: Name): void {
    (this.#visited ??= new Set()).add(name);
  }
}

function dead(why: string): End {
  return failedBecause({ code: ErrorCode.OTHER, text: why }, '');
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
