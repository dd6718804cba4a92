import { expect, test } from 'vitest';
import { canonicalRdata, canonicalRRset } from './canonical.ts';
import { rdataFromText, rdataToText } from './presentation.ts';
import { Type } from './record-type.ts';

const octets = (type: number, text: string): Uint8Array => rdataFromText(type, text.split(' ')) as Uint8Array;

test.each([
  ['NS', 'Ns1.Example.', 'ns1.example.'],
  ['SOA', 'Ns1.Example. Host.Example. 1 2 3 4 5', 'ns1.example. host.example. 1 2 3 4 5'],
  ['MX', '10 Mail.Example.', '10 mail.example.'],
  ['RP', 'A.Example. B.Example.', 'a.example. b.example.'],
  ['SRV', '1 2 3 Host.Example.', '1 2 3 host.example.'],
  ['NAPTR', '1 2 "S" "Sip" "X" Host.Example.', '1 2 "S" "Sip" "X" host.example.'],
  ['DNAME', 'Target.Example.', 'target.example.'],
  [
    'RRSIG',
    'A 8 2 60 20300101000000 20200101000000 1 Example. QUJD',
    'A 8 2 60 20300101000000 20200101000000 1 example. QUJD',
  ],
] as const)('names in %s are folded (RFC 4034 §6.2), and nothing else', (type, text, folded) => {
  expect(rdataToText(Type[type], canonicalRdata(Type[type], octets(Type[type], text)))).toBe(folded);
});

test.each([
  ['NSEC', 'Next.Example. A'],
  ['HINFO', '"CPU" "OS"'],
  ['TXT', '"Text"'],
  ['SVCB', '1 Svc.Example.'],
  ['HTTPS', '1 Svc.Example.'],
] as const)('%s keeps its letter case (RFC 6840 §5.1, RFC 3597 §7)', (type, text) => {
  expect(rdataToText(Type[type], canonicalRdata(Type[type], octets(Type[type], text)))).toBe(text);
});

test('RDATA that is shorter than its type is left alone', () => {
  const short = Uint8Array.of(0, 10, 3, 0x41);
  expect(canonicalRdata(Type.MX, short)).toBe(short);
});

test('a set is ordered as unsigned octets, a missing octet before a zero octet, equal ones once (RFC 4034 §6.3)', () => {
  const set = canonicalRRset(65280, [
    Uint8Array.of(1, 0),
    Uint8Array.of(0x80),
    Uint8Array.of(1),
    Uint8Array.of(1, 0),
    Uint8Array.of(),
    Uint8Array.of(0x7f, 0xff),
  ]);
  expect(set.map((one) => [...one])).toEqual([[], [1], [1, 0], [0x7f, 0xff], [0x80]]);
});

test('records that differ in letter case alone are one in canonical form', () => {
  expect(canonicalRRset(Type.NS, [octets(Type.NS, 'NS.example.'), octets(Type.NS, 'ns.example.')])).toHaveLength(1);
});

test('the octets given are not changed, whatever kind of array holds them', () => {
  const given = Buffer.from(octets(Type.NS, 'NS.Example.'));
  canonicalRdata(Type.NS, given);
  expect(rdataToText(Type.NS, given)).toBe('NS.Example.');
});
