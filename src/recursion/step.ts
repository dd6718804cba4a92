/**
 * What is found out about one (name, type): the end of the question or the next link of its alias chain; and the
 * evidence for it, which validation judges.
 */

import type { Failure } from '../cache/failure-cache.ts';
import type { ExtendedError } from '../dns/extended-error.ts';
import type { Name } from '../dns/name.ts';
import type { RRset } from '../dns/rrset.ts';
import type { Evidence } from '../query/evidence.ts';

export type Step =
  /** `sets`: aliases that were passed on the way, if any, then what was asked for. */
  | {
      readonly kind: 'answer';
      readonly sets: readonly RRset[];
      readonly evidence: readonly Evidence[];
      readonly isSynthesised?: true;
    }
  | {
      readonly kind: 'alias';
      readonly sets: readonly RRset[];
      readonly target: Name;
      readonly evidence: readonly Evidence[];
    }
  | {
      readonly kind: 'nodata' | 'nxdomain';
      readonly soa: RRset | undefined;
      readonly evidence: readonly Evidence[];
      /** Nobody said it: it follows from what was said of other names. */
      readonly isSynthesised?: true;
    }
  /** RFC 6672 §2.2: a DNAME makes the name too long. */
  | { readonly kind: 'yxdomain'; readonly sets: readonly RRset[]; readonly evidence: readonly Evidence[] }
  | { readonly kind: 'failed'; readonly failure: Failure; readonly evidence: readonly Evidence[] };

/** A step that ends the question. */
export type End = Exclude<Step, { kind: 'alias' }>;

/** A failure that one error says all of. */
export function failedBecause(error: ExtendedError, walkId: string): Step & { kind: 'failed' } {
  return failedStep({ why: error.text, errors: [error], walkId });
}

export function failedStep(failure: Failure): Step & { kind: 'failed' } {
  return { kind: 'failed', failure, evidence: [] };
}
