/**
 * The chain of steps from a question to its end: follows aliases, notices loops, and makes the reply.
 */

import { ErrorCode } from '../dns/extended-error.ts';
import { nameToText, type Name } from '../dns/name.ts';
import { Rcode } from '../dns/record-type.ts';
import type { RRset } from '../dns/rrset.ts';
import type { Reply, Source } from '../query/reply.ts';
import type { End, Step } from './step.ts';

export type Chain = {
  /** The name that is to be found out next. */
  readonly sname: Name;
  /** Aliases passed so far. */
  readonly aliases: number;
  /** Takes the next step; the end of the question, if this is it. */
  add(step: Step): End | undefined;
  reply(end: End, source: Source): Reply;
};

export function createChain(qname: Name): Chain {
  const sets: RRset[] = [];
  const visited = new Set<Name>([qname]);
  let sname = qname;
  return {
    get sname() {
      return sname;
    },
    get aliases() {
      return visited.size - 1;
    },
    add(step) {
      switch (step.kind) {
        case 'alias':
          sets.push(...step.sets);
          if (visited.has(step.target)) return loop(qname, step.target);
          visited.add(step.target);
          sname = step.target;
          return undefined;
        case 'answer':
        case 'yxdomain':
          sets.push(...step.sets);
          return step;
        case 'nodata':
        case 'nxdomain':
        case 'failed':
          return step;
        default:
          return step satisfies never;
      }
    },
    reply: (end, source) => toReply(end, sets, source),
  };
}

function loop(qname: Name, target: Name): End {
  const why = `the aliases of ${nameToText(qname)} lead back to ${nameToText(target)}`;
  return { kind: 'failed', failure: { why, errors: [{ code: ErrorCode.OTHER, text: why }], walkId: '' } };
}

function toReply(end: End, answer: readonly RRset[], source: Source): Reply {
  const base = { isAuthoritative: false, answer, authority: [], errors: [], source };
  switch (end.kind) {
    case 'answer':
      return { ...base, rcode: Rcode.NOERROR };
    case 'yxdomain':
      return { ...base, rcode: Rcode.YXDOMAIN };
    case 'nodata':
    case 'nxdomain': {
      // RFC 2308 §2.1: behind aliases the RCODE speaks of the last name.
      const rcode = end.kind === 'nxdomain' ? Rcode.NXDOMAIN : Rcode.NOERROR;
      return { ...base, rcode, authority: end.soa === undefined ? [] : [end.soa] };
    }
    case 'failed':
      // Half a chain would be taken for the whole; a failure has no answer section.
      return { ...base, rcode: Rcode.SERVFAIL, answer: [], errors: end.failure.errors };
    default:
      return end satisfies never;
  }
}

/** Which source a reply names when its last step came from the cache. */
export function cachedSource(step: Step): Source {
  if (step.kind === 'failed') return 'failure-cache';
  return step.kind === 'nodata' || step.kind === 'nxdomain' ? 'negative' : 'cache';
}
