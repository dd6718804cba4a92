import { describe, expect, test } from 'vitest';
import { createHandClock } from '../../test/support/hand-clock.ts';
import { name } from '../dns/name.ts';
import { Type } from '../dns/record-type.ts';
import { rdataOf, rrset, type RRset } from '../dns/rrset.ts';
import { createCache } from './cache.ts';
import type { Credibility } from './credibility.ts';

const www = name('www.example.');
const from = { server: '192.0.2.53', zone: name('example.'), walkId: 'walk-1' };

function address(last: number, ttl = 300): RRset {
  return rrset(www, Type.A, ttl, [Uint8Array.of(203, 0, 113, last)]);
}
function setUp() {
  const clock = createHandClock();
  const cache = createCache(
    { maxBytes: 1_000_000, minTtl: 0, maxTtl: 86_400, maxNegativeTtl: 3600, ttlOverrides: [] },
    { clock },
  );
  const lastOctet = (): number | undefined => {
    const found = cache.rrsets.get(www, Type.A);
    return found && rdataOf(found.rrset)[0][3];
  };
  return { clock, cache, rrsets: cache.rrsets, lastOctet };
}

describe('time', () => {
  test('a cached TTL is counted down and the set is gone when it ends', () => {
    const { clock, rrsets } = setUp();
    rrsets.put(address(1), 'authoritative-answer', from);
    const ttlAfter = (ms: number): number | undefined => {
      clock.advance(ms);
      return rrsets.get(www, Type.A)?.rrset.ttl;
    };
    expect([ttlAfter(0), ttlAfter(999), ttlAfter(1), ttlAfter(298_000), ttlAfter(999)]).toEqual([300, 300, 299, 1, 1]);
    expect(ttlAfter(1)).toBeUndefined();
  });

  test('a set with TTL 0 is not kept, and ends what stood there', () => {
    const { rrsets } = setUp();
    rrsets.put(address(1), 'authoritative-answer', from);
    expect(rrsets.put(address(2, 0), 'authoritative-answer', from)).toBe(true);
    expect(rrsets.get(www, Type.A)).toBeUndefined();
  });

  test('a set ends with the delegation that it was learned through', () => {
    const { clock, rrsets } = setUp();
    rrsets.put(address(1), 'authoritative-answer', from, { notAfter: clock.now() + 10_000 });
    expect(rrsets.get(www, Type.A)?.rrset.ttl).toBe(10);
    clock.advance(10_000);
    expect(rrsets.get(www, Type.A)).toBeUndefined();
  });

  test('one learned through a delegation that has ended is not kept', () => {
    const { clock, rrsets } = setUp();
    rrsets.put(address(1), 'authoritative-answer', from, { notAfter: clock.now() });
    expect(rrsets.get(www, Type.A)).toBeUndefined();
  });
});

describe('RFC 2181 §5.4.1', () => {
  test.each<[Credibility, Credibility, boolean]>([
    ['glue', 'authoritative-answer', false],
    ['additional', 'non-authoritative-answer', false],
    ['authority', 'authoritative-answer', false],
    ['glue', 'glue', true],
    ['authoritative-answer', 'authoritative-answer', true],
    ['authoritative-answer', 'glue', true],
  ])('%s over a fresh %s: %s', (newcomer, standing, isReplaced) => {
    const { rrsets, lastOctet } = setUp();
    rrsets.put(address(1), standing, from);
    expect(rrsets.put(address(2), newcomer, from)).toBe(isReplaced);
    expect(lastOctet()).toBe(isReplaced ? 2 : 1);
    expect(rrsets.get(www, Type.A)?.credibility).toBe(isReplaced ? newcomer : standing);
  });

  test('a set with TTL 0 that is believed less ends nothing', () => {
    const { rrsets, lastOctet } = setUp();
    rrsets.put(address(1), 'authoritative-answer', from);
    expect(rrsets.put(address(2, 0), 'glue', from)).toBe(false);
    expect(lastOctet()).toBe(1);
  });

  test('what has expired protects nothing', () => {
    const { clock, rrsets, lastOctet } = setUp();
    rrsets.put(address(1), 'authoritative-answer', from);
    clock.advance(300_000);
    expect(rrsets.put(address(2), 'glue', from)).toBe(true);
    expect(lastOctet()).toBe(2);
  });
});

test('a set says who told it and how long ago', () => {
  const { clock, rrsets } = setUp();
  rrsets.put(address(1), 'authoritative-answer', from);
  clock.advance(1234);
  expect(rrsets.get(www, Type.A)).toMatchObject({ provenance: from, ageMs: 1234 });
});

test('the octets are copied: what happens to the receive buffer changes no record', () => {
  const { rrsets, lastOctet } = setUp();
  const buffer = new Uint8Array(4096);
  buffer.set([0, 4, 203, 0, 113, 7], 100);
  rrsets.put({ owner: www, type: Type.A, ttl: 300, count: 1, packed: buffer.subarray(100, 106) }, 'glue', from);
  buffer.fill(0);
  expect(lastOctet()).toBe(7);
  expect(rrsets.get(www, Type.A)?.rrset.packed.buffer.byteLength).toBe(6);
});

test('types at a name are kept apart', () => {
  const { rrsets } = setUp();
  rrsets.put(address(1), 'authoritative-answer', from);
  expect(rrsets.get(www, Type.AAAA)).toBeUndefined();
  expect(rrsets.get(name('example.'), Type.A)).toBeUndefined();
});

describe('what was proved of a set', () => {
  const signed = { ...address(1), signatures: { count: 1, packed: Uint8Array.of(0, 3, 1, 2, 3) } };

  test('its signatures and the proof beside it are kept, in octets of their own', () => {
    const { rrsets } = setUp();
    rrsets.put(signed, 'authoritative-answer', from, { proof: [address(2)] });
    const held = rrsets.get(www, Type.A)!;
    expect(held.security).toBeUndefined();
    expect(held.rrset.signatures).toEqual(signed.signatures);
    expect(held.rrset.signatures?.packed).not.toBe(signed.signatures.packed);
    expect(held.proof).toEqual([address(2)]);
  });

  test('a judgement stays with the set and may shorten its life', () => {
    const { clock, rrsets } = setUp();
    rrsets.put(signed, 'authoritative-answer', from);
    rrsets.judge(rrsets.get(www, Type.A)!.rrset, { state: 'secure' }, clock.now() + 5000);
    expect(rrsets.get(www, Type.A)).toMatchObject({ security: { state: 'secure' }, rrset: { ttl: 5 } });
    clock.advance(5000);
    expect(rrsets.get(www, Type.A)).toBeUndefined();
  });

  test('a judgement of a set that has been replaced is no judgement of the new one', () => {
    const { rrsets } = setUp();
    rrsets.put(signed, 'authoritative-answer', from);
    const former = rrsets.get(www, Type.A)!.rrset;
    rrsets.put(address(2), 'authoritative-answer', from);
    rrsets.judge(former, { state: 'secure' }, Infinity);
    expect(rrsets.get(www, Type.A)?.security).toBeUndefined();
  });
});
