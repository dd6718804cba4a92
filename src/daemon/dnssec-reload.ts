/**
 * What has to be forgotten when a reload changes how answers are judged: the cache outlives it, and with it what was
 * proven under the former rules.
 */

import { isDeepStrictEqual } from 'node:util';

import type { Config } from '../config/schema.ts';
import { ROOT, type Name } from '../dns/name.ts';

/** The names at and below which nothing of the cache is to be used any more. */
export function zonesToForget(before: Config['dnssec'], after: Config['dnssec']): readonly Name[] {
  const { negativeTrustAnchors: former, ...restBefore } = before;
  const { negativeTrustAnchors: present, ...restAfter } = after;
  if (!isDeepStrictEqual(restBefore, restAfter)) return [ROOT];
  const isIn = (list: typeof former, anchor: (typeof former)[number]): boolean =>
    list.some((other) => isDeepStrictEqual(other, anchor));
  const gone = former.filter((anchor) => !isIn(present, anchor));
  const come = present.filter((anchor) => !isIn(former, anchor));
  return [...gone, ...come].map(({ zone }) => zone);
}
