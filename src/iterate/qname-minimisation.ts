/**
 * What to ask the servers of a zone on the way to a name: no more labels than they need to know (RFC 9156).
 *
 * Pure. One label more than the zone is asked at a time, with type A (RFC 9156 §2.1: a type that any server answers),
 * until the whole name is reached. RFC 9156 §2.3 bounds the steps: the first MINIMISE_ONE_LAB add one label each,
 * later ones share what is left so that the whole name is asked after at most MAX_MINIMISE_COUNT.
 */

import { ancestorWithLabels, labelCount, type Name } from '../dns/name.ts';
import { Type } from '../dns/record-type.ts';

export type MinimisationMode = 'relaxed' | 'strict' | 'off';

export const MAX_MINIMISE_COUNT = 10;
const MINIMISE_ONE_LAB = 4;

/** RFC 9156 §2.1: a type that every server answers, and that says nothing about what is really asked. */
export const MINIMISED_TYPE = Type.A;

export type Ask = { readonly qname: Name; readonly qtype: number; readonly isMinimised: boolean };

/**
 * The next question. `known` is the deepest name on the way that is known to exist or to be a zone cut; `step` counts
 * the minimised questions asked for this name so far.
 */
export function nextAsk(mode: MinimisationMode, sname: Name, qtype: number, known: Name, step: number): Ask {
  const whole: Ask = { qname: sname, qtype, isMinimised: false };
  if (mode === 'off' || step >= MAX_MINIMISE_COUNT) return whole;
  const left = labelCount(sname) - labelCount(known);
  const more = step < MINIMISE_ONE_LAB ? 1 : Math.ceil(left / (MAX_MINIMISE_COUNT - step));
  if (more >= left) return whole;
  return { qname: ancestorWithLabels(sname, labelCount(known) + more), qtype: MINIMISED_TYPE, isMinimised: true };
}
