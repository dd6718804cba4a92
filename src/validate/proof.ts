/** What a denial of existence comes to, by whichever kind of record it is led. */

import type { Name } from '../dns/name.ts';
import type { RRset } from '../dns/rrset.ts';
import type { SecurityCheck } from '../query/security.ts';

/** Whether the zone has signed a set of NSEC or NSEC3 records. */
export type Holds = (set: RRset) => boolean;
/** They have been verified before. */
export const allHold: Holds = () => true;

export type Unproven = {
  readonly kind: 'unproven';
  readonly check: Extract<SecurityCheck, 'denial-missing' | 'denial-wrong' | 'work-budget'>;
};

/** The records are sound, but leave the name to an unsigned world: the answer is insecure. */
export type Insecure = {
  readonly kind: 'insecure';
  readonly check: Extract<SecurityCheck, 'opt-out' | 'nsec3-iterations'>;
};

export type Proof = { readonly kind: 'proven'; readonly closestEncloser: Name } | Insecure | Unproven;

export type CutProof =
  /** There is a delegation and it is not signed: what is below is insecure. */
  | { readonly kind: 'unsigned-delegation' }
  /** There is no delegation at the name (nor DS): the zone goes on there, or the name does not exist. */
  | { readonly kind: 'no-delegation' }
  | Insecure
  | Unproven;

export const MISSING: Unproven = { kind: 'unproven', check: 'denial-missing' };
export const WRONG: Unproven = { kind: 'unproven', check: 'denial-wrong' };
export const OVER_BUDGET: Unproven = { kind: 'unproven', check: 'work-budget' };
