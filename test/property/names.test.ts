import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  compareCanonical,
  isAtOrBelow,
  labelsOf,
  nameFromLabels,
  nameFromWire,
  nameToText,
  nameToUnicode,
  nameToWire,
  parentOf,
  parseName,
  parseWireName,
  wireNameToText,
  type Name,
} from '../../src/dns/name.ts';
import { createSeededRandom } from '../support/seeded-random.ts';
import { anyName, relatedName, wireName } from './arbitraries.ts';

test('any name leads from octets to text and back, with its letter case', () => {
  fc.assert(
    fc.property(wireName, (wire) => {
      const text = wireNameToText(wire);
      expect(text).toMatch(/^[\x21-\x7e]+$/);
      expect(parseWireName(text)).toEqual(wire);
      expect(parseName(text)).toBe(nameFromWire(wire));
      expect(parseName(nameToText(nameFromWire(wire)))).toBe(nameFromWire(wire));
      expect(nameFromWire(nameToWire(nameFromWire(wire)))).toBe(nameFromWire(wire));
    }),
  );
});

test('any text is a name or a reason, and a name that is read is written as it was', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.string({ unit: fc.constantFrom('a', '.', '\\', '0', '1', '9', '@', 'ü'), maxLength: 300 }),
  );
  fc.assert(
    fc.property(text, (written) => {
      const read = parseName(written);
      if (typeof read !== 'string') return;
      expect(read.length).toBeLessThanOrEqual(255);
      expect(parseName(nameToText(read))).toBe(read);
      expect(nameFromLabels(labelsOf(read))).toBe(read);
      expect(['string', 'undefined']).toContain(typeof nameToUnicode(read));
    }),
  );
});

/** RFC 4034 §6.1 said plainly: lists of labels from the right, each a list of octets. */
function compareByLabels(a: Name, b: Name): number {
  const left = labelsOf(a).reverse();
  const right = labelsOf(b).reverse();
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const order = Buffer.compare(Buffer.from(left[i], 'latin1'), Buffer.from(right[i], 'latin1'));
    if (order !== 0) return order;
  }
  return Math.sign(left.length - right.length);
}

const name = fc.oneof(
  anyName,
  relatedName.map((wire) => nameFromWire(wire)),
);

test('the canonical order is the one that RFC 4034 §6.1 describes, and total', () => {
  fc.assert(
    fc.property(name, name, name, (a, b, c) => {
      expect(Math.sign(compareCanonical(a, b))).toBe(compareByLabels(a, b));
      expect(compareCanonical(a, b) === 0).toBe(a === b);
      expect(Math.sign(compareCanonical(b, a)) + Math.sign(compareCanonical(a, b))).toBe(0);
      const [x, y, z] = [a, b, c].sort(compareCanonical);
      expect(compareCanonical(x, y)).toBeLessThanOrEqual(0);
      expect(compareCanonical(y, z)).toBeLessThanOrEqual(0);
      expect(compareCanonical(x, z)).toBeLessThanOrEqual(0);
    }),
  );
});

test('a name is at or below exactly its ancestors and itself', () => {
  fc.assert(
    fc.property(name, name, (a, b) => {
      const ancestors = new Set<Name>();
      for (let at = a; ancestors.add(at) && at !== parentOf(at);) at = parentOf(at);
      expect(isAtOrBelow(a, b)).toBe(ancestors.has(b));
    }),
  );
});

test('of a million label sequences, names differ exactly where their octets do, letter case aside', () => {
  // A small alphabet, with dots, length octets and both cases in it, so that collisions happen where they can.
  const alphabet = Buffer.from('aAb.\\\x01\x02\x00\xe9\xc9', 'latin1');
  const wire = new Uint8Array(40);
  const keys = new Map<string, string>();
  const random = createSeededRandom(1);
  let differing = 0;
  for (let i = 0; i < 1_000_000; i++) {
    let at = 0;
    for (let labels = random.below(4); labels > 0; labels--) {
      const length = 1 + random.below(3);
      wire[at++] = length;
      for (let j = 0; j < length; j++) wire[at++] = alphabet[random.below(alphabet.length)];
    }
    wire[at++] = 0;
    const octets = Buffer.from(wire.buffer, 0, at);
    // The reference: each label as hexadecimal after A to Z are folded, joined by what hexadecimal has not.
    let reference = '';
    for (let from = 0; wire[from] !== 0; from += wire[from] + 1) {
      const label = octets.toString('latin1', from + 1, from + 1 + wire[from]);
      reference += label.replace(/[A-Z]/g, (letter) => letter.toLowerCase()) + '\u{10000}';
    }
    const key = nameFromWire(octets);
    const known = keys.get(key);
    if (known === undefined) keys.set(key, reference);
    else if (known !== reference) differing++;
  }
  expect(differing).toBe(0);
  expect(new Set(keys.values()).size).toBe(keys.size);
  expect(keys.size).toBeGreaterThan(100_000);
});
