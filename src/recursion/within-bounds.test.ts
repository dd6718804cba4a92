import { expect, test } from 'vitest';
import { aReply, anAddress } from '../../test/support/finished-query.ts';
import { createTtlBounds } from '../cache/ttl-bounds.ts';
import { name, nameToWire } from '../dns/name.ts';
import { Rcode, Type } from '../dns/record-type.ts';
import { rrset } from '../dns/rrset.ts';
import { withinBounds } from './within-bounds.ts';

const bounds = createTtlBounds({ minTtl: 60, maxTtl: 86_400, maxNegativeTtl: 3600 }, []);

test.each([
  [0, 0],
  [1, 60],
  [300, 300],
  [604_800, 86_400],
])('an answer of %d s is given as %d s, as the cache will give it', (ttl, given) => {
  const reply = withinBounds(aReply({ answer: [anAddress('www.example.', ttl)] }), bounds);
  expect(reply.answer.map((set) => set.ttl)).toEqual([given]);
});

test.each([
  [7200, 86_400, 3600],
  [7200, 900, 900],
  [60, 900, 60],
])('a denial whose SOA says %d s and MINIMUM %d s is given as %d s', (ttl, minimum, given) => {
  const numbers = Buffer.alloc(20);
  numbers.writeUInt32BE(minimum, 16);
  const rdata = Uint8Array.of(...nameToWire(name('ns1.example.')), ...nameToWire(name('root.example.')), ...numbers);
  const authority = [rrset(name('example.'), Type.SOA, ttl, [rdata])];
  const reply = withinBounds(aReply({ rcode: Rcode.NXDOMAIN, authority }), bounds);
  expect(reply.authority.map((set) => set.ttl)).toEqual([given]);
});
