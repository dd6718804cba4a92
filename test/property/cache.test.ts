/**
 * What holds for the cache whatever is learned, asked and waited for, in any order.
 */

import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createCache, type Cache, type CacheOptions } from '../../src/cache/cache.ts';
import { mayReplace, type Credibility } from '../../src/cache/credibility.ts';
import { isAtOrBelow, name, parentOf, type Name } from '../../src/dns/name.ts';
import { Type } from '../../src/dns/record-type.ts';
import { rdataOf, rrset, type RRset } from '../../src/dns/rrset.ts';
import { createHandClock } from '../support/hand-clock.ts';

const names = ['example.', 'a.example.', 'b.a.example.', 'c.example.', 'other.', '.'].map(name);
const types = [Type.A, Type.AAAA, Type.CNAME];
const credibilities: Credibility[] = [
  'glue',
  'additional',
  'non-authoritative-answer',
  'authority',
  'authoritative-answer',
];
const from = { server: '192.0.2.53', zone: name('example.'), walkId: 'walk-1' };

const owner = fc.constantFrom(...names);
const type = fc.constantFrom(...types);
const seconds = fc.oneof(fc.nat(5), fc.nat(2000), fc.nat(2 ** 31 - 1));

type Step =
  | { kind: 'wait'; ms: number }
  | { kind: 'records'; owner: Name; type: number; ttl: number; octets: number; credibility: Credibility }
  | { kind: 'denial'; owner: Name; type: number; denies: 'nxdomain' | 'nodata'; ttl: number; minimum: number }
  | { kind: 'delegation'; owner: Name; ttl: number }
  | { kind: 'failure'; owner: Name; type: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('wait' as const),
    ms: fc.oneof(fc.nat(3000), fc.nat(1_000_000), fc.double({ min: 0, max: 2000, noNaN: true })),
  }),
  fc.record({
    kind: fc.constant('records' as const),
    owner,
    type,
    ttl: seconds,
    octets: fc.nat(600),
    credibility: fc.constantFrom(...credibilities),
  }),
  fc.record({
    kind: fc.constant('denial' as const),
    owner,
    type,
    denies: fc.constantFrom('nxdomain' as const, 'nodata' as const),
    ttl: seconds,
    minimum: seconds,
  }),
  fc.record({ kind: fc.constant('delegation' as const), owner, ttl: seconds }),
  fc.record({ kind: fc.constant('failure' as const), owner, type }),
);
const options = fc.record({
  maxBytes: fc.oneof(fc.constant(1_000_000), fc.integer({ min: 1, max: 20_000 })),
  minTtl: fc.nat(100),
  maxTtl: fc.integer({ min: 100, max: 100_000 }),
  maxNegativeTtl: fc.nat(4000),
  ttlOverrides: fc.constantFrom([], [{ zone: name('a.example.'), maxTtl: 50 }]),
});

function soa(ttl: number, minimum: number): RRset {
  const rdata = new Uint8Array(22);
  new DataView(rdata.buffer).setUint32(18, minimum);
  return rrset(name('example.'), Type.SOA, ttl, [rdata]);
}

function take(cache: Cache, now: number, done: Exclude<Step, { kind: 'wait' }>): void {
  switch (done.kind) {
    case 'records': {
      const records = rrset(done.owner, done.type, done.ttl, [new Uint8Array(done.octets)]);
      cache.rrsets.put(records, done.credibility, from);
      return;
    }
    case 'denial':
      cache.denials.put(done.owner, done.type, done.denies, soa(done.ttl, done.minimum), from);
      return;
    case 'delegation': {
      const through = cache.delegations.closest(parentOf(done.owner));
      const server = { name: name('ns.example.'), addresses: ['192.0.2.53'] };
      cache.delegations.put({ zone: done.owner, servers: [server] }, done.ttl, through?.expiresAt ?? Infinity);
      return;
    }
    case 'failure':
      cache.failures.put(done.owner, done.type, { why: `failed at ${now}`, errors: [], walkId: 'walk-1' });
      return;
    default:
      done satisfies never;
  }
}

/** Runs the steps on a new cache and calls `check` after each. */
function play(
  given: CacheOptions,
  steps: readonly Step[],
  check: (cache: Cache, now: number, done: Step) => void,
): void {
  const clock = createHandClock();
  const cache = createCache(given, { clock });
  for (const done of steps) {
    if (done.kind === 'wait') clock.advance(done.ms);
    else take(cache, clock.now(), done);
    check(cache, clock.now(), done);
  }
}
const steps = fc.array(step, { maxLength: 40 });
const mostTtl = (given: CacheOptions, at: Name): number =>
  isAtOrBelow(at, name('a.example.')) ? (given.ttlOverrides[0]?.maxTtl ?? given.maxTtl) : given.maxTtl;

test('a cached TTL is above 0 and never above its bounds, and only learning makes it grow', () => {
  fc.assert(
    fc.property(options, steps, (given, list) => {
      const last = new Map<string, number>();
      play(given, list, (cache, _now, done) => {
        for (const at of names) {
          for (const qtype of types) {
            const ttls: [string, number | undefined, number][] = [
              ['rrset', cache.rrsets.get(at, qtype)?.rrset.ttl, mostTtl(given, at)],
              ['denial', cache.denials.get(at, qtype)?.soa.ttl, Math.min(given.maxNegativeTtl, mostTtl(given, at))],
            ];
            for (const [kind, ttl, most] of ttls) {
              const key = `${kind} ${at} ${qtype}`;
              const before = last.get(key);
              if (ttl === undefined) last.delete(key);
              else {
                expect(ttl).toBeGreaterThan(0);
                expect(ttl).toBeLessThanOrEqual(most);
                if (done.kind === 'wait') expect(ttl).toBeLessThanOrEqual(before ?? 0);
                last.set(key, ttl);
              }
            }
          }
        }
      });
    }),
    { numRuns: 300 },
  );
});

test('an RRset is served while its TTL runs, never after, and never replaced by what is believed less', () => {
  const given = { maxBytes: 1_000_000, minTtl: 0, maxTtl: 86_400, maxNegativeTtl: 3600, ttlOverrides: [] };
  const positive = fc.array(
    step.filter((one) => one.kind === 'wait' || one.kind === 'records'),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(positive, (list) => {
      // The simplest cache there could be, as a second opinion.
      const model = new Map<string, { until: number; octets: number; credibility: Credibility }>();
      play(given, list, (cache, now, done) => {
        if (done.kind === 'records') {
          const key = `${done.owner} ${done.type}`;
          const standing = model.get(key);
          const isProtected =
            standing !== undefined && standing.until > now && !mayReplace(done.credibility, standing.credibility);
          const until = Math.floor(now + Math.min(done.ttl, given.maxTtl) * 1000);
          if (!isProtected) model.set(key, { until, octets: done.octets, credibility: done.credibility });
        }
        for (const at of names) {
          for (const qtype of types) {
            const expected = model.get(`${at} ${qtype}`);
            const found = cache.rrsets.get(at, qtype);
            expect(found && rdataOf(found.rrset)[0].length).toBe(
              expected !== undefined && expected.until > now ? expected.octets : undefined,
            );
          }
        }
      });
    }),
    { numRuns: 300 },
  );
});

test('records that may answer and a denial of them never stand beside each other', () => {
  fc.assert(
    fc.property(options, steps, (given, list) => {
      play(given, list, (cache) => {
        for (const at of names) {
          for (const qtype of types) {
            const credibility = cache.rrsets.get(at, qtype)?.credibility ?? 'glue';
            if (credibility === 'glue' || credibility === 'additional') continue;
            expect(cache.denials.get(at, qtype)).toBeUndefined();
          }
        }
      });
    }),
    { numRuns: 300 },
  );
});

test('bytes never exceed the bound, add up to what is held, and end at 0', () => {
  fc.assert(
    fc.property(options, steps, (given, list) => {
      let last: Cache | undefined;
      play(given, list, (cache) => {
        const { bytes, entries } = cache.statistics();
        expect(bytes).toBeLessThanOrEqual(given.maxBytes);
        expect(bytes).toBeGreaterThanOrEqual(0);
        const held = [...cache.dump()];
        expect(held.length).toBeLessThanOrEqual(entries);
        expect(held.reduce((sum, view) => sum + view.bytes, 0)).toBeLessThanOrEqual(bytes);
        last = cache;
      });
      last?.flushAll();
      expect(last?.statistics().bytes ?? 0).toBe(0);
      expect(last?.statistics().entries ?? 0).toBe(0);
    }),
    { numRuns: 300 },
  );
});

test('a delegation never outlives the one that it was learned through', () => {
  const climbing = fc.array(
    step.filter((one) => one.kind === 'wait' || one.kind === 'delegation'),
    { maxLength: 40 },
  );
  const given = { maxBytes: 1_000_000, minTtl: 0, maxTtl: 86_400, maxNegativeTtl: 3600, ttlOverrides: [] };
  fc.assert(
    fc.property(climbing, fc.nat(1000), (list, ttl) => {
      const clock = createHandClock();
      const cache = createCache(given, { clock });
      const server = { name: name('ns.example.'), addresses: [] };
      cache.delegations.put({ zone: name('example.'), servers: [server] }, ttl, Infinity);
      const ends = clock.now() + ttl * 1000;
      for (const done of list) {
        if (done.kind === 'wait') clock.advance(done.ms);
        else if (done.kind === 'delegation') {
          // All is learned through what is known at or above the zone itself: its own servers refer to it.
          const through = cache.delegations.closest(done.owner);
          if (through === undefined) continue;
          cache.delegations.put({ zone: done.owner, servers: [server] }, done.ttl, through.expiresAt);
        }
        if (clock.now() >= ends) expect([...cache.dump()]).toEqual([]);
      }
    }),
    { numRuns: 300 },
  );
});
