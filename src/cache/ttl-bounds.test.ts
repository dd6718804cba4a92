import { describe, expect, test } from 'vitest';
import { name } from '../dns/name.ts';
import { createTtlBounds, expiryOf, remainingTtl } from './ttl-bounds.ts';

const bounds = createTtlBounds({ minTtl: 60, maxTtl: 86_400, maxNegativeTtl: 3600 }, [
  { zone: name('example.'), minTtl: 10, maxTtl: 600 },
  { zone: name('short.example.'), maxTtl: 30 },
  { zone: name('long.example.'), minTtl: 900 },
]);

describe('the TTL of an RRset', () => {
  test.each([
    ['www.other.', 300, 300, 'within the bounds it is the zone owner’s'],
    ['www.other.', 5, 60, 'a short one is raised to the least'],
    ['www.other.', 2 ** 31 - 1, 86_400, 'a long one is cut to the most'],
    ['www.other.', 0, 0, 'zero stays zero: such a record may not be kept (RFC 1035 §3.2.1)'],
    ['www.example.', 5, 10, 'a zone’s own least applies below it'],
    ['example.', 3600, 600, 'and its own most at the zone itself'],
    ['a.short.example.', 3600, 30, 'the closest zone decides, not the outer one'],
    ['a.short.example.', 5, 30, 'where it sets no least, the global one counts; against its own most that one wins'],
    ['notexample.', 3600, 3600, 'a name that only ends in the same letters is another zone'],
    ['a.long.example.', 5, 900, 'a least of a zone alone leaves the global most in force'],
    ['a.long.example.', 90_000, 86_400, 'as seen from the other end'],
  ])('%s with TTL %i is kept for %i s: %s', (owner, ttl, kept) => {
    expect(bounds.positiveTtl(name(owner), ttl)).toBe(kept);
  });
});

describe('the TTL of a denial', () => {
  test.each([
    ['www.other.', 300, 900, 300, 'the SOA’s own TTL where that is less'],
    ['www.other.', 900, 300, 300, 'MINIMUM where that is less (RFC 2308 §5)'],
    ['www.other.', 5, 5, 5, 'no least TTL makes a denial live longer'],
    ['www.other.', 86_400, 86_400, 3600, 'at most the configured most'],
    ['www.example.', 3600, 3600, 600, 'nor longer than the zone’s own most'],
    ['www.other.', 0, 300, 0, 'zero is not kept'],
  ])('%s with SOA TTL %i and MINIMUM %i lives %i s: %s', (qname, soaTtl, minimum, kept) => {
    expect(bounds.negativeTtl(name(qname), soaTtl, minimum)).toBe(kept);
  });
});

test('a delegation is cut to the most, and never kept longer than its parent said', () => {
  expect(bounds.delegationTtl(name('other.'), 172_800)).toBe(86_400);
  expect(bounds.delegationTtl(name('other.'), 5)).toBe(5);
  expect(bounds.delegationTtl(name('www.example.'), 172_800)).toBe(600);
});

test.each([
  [300, 1, 1, 300],
  [300, 1, 1.5, 300],
  [300, 1, 1001, 299],
  [300, 1, 299_001, 1],
  [300, 1, 300_000.5, 1],
  [60, 1234.567, 1234.567, 60],
])('of TTL %i stored at %d ms, at %d ms %i s remain', (ttl, storedAt, now, remaining) => {
  expect(remainingTtl(ttl, expiryOf(storedAt, ttl), now)).toBe(remaining);
});
