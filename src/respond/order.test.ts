import { describe, expect, test } from 'vitest';
import { createSeededRandom } from '../../test/support/seeded-random.ts';
import { name } from '../dns/name.ts';
import { Class, Type } from '../dns/record-type.ts';
import { rdataOf, rrset, type RRset } from '../dns/rrset.ts';
import type { Question } from '../query/client-query.ts';
import { createRecordOrder } from './order.ts';

const question = (qname: string, qtype: number = Type.A): Question => ({ qname: name(qname), qtype, qclass: Class.IN });

function addresses(count: number): RRset {
  return rrset(
    name('www.example.'),
    Type.A,
    300,
    Array.from({ length: count }, (_, i) => Uint8Array.of(192, 0, 2, i + 1)),
  );
}

function lastOctets(set: RRset): string {
  return rdataOf(set)
    .map((rdata) => rdata.at(-1))
    .join(' ');
}

const random = createSeededRandom(1);

describe('rotate', () => {
  test('each reply begins with the next record, and every record keeps its place in the round', () => {
    const order = createRecordOrder('rotate', random);
    const replies = Array.from({ length: 4 }, () => lastOctets(order(question('www.example.'))(addresses(3))));
    expect(replies).toEqual(['1 2 3', '2 3 1', '3 1 2', '1 2 3']);
  });

  test('a client that asks A and AAAA in turn sees every address first', () => {
    const order = createRecordOrder('rotate', random);
    const firsts = Array.from({ length: 4 }, () => {
      order(question('www.example.', Type.AAAA))(addresses(2));
      return lastOctets(order(question('www.example.', Type.A))(addresses(2)))[0];
    });
    expect(firsts).toEqual(['1', '2', '1', '2']);
  });

  test('the turn is the reply’s: all its sets are turned by the same', () => {
    const order = createRecordOrder('rotate', random);
    order(question('www.example.'))(addresses(2));
    const arrange = order(question('www.example.'));
    expect([lastOctets(arrange(addresses(2))), lastOctets(arrange(addresses(3)))]).toEqual(['2 1', '2 3 1']);
  });

  test('the set itself, which is the cache’s, stays as it is', () => {
    const order = createRecordOrder('rotate', random);
    const set = addresses(2);
    order(question('www.example.'))(set);
    order(question('www.example.'))(set);
    expect(lastOctets(set)).toBe('1 2');
  });
});

test('random gives every order about as often', () => {
  const order = createRecordOrder('random', random);
  const seen = new Map<string, number>();
  for (let i = 0; i < 6000; i++) {
    const key = lastOctets(order(question('www.example.'))(addresses(3)));
    seen.set(key, (seen.get(key) ?? 0) + 1);
  }
  expect(seen.size).toBe(6);
  for (const times of seen.values()) expect(Math.abs(times - 1000)).toBeLessThan(150);
});

test('fixed leaves the records as they came', () => {
  const order = createRecordOrder('fixed', random);
  expect([1, 2, 3].map(() => lastOctets(order(question('www.example.'))(addresses(3))))).toEqual(
    Array(3).fill('1 2 3'),
  );
});
