import { describe, expect, test } from 'vitest';
import { clientQuery, type QueryParts } from '../../test/support/client-query.ts';
import { createHandClock } from '../../test/support/hand-clock.ts';
import { name } from '../dns/name.ts';
import { Rcode, Type } from '../dns/record-type.ts';
import { rrset } from '../dns/rrset.ts';
import type { Client } from '../query/client-query.ts';
import type { Reply } from '../query/reply.ts';
import { createRateLimit, type RateLimitOptions } from './rate-limit.ts';

const answer: Reply = {
  rcode: Rcode.NOERROR,
  isAuthoritative: false,
  answer: [],
  authority: [],
  errors: [],
  source: 'cache',
};
const refusal: Reply = { ...answer, rcode: Rcode.REFUSED, source: 'rule' };
const denial = (zone: string): Reply => {
  return { ...answer, rcode: Rcode.NXDOMAIN, authority: [rrset(name(zone), Type.SOA, 60, [new Uint8Array(22)])] };
};

function limiting(changed: Partial<RateLimitOptions> = {}) {
  const clock = createHandClock();
  const options = { repliesPerSecond: 5, errorsPerSecond: 5, slip: 2, ...changed };
  const limit = createRateLimit(options, { clock });
  const times = (count: number, parts: QueryParts, reply: Reply, from: Partial<Client> = {}): string => {
    const verdicts = Array.from({ length: count }, () => limit.judge(clientQuery(parts, from), reply));
    return verdicts.map((verdict) => verdict[0]).join('');
  };
  return { clock, limit, times };
}

test('beyond the limit every second reply says TC, and the others are not sent', () => {
  expect(limiting().times(9, {}, answer)).toBe('sssssdtdt');
});

test('with a slip of 0 none of them is sent', () => {
  expect(limiting({ slip: 0 }).times(8, {}, answer)).toBe('sssssddd');
});

test('a second later the client may have as many again, and no more after a day', () => {
  const { clock, times } = limiting({ slip: 0 });
  times(6, {}, answer);
  clock.advance(200);
  expect(times(2, {}, answer)).toBe('sd');
  clock.advance(86_400_000);
  expect(times(6, {}, answer)).toBe('sssssd');
});

test('another answer, and another client, have their own count', () => {
  const { times } = limiting({ slip: 0 });
  times(5, {}, answer);
  expect(times(1, { qname: 'mail.example.' }, answer)).toBe('s');
  expect(times(1, { qtype: 'AAAA' }, answer)).toBe('s');
  expect(times(1, {}, answer, { address: '192.0.2.54' })).toBe('s');
  expect(times(1, {}, answer)).toBe('d');
});

test('random names below one zone are one answer', () => {
  const { times } = limiting({ slip: 0 });
  for (let i = 0; i < 5; i++) times(1, { qname: `r${i}.example.` }, denial('example.'));
  expect(times(1, { qname: 'r6.example.' }, denial('example.'))).toBe('d');
  expect(times(1, { qname: 'r6.test.' }, denial('test.'))).toBe('s');
});

test('errors of all kinds are counted together, and those beyond the limit are not sent', () => {
  const { limit, times } = limiting();
  times(3, {}, refusal);
  times(1, { qname: 'mail.example.' }, refusal);
  const client: Client = { address: '192.0.2.53', port: 1, transport: 'udp' };
  expect([limit.judgeRejection(client), limit.judgeRejection(client)]).toEqual(['send', 'drop']);
});

describe('there is no limit', () => {
  test.each<[string, Partial<Client>]>([
    ['over TCP', { transport: 'tcp' }],
    ['for this machine', { address: '127.0.0.1' }],
    ['for this machine over IPv6', { address: '::1' }],
  ])('%s', (_, from) => {
    const { limit, times } = limiting();
    expect(times(20, {}, answer, from)).toBe('s'.repeat(20));
    const client: Client = { address: '192.0.2.53', port: 1, transport: 'udp', ...from };
    for (let i = 0; i < 20; i++) expect(limit.judgeRejection(client)).toBe('send');
  });

  test('for whoever shows our cookie', () => {
    const { limit } = limiting();
    const query = { ...clientQuery(), isAddressProven: true };
    for (let i = 0; i < 20; i++) expect(limit.judge(query, answer)).toBe('send');
  });

  test('for answers unless it is configured', () => {
    expect(limiting({ repliesPerSecond: 0 }).times(500, {}, answer)).toBe('s'.repeat(500));
  });
});

test('a flood from more addresses than are remembered does not grow the table, and the last one is still limited', () => {
  const { limit, times } = limiting({ slip: 0 });
  for (let i = 0; i < 20_000; i++) {
    limit.judgeRejection({ address: `198.51.${i >> 8}.${i & 0xff}`, port: 1, transport: 'udp' });
  }
  expect(times(6, {}, answer)).toBe('sssssd');
});
