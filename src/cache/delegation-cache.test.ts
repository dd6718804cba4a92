import { describe, expect, test } from 'vitest';
import { createHandClock } from '../../test/support/hand-clock.ts';
import { ROOT, name, nameToText } from '../dns/name.ts';
import { createCache } from './cache.ts';
import type { Delegation } from './delegation-cache.ts';

const DAY = 86_400;

function to(zone: string, ...servers: string[]): Delegation {
  return { zone: name(zone), servers: servers.map((server) => ({ name: name(server), addresses: ['192.0.2.1'] })) };
}
function setUp() {
  const clock = createHandClock();
  const { delegations } = createCache(
    { maxBytes: 1_000_000, minTtl: 3600, maxTtl: DAY, maxNegativeTtl: 3600, ttlOverrides: [] },
    { clock },
  );
  const closest = (text: string): string | undefined => {
    const found = delegations.closest(name(text));
    return found && nameToText(found.delegation.zone);
  };
  const servers = (text: string): string[] =>
    delegations.closest(name(text))!.delegation.servers.map((server) => nameToText(server.name));
  const lifeMs = (text: string): number => delegations.closest(name(text))!.expiresAt - clock.now();
  return { clock, delegations, closest, servers, lifeMs };
}

describe('the walk starts', () => {
  test('at the deepest zone cut that is known at or above the name', () => {
    const { delegations, closest } = setUp();
    expect(closest('www.example.')).toBeUndefined();
    delegations.put(to('.', 'a.root-servers.example.'), DAY, Infinity);
    delegations.put(to('example.', 'ns.example.'), DAY, Infinity);
    delegations.put(to('b.example.', 'ns.b.example.'), DAY, Infinity);
    expect(closest('www.a.example.')).toBe('example.');
    expect(closest('b.example.')).toBe('b.example.');
    expect(closest('x.y.b.example.')).toBe('b.example.');
    expect(closest('notexample.')).toBe('.');
    expect(closest('.')).toBe('.');
  });

  test('above a zone cut whose time has ended', () => {
    const { clock, delegations, closest } = setUp();
    delegations.put(to('.', 'a.root-servers.example.'), DAY, Infinity);
    delegations.put(to('example.', 'ns.example.'), 60, Infinity);
    clock.advance(60_000);
    expect(closest('www.example.')).toBe('.');
  });
});

describe('how long a delegation lives', () => {
  test.each([
    ['as its parent said', 600, Infinity, 600_000],
    ['no longer than the most', 7 * DAY, Infinity, DAY * 1000],
    ['no longer than the delegation it was learned through', 600, 10_001, 10_000],
    ['less than the least TTL, which is not for delegations', 5, Infinity, 5000],
  ])('%s', (_what, ttl, notAfter, lifeMs) => {
    const { delegations, lifeMs: measured } = setUp();
    delegations.put(to('example.', 'ns.example.'), ttl, notAfter);
    expect(measured('example.')).toBe(lifeMs);
  });

  test('one with TTL 0 is not kept, and ends the one that stood there', () => {
    const { delegations, closest } = setUp();
    delegations.put(to('example.', 'ns.example.'), 60, Infinity);
    delegations.put(to('example.', 'ns.example.'), 0, Infinity);
    expect(closest('example.')).toBeUndefined();
  });
});

describe('a ghost domain name', () => {
  test('cannot keep itself alive by referrals from its own servers', () => {
    const { clock, delegations, closest, lifeMs } = setUp();
    delegations.put(to('.', 'a.root-servers.example.'), DAY, Infinity);
    delegations.put(to('ghost.', 'ns.ghost.'), 600, clock.now() + DAY * 1000);
    clock.advance(500_000);
    const through = delegations.closest(name('www.ghost.'))!;
    delegations.put(to('ghost.', 'ns2.ghost.'), DAY, through.expiresAt);
    expect(lifeMs('ghost.')).toBe(100_000);
    clock.advance(100_000);
    expect(closest('www.ghost.')).toBe('.');
  });

  test('cannot rise as a phoenix, by ever new zones below it', () => {
    const { clock, delegations, closest } = setUp();
    delegations.put(to('.', 'a.root-servers.example.'), DAY, Infinity);
    delegations.put(to('ghost.', 'ns.ghost.'), 600, clock.now() + DAY * 1000);
    let zone = 'ghost.';
    for (let i = 0; i < 5; i++) {
      clock.advance(100_000);
      const through = delegations.closest(name(zone))!;
      zone = `z${i}.${zone}`;
      delegations.put(to(zone, `ns.${zone}`), DAY, through.expiresAt);
      expect(closest(`www.${zone}`)).toBe(zone);
    }
    clock.advance(100_000);
    expect(closest(`www.${zone}`)).toBe('.');
  });

  test('while the parent’s newer word replaces the older, longer or shorter, with other servers', () => {
    const { clock, delegations, servers, lifeMs } = setUp();
    const rootEnds = clock.now() + DAY * 1000;
    delegations.put(to('example.', 'old.example.'), 600, rootEnds);
    delegations.put(to('example.', 'new.example.'), 6000, rootEnds);
    expect([servers('example.'), lifeMs('example.')]).toEqual([['new.example.'], 6_000_000]);
    delegations.put(to('example.', 'newer.example.'), 60, rootEnds);
    expect([servers('example.'), lifeMs('example.')]).toEqual([['newer.example.'], 60_000]);
  });
});

test('the list of servers is copied', () => {
  const { delegations } = setUp();
  const addresses = ['192.0.2.1'];
  const servers = [{ name: name('ns.example.'), addresses }];
  delegations.put({ zone: ROOT, servers }, DAY, Infinity);
  addresses.push('192.0.2.2');
  servers.push({ name: name('ns2.example.'), addresses: [] });
  expect(delegations.closest(ROOT)?.delegation).toEqual(to('.', 'ns.example.'));
});
