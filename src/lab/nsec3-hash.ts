/** The hash of a name for NSEC3 (RFC 5155 §5) as the lab computes it; what a validator computes is its own affair. */

import { createHash } from 'node:crypto';

import { nameToWire, prepend, type Name } from '../dns/name.ts';
import { octetsToBase32Hex } from '../dns/text/dnssec-fields.ts';

export type HashParameters = { readonly iterations: number; readonly salt: Uint8Array };

/** SHA-1 of the name and the salt, and of that and the salt, `iterations` times more; as the label of an owner. */
export function hashLabel(name: Name, { iterations, salt }: HashParameters): string {
  let hash: Uint8Array = nameToWire(name);
  for (let i = 0; i <= iterations; i++) hash = createHash('sha1').update(hash).update(salt).digest();
  return octetsToBase32Hex(hash).toLowerCase();
}

export function hashedOwner(name: Name, apex: Name, parameters: HashParameters): Name {
  const owner = prepend(hashLabel(name, parameters), apex);
  if (owner === undefined) throw new TypeError('the zone leaves no room for hashed names');
  return owner;
}
