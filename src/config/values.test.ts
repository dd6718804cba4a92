import { expect, test } from 'vitest';
import type { z } from 'zod';
import { name } from '../dns/name.ts';
import { byteSize, domainName, listenAddress, prefix, serverAddress, sizeText, zoneRecord } from './values.ts';

function read(schema: z.ZodType, input: unknown): unknown {
  const result = schema.safeParse(input);
  return result.success ? result.data : result.error.issues[0].message;
}

test.each([
  ['127.0.0.1:53', { address: '127.0.0.1', port: 53 }],
  ['[::1]:5353', { address: '::1', port: 5353 }],
  ['[2001:DB8:0::1]:53', { address: '2001:db8::1', port: 53 }],
  ['[fe80::1%eth0]:53', { address: 'fe80::1%eth0', port: 53 }],
  ['0.0.0.0:0', { address: '0.0.0.0', port: 0 }],
  ['127.0.0.1', '"127.0.0.1" has no port'],
  ['[::1]', '"[::1]" has no port'],
  ['::1', '"::1" is not address:port'],
  ['::1:53', '"::1:53" is not address:port'],
  ['[127.0.0.1]:53', '"[127.0.0.1]:53" is not address:port'],
  ['localhost:53', '"localhost:53" is not address:port'],
  ['127.0.0.256:53', '"127.0.0.256:53" is not address:port'],
  ['127.0.0.1:65536', '65536 is not a port'],
  ['127.0.0.1:dns', '"127.0.0.1:dns" is not address:port'],
  ['', '"" is not address:port'],
])('to listen on %s', (text, expected) => {
  expect(read(listenAddress(), text)).toEqual(expected);
});

test.each([
  ['192.0.2.1', { address: '192.0.2.1', port: undefined }],
  ['192.0.2.1:5353', { address: '192.0.2.1', port: 5353 }],
  ['2001:db8::53', { address: '2001:db8::53', port: undefined }],
  ['2001:0DB8::0053', { address: '2001:db8::53', port: undefined }],
  ['[2001:db8::53]:5353', { address: '2001:db8::53', port: 5353 }],
  ['192.0.2.1:0', '0 is not a port to send to'],
  ['192.0.2.1:99999', '99999 is not a port to send to'],
  ['ns1.example.', '"ns1.example." is not the address of a server'],
])('a server at %s', (text, expected) => {
  expect(read(serverAddress(), text)).toEqual(expected);
});

test.each(['192.0.2.0/24', '192.0.2.1', '0.0.0.0/0', '::/0', '2001:db8::/32'])('the prefix %s', (text) => {
  expect(read(prefix(), text)).toBe(text);
});

test.each([
  ['192.0.2.77/28', /bits set behind the length; for the network write 192\.0\.2\.64\/28/],
  ['192.0.2.0/33', /from 0 to 32/],
  ['fe80::1%eth0/64', /zone index/],
  ['any', /is no IPv4 or IPv6 address/],
])('%s is no prefix', (text, why) => {
  expect(read(prefix(), text)).toMatch(why);
});

test.each([
  ['nas.example. 600 A 192.0.2.7', 'nas.example. 600 A 192.0.2.7'],
  ['nas.example. A 192.0.2.7', 'nas.example. A 192.0.2.7'],
  ['_dns._udp.example. IN SRV 0 0 53 ns.example.', '_dns._udp.example. IN SRV 0 0 53 ns.example.'],
  ['nas.example. TYPE65280 \\# 1 ff', 'nas.example. TYPE65280 \\# 1 ff'],
])('the record %s', (text, expected) => {
  expect(read(zoneRecord(), text)).toBe(expected);
});

test.each(['nas.example. A 192.0.2', '; nothing', '', 'nas..example. A 192.0.2.7', '$INCLUDE /etc/passwd'])(
  '%j is no record',
  (text) => {
    expect(zoneRecord().safeParse(text).success).toBe(false);
  },
);

test('a domain name is read as its octets', () => {
  expect(read(domainName(), 'WWW.Example')).toBe(name('www.example.'));
  expect(read(domainName(), '.')).toBe(name('.'));
  expect(read(domainName(), 'a..example')).toMatch(/two dots follow each other/);
});

test.each([
  [1048576, 1048576],
  ['1MiB', 1048576],
  ['64 kib', 65536],
  ['2GiB', '2GiB is out of range'],
  [1, '1 is out of range'],
  ['1MB', '"1MB" is not a size'],
  ['-1', '"-1" is not a size'],
])('the size %s', (given, expected) => {
  expect(read(byteSize(65536, 2 ** 30), given)).toBe(expected);
});

test.each([
  [134217728, '128MiB'],
  [1536, '1536'],
  [0, '0'],
  [2048, '2KiB'],
])('%i octets are written %s', (octets, text) => {
  expect(sizeText(octets)).toBe(text);
});
