import { describe, expect, test } from 'vitest';
import { createHandClock } from '../../test/support/hand-clock.ts';
import { name, nameToText, type Name } from '../dns/name.ts';
import { Type } from '../dns/record-type.ts';
import { rrset } from '../dns/rrset.ts';
import { createCache, type Cache } from './cache.ts';

const from = { server: '192.0.2.53', zone: name('example.'), walkId: 'walk-1' };
const soa = rrset(name('example.'), Type.SOA, 900, [Uint8Array.of(0, 0, ...new Uint8Array(19), 200)]);

function setUp(maxBytes = 1_000_000) {
  const clock = createHandClock();
  const cache = createCache({ maxBytes, minTtl: 0, maxTtl: 86_400, maxNegativeTtl: 3600, ttlOverrides: [] }, { clock });
  return { clock, cache };
}
/** One entry of each kind at the name. */
function fill(cache: Cache, at: Name): void {
  cache.rrsets.put(rrset(at, Type.A, 300, [Uint8Array.of(203, 0, 113, 1)]), 'authoritative-answer', from);
  cache.denials.put(at, Type.AAAA, 'nodata', soa, from);
  cache.failures.put(at, Type.MX, { why: 'no server answered', errors: [], walkId: 'walk-1' });
  cache.delegations.put({ zone: at, servers: [{ name: name('ns.example.'), addresses: [] }] }, 3600, Infinity);
}

describe('flushing', () => {
  test('a name forgets all kinds of entries at it, and nothing below', () => {
    const { cache } = setUp();
    for (const at of ['example.', 'www.example.']) fill(cache, name(at));
    expect(cache.flush(name('example.'))).toBe(4);
    expect([...cache.dump()].map((entry) => nameToText(entry.name))).toEqual(Array(4).fill('www.example.'));
  });

  test('a subtree forgets the name and all below, and no neighbour', () => {
    const { cache } = setUp();
    for (const at of ['example.', 'a.b.example.', 'notexample.']) fill(cache, name(at));
    expect(cache.flushSubtree(name('example.'))).toBe(8);
    expect([...cache.dump()].map((entry) => nameToText(entry.name))).toEqual(Array(4).fill('notexample.'));
  });

  test('everything leaves nothing and counts no byte', () => {
    const { cache } = setUp();
    for (const at of ['example.', 'www.example.']) fill(cache, name(at));
    expect(cache.flushAll()).toBe(8);
    expect([...cache.dump()]).toEqual([]);
    expect(cache.statistics()).toMatchObject({ bytes: 0, entries: 0 });
  });
});

describe('the dump', () => {
  test('shows every kind with what remains of its time', () => {
    const { clock, cache } = setUp();
    fill(cache, name('www.example.'));
    clock.advance(500);
    const views = [...cache.dump()];
    expect(views).toMatchObject([
      { kind: 'delegation', name: name('www.example.'), expiresInMs: 3_599_500 },
      { kind: 'rrset', rrset: { type: Type.A, ttl: 300 }, credibility: 'authoritative-answer', ageMs: 500 },
      { kind: 'denial', qtype: Type.AAAA, denial: { kind: 'nodata', soa: { ttl: 200 } } },
      { kind: 'failure', qtype: Type.MX, failure: { why: 'no server answered', retryInMs: 4500 } },
    ]);
    for (const view of views) expect(view.bytes).toBeGreaterThan(100);
  });

  test('leaves out what has expired, and failures whose wait is over', () => {
    const { clock, cache } = setUp();
    fill(cache, name('www.example.'));
    clock.advance(300_000);
    expect([...cache.dump()].map((view) => view.kind)).toEqual(['delegation']);
  });

  test('shows an NXDOMAIN as one that answers every type', () => {
    const { cache } = setUp();
    cache.denials.put(name('www.example.'), Type.A, 'nxdomain', soa, from);
    expect([...cache.dump()]).toMatchObject([{ kind: 'denial', qtype: undefined }]);
  });

  test('goes on while the cache changes', () => {
    const { cache } = setUp();
    const names = ['a.example.', 'b.example.', 'c.example.'].map(name);
    for (const at of names) cache.denials.put(at, Type.A, 'nxdomain', soa, from);
    const seen: Name[] = [];
    for (const view of cache.dump()) {
      seen.push(view.name);
      for (const at of names) cache.denials.get(at, Type.A);
      if (seen.length === 1) cache.flush(name('b.example.'));
    }
    expect(seen.map(nameToText)).toEqual(['c.example.', 'a.example.']);
  });
});

describe('the bound', () => {
  test('holds in sum, and a flood of one kind leaves the others', () => {
    const { cache } = setUp(200_000);
    fill(cache, name('www.example.'));
    for (let i = 0; i < 1000; i++) cache.denials.put(name(`random-${i}.example.`), Type.A, 'nxdomain', soa, from);
    const { bytes, maxBytes, evictions, parts } = cache.statistics();
    expect(bytes).toBeLessThanOrEqual(maxBytes);
    expect(evictions).toBeGreaterThan(900);
    expect(parts.denials.bytes).toBeLessThanOrEqual(20_000);
    expect(cache.rrsets.get(name('www.example.'), Type.A)).toBeDefined();
    expect(cache.delegations.closest(name('www.example.'))).toBeDefined();
  });

  test('of a cache too small for anything keeps nothing and breaks nothing', () => {
    const { cache } = setUp(1);
    fill(cache, name('www.example.'));
    expect(cache.statistics()).toMatchObject({ bytes: 0, entries: 0 });
    expect(cache.rrsets.get(name('www.example.'), Type.A)).toBeUndefined();
  });
});

test('the statistics count each kind and their sum', () => {
  const { cache } = setUp();
  const www = name('www.example.');
  fill(cache, www);
  cache.rrsets.get(www, Type.A);
  cache.rrsets.get(www, Type.TXT);
  cache.denials.get(www, Type.AAAA);
  const { parts, ...sums } = cache.statistics();
  expect(sums).toMatchObject({ entries: 4, hits: 2, misses: 1, evictions: 0, maxBytes: 1_000_000 });
  expect(parts.rrsets).toMatchObject({ entries: 1, names: 1, hits: 1, misses: 1 });
  expect(sums.bytes).toBe(parts.rrsets.bytes + parts.denials.bytes + parts.failures.bytes + parts.delegations.bytes);
});

test('other TTL limits hold for what is learned from then on', () => {
  const { cache } = setUp();
  fill(cache, name('old.example.'));
  cache.setTtlLimits({ minTtl: 0, maxTtl: 60, maxNegativeTtl: 10, ttlOverrides: [] });
  fill(cache, name('new.example.'));
  const ttls = ['old.example.', 'new.example.']
    .map(name)
    .map((at) => [
      cache.rrsets.get(at, Type.A)?.rrset.ttl,
      cache.denials.get(at, Type.AAAA)?.soa.ttl,
      cache.delegations.closest(at)?.expiresAt,
    ]);
  expect(ttls).toEqual([
    [300, 200, 3_600_001],
    [60, 10, 60_001],
  ]);
});
