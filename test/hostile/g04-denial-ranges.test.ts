/**
 * G4. Bloat of the aggressive cache (CVE-2026-33258): a signed zone with millions of NSEC3 records, each met by another
 * random name, fills what is kept of proven gaps.
 *
 * It has a bound of its own, of which no zone may have more than a quarter; within a zone the oldest record leaves
 * (cache/denial-ranges.ts).
 */

import { describe, expect, test } from 'vitest';

import { createDenialRanges, type DenialRanges } from '../../src/cache/denial-ranges.ts';
import { createTtlBounds } from '../../src/cache/ttl-bounds.ts';
import { name } from '../../src/dns/name.ts';
import { Type } from '../../src/dns/record-type.ts';
import { rrset, type RRset } from '../../src/dns/rrset.ts';
import { createHandClock } from '../support/hand-clock.ts';
import { numbered } from './besieged.ts';
import { recordFigure } from './figures.ts';

const MAX_BYTES = 1024 * 1024;
const NSEC3_OCTETS = 60;

function ranges(): DenialRanges {
  const bounds = createTtlBounds({ minTtl: 0, maxTtl: 86_400, maxNegativeTtl: 3600 }, []);
  return createDenialRanges(MAX_BYTES, bounds, createHandClock());
}

const hash = (i: number): string => i.toString(16).padStart(32, '0');
const nsec3 = (zone: string, i: number, octets = NSEC3_OCTETS): RRset =>
  rrset(name(`${hash(i)}.${zone}`), Type.NSEC3, 3600, [new Uint8Array(octets)]);

function fill(kept: DenialRanges, zone: string, count: number, octets?: number): void {
  for (let i = 0; i < count; i++) kept.put(name(zone), 'chain', hash(i), nsec3(zone, i, octets), Infinity);
}

describe('a zone of 50,000 NSEC3 records', () => {
  test('has a quarter of the room at most', () => {
    const kept = ranges();
    fill(kept, 'giant.', 50_000);
    recordFigure('G4', 'bytes kept of one giant zone', kept.statistics().bytes, MAX_BYTES / 4);
    recordFigure('G4', 'records kept of one giant zone', kept.statistics().entries, { atLeast: 100 });
  });

  test('does not push out what is kept of another zone', () => {
    const kept = ranges();
    fill(kept, 'small.', 20);
    fill(kept, 'giant.', 50_000);
    const found = numbered(20, (i) => kept.find(name('small.'), 'chain', hash(i), false));
    recordFigure('G4', 'of 20 records of another zone kept', found.filter((set) => set !== undefined).length, {
      exactly: 20,
    });
  });
});

test('records of 30 KiB each keep to the bound as well', () => {
  const kept = ranges();
  fill(kept, 'fat.', 200, 30_000);
  recordFigure('G4', 'bytes kept of records of 30 KiB', kept.statistics().bytes, MAX_BYTES / 4);
});

test('a thousand zones keep to the bound together', () => {
  const kept = ranges();
  for (let i = 0; i < 1000; i++) fill(kept, `z${i}.`, 20);
  recordFigure('G4', 'bytes kept of a thousand zones', kept.statistics().bytes, MAX_BYTES);
  expect(kept.has(name('z999.'))).toBe(true);
});
