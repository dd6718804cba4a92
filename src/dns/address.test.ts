import { expect, test } from 'vitest';
import { addressFromText, addressToText } from './address.ts';

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['0.0.0.0', '0.0.0.0'],
  ['255.255.255.255', '255.255.255.255'],
  ['2001:DB8::1', '2001:db8::1'],
  ['::', '::'],
  ['::1', '::1'],
  ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
  ['::ffff:192.0.2.1', '::ffff:c000:201'],
  ['ff02::fb', 'ff02::fb'],
])('the address %s stands in RDATA and comes back as %s', (text, canonical) => {
  expect(addressToText(addressFromText(text)!)).toBe(canonical);
});

test.each(['', '1.2.3', '1.2.3.4.5', '256.0.0.1', '1.2.3.04', ':::', '1::2::3', 'fe80::1%eth0', 'example.'])(
  '%j is no address',
  (text) => expect(addressFromText(text)).toBeUndefined(),
);
