import { describe, expect, test } from 'vitest';
import { name } from '../dns/name.ts';
import { createHandClock } from '../../test/support/hand-clock.ts';
import { createSeededRandom } from '../../test/support/seeded-random.ts';
import { orderServers } from './server-selection.ts';
import { createServerStatistics, type ServerStatistics } from './server-statistics.ts';

const zone = name('example.');
const ROUNDS = 4000;
const mixed = ['192.0.2.1', '192.0.2.2', '192.0.2.3', '2001:db8::1'];

/** How often each address was put first, and the orders themselves. */
function rounds(
  addresses: readonly string[],
  prepare: (statistics: ServerStatistics) => void,
): { first: (address: string) => number; orders: string[][] } {
  const clock = createHandClock();
  const statistics = createServerStatistics({ clock });
  prepare(statistics);
  const random = createSeededRandom(7);
  const candidates = addresses.map((address) => ({ serverName: undefined, address }));
  const orders = Array.from({ length: ROUNDS }, () =>
    orderServers(candidates, statistics, zone, random, clock.now()).map(({ address }) => address),
  );
  return { orders, first: (address) => orders.filter(([first]) => first === address).length };
}

function fail(statistics: ServerStatistics, address: string, times: number): void {
  for (let i = 0; i < times; i++) statistics.recordTimeout(address, 0);
}

describe('servers that are about as quick as the quickest', () => {
  const near = ['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4'];

  test('are asked first equally often (RFC 5452: which one was asked is a secret)', () => {
    const { first } = rounds(near, (statistics) => near.forEach((each, i) => statistics.recordResponse(each, 10 + i)));
    for (const address of near) expect(first(address) / ROUNDS).toBeCloseTo(0.25, 1);
  });

  test('come before a slow one, which is tried first once in about 32 times', () => {
    const { first, orders } = rounds(['203.0.113.9', ...near], (statistics) => {
      for (const address of near) statistics.recordResponse(address, 10);
      statistics.recordResponse('203.0.113.9', 100);
    });
    expect(first('203.0.113.9')).toBeGreaterThan(ROUNDS / 64);
    expect(first('203.0.113.9')).toBeLessThan(ROUNDS / 16);
    for (const order of orders.filter(([address]) => address !== '203.0.113.9'))
      expect(order.at(-1)).toBe('203.0.113.9');
  });

  test('a failure makes a server expected to take twice as long', () => {
    const { first } = rounds(['192.0.2.1', '192.0.2.2'], (statistics) => {
      statistics.recordResponse('192.0.2.1', 100);
      statistics.recordResponse('192.0.2.2', 100);
      fail(statistics, '192.0.2.2', 1);
    });
    expect(first('192.0.2.2')).toBeLessThan(ROUNDS / 16);
  });
});

describe('servers that were never measured', () => {
  test('come first one time in 8 in all, however many they are, and behind the quick ones otherwise', () => {
    const unmeasured = ['203.0.113.1', '203.0.113.2', '203.0.113.3', '203.0.113.4'];
    const { first, orders } = rounds([...unmeasured, '192.0.2.1', '198.51.100.1'], (statistics) => {
      statistics.recordResponse('192.0.2.1', 10);
      statistics.recordResponse('198.51.100.1', 300);
    });
    const explored = unmeasured.reduce((sum, address) => sum + first(address), 0);
    expect(explored / ROUNDS).toBeCloseTo(1 / 8, 1);
    for (const address of unmeasured) expect(first(address)).toBeGreaterThan(0);
    for (const order of orders.filter(([address]) => address === '192.0.2.1'))
      expect(order.at(-1)).toBe('198.51.100.1');
  });

  test('are asked in any order when nothing is measured, those without a failure first', () => {
    const { first, orders } = rounds(['192.0.2.1', '192.0.2.2', '192.0.2.3'], (statistics) => {
      fail(statistics, '192.0.2.3', 1);
    });
    expect(first('192.0.2.1') / ROUNDS).toBeCloseTo(0.5, 1);
    for (const order of orders) expect(order.at(-1)).toBe('192.0.2.3');
  });
});

describe('servers that are backed off', () => {
  test('come last, the one whose time is up soonest first, however quick they were', () => {
    const { orders } = rounds(['192.0.2.1', '192.0.2.2', '192.0.2.3'], (statistics) => {
      statistics.recordResponse('192.0.2.1', 1);
      fail(statistics, '192.0.2.1', 5);
      fail(statistics, '192.0.2.2', 4);
      statistics.recordResponse('192.0.2.3', 500);
    });
    for (const order of orders) expect(order).toEqual(['192.0.2.3', '192.0.2.2', '192.0.2.1']);
  });

  test('are asked all the same when nobody else is left', () => {
    const { orders } = rounds(['192.0.2.1'], (statistics) => fail(statistics, '192.0.2.1', 9));
    expect(orders[0]).toEqual(['192.0.2.1']);
  });
});

test('a server that is lame for the zone is left out, one that is lame for another zone is not', () => {
  const { orders } = rounds(['192.0.2.1', '192.0.2.2'], (statistics) => {
    statistics.recordLame('192.0.2.1', zone);
    statistics.recordLame('192.0.2.2', name('other.example.'));
  });
  expect(orders[0]).toEqual(['192.0.2.2']);
});

test.each([
  ['never measured', () => {}],
  [
    'about equally quick',
    (statistics: ServerStatistics): void => mixed.forEach((each) => statistics.recordResponse(each, 10)),
  ],
])('of servers that are %s, the second one asked is of the other address family', (_, prepare) => {
  const { orders } = rounds(mixed, prepare);
  const families = orders.map(([one, two]) => [one, two].map((address) => address.includes(':')));
  for (const [one, two] of families) expect(one).not.toBe(two);
});

test('no candidates, no order', () => {
  expect(rounds([], () => {}).orders[0]).toEqual([]);
});

test('every candidate that is not lame stands in the order exactly once', () => {
  const addresses = ['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4', '2001:db8::1', '2001:db8::2', '2001:db8::3'];
  const { orders } = rounds(addresses, (statistics) => {
    statistics.recordResponse('192.0.2.1', 10);
    statistics.recordResponse('2001:db8::1', 11);
    statistics.recordResponse('192.0.2.2', 90);
    statistics.recordResponse('2001:db8::2', 200);
    fail(statistics, '192.0.2.3', 4);
    fail(statistics, '2001:db8::3', 1);
  });
  for (const order of orders) expect(order.toSorted()).toEqual(addresses.toSorted());
});
