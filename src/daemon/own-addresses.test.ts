import { expect, test } from 'vitest';
import { ownAddresses } from './own-addresses.ts';

const local = (): string[] => ['127.0.0.1', '192.0.2.53', '2001:db8::53', 'fe80::1%eth0'];

test('addresses that are listened on at the port of servers are our own', () => {
  const listening = [
    { address: '192.0.2.53', port: 53 },
    { address: '2001:db8::53', port: 53 },
  ];
  expect([...ownAddresses(listening, 53, local)]).toEqual(['192.0.2.53', '2001:db8::53']);
});

test('another port is not where servers are asked', () => {
  expect([...ownAddresses([{ address: '192.0.2.53', port: 5353 }], 53, local)]).toEqual([]);
});

test.each(['0.0.0.0', '::'])('%s means every address of the machine', (address) => {
  expect([...ownAddresses([{ address, port: 53 }], 53, local)]).toEqual([
    '127.0.0.1',
    '192.0.2.53',
    '2001:db8::53',
    'fe80::1',
  ]);
});
