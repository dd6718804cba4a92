import { describe, expect, test } from 'vitest';
import { createHandClock } from '../../test/support/hand-clock.ts';
import { name, nameToWire } from '../dns/name.ts';
import { Type } from '../dns/record-type.ts';
import { rrset } from '../dns/rrset.ts';
import { createCache } from './cache.ts';
import type { Credibility } from './credibility.ts';

const www = name('www.example.');
const from = { server: '192.0.2.53', zone: name('example.'), walkId: 'walk-1' };
const soa = rrset(name('example.'), Type.SOA, 900, [Uint8Array.of(0, 0, ...new Uint8Array(19), 9)]);

function setUp() {
  const cache = createCache(
    { maxBytes: 1_000_000, minTtl: 0, maxTtl: 86_400, maxNegativeTtl: 3600, ttlOverrides: [] },
    { clock: createHandClock() },
  );
  return {
    learn: (type: number, credibility: Credibility = 'authoritative-answer', ttl = 300) =>
      cache.rrsets.put(rrset(www, type, ttl, [nameToWire(name('a.example.'))]), credibility, from),
    deny: (kind: 'nxdomain' | 'nodata', type: number = Type.A) => cache.denials.put(www, type, kind, soa, from),
    holds: (type: number) => cache.rrsets.get(www, type) !== undefined,
    denies: (type: number) => cache.denials.get(www, type)?.kind,
  };
}

describe('records', () => {
  test('end the NXDOMAIN of their name, for every type', () => {
    const { deny, learn, denies } = setUp();
    deny('nxdomain');
    learn(Type.TXT);
    expect([denies(Type.A), denies(Type.TXT)]).toEqual([undefined, undefined]);
  });

  test('end the NODATA of their own type and leave that of others', () => {
    const { deny, learn, denies } = setUp();
    deny('nodata', Type.A);
    deny('nodata', Type.AAAA);
    learn(Type.A);
    expect([denies(Type.A), denies(Type.AAAA)]).toEqual([undefined, 'nodata']);
  });

  test('of type CNAME end every denial: the alias answers for all types', () => {
    const { deny, learn, denies } = setUp();
    deny('nodata', Type.A);
    deny('nodata', Type.AAAA);
    learn(Type.CNAME);
    expect([denies(Type.A), denies(Type.AAAA)]).toEqual([undefined, undefined]);
  });

  test('end a denial also when their TTL is 0', () => {
    const { deny, learn, denies } = setUp();
    deny('nxdomain');
    learn(Type.A, 'authoritative-answer', 0);
    expect(denies(Type.A)).toBeUndefined();
  });

  test.each<[Credibility, 'nxdomain' | undefined]>([
    ['glue', 'nxdomain'],
    ['additional', 'nxdomain'],
    ['non-authoritative-answer', undefined],
    ['authority', undefined],
  ])('that are %s leave the denial: %s', (credibility, left) => {
    const { deny, learn, denies } = setUp();
    deny('nxdomain');
    learn(Type.A, credibility);
    expect(denies(Type.A)).toBe(left);
  });
});

describe('a denial', () => {
  test('of the name ends every record at it', () => {
    const { deny, learn, holds } = setUp();
    learn(Type.A);
    learn(Type.TXT);
    deny('nxdomain', Type.AAAA);
    expect([holds(Type.A), holds(Type.TXT)]).toEqual([false, false]);
  });

  test('of a type ends the records of that type and an alias, and leaves other types', () => {
    const { deny, learn, holds } = setUp();
    learn(Type.A);
    learn(Type.CNAME);
    learn(Type.TXT);
    deny('nodata', Type.A);
    expect([holds(Type.A), holds(Type.CNAME), holds(Type.TXT)]).toEqual([false, false, true]);
  });

  test('of a type ends an NXDOMAIN: the name exists after all', () => {
    const { deny, denies } = setUp();
    deny('nxdomain');
    deny('nodata', Type.A);
    expect([denies(Type.A), denies(Type.AAAA)]).toEqual(['nodata', undefined]);
  });

  test('leaves glue, which only leads the walk to a server', () => {
    const { deny, learn, holds } = setUp();
    learn(Type.A, 'glue');
    deny('nxdomain');
    expect(holds(Type.A)).toBe(true);
  });
});
