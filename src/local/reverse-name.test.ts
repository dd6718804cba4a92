import { expect, test } from 'vitest';
import { addressFromText } from '../dns/address.ts';
import { nameToText } from '../dns/name.ts';
import { reverseName } from './reverse-name.ts';

test.each([
  ['192.0.2.7', 4, '7.2.0.192.in-addr.arpa.'],
  ['0.0.0.0', 4, '0.0.0.0.in-addr.arpa.'],
  ['2001:db8::ab', 6, `b.a.${'0.'.repeat(22)}8.b.d.0.1.0.0.2.ip6.arpa.`],
] as const)('the reverse name of %s', (address, family, reverse) => {
  expect(nameToText(reverseName(addressFromText(address)!, family))).toBe(reverse);
});

test('leading octets give the zone of their network', () => {
  expect(nameToText(reverseName(Uint8Array.of(192, 168), 4))).toBe('168.192.in-addr.arpa.');
  expect(nameToText(reverseName(Uint8Array.of(0xfd), 6))).toBe('d.f.ip6.arpa.');
});
