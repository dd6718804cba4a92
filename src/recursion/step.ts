/**
 * What is found out about one (name, type): the end of the question or the next link of its alias chain.
 */

import type { Failure } from '../cache/failure-cache.ts';
import type { Name } from '../dns/name.ts';
import type { RRset } from '../dns/rrset.ts';

export type Step =
  /** `sets`: aliases that were passed on the way, if any, then what was asked for. */
  | { readonly kind: 'answer'; readonly sets: readonly RRset[] }
  | { readonly kind: 'alias'; readonly sets: readonly RRset[]; readonly target: Name }
  | { readonly kind: 'nodata' | 'nxdomain'; readonly soa: RRset | undefined }
  /** RFC 6672 §2.2: a DNAME makes the name too long. */
  | { readonly kind: 'yxdomain'; readonly sets: readonly RRset[] }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** A step that ends the question. */
export type End = Exclude<Step, { kind: 'alias' }>;
