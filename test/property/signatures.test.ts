/** What is signed cannot be changed: in any octet of owner, type, original TTL, RDATA or signature, it does not hold. */

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { canonicalRRset } from '../../src/dns/canonical.ts';
import { name, nameFromWire, nameToWire } from '../../src/dns/name.ts';
import { Type } from '../../src/dns/record-type.ts';
import { rdataOf, rrset, type RRset } from '../../src/dns/rrset.ts';
import { makeSignature } from '../../src/lab/rrsig.ts';
import { Algorithm, createSigningKey, keyTagOf } from '../../src/lab/signing-keys.ts';
import { verifyRRset } from '../../src/validate/verify.ts';
import { asDnskey, validatingWith, withSignatures } from '../support/signed-records.ts';
import { wireName } from './arbitraries.ts';

const ZONE = name('example.');
const NOW = 1_800_000_000;
const around = validatingWith();

const keys = Object.values(Algorithm).map((algorithm) => createSigningKey('property', algorithm, 256));

const labels = fc.array(fc.constantFrom('www', 'a', 'b-c', 'long-label-here'), { minLength: 1, maxLength: 3 });
const rdata = fc.oneof(
  fc.record({
    type: fc.constant<number>(Type.A),
    list: fc.array(fc.uint8Array({ minLength: 4, maxLength: 4 }), { minLength: 1, maxLength: 4 }),
  }),
  fc.record({
    type: fc.constant<number>(Type.NS),
    list: fc.array(wireName, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({
    type: fc.constant(65_280),
    list: fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 4 }),
  }),
);

type Signed = { set: RRset; signature: Uint8Array; key: (typeof keys)[number] };

const signed: fc.Arbitrary<Signed> = fc
  .record({ labels, rdata, key: fc.constantFrom(...keys), ttl: fc.nat(100_000) })
  .map(({ labels: owner, rdata: { type, list }, key, ttl }) => {
    const set = rrset(name(`${owner.join('.')}.example.`), type, ttl, list);
    const fields = {
      typeCovered: type,
      algorithm: key.algorithm,
      labels: owner.length + 1,
      originalTtl: ttl,
      expiration: NOW + 86_400,
      inception: NOW - 86_400,
      keyTag: keyTagOf(key),
      signer: ZONE,
    };
    return { set, key, signature: makeSignature(fields, key, set.owner, list) };
  });

function holds(set: RRset, signature: Uint8Array, key: Signed['key']): boolean {
  return verifyRRset(withSignatures(set, [signature]), [asDnskey(key)], ZONE, NOW, around).kind === 'verified';
}

/** One bit of the octets turned over. */
function flipped(octets: Uint8Array, at: number): Uint8Array {
  const changed = new Uint8Array(octets);
  changed[(at >> 3) % octets.length] ^= 1 << (at & 7);
  return changed;
}
const bit = fc.nat(0xffff);

test('what was signed holds, in any order of its records', () => {
  fc.assert(
    fc.property(signed, ({ set, signature, key }) => {
      const reversed = rrset(set.owner, set.type, set.ttl, rdataOf(set).toReversed());
      expect(holds(set, signature, key)).toBe(true);
      expect(holds(reversed, signature, key)).toBe(true);
    }),
    { numRuns: 100 },
  );
});

describe('it holds no longer when one bit is turned over', () => {
  test('of the signature record, wherever', () => {
    fc.assert(
      fc.property(signed, bit, ({ set, signature, key }, at) => {
        const changed = flipped(signature, at);
        // RFC 4034 §6.2: the signer's name has no letter case.
        fc.pre(!(isSignerName((at >> 3) % signature.length) && foldsAlike(signature, changed)));
        expect(holds(set, changed, key)).toBe(false);
      }),
      { numRuns: 400 },
    );
  });

  test('of the RDATA', () => {
    fc.assert(
      fc.property(signed, bit, ({ set, signature, key }, at) => {
        const list = rdataOf(set);
        const which = at % list.length;
        fc.pre(list[which].length > 0);
        const changed = list.map((octets, i) => (i === which ? flipped(octets, at) : octets));
        fc.pre(isAnotherSet(set.type, list, changed));
        expect(holds(rrset(set.owner, set.type, set.ttl, changed), signature, key)).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  test('of the owner', () => {
    fc.assert(
      fc.property(signed, bit, ({ set, signature, key }, at) => {
        const wire = nameToWire(set.owner);
        const place = (at >> 3) % wire.length;
        const changed = flipped(wire, at);
        // A length octet would make it no name at all.
        fc.pre(!lengthOctets(wire).has(place));
        const owner = nameFromWire(changed);
        fc.pre(owner !== set.owner);
        expect(holds({ ...set, owner }, signature, key)).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  test('of the type', () => {
    fc.assert(
      fc.property(signed, fc.nat(15), ({ set, signature, key }, at) => {
        expect(holds({ ...set, type: set.type ^ (1 << at) }, signature, key)).toBe(false);
      }),
      { numRuns: 100 },
    );
  });
});

test('nor when a record is added or left out', () => {
  fc.assert(
    fc.property(signed, fc.uint8Array({ minLength: 41, maxLength: 50 }), ({ set, signature, key }, more) => {
      const list = rdataOf(set);
      expect(holds(rrset(set.owner, set.type, set.ttl, [...list, more]), signature, key)).toBe(false);
      fc.pre(list.length > 1);
      const fewer = list.slice(1);
      fc.pre(isAnotherSet(set.type, list, fewer));
      expect(holds(rrset(set.owner, set.type, set.ttl, fewer), signature, key)).toBe(false);
    }),
    { numRuns: 100 },
  );
});

function isSignerName(at: number): boolean {
  return at >= 18 && at < 18 + ZONE.length;
}

function foldsAlike(a: Uint8Array, b: Uint8Array): boolean {
  return nameFromWire(a, 18, 18 + ZONE.length) === nameFromWire(b, 18, 18 + ZONE.length);
}

function lengthOctets(wire: Uint8Array): Set<number> {
  const places = new Set<number>();
  for (let at = 0; at < wire.length; at += wire[at] + 1) places.add(at);
  return places;
}

/** Letter case in names, and records that become equal, make no difference to a signature (RFC 4034 §6). */
function isAnotherSet(type: number, before: readonly Uint8Array[], after: readonly Uint8Array[]): boolean {
  const text = (list: readonly Uint8Array[]): string =>
    canonicalRRset(type, list)
      .map((octets) => Buffer.from(octets).toString('hex'))
      .join(' ');
  return text(before) !== text(after);
}
