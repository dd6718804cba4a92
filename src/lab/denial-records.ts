/**
 * The NSEC or NSEC3 records of a zone (RFC 4034 §4, RFC 5155 §7.1), made from what it holds: one for each name that
 * exists, linked in a ring. What a server sends of them is denial-proof.ts.
 */

import { compareCanonical, isBelow, nameToText, parentOf, type Name } from '../dns/name.ts';
import { rdataFromText } from '../dns/presentation.ts';
import { Type, typeToText } from '../dns/record-type.ts';
import { hashLabel, hashedOwner, type HashParameters } from './nsec3-hash.ts';
import type { ZoneData } from './zone.ts';

export type Nsec3Parameters = HashParameters & {
  /** RFC 5155 §6: delegations that are not signed have no record of their own. */
  readonly optOut: boolean;
};

/** The types at each name that the zone is the authority for; at a cut NS and, where there is one, DS. */
type Inventory = Map<Name, Set<number>>;

/** RFC 9077 §3: as long-lived as other denials of the zone. */
export function nsecRecords(apex: Name, records: readonly ZoneData[], ttl: number): ZoneData[] {
  const inventory = takeInventory(apex, records);
  const owners = [...inventory.keys()].sort(compareCanonical);
  return owners.map((owner, i) => {
    const types = [...inventory.get(owner)!, Type.RRSIG, Type.NSEC];
    const words = [nameToText(owners[(i + 1) % owners.length]), ...types.map(typeToText)];
    return { owner, type: Type.NSEC, ttl, rdata: written(Type.NSEC, words) };
  });
}

/** NSEC3PARAM (RFC 5155 §4) among them. */
export function nsec3Records(
  apex: Name,
  records: readonly ZoneData[],
  ttl: number,
  parameters: Nsec3Parameters,
): ZoneData[] {
  const { iterations, salt, optOut } = parameters;
  const hashing = (flags: number): string[] => ['1', `${flags}`, `${iterations}`, saltText(salt)];
  const param = { owner: apex, type: Type.NSEC3PARAM, ttl: 0, rdata: written(Type.NSEC3PARAM, hashing(0)) };
  const inventory = takeInventory(apex, [...records, param]);
  if (optOut) dropInsecureDelegations(inventory);
  addEmptyNonTerminals(apex, inventory);
  const hashed = [...inventory].map(([name, types]) => ({ name, types, label: hashLabel(name, parameters) }));
  hashed.sort((a, b) => (a.label < b.label ? -1 : 1));
  const chain = hashed.map(({ name, types }, i) => {
    const next = hashed[(i + 1) % hashed.length].label;
    const words = [...hashing(optOut ? 1 : 0), next, ...bitmapWithSignatures(types).map(typeToText)];
    return { owner: hashedOwner(name, apex, parameters), type: Type.NSEC3, ttl, rdata: written(Type.NSEC3, words) };
  });
  return [param, ...chain];
}

function takeInventory(apex: Name, records: readonly ZoneData[]): Inventory {
  const cuts = new Set(records.filter(({ owner, type }) => type === Type.NS && owner !== apex).map(ownerOf));
  const inventory: Inventory = new Map();
  for (const { owner, type } of records) {
    if (isBelowAny(owner, apex, cuts)) continue;
    if (cuts.has(owner) && type !== Type.NS && type !== Type.DS) continue;
    inventory.set(owner, (inventory.get(owner) ?? new Set<number>()).add(type));
  }
  return inventory;
}

function ownerOf({ owner }: ZoneData): Name {
  return owner;
}

/** True for glue, and for anything else that stands below a cut. */
export function isBelowAny(owner: Name, apex: Name, cuts: ReadonlySet<Name>): boolean {
  for (let node = owner; node !== apex;) {
    node = parentOf(node);
    if (cuts.has(node)) return true;
  }
  return false;
}

function isInsecureDelegation(types: ReadonlySet<number>): boolean {
  return types.has(Type.NS) && !types.has(Type.SOA) && !types.has(Type.DS);
}

function dropInsecureDelegations(inventory: Inventory): void {
  for (const [owner, types] of inventory) if (isInsecureDelegation(types)) inventory.delete(owner);
}

/** RFC 5155 §7.1: they have records too; those that only dropped delegations made are dropped with them. */
function addEmptyNonTerminals(apex: Name, inventory: Inventory): void {
  const owners = [...inventory.keys()];
  for (const owner of owners) {
    for (let node = owner; isBelow(node, apex); node = parentOf(node)) {
      if (!inventory.has(node)) inventory.set(node, new Set());
    }
  }
}

/** RFC 5155 §7.1: RRSIG where there is something to sign. */
function bitmapWithSignatures(types: ReadonlySet<number>): number[] {
  const isSigned = types.size > 0 && !isInsecureDelegation(types);
  return isSigned ? [...types, Type.RRSIG] : [...types];
}

export function saltText(salt: Uint8Array): string {
  return salt.length === 0 ? '-' : Buffer.from(salt).toString('hex');
}

function written(type: number, words: readonly string[]): Uint8Array {
  const rdata = rdataFromText(type, words);
  if (!(rdata instanceof Uint8Array)) throw new TypeError(rdata.why);
  return rdata;
}
