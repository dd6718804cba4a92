import { isIPv4, isIPv6 } from 'node:net';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ipv4ToText,
  ipv6ToText,
  isIpv4Mapped,
  isUnspecified,
  parseIpv4,
  parseIpv6,
  plainAddress,
} from './ip-address.ts';

const words = new Uint32Array(4);

describe('IPv4 text', () => {
  test.each([
    ['192.0.2.1', 0xc0000201],
    ['0.0.0.0', 0],
    ['255.255.255.255', 0xffffffff],
    ['192.0.2', -1],
    ['192.0.2.1.5', -1],
    ['192.0.2.256', -1],
    ['192.0.2.01', -1],
    ['192.0.2.', -1],
    ['192..2.1', -1],
    [' 192.0.2.1', -1],
    ['192.0.2.1 ', -1],
    ['0x1.0.2.1', -1],
    ['', -1],
  ])('%j is %d', (text, value) => {
    expect(parseIpv4(text)).toBe(value);
  });

  test('reading undoes writing', () => {
    fc.assert(fc.property(fc.nat({ max: 0xffffffff }), (value) => parseIpv4(ipv4ToText(value)) === value));
  });
});

describe('IPv6 text', () => {
  test.each([
    ['::', '::'],
    ['::1', '::1'],
    ['2001:db8::', '2001:db8::'],
    ['2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
    ['::2:3:4:5:6:7:8', '0:2:3:4:5:6:7:8'],
    ['::ffff:192.0.2.1', '::ffff:c000:201'],
    ['1:2:3:4:5:6:192.0.2.1', '1:2:3:4:5:6:c000:201'],
  ])('%s is written %s', (text, written) => {
    expect(parseIpv6(text, words)).toBe(true);
    expect(ipv6ToText(words)).toBe(written);
  });

  test.each([
    '',
    ':',
    ':::',
    '1',
    ':1::',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7:8::',
    '1::2::3',
    '::12345',
    '::g',
    '1:2:3:4:5:6:7:',
    '::ffff:192.0.2.256',
    '1:2:3:4:5:6:7:192.0.2.1',
    'fe80::1%eth0',
    '192.0.2.1',
  ])('%j is none', (text) => {
    expect(parseIpv6(text, words)).toBe(false);
  });

  test('reading undoes writing', () => {
    const octets = fc.array(fc.oneof(fc.constant(0), fc.nat({ max: 0xffffffff })), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(octets, (value) => {
        const text = ipv6ToText(Uint32Array.from(value));
        return isIPv6(text) && parseIpv6(text, words) && value.every((word, i) => words[i] === word);
      }),
    );
  });

  test('the same texts are addresses for us and for the system', () => {
    const text = fc.string({
      unit: fc.constantFrom('0', '1', 'f', '2001', ':', '::', '.', '192', '25', ':0:', '1.2.3.4'),
      maxLength: 12,
    });
    fc.assert(
      fc.property(text, (candidate) => {
        expect(parseIpv6(candidate, words)).toBe(isIPv6(candidate));
        expect(parseIpv4(candidate) >= 0).toBe(isIPv4(candidate));
      }),
      { numRuns: 2000 },
    );
  });
});

test('an IPv4-mapped address is known as such', () => {
  parseIpv6('::ffff:192.0.2.1', words);
  expect(isIpv4Mapped(words)).toBe(true);
  parseIpv6('::fffe:192.0.2.1', words);
  expect(isIpv4Mapped(words)).toBe(false);
});

test.each([
  ['fe80::1%eth0', 'fe80::1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['2001:db8::1', '2001:db8::1'],
  ['192.0.2.1', '192.0.2.1'],
])('%s is plainly %s', (text, plain) => {
  expect(plainAddress(text)).toBe(plain);
});

test.each([
  ['0.0.0.0', true],
  ['::', true],
  ['0.0.0.1', false],
  ['::1', false],
])('%s stands for every address of the machine: %s', (address, isEvery) => {
  expect(isUnspecified(address)).toBe(isEvery);
});
