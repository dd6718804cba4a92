/** Names, RDATA and RRsets of every kind, for property tests. */

import * as fc from 'fast-check';
import { MAX_NAME_OCTETS, nameFromWire, type Name } from '../../src/dns/name.ts';
import { rrset, type RRset } from '../../src/dns/rrset.ts';
import { rdataLayout, type Field } from '../../src/dns/wire/rdata-layout.ts';
import { Type, isMetaType } from '../../src/dns/record-type.ts';

/** Octets that make trouble stand beside any octets. */
const octet = fc.oneof(
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 255 }) },
  { weight: 2, arbitrary: fc.constantFrom(...Buffer.from('aAbBzZ09-_')) },
  { weight: 1, arbitrary: fc.constantFrom(...Buffer.from('.\\"@$();* \0\x7f\xff', 'latin1')) },
);

export const octets = (minLength: number, maxLength: number): fc.Arbitrary<Uint8Array> =>
  fc.array(octet, { minLength, maxLength, size: 'max' }).map((list) => Uint8Array.from(list));

/** Wire octets of any name, the longest ones included. */
export const wireName: fc.Arbitrary<Uint8Array> = fc
  .oneof(
    { weight: 6, arbitrary: fc.array(octets(1, 8), { maxLength: 5 }) },
    { weight: 1, arbitrary: fc.array(octets(60, 63), { maxLength: 4 }) },
    { weight: 1, arbitrary: fc.array(octets(1, 1), { maxLength: 127, size: 'max' }) },
  )
  .map((labels) => {
    const wire = [...labels.flatMap((label) => [label.length, ...label]), 0];
    return Uint8Array.from(wire);
  })
  .filter((wire) => wire.length <= MAX_NAME_OCTETS);

export const anyName: fc.Arbitrary<Name> = wireName.map((wire) => nameFromWire(wire));

/** Names of a small tree, so that they share suffixes as those of one message do. */
export const relatedName: fc.Arbitrary<Uint8Array> = fc
  .array(fc.constantFrom('a', 'B', 'www', 'ns1', 'example', 'EXAMPLE', 'a.b'), { maxLength: 5 })
  .map((labels) => Uint8Array.from([...labels.flatMap((label) => [label.length, ...Buffer.from(label, 'latin1')]), 0]));

function field(kind: Field): fc.Arbitrary<Uint8Array> {
  if (kind === 'name') return fc.oneof(relatedName, wireName);
  if (kind === 'character-string') return octets(0, 20).map((text) => Uint8Array.of(text.length, ...text));
  return kind === 'rest' ? octets(0, 40) : octets(kind, kind);
}

/** RDATA with the layout that the wire asks of its type; any octets where it asks for none. */
export function rdata(type: number): fc.Arbitrary<Uint8Array> {
  const layout = rdataLayout(type);
  if (layout === undefined) return octets(0, 60);
  return fc.tuple(...layout.map(field)).map((parts) => new Uint8Array(Buffer.concat(parts)));
}

export const dataTypes: readonly number[] = [...Object.values(Type).filter((type) => !isMetaType(type)), 65280];
export const dataType: fc.Arbitrary<number> = fc.constantFrom(...dataTypes);

export const anyRRset: fc.Arbitrary<RRset> = dataType.chain((type) =>
  fc
    .record({
      owner: fc.oneof(
        relatedName.map((wire) => nameFromWire(wire)),
        anyName,
      ),
      ttl: fc.integer({ min: 0, max: 0x7fff_ffff }),
      rdata: fc.array(rdata(type), { minLength: 1, maxLength: 4 }),
    })
    .map(({ owner, ttl, rdata }) => rrset(owner, type, ttl, rdata)),
);
