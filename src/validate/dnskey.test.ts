import { expect, test } from 'vitest';

import { setsFromText } from '../../test/support/signed-records.ts';
import { dnskeysOf, isRevoked, isSecureEntryPoint, isZoneKey, readDnskey } from './dnskey.ts';

const [printed] = setsFromText(`dskey.example.com. 86400 IN DNSKEY 256 3 5 ( AQOeiiR0GOMYkDshWoSKz9Xz
  fwJr1AYtsmx3TGkJaNXVbfi/ 2pHm822aJ5iI9BMzNXxeYCmZ DRD99WYwYqUSdjMmmAphXdvx egXd/M5+X7OrzKBaMbCVdFLU
  Uh6DhweJBjEVv5f2wwjM9Xzc nOf+EPbtG9DMBmADjFDc2w/r ljwvFw== )`);

test('the key of RFC 4034 §5.4 has tag 60485', () => {
  expect(dnskeysOf(printed).map(({ tag }) => tag)).toEqual([60485]);
});

test('the carry of the key tag is added once (RFC 4034 Appendix B)', () => {
  const carrying = Uint8Array.from({ length: 2000 }, () => 0xff);
  let sum = 1000 * 0xffff;
  sum += sum >>> 16;
  expect(readDnskey(carrying)?.tag).toBe(sum & 0xffff);
});

test('a key of an odd number of octets has its last octet as the upper half (RFC 4034 Appendix B)', () => {
  expect(readDnskey(Uint8Array.of(1, 0, 3, 8, 0x12))?.tag).toBe(0x0100 + 0x0308 + 0x1200);
});

test.each([
  [[1, 0, 3, 8, 1], { zone: true, revoked: false, sep: false }],
  [[1, 1, 3, 8, 1], { zone: true, revoked: false, sep: true }],
  [[1, 0x81, 3, 8, 1], { zone: true, revoked: true, sep: true }],
  [[0, 1, 3, 8, 1], { zone: false, revoked: false, sep: true }],
  [[1, 0, 2, 8, 1], { zone: false, revoked: false, sep: false }],
])('of the RDATA %j the flags and the protocol say what the key may do (RFC 4034 §2.1)', (rdata, flags) => {
  const key = readDnskey(Uint8Array.from(rdata))!;
  expect({ zone: isZoneKey(key), revoked: isRevoked(key), sep: isSecureEntryPoint(key) }).toEqual(flags);
});

test('fewer octets than a key needs are no key', () => {
  expect([0, 1, 4].map((length) => readDnskey(new Uint8Array(length)))).toEqual([undefined, undefined, undefined]);
});
