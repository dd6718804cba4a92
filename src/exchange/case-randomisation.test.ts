import { expect, test } from 'vitest';
import { ROOT, name, nameFromWire, nameToWire } from '../dns/name.ts';
import type { Random } from '../system/random.ts';
import { createSystemRandom } from '../system/random.ts';
import { createSeededRandom } from '../../test/support/seeded-random.ts';
import { randomiseCase } from './case-randomisation.ts';

const longName = name(`${'abcdefghij'.repeat(6)}.${'klmnopqrst'.repeat(6)}.${'uvwxyz'.repeat(10)}.example.`);

test('the mixed name is the same name', () => {
  const random = createSeededRandom(1);
  for (let i = 0; i < 100; i++) expect(nameFromWire(randomiseCase(longName, random))).toBe(longName);
});

test.each([
  ['the root', ROOT],
  ['digits and hyphens', name('192-0-2-1.123.')],
  // 0x40, 0x5b, 0x60, 0x7b stand beside the letters; 0xe1 has their lower bits.
  ['octets beside the letters', name('\\064\\091\\096\\123\\225\\193.')],
])('%s have no case to mix', (_, qname) => {
  const everyBit: Random = { below: (bound) => bound - 1 };
  expect(randomiseCase(qname, everyBit)).toEqual(nameToWire(qname));
});

test('every letter is drawn by itself: each is upper case about half the time', () => {
  const random = createSeededRandom(2);
  const rounds = 2000;
  const upper = new Map<number, number>();
  for (let i = 0; i < rounds; i++) {
    randomiseCase(longName, random).forEach((octet, at) => {
      if (octet >= 0x41 && octet <= 0x5a) upper.set(at, (upper.get(at) ?? 0) + 1);
    });
  }
  expect(upper.size).toBe(60 + 60 + 60 + 'example'.length);
  for (const count of upper.values()) expect(Math.abs(count / rounds - 0.5)).toBeLessThan(0.06);
});

test('what one letter is tells nothing about the next', () => {
  const random = createSeededRandom(3);
  const rounds = 2000;
  let alike = 0;
  for (let i = 0; i < rounds; i++) {
    const [, first, second] = randomiseCase(longName, random);
    if (((first ^ second) & 0x20) === 0) alike++;
  }
  expect(Math.abs(alike / rounds - 0.5)).toBeLessThan(0.06);
});

test('32 letters take one draw, and no bit is used twice', () => {
  let draws = 0;
  const random = createSystemRandom();
  const counted: Random = { below: (bound) => (draws++, random.below(bound)) };
  randomiseCase(name(`${'a'.repeat(32)}.`), counted);
  expect(draws).toBe(1);
  randomiseCase(name(`${'a'.repeat(33)}.`), counted);
  expect(draws).toBe(3);
});
