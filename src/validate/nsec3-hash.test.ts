import { expect, test } from 'vitest';

import { name } from '../dns/name.ts';
import { octetsToBase32Hex } from '../dns/text/dnssec-fields.ts';
import { hashName } from './nsec3-hash.ts';

const salt = Uint8Array.of(0xaa, 0xbb, 0xcc, 0xdd);

/** As an owner of an NSEC3 record has it. */
const label = (hash: string): string => octetsToBase32Hex(Buffer.from(hash, 'latin1')).toLowerCase();

test.each([
  ['example.', '0p9mhaveqvm6t7vbl5lop2u3t2rp3tom'],
  ['a.example.', '35mthgpgcu1qg68fab165klnsnk3dpvl'],
  ['ai.example.', 'gjeqe526plbf1g8mklp59enfd789njgi'],
  ['ns1.example.', '2t7b4g4vsa5smi47k61mv5bv1a22bojr'],
  ['ns2.example.', 'q04jkcevqvmu85r014c7dkba38o0ji5r'],
  ['w.example.', 'k8udemvp1j2f7eg6jebps17vp3n8i58h'],
  ['*.w.example.', 'r53bq7cc2uvmubfu5ocmm6pers9tk9en'],
  ['x.w.example.', 'b4um86eghhds6nea196smvmlo4ors995'],
  ['y.w.example.', 'ji6neoaepv8b5o6k4ev33abha8ht9fgc'],
  ['x.y.w.example.', '2vptu5timamqttgl4luu9kg21e0aor3s'],
  ['xx.example.', 't644ebqk9bibcna874givr6joj62mlhv'],
  ['2t7b4g4vsa5smi47k61mv5bv1a22bojr.example.', 'kohar7mbb8dc2ce8a9qvl8hon4k53uhi'],
  ['XX.Example.', 't644ebqk9bibcna874givr6joj62mlhv'],
])('of %s with 12 iterations and salt aabbccdd (RFC 5155 Appendix A)', (owner, hash) => {
  expect(label(hashName(name(owner), 12, salt))).toBe(hash);
});

test('without iterations and salt it is SHA-1 of the name, as RFC 9276 §3.1 wants it', () => {
  // SHA-1 over 03 63 6f 6d 00.
  expect(Buffer.from(hashName(name('com.'), 0, new Uint8Array(0)), 'latin1').toString('hex')).toBe(
    '65019c4ed041c959edcf3b9f741060d7e5d42f96',
  );
});
