import { describe, expect, test } from 'vitest';

import { createHandClock } from '../../test/support/hand-clock.ts';
import { canonicalKey } from '../dns/canonical-order.ts';
import { name, nameToText, nameToWire } from '../dns/name.ts';
import { Type } from '../dns/record-type.ts';
import { rrset, type RRset } from '../dns/rrset.ts';
import { createDenialRanges, type DenialRanges } from './denial-ranges.ts';
import { createTtlBounds } from './ttl-bounds.ts';

const zone = name('example.');
const soa = rrset(zone, Type.SOA, 900, [Uint8Array.of(0, 0, ...Array.from({ length: 19 }, () => 0), 60)]);

function setUp(maxBytes = 1_000_000) {
  const clock = createHandClock();
  const limits = { minTtl: 0, maxTtl: 86_400, maxNegativeTtl: 3600 };
  const ranges = createDenialRanges(maxBytes, createTtlBounds(limits, []), clock);
  return { clock, ranges };
}

const nsec = (owner: string, ttl = 300): RRset => rrset(name(owner), Type.NSEC, ttl, [nameToWire(zone)]);
const keep = (ranges: DenialRanges, owner: string, ttl = 300, apex = zone): void =>
  ranges.put(apex, 'nsec', canonicalKey(name(owner)), nsec(owner, ttl), Infinity);
const find = (ranges: DenialRanges, sought: string, wraps = false): string | undefined => {
  const found = ranges.find(zone, 'nsec', canonicalKey(name(sought)), wraps);
  return found && nameToText(found.owner);
};

describe('the record that speaks of a name', () => {
  const { ranges } = setUp();
  for (const owner of ['m.example.', 'example.', 'c.example.']) keep(ranges, owner);

  test.each([
    ['c.example.', 'c.example.', 'its own'],
    ['d.example.', 'c.example.', 'the one before it'],
    ['a.c.example.', 'c.example.', 'the one before it, for a name below'],
    ['b.example.', 'example.', 'that of the apex'],
    ['z.example.', 'm.example.', 'the last'],
  ])('of %s is that of %s: %s', (sought, owner) => {
    expect(find(ranges, sought)).toBe(owner);
  });

  test('before the first there is none, unless the chain runs round its end', () => {
    expect(find(ranges, '.')).toBeUndefined();
    expect(find(ranges, '.', true)).toBe('m.example.');
  });

  test('of another chain, or another zone, is not found', () => {
    expect(ranges.find(zone, 'nsec3', canonicalKey(zone), true)).toBeUndefined();
    expect(ranges.find(name('other.'), 'nsec', canonicalKey(zone), true)).toBeUndefined();
  });
});

describe('time', () => {
  test('a record is gone with its TTL, and counted down until then', () => {
    const { ranges, clock } = setUp();
    keep(ranges, 'c.example.', 10);
    clock.advance(4000);
    expect(ranges.find(zone, 'nsec', canonicalKey(name('c.example.')), false)?.ttl).toBe(6);
    clock.advance(6000);
    expect(find(ranges, 'c.example.')).toBeUndefined();
  });

  test('a record is gone with its signature, and never kept longer than denials are', () => {
    const { ranges, clock } = setUp();
    ranges.put(zone, 'nsec', 'a', nsec('a.example.'), clock.now() + 1000);
    ranges.put(zone, 'nsec', 'b', nsec('b.example.', 100_000), Infinity);
    expect(ranges.find(zone, 'nsec', 'b', false)?.ttl).toBe(3600);
    clock.advance(1001);
    expect(ranges.find(zone, 'nsec', 'a', false)).toBeUndefined();
  });

  test('the SOA has the TTL of a denial: the lesser of its own and its MINIMUM', () => {
    const { ranges } = setUp();
    ranges.putSoa(zone, soa, Infinity);
    expect(ranges.soa(zone)?.ttl).toBe(60);
  });
});

describe('memory', () => {
  test('a zone that is full loses its oldest records, and no more than a quarter is its own', () => {
    const { ranges } = setUp(100_000);
    for (let i = 0; i < 1000; i++) keep(ranges, `n${i}.example.`);
    const { bytes, evictions, entries } = ranges.statistics();
    expect(bytes).toBeLessThanOrEqual(25_000);
    expect(entries + evictions).toBe(1000);
    expect(ranges.find(zone, 'nsec', canonicalKey(name('n999.example.')), false)?.owner).toBe(name('n999.example.'));
    expect(find(ranges, 'n0.example.')).not.toBe('n0.example.');
  });

  test('many zones together stay within the bound: the one that has rested longest leaves', () => {
    const { ranges } = setUp(20_000);
    for (let i = 0; i < 200; i++) keep(ranges, `a.z${i}.`, 300, name(`z${i}.`));
    expect(ranges.statistics().bytes).toBeLessThanOrEqual(20_000);
    expect(ranges.has(name('z0.'))).toBe(false);
    expect(ranges.has(name('z199.'))).toBe(true);
  });

  test('a zone that changes its chain again and again keeps two', () => {
    const { ranges } = setUp();
    for (let i = 0; i < 50; i++) ranges.put(zone, `salt ${i}`, 'key', nsec('a.example.'), Infinity);
    expect(ranges.chains(zone)).toEqual(['salt 48', 'salt 49']);
    ranges.forget(zone);
    expect(ranges.statistics().bytes).toBe(0);
  });

  test('wildcards are a hundred a zone', () => {
    const { ranges } = setUp();
    for (let i = 0; i < 150; i++) {
      const owner = name(`*.n${i}.example.`);
      ranges.putWildcard(zone, rrset(owner, Type.A, 60, [Uint8Array.of(203, 0, 113, 7)]), Infinity);
    }
    expect(ranges.statistics().entries).toBe(100);
    expect(ranges.wildcard(zone, name('*.n149.example.'), Type.A)?.ttl).toBe(60);
    expect(ranges.wildcard(zone, name('*.n149.example.'), Type.AAAA)).toBeUndefined();
  });
});

test('what is forgotten for a name is all that may speak of it, from its zone or from above', () => {
  const { ranges } = setUp();
  for (const apex of ['.', 'example.', 'sub.example.', 'other.']) keep(ranges, apex, 300, name(apex));
  expect(ranges.forget(name('www.example.'))).toBe(2);
  expect(ranges.has(name('sub.example.'))).toBe(true);
  expect(ranges.forget(name('example.'))).toBe(1);
  expect(ranges.has(name('other.'))).toBe(true);
});
