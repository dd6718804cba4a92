/** Records of DNSSEC with any octets in them: nothing throws, nothing is proven, and the work stays within its bounds. */

import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { name } from '../../src/dns/name.ts';
import { Type } from '../../src/dns/record-type.ts';
import { rrset, type RRset } from '../../src/dns/rrset.ts';
import { denialFrom, proveExpansion, proveNodata, proveNoDs, proveNxdomain } from '../../src/validate/denial.ts';
import { dnskeysOf } from '../../src/validate/dnskey.ts';
import { dsOf } from '../../src/validate/ds.ts';
import { validateKeySet } from '../../src/validate/key-set.ts';
import { defaultPolicy } from '../../src/validate/policy.ts';
import { verifyRRset } from '../../src/validate/verify.ts';
import { countingBudget, validatingWith, withSignatures } from '../support/signed-records.ts';

const ZONE = name('example.');
const NOW = 1_800_000_000;
const EXAMPLE = Buffer.from('example');

const junk = fc.uint8Array({ maxLength: 80 });
const algorithm = fc.constantFrom(5, 7, 8, 10, 13, 14, 15, 16, 250);

/** The first octets are right, so that the rest is looked at. */
const dnskey = fc.tuple(algorithm, junk).map(([number, rest]) => Uint8Array.of(1, 0, 3, number, ...rest));
/** Of type A by example., original TTL 300 s, valid from 1970 to 2038. */
const rrsig = fc
  .tuple(algorithm, fc.nat(3), fc.uint8Array({ minLength: 2, maxLength: 2 }), junk)
  .map(([number, labels, tag, signature]) => {
    const dates = [0x7f, 0xff, 0xff, 0xff, 0, 0, 0, 1];
    return Uint8Array.of(0, 1, number, labels, 0, 0, 1, 44, ...dates, ...tag, 7, ...EXAMPLE, 0, ...signature);
  });
const nsec = fc.oneof(
  junk,
  junk.map((rest) => Uint8Array.of(1, 0x7a, 7, ...EXAMPLE, 0, ...rest)),
);
const nsec3 = fc.oneof(
  junk,
  fc.tuple(fc.nat(60), junk, junk).map(([iterations, salt, rest]) => {
    return Uint8Array.of(1, 0, 0, iterations, salt.length, ...salt, 20, ...rest);
  }),
);

const set = (owner: string, type: number, rdata: readonly Uint8Array[]): RRset => rrset(name(owner), type, 300, rdata);

test('keys, signatures and DS of any octets verify nothing', () => {
  const list = { minLength: 1, maxLength: 12 };
  fc.assert(
    fc.property(fc.array(dnskey, list), fc.array(rrsig, list), fc.array(junk, list), (keys, signatures, ds) => {
      const budget = countingBudget();
      const around = validatingWith(budget);
      const keySet = set('example.', Type.DNSKEY, keys);
      const www = withSignatures(set('www.example.', Type.A, [new Uint8Array(4)]), signatures);
      expect(verifyRRset(www, dnskeysOf(keySet), ZONE, NOW, around).kind).toBe('failed');
      expect(budget.verifications).toBeLessThanOrEqual(8);
      const trust = { zone: ZONE, ds: dsOf(set('example.', Type.DS, ds)) };
      expect(validateKeySet(withSignatures(keySet, signatures), trust, NOW, around).kind).not.toBe('secure');
    }),
    { numRuns: 300 },
  );
});

test('a key whose tag is met is tried with the octets that it has', () => {
  fc.assert(
    fc.property(dnskey, rrsig, (rdata, signature) => {
      const keys = dnskeysOf(set('example.', Type.DNSKEY, [rdata]));
      const octets = Uint8Array.from(signature);
      for (const key of keys) octets.set([key.algorithm, 2], 2);
      for (const key of keys) octets.set([key.tag >> 8, key.tag & 0xff], 16);
      const www = withSignatures(set('www.example.', Type.A, [new Uint8Array(4)]), [octets]);
      const result = verifyRRset(www, keys, ZONE, NOW, validatingWith());
      expect(result.kind).toBe('failed');
    }),
    { numRuns: 500 },
  );
});

test('denials of any octets do not throw, and hash no more than the names that there are', () => {
  const owner = fc.constantFrom('example.', 'a.example.', '2t7b4g4vsa5smi47k61mv5bv1a22bojr.example.');
  const records = fc.array(
    fc.oneof(
      fc.tuple(owner, fc.constant<number>(Type.NSEC), nsec),
      fc.tuple(owner, fc.constant<number>(Type.NSEC3), nsec3),
    ),
    { minLength: 1, maxLength: 6 },
  );
  fc.assert(
    fc.property(records, (list) => {
      const sets = list.map(([at, type, rdata]) => set(at, type, [rdata]));
      const denial = denialFrom(ZONE, sets, defaultPolicy);
      const qname = name('x.y.b.example.');
      const budget = countingBudget();
      proveNxdomain(qname, denial, budget);
      proveNodata(qname, Type.A, denial, budget);
      proveExpansion(qname, ZONE, denial, budget);
      proveNoDs(qname, denial, budget);
      // The apex, three names below it, and the wildcards of the first three.
      expect(budget.hashes).toBeLessThanOrEqual(7);
    }),
    { numRuns: 1000 },
  );
});
