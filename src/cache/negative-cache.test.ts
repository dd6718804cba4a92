import { expect, test } from 'vitest';
import { createHandClock } from '../../test/support/hand-clock.ts';
import { name, nameToWire } from '../dns/name.ts';
import { Type } from '../dns/record-type.ts';
import { rrset, type RRset } from '../dns/rrset.ts';
import { createCache } from './cache.ts';

const www = name('www.example.');
const from = { server: '192.0.2.53', zone: name('example.'), walkId: 'walk-1' };

function soa(ttl: number, minimum: number): RRset {
  const names = [...nameToWire(name('ns.example.')), ...nameToWire(name('hostmaster.example.'))];
  const numbers = new Uint8Array(20);
  new DataView(numbers.buffer).setUint32(16, minimum);
  return rrset(name('example.'), Type.SOA, ttl, [Uint8Array.of(...names, ...numbers)]);
}
function setUp() {
  const clock = createHandClock();
  const { denials } = createCache(
    { maxBytes: 1_000_000, minTtl: 60, maxTtl: 86_400, maxNegativeTtl: 3600, ttlOverrides: [] },
    { clock },
  );
  return { clock, denials };
}

test('an NXDOMAIN answers every type at its name, and no name below it', () => {
  const { denials } = setUp();
  denials.put(www, Type.A, 'nxdomain', soa(300, 300), from);
  expect(denials.get(www, Type.A)?.kind).toBe('nxdomain');
  expect(denials.get(www, Type.HTTPS)?.kind).toBe('nxdomain');
  expect(denials.get(name('a.www.example.'), Type.A)).toBeUndefined();
});

test('a NODATA answers its own type alone', () => {
  const { denials } = setUp();
  denials.put(www, Type.AAAA, 'nodata', soa(300, 300), from);
  expect(denials.get(www, Type.AAAA)).toMatchObject({ kind: 'nodata', provenance: from });
  expect(denials.get(www, Type.A)).toBeUndefined();
});

test.each([
  [300, 900, 300],
  [900, 300, 300],
  [20, 900, 20],
  [86_400, 86_400, 3600],
])('with an SOA of TTL %i and MINIMUM %i a denial lives %i s', (ttl, minimum, lives) => {
  const { clock, denials } = setUp();
  denials.put(www, Type.A, 'nxdomain', soa(ttl, minimum), from);
  expect(denials.get(www, Type.A)?.soa.ttl).toBe(lives);
  clock.advance(lives * 1000 - 1);
  expect(denials.get(www, Type.A)?.soa.ttl).toBe(1);
  clock.advance(1);
  expect(denials.get(www, Type.A)).toBeUndefined();
});

test.each([
  ['a TTL of 0', soa(0, 300)],
  ['a MINIMUM of 0', soa(300, 0)],
  ['a MINIMUM with its top bit set (RFC 2181 §8)', soa(300, 2 ** 31)],
  ['RDATA too short for an SOA', rrset(name('example.'), Type.SOA, 300, [Uint8Array.of(0, 0, 0, 0, 1, 44)])],
])('with %s it is not kept, and the older denial ends', (_what, last) => {
  const { denials } = setUp();
  denials.put(www, Type.A, 'nxdomain', soa(300, 300), from);
  denials.put(www, Type.A, 'nxdomain', last, from);
  expect(denials.get(www, Type.A)).toBeUndefined();
});

test('the SOA handed out is the zone’s own, counted down', () => {
  const { clock, denials } = setUp();
  const sent = soa(300, 900);
  denials.put(www, Type.A, 'nxdomain', sent, from);
  clock.advance(100_000);
  expect(denials.get(www, Type.A)?.soa).toEqual({ ...sent, ttl: 200 });
});
