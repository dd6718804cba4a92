import { createHash, createPublicKey, verify } from 'node:crypto';
import { describe, expect, test } from 'vitest';

import { name, nameToText, nameToWire, type Name } from '../dns/name.ts';
import { rdataToText } from '../dns/presentation.ts';
import { Type, typeToText } from '../dns/record-type.ts';
import { readSignature } from './rrsig.ts';
import { delegationSigners, signZone, type Signing } from './signer.ts';
import { Algorithm, keyTag } from './signing-keys.ts';
import { readZoneText, type ZoneData } from './zone.ts';

const apex = name('example.');
const SIGNED_AT = Date.UTC(2026, 0, 1) / 1000;
const text = `
@         900 SOA ns admin 1 7200 3600 1209600 60
@         NS   ns
ns        A    192.0.2.1
www       A    203.0.113.7
*.wild    TXT  "any"
a.b       MX   10 Mail.Example.
child     NS   ns.child
child     DS   1 13 2 ${'00'.repeat(32)}
ns.child  A    192.0.2.53
open      NS   ns.open
ns.open   A    192.0.2.54
`;

function sign(signing: Signing = {}): ZoneData[] {
  return signZone(apex, readZoneText(apex, text, 300), signing, SIGNED_AT);
}

function of(records: readonly ZoneData[], type: number): ZoneData[] {
  return records.filter((record) => record.type === type);
}

/** `owner covered` of each signature. */
function signed(records: readonly ZoneData[]): string[] {
  return of(records, Type.RRSIG).map(
    ({ owner, rdata }) => `${nameToText(owner)} ${typeToText(readSignature(rdata).fields.typeCovered)}`,
  );
}

function bitmaps(records: readonly ZoneData[], type: number): Record<string, string> {
  const from = type === Type.NSEC ? 1 : 5;
  return Object.fromEntries(
    of(records, type).map(({ owner, rdata }) => [
      nameToText(owner),
      rdataToText(type, rdata).split(' ').slice(from).join(' '),
    ]),
  );
}

test('every set that the zone is the authority for is signed; the NS set of a cut and glue are not (RFC 4035 §2.2)', () => {
  expect(
    signed(sign())
      .filter((line) => !line.endsWith('NSEC'))
      .sort(),
  ).toEqual([
    '*.wild.example. TXT',
    'a.b.example. MX',
    'child.example. DS',
    'example. DNSKEY',
    'example. NS',
    'example. SOA',
    'ns.example. A',
    'www.example. A',
  ]);
});

test('NSEC records link the names in canonical order, each with its types (RFC 4034 §4)', () => {
  expect(
    of(sign(), Type.NSEC).map(({ owner, rdata }) => `${nameToText(owner)} ${rdataToText(Type.NSEC, rdata)}`),
  ).toEqual([
    'example. a.b.example. NS SOA RRSIG NSEC DNSKEY',
    'a.b.example. child.example. MX RRSIG NSEC',
    'child.example. ns.example. NS DS RRSIG NSEC',
    'ns.example. open.example. A RRSIG NSEC',
    'open.example. *.wild.example. NS RRSIG NSEC',
    '*.wild.example. www.example. TXT RRSIG NSEC',
    'www.example. example. A RRSIG NSEC',
  ]);
});

test('denials live for the lesser of the TTL of the SOA and its MINIMUM (RFC 9077 §3)', () => {
  expect(of(sign(), Type.NSEC).map(({ ttl }) => ttl)).toEqual(Array.from({ length: 7 }, () => 60));
});

describe('NSEC3 (RFC 5155 §7.1)', () => {
  /** Names by the hash that RFC 5155 §5 gives, without our own code for it. */
  const hashed = (owner: string, salt = '', iterations = 0): string => {
    let hash: Uint8Array = nameToWire(name(owner));
    for (let i = 0; i <= iterations; i++)
      hash = createHash('sha1').update(hash).update(Buffer.from(salt, 'hex')).digest();
    const alphabet = '0123456789abcdefghijklmnopqrstuv';
    const bits = [...hash].map((octet) => octet.toString(2).padStart(8, '0')).join('');
    return bits.replaceAll(/.{5}/g, (five) => alphabet[parseInt(five, 2)]) + '.example.';
  };

  test('has records for empty non-terminals, and RRSIG only where something is signed', () => {
    expect(bitmaps(sign({ denial: 'nsec3' }), Type.NSEC3)).toEqual({
      [hashed('example.')]: 'NS SOA RRSIG DNSKEY NSEC3PARAM',
      [hashed('ns.example.')]: 'A RRSIG',
      [hashed('www.example.')]: 'A RRSIG',
      [hashed('*.wild.example.')]: 'TXT RRSIG',
      [hashed('wild.example.')]: '',
      [hashed('a.b.example.')]: 'MX RRSIG',
      [hashed('b.example.')]: '',
      [hashed('child.example.')]: 'NS DS RRSIG',
      [hashed('open.example.')]: 'NS',
    });
  });

  test('leaves out unsigned delegations under opt-out, and uses salt and iterations', () => {
    const records = sign({ denial: 'nsec3', optOut: true, salt: 'aabb', iterations: 3 });
    const owners = Object.keys(bitmaps(records, Type.NSEC3));
    expect(owners).toContain(hashed('child.example.', 'aabb', 3));
    expect(owners).not.toContain(hashed('open.example.', 'aabb', 3));
    expect(of(records, Type.NSEC3).map(({ rdata }) => rdata[1])).toEqual(Array.from({ length: 8 }, () => 1));
    expect(of(records, Type.NSEC3PARAM).map(({ rdata }) => rdataToText(Type.NSEC3PARAM, rdata))).toEqual([
      '1 0 3 AABB',
    ]);
  });
});

test('a signature says what it covers, for how long, and by which key', () => {
  const records = sign({ keys: 'one', validity: { from: -10, to: 100 } });
  const tag = keyTag(of(records, Type.DNSKEY)[0].rdata);
  const fields = (owner: Name): object =>
    readSignature(of(records, Type.RRSIG).find((record) => record.owner === owner)!.rdata).fields;
  const common = { algorithm: 13, signer: apex, keyTag: tag, inception: SIGNED_AT - 10, expiration: SIGNED_AT + 100 };
  expect(fields(name('www.example.'))).toEqual({ ...common, typeCovered: Type.A, labels: 2, originalTtl: 300 });
  // RFC 4034 §3.1.3: the asterisk does not count.
  expect(fields(name('*.wild.example.'))).toEqual({ ...common, typeCovered: Type.TXT, labels: 2, originalTtl: 300 });
});

test('of two keys the one signs the keys, the other everything else, and the parent knows the first', () => {
  const records = sign();
  const [ksk, zsk] = of(records, Type.DNSKEY).map(({ rdata }) => keyTag(rdata));
  const by = of(records, Type.RRSIG).map(({ rdata }) => readSignature(rdata).fields);
  expect(by.filter(({ typeCovered }) => typeCovered === Type.DNSKEY).map(({ keyTag }) => keyTag)).toEqual([ksk]);
  expect(new Set(by.filter(({ typeCovered }) => typeCovered !== Type.DNSKEY).map(({ keyTag }) => keyTag))).toEqual(
    new Set([zsk]),
  );
  const [ds] = delegationSigners(apex, {});
  expect((ds[0] << 8) | ds[1]).toBe(ksk);
});

test('keys are the same in every run, and those of two zones differ', () => {
  const tags = (zone: string): string[] => delegationSigners(name(zone), {}).map((ds) => rdataToText(Type.DS, ds));
  expect(tags('example.')).toEqual(tags('example.'));
  expect(tags('example.')[0]).toMatch(/^58551 13 2 /);
  expect(tags('example.')).not.toEqual(tags('test.'));
});

test('a signature verifies by hand (RFC 4034 §3.1.8.1, RFC 6605)', () => {
  const records = sign();
  const [, zsk] = of(records, Type.DNSKEY);
  const [x, y] = [zsk.rdata.subarray(4, 36), zsk.rdata.subarray(36)].map((part) =>
    Buffer.from(part).toString('base64url'),
  );
  const key = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' });
  const mx = of(records, Type.RRSIG).find(({ owner }) => owner === name('a.b.example.'))!;
  const { octets } = readSignature(mx.rdata);
  const signedOctets = Buffer.concat([
    mx.rdata.subarray(0, mx.rdata.length - octets.length),
    nameToWire(name('a.b.example.')),
    // MX, IN, 300 seconds, 16 octets; the name in the RDATA in lower case.
    Buffer.from('000f00010000012c0010000a', 'hex'),
    nameToWire(name('mail.example.')),
  ]);
  expect(verify('sha256', signedOctets, { key, dsaEncoding: 'ieee-p1363' }, octets)).toBe(true);
});

test.each([
  ['RSASHA1', 1 + 3 + 128],
  ['RSASHA1-NSEC3-SHA1', 1 + 3 + 128],
  ['RSASHA256', 1 + 3 + 128],
  ['RSASHA512', 1 + 3 + 128],
  ['ECDSAP256SHA256', 64],
  ['ECDSAP384SHA384', 96],
  ['ED25519', 32],
  ['ED448', 57],
] as const)('%s has keys of %d octets and signs with them', (algorithm, octets) => {
  const records = sign({ algorithm: Algorithm[algorithm] });
  const [key] = of(records, Type.DNSKEY);
  expect(key.rdata[3]).toBe(Algorithm[algorithm]);
  expect(key.rdata.length - 4).toBe(octets);
  expect(new Set(of(records, Type.RRSIG).map(({ rdata }) => rdata[2]))).toEqual(new Set([Algorithm[algorithm]]));
});

test.each([
  [1, 20],
  [2, 32],
  [4, 48],
] as const)('the DS set may have digest type %d, of %d octets', (digestType, octets) => {
  const [ds] = delegationSigners(apex, { digests: [digestType] });
  expect([ds[3], ds.length - 4]).toEqual([digestType, octets]);
});
