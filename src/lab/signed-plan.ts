/**
 * What a plan says about signing a zone, and what follows from it for its neighbours: a zone that is broken may be
 * broken in its parent, where its DS set and the denials of one are.
 */

import type { Name } from '../dns/name.ts';
import { breakages, type BreakageKind } from './dnssec-breakage.ts';
import type { Signing } from './signer.ts';
import { together, type Tampering } from './tampering.ts';

export type SignedPlan = Signing & { readonly breakage?: readonly (BreakageKind | Tampering)[] };

type Planned = { readonly signed?: boolean | SignedPlan };

export function signedPlan(zone: Planned | undefined): SignedPlan | undefined {
  const signed = zone?.signed ?? false;
  return signed === true ? {} : signed || undefined;
}

export type PlannedTampering = {
  /** By the zone's own plan: what its DS set is made with. */
  own(apex: Name): Tampering;
  /** That, and what the breakage of its children does to it. */
  all(apex: Name): Tampering;
};

/** Made once for a plan, as some of it remembers while signing what it says afterwards. */
export function planTampering(
  zones: ReadonlyMap<Name, Planned>,
  delegations: readonly { readonly parent: Name; readonly child: Name }[],
): PlannedTampering {
  const own = new Map([...zones].map(([apex, zone]) => [apex, together(namedIn(zone, apex, 'zone'))]));
  const all = new Map(
    [...own].map(([apex, tampering]) => {
      const children = delegations.filter(({ parent }) => parent === apex);
      const below = children.flatMap(({ child }) => namedIn(zones.get(child), child, 'parent'));
      return [apex, together([tampering, ...below])];
    }),
  );
  return { own: (apex) => own.get(apex) ?? {}, all: (apex) => all.get(apex) ?? {} };
}

/** What is given as such, not by name, is the zone's alone. */
function namedIn(zone: Planned | undefined, apex: Name, where: 'zone' | 'parent'): Tampering[] {
  const { breakage = [] } = signedPlan(zone) ?? {};
  return breakage.map((one) => {
    if (typeof one === 'string') return breakages[one][where]?.(apex) ?? {};
    return where === 'zone' ? one : {};
  });
}
