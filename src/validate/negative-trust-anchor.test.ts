import { expect, test } from 'vitest';

import { name } from '../dns/name.ts';
import { negativeAnchorFor, type NegativeTrustAnchor } from './negative-trust-anchor.ts';

const NOW = 1_800_000_000;
const negative = (zone: string, expiresAt?: number): NegativeTrustAnchor => ({
  zone: name(zone),
  reason: 'its signatures expired, and they are at it',
  expiresAt,
});
const anchor = (zone: string): { zone: ReturnType<typeof name>; ds: [] } => ({ zone: name(zone), ds: [] });

test.each([
  ['broken.example.', true],
  ['www.broken.example.', true],
  ['example.', false],
  ['notbroken.example.', false],
])('a negative trust anchor covers its zone and what is below: %s, %s', (qname, covered) => {
  const found = negativeAnchorFor(name(qname), [negative('broken.example.')], [anchor('.')], NOW);
  expect(found !== undefined).toBe(covered);
});

test('it ends (RFC 7646 §2)', () => {
  const find = (now: number): boolean =>
    negativeAnchorFor(name('example.'), [negative('example.', NOW + 10)], [], now) !== undefined;
  expect([find(NOW + 9), find(NOW + 10)]).toEqual([true, false]);
});

test('the closest of several is told, or a wider one when that has ended', () => {
  const both = [negative('example.'), negative('sub.example.', NOW + 10)];
  expect(negativeAnchorFor(name('a.sub.example.'), both, [], NOW)?.zone).toBe(name('sub.example.'));
  expect(negativeAnchorFor(name('a.sub.example.'), both, [], NOW + 10)?.zone).toBe(name('example.'));
});

test('a trust anchor below it turns validation on again; at the same name it does not (RFC 7646 §1.1)', () => {
  const find = (qname: string, at: string): boolean =>
    negativeAnchorFor(name(qname), [negative('example.')], [anchor(at)], NOW) !== undefined;
  expect(find('www.sub.example.', 'sub.example.')).toBe(false);
  expect(find('www.example.', 'sub.example.')).toBe(true);
  expect(find('www.example.', 'example.')).toBe(true);
  expect(find('www.example.', '.')).toBe(true);
});
