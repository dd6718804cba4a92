import { describe, expect, test } from 'vitest';
import { createHandClock, type HandClock } from '../../test/support/hand-clock.ts';
import { createAddressFamilies, type AddressFamilies, type FamilyOutcome, type FamilyUse } from './address-family.ts';

const V4 = '192.0.2.1';
const V6 = '2001:db8::1';
const MINUTE_MS = 60_000;

function fresh(ipv4: FamilyUse = 'auto', ipv6: FamilyUse = 'auto'): { clock: HandClock; families: AddressFamilies } {
  const clock = createHandClock();
  return { clock, families: createAddressFamilies({ ipv4, ipv6 }, { clock }) };
}

function recordIPv6(families: AddressFamilies, outcome: FamilyOutcome, addresses: number, code?: string): void {
  for (let i = 1; i <= addresses; i++) families.recordOutcome(`2001:db8::${i}`, outcome, code);
}

/** IPv6 has just been taken for dead. */
function heldBack(): { clock: HandClock; families: AddressFamilies } {
  const held = fresh();
  recordIPv6(held.families, 'unreachable', 3);
  return held;
}

test.each([
  { ipv4: 'on', ipv6: 'off', mayUse: [true, false] },
  { ipv4: 'off', ipv6: 'on', mayUse: [false, true] },
  { ipv4: 'auto', ipv6: 'auto', mayUse: [true, true] },
] as const)('IPv4 $ipv4 and IPv6 $ipv6', ({ ipv4, ipv6, mayUse }) => {
  const { families } = fresh(ipv4, ipv6);
  expect([families.mayUse(V4), families.mayUse(V6)]).toEqual(mayUse);
});

describe('auto', () => {
  test('a family without a route is held back after three addresses', () => {
    const { families } = fresh();
    recordIPv6(families, 'unreachable', 2, 'ENETUNREACH');
    expect(families.mayUse(V6)).toBe(true);
    recordIPv6(families, 'unreachable', 3, 'ENETUNREACH');
    expect(families.mayUse(V6)).toBe(false);
    expect(families.mayUse(V4)).toBe(true);
  });

  test('a refused connection shows that the family works', () => {
    const { families } = fresh();
    recordIPv6(families, 'unreachable', 20, 'ECONNREFUSED');
    expect(families.mayUse(V6)).toBe(true);
  });

  test('a lack of descriptors on our side says nothing about the family', () => {
    const { families } = fresh();
    recordIPv6(families, 'unreachable', 20, 'EMFILE');
    expect(families.mayUse(V6)).toBe(true);
  });

  test('one server that cannot be reached, however often, says nothing about its family', () => {
    const { families } = fresh();
    for (let i = 0; i < 50; i++) {
      families.recordOutcome(V6, 'unreachable', 'EHOSTUNREACH');
      families.recordOutcome(V4, 'response');
    }
    expect(families.mayUse(V6)).toBe(true);
  });

  test('a silent family is held back only when the other one answers', () => {
    const { families } = fresh();
    recordIPv6(families, 'timeout', 50);
    expect(families.mayUse(V6)).toBe(true);
    families.recordOutcome(V4, 'response');
    expect(families.mayUse(V6)).toBe(false);
  });

  test('one response among the time-outs keeps a family', () => {
    const { families } = fresh();
    recordIPv6(families, 'timeout', 5);
    families.recordOutcome(V4, 'response');
    families.recordOutcome(V6, 'response');
    recordIPv6(families, 'timeout', 5);
    families.recordOutcome(V4, 'response');
    expect(families.mayUse(V6)).toBe(true);
  });

  test('when both families are dead the machine is offline, and neither is held back', () => {
    const { families } = fresh();
    recordIPv6(families, 'unreachable', 3);
    for (const last of [1, 2, 3]) families.recordOutcome(`192.0.2.${last}`, 'unreachable');
    expect([families.mayUse(V4), families.mayUse(V6)]).toEqual([true, true]);
    families.recordOutcome(V4, 'response');
    expect([families.mayUse(V4), families.mayUse(V6)]).toEqual([true, false]);
  });

  test('the only family that is switched on is never held back', () => {
    const { families } = fresh('off', 'auto');
    recordIPv6(families, 'unreachable', 3);
    expect(families.mayUse(V6)).toBe(true);
  });
});

describe('a family that is held back', () => {
  test('is tried by one walk after a minute, while the others wait for what comes of it', () => {
    const { clock, families } = heldBack();
    clock.advance(MINUTE_MS - 1);
    expect(families.mayUse(V6)).toBe(false);
    clock.advance(1);
    expect([families.mayUse(V6), families.mayUse('2001:db8::2')]).toEqual([true, true]);
    clock.advance(5);
    expect(families.mayUse(V6)).toBe(false);
  });

  test('is used again after a response', () => {
    const { clock, families } = heldBack();
    clock.advance(MINUTE_MS);
    families.mayUse(V6);
    families.recordOutcome(V6, 'response');
    clock.advance(10);
    expect(families.mayUse(V6)).toBe(true);
  });

  test('waits twice as long after each trial that fails, at most a quarter of an hour', () => {
    const { clock, families } = heldBack();
    const pauses = [1, 2, 3, 4, 5, 6].map(() => {
      let minutes = 0;
      for (; !families.mayUse(V6); minutes++) clock.advance(MINUTE_MS);
      families.recordOutcome(V6, 'timeout');
      return minutes;
    });
    expect(pauses).toEqual([1, 2, 4, 8, 15, 15]);
  });

  test('is tried again soon when the walk chose other servers', () => {
    const { clock, families } = heldBack();
    clock.advance(MINUTE_MS);
    expect(families.mayUse(V6)).toBe(true);
    clock.advance(4999);
    expect(families.mayUse(V6)).toBe(false);
    clock.advance(1);
    expect(families.mayUse(V6)).toBe(true);
  });
});
