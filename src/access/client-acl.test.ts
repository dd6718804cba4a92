import { BlockList } from 'node:net';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ipv4ToText, ipv6ToText } from '../dns/ip-address.ts';
import { createClientAcl } from './client-acl.ts';

const prefixes = [
  '127.0.0.0/8',
  '192.0.2.0/25',
  '192.0.2.16/28', // inside the one before
  '192.0.2.128/26', // next to it
  '198.51.100.7',
  '::1',
  '2001:db8:1::/48',
  '2001:db8:1:2::/64',
  '2001:db8:ffff:ffff:ffff:ffff:ffff:fffe/127',
  'fe80::/10',
];

describe('who may recurse', () => {
  const acl = createClientAcl(prefixes);
  test.each([
    ['127.255.255.255', true],
    ['128.0.0.0', false],
    ['126.255.255.255', false],
    ['192.0.1.255', false],
    ['192.0.2.0', true],
    ['192.0.2.40', true], // behind the inner prefix, in the outer one
    ['192.0.2.191', true],
    ['192.0.2.192', false],
    ['198.51.100.6', false],
    ['198.51.100.7', true],
    ['255.255.255.255', false],
    ['::1', true],
    ['::', false],
    ['::2', false],
    ['2001:db8:0:ffff:ffff:ffff:ffff:ffff', false],
    ['2001:db8:1::', true],
    ['2001:db8:1:3::1', true],
    ['2001:db8:1:ffff:ffff:ffff:ffff:ffff', true],
    ['2001:db8:2::', false],
    ['2001:db8:ffff:ffff:ffff:ffff:ffff:ffff', true],
    ['2001:db8:ffff:ffff:ffff:ffff:ffff:fffd', false],
    ['fe80::1%eth0', true],
    ['fec0::1', false],
    ['::ffff:192.0.2.1', true],
    ['::ffff:c633:6407', true],
    ['::ffff:203.0.113.1', false],
    ['not an address', false],
    ['', false],
  ])('%s: %s', (address, may) => {
    expect(acl.mayRecurse(address)).toBe(may);
  });
});

test('with no prefix nobody may recurse', () => {
  const acl = createClientAcl([]);
  expect(acl.mayRecurse('127.0.0.1')).toBe(false);
  expect(acl.mayRecurse('::1')).toBe(false);
});

test('a prefix that was not checked before throws', () => {
  expect(() => createClientAcl(['192.0.2.1/24'])).toThrow('bits set behind the length');
});

/** Near each other, so that prefixes overlap and touch and addresses hit their edges. */
const near = fc.nat({ max: 0x3ff });

test('the list agrees with the one of the system', () => {
  const ipv4 = fc.tuple(near, fc.integer({ min: 22, max: 32 })).map(([low, length]) => {
    const first = 0xc0000000 + low - (low % 2 ** (32 - length));
    return { text: ipv4ToText(first), length, family: 'ipv4' as const };
  });
  const ipv6 = fc.tuple(near, fc.integer({ min: 118, max: 128 })).map(([low, length]) => {
    const first = Uint32Array.of(0x20010db8, 0, 0, low - (low % 2 ** (128 - length)));
    return { text: ipv6ToText(first), length, family: 'ipv6' as const };
  });
  fc.assert(
    fc.property(fc.array(fc.oneof(ipv4, ipv6), { maxLength: 8 }), fc.array(near, { minLength: 1 }), (list, lows) => {
      const acl = createClientAcl(list.map(({ text, length }) => `${text}/${length}`));
      const system = new BlockList();
      for (const { text, length, family } of list) system.addSubnet(text, length, family);
      for (const low of lows) {
        const four = ipv4ToText(0xc0000000 + low);
        const six = ipv6ToText(Uint32Array.of(0x20010db8, 0, 0, low));
        expect(acl.mayRecurse(four), four).toBe(system.check(four));
        expect(acl.mayRecurse(six), six).toBe(system.check(six, 'ipv6'));
      }
    }),
  );
});
