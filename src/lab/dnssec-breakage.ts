/**
 * Every way in which the lab breaks DNSSEC, and some that only look broken: each by its name, with what a validator has
 * to make of it. A plan names them in `signed: { breakage: […] }` of a zone; broken-internet.ts has the small internet
 * that the questions of this table are asked in.
 */

import type { Breakage } from './breakage.ts';
import { breakageOfDenials } from './breakage-of-denials.ts';
import { breakageOfHashedDenials } from './breakage-of-hashed-denials.ts';
import { breakageOfKeys } from './breakage-of-keys.ts';
import { breakageOfSignatures } from './breakage-of-signatures.ts';

const all = { ...breakageOfSignatures, ...breakageOfKeys, ...breakageOfDenials, ...breakageOfHashedDenials };

export type BreakageKind = keyof typeof all;

export const breakages: Readonly<Record<BreakageKind, Breakage>> = all;
export const breakageKinds = Object.keys(all) as readonly BreakageKind[];
