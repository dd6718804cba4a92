import { expect, test } from 'vitest';
import { comesFrom } from './comes-from.ts';

test.each([
  ['192.0.2.1', '192.0.2.1', true],
  ['192.0.2.1', '192.0.2.2', false],
  ['192.0.2.1', '::ffff:192.0.2.1', false],
  ['2001:db8::1', '2001:db8::1', true],
  ['2001:DB8:0:0::1', '2001:db8::1', true],
  ['2001:db8::1', '2001:db8::2', false],
  ['2001:db8::1', '2001:db9::1', false],
  ['fe80::1%2', 'fe80::1%eth0', true],
  ['2001:db8::1', '192.0.2.1', false],
])('the server at %s was asked, the datagram is from %s: %s', (server, sender, isFrom) => {
  expect(comesFrom({ address: server, port: 53 }, { address: sender, port: 53 })).toBe(isFrom);
});

test('another port of the same address is somebody else', () => {
  expect(comesFrom({ address: '192.0.2.1', port: 53 }, { address: '192.0.2.1', port: 54 })).toBe(false);
});
