import { describe, expect, test } from 'vitest';
import { ipv4ToText, ipv6ToText } from '../dns/ip-address.ts';
import { parsePrefix, type Prefix, type PrefixProblem } from './prefix.ts';

function show(prefix: Prefix | PrefixProblem): string {
  switch (prefix.kind) {
    case 'ipv4':
      return `${ipv4ToText(prefix.first)} to ${ipv4ToText(prefix.last)}`;
    case 'ipv6':
      return `${ipv6ToText(prefix.first)} to ${ipv6ToText(prefix.last)}`;
    case 'bad-prefix':
      return prefix.why;
    default:
      return prefix satisfies never;
  }
}

describe('a prefix is the addresses from its first to its last', () => {
  test.each([
    ['192.0.2.0/24', '192.0.2.0 to 192.0.2.255'],
    ['192.0.2.7', '192.0.2.7 to 192.0.2.7'],
    ['192.0.2.8/31', '192.0.2.8 to 192.0.2.9'],
    ['0.0.0.0/0', '0.0.0.0 to 255.255.255.255'],
    ['2001:db8::/32', '2001:db8:: to 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff'],
    ['2001:db8:0:8000::/49', '2001:db8:0:8000:: to 2001:db8:0:ffff:ffff:ffff:ffff:ffff'],
    ['fe80::/10', 'fe80:: to febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
    ['::1', '::1 to ::1'],
    ['::/0', ':: to ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
    ['::ffff:192.0.2.0/120', '192.0.2.0 to 192.0.2.255'],
    ['::ffff:0:0/96', '0.0.0.0 to 255.255.255.255'],
  ])('%s is %s', (text, range) => {
    expect(show(parsePrefix(text))).toBe(range);
  });
});

describe('what is no prefix is refused with the reason', () => {
  test.each([
    [
      '192.0.2.5/24',
      '"192.0.2.5/24": the address has bits set behind the length; for the network write 192.0.2.0/24, for the one host 192.0.2.5',
    ],
    [
      '2001:db8::1/64',
      '"2001:db8::1/64": the address has bits set behind the length; for the network write 2001:db8::/64, for the one host 2001:db8::1',
    ],
    ['192.0.2.0/33', '"192.0.2.0/33": the length of an IPv4 prefix is a whole number from 0 to 32'],
    ['192.0.2.0/', '"192.0.2.0/": the length of an IPv4 prefix is a whole number from 0 to 32'],
    ['192.0.2.0/08', '"192.0.2.0/08": the length of an IPv4 prefix is a whole number from 0 to 32'],
    ['::/129', '"::/129": the length of an IPv6 prefix is a whole number from 0 to 128'],
    ['192.0.2/24', '"192.0.2/24": "192.0.2" is no IPv4 or IPv6 address'],
    ['localhost', '"localhost": "localhost" is no IPv4 or IPv6 address'],
    ['', '"": "" is no IPv4 or IPv6 address'],
    ['fe80::1%eth0', '"fe80::1%eth0": a zone index has no place in a prefix'],
  ])('%j', (text, why) => {
    expect(parsePrefix(text)).toEqual({ kind: 'bad-prefix', why });
  });
});
