import { expect, test } from 'vitest';
import { clientPrefix, isAddressSure } from './client-prefix.ts';

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['2001:db8:0:1::1', '2001:db8:0:1::'],
  ['2001:db8:0:1:ffff:ffff:ffff:ffff', '2001:db8:0:1::'],
  ['2001:db8:0:2::1', '2001:db8:0:2::'],
  ['::1', '::'],
])('%s is counted as %s', (address, prefix) => {
  expect(clientPrefix(address)).toBe(prefix);
});

test.each([
  ['192.0.2.1', 'udp', false],
  ['2001:db8::1', 'udp', false],
  ['192.0.2.1', 'tcp', true],
  ['127.0.0.1', 'udp', true],
  ['127.255.0.9', 'udp', true],
  ['::1', 'udp', true],
] as const)('that %s over %s is who it says: %s', (address, transport, isSure) => {
  expect(isAddressSure({ address, port: 4711, transport })).toBe(isSure);
});
