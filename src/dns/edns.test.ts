import { expect, test } from 'vitest';
import {
  Option,
  cookieOption,
  keepaliveOption,
  nsidOption,
  paddingLength,
  paddingOption,
  readClientSubnet,
  readCookie,
  readKeepalive,
  readOptions,
  readServerCookie,
  writeOptions,
  writeServerCookie,
} from './edns.ts';

const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'));

test('options written are the options read, unknown ones and empty ones too', () => {
  const options = [
    { code: Option.NSID, data: new Uint8Array() },
    { code: 65001, data: hex('010203') },
    paddingOption(5),
  ];
  expect(readOptions(writeOptions(options))).toEqual(options);
});

test.each([
  ['an option without its length', '000a 00'],
  ['an option longer than the RDATA', '000a 0009 0102030405060708'],
  ['a second option that is cut', '0003 0000 000a'],
])('%s is a format error (RFC 6891 §6.1.2)', (_, octets) => {
  expect(readOptions(hex(octets))).toBeUndefined();
});

test('beyond the most that are read, options are still checked', () => {
  const many = writeOptions(Array.from({ length: 100 }, () => paddingOption(0)));
  expect(readOptions(many)).toHaveLength(64);
  expect(readOptions(hex(Buffer.from(many).toString('hex') + '00'))).toBeUndefined();
});

test.each([
  [0, undefined],
  [7, undefined],
  [8, 0],
  [9, undefined],
  [15, undefined],
  [16, 8],
  [40, 32],
  [41, undefined],
])('a cookie option of %i octets has a server cookie of %s (RFC 7873 §5.2.2)', (length, server) => {
  const cookie = readCookie(new Uint8Array(length).fill(7));
  if (server === undefined) expect(cookie).toBeUndefined();
  else expect([cookie?.client.length, cookie?.server?.length ?? 0]).toEqual([8, server]);
});

test('a cookie read is the cookie written', () => {
  const data = hex('2464c4abcf10c957 010000005cf79f111f8130c3eee29480');
  expect(cookieOption(readCookie(data)!)).toEqual({ code: Option.COOKIE, data });
});

test('the server cookie of RFC 9018 Appendix A.1 has its time and hash', () => {
  const octets = hex('010000005cf79f111f8130c3eee29480');
  const cookie = readServerCookie(octets)!;
  expect(cookie).toEqual({ timestamp: 1559731985, hash: hex('1f8130c3eee29480') });
  expect(writeServerCookie(cookie)).toEqual(octets);
  expect(readServerCookie(hex('020000005cf79f111f8130c3eee29480'))).toBeUndefined();
  expect(readServerCookie(hex('0100'))).toBeUndefined();
});

test.each([
  ['0001 18 00 c00002', { address: hex('c0000200'), sourcePrefix: 24, scopePrefix: 0 }],
  ['0001 00 00', { address: hex('00000000'), sourcePrefix: 0, scopePrefix: 0 }],
  ['0002 14 10 20010d', undefined],
  ['0002 20 20 20010db8', { address: hex('20010db8' + '00'.repeat(12)), sourcePrefix: 32, scopePrefix: 32 }],
  ['0001 19 00 c0000280', { address: hex('c0000280'), sourcePrefix: 25, scopePrefix: 0 }],
  ['0001 19 00 c00002c0', undefined],
  ['0001 21 00 c000020100', undefined],
  ['0003 08 00 01', undefined],
  ['0001 18 00 c000', undefined],
  ['0001 18', undefined],
])('client subnet %s is %o (RFC 7871 §6)', (data, subnet) => {
  expect(readClientSubnet(hex(data))).toEqual(subnet);
});

test('keepalive counts in units of 100 ms and is empty in a query (RFC 7828 §3.1)', () => {
  expect(keepaliveOption(10_000)).toEqual({ code: Option.TCP_KEEPALIVE, data: Uint8Array.of(0, 100) });
  expect(keepaliveOption(1e9).data).toEqual(Uint8Array.of(255, 255));
  expect(readKeepalive(Uint8Array.of(1, 0))).toBe(25_600);
  expect(readKeepalive(new Uint8Array())).toBeUndefined();
  expect(readKeepalive(new Uint8Array(3))).toBeUndefined();
});

test('NSID carries the identity as its octets (RFC 5001 §2.3)', () => {
  expect(nsidOption('a1')).toEqual({ code: 3, data: Uint8Array.of(0x61, 0x31) });
});

test.each([
  [100, 468, 65535, 364],
  [464, 468, 65535, 0],
  [465, 468, 65535, 467],
  [100, 468, 200, 96],
  [196, 468, 200, 0],
  [197, 468, 200, undefined],
])(
  '%i octets padded to blocks of %i within %i take %s octets of padding (RFC 8467 §4.1)',
  (octets, block, limit, length) => {
    expect(paddingLength(octets, block, limit)).toBe(length);
  },
);
