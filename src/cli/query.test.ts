import { expect, test } from 'vitest';
import { aReply, aWalk, anAddress, at, exchange } from '../../test/support/finished-query.ts';
import { name, nameToWire } from '../dns/name.ts';
import { Rcode, Type } from '../dns/record-type.ts';
import { rrset } from '../dns/rrset.ts';
import { formatReply } from './query.ts';

const soa = rrset(name('example.'), Type.SOA, 60, [
  Uint8Array.of(...nameToWire(name('ns.example.')), ...nameToWire(name('root.example.')), ...new Uint8Array(20)),
]);
const alias = rrset(name('www.example.'), Type.CNAME, 300, [nameToWire(name('web.example.'))]);

test.each([
  [
    'an answer',
    aReply({ answer: [anAddress('www.example.')] }),
    ';; www.example. A: NOERROR from cache\nwww.example. 300 IN A 203.0.113.7\n',
  ],
  [
    'a name that does not exist',
    aReply({ rcode: Rcode.NXDOMAIN, authority: [soa], source: 'negative' }),
    ';; www.example. A: NXDOMAIN, the name does not exist from negative\n;; authority\n' +
      'example. 60 IN SOA ns.example. root.example. 0 0 0 0 0\n',
  ],
  [
    'a type that does not exist, behind an alias',
    aReply({ answer: [alias], authority: [soa], source: 'recursion' }),
    ';; www.example. A: NOERROR, no record of this type from recursion\nwww.example. 300 IN CNAME web.example.\n' +
      ';; authority\nexample. 60 IN SOA ns.example. root.example. 0 0 0 0 0\n',
  ],
  [
    'a failure',
    aReply({ rcode: Rcode.SERVFAIL, errors: [{ code: 22, text: 'nobody\u001b answered' }], source: 'recursion' }),
    ';; www.example. A: SERVFAIL from recursion\n;; no reachable authority: nobody\\u{1b} answered\n',
  ],
])('%s is printed as zone-file lines', (_, reply, text) => {
  expect(formatReply('www.example. A', undefined, reply, false, false)).toBe(text);
});

test('the walk is a tree below the answer', () => {
  const reply = aReply({ source: 'recursion', walk: aWalk([at(exchange('example.', { result: 'nodata' }))]) });
  expect(formatReply('www.example. A', undefined, reply, false, true)).toContain(
    '\n\nwww.example. A (1 exchange, 400 ms waiting for servers)\n└─ example.\n',
  );
});

test('where proofs of other names made the answer, the explanation says so', () => {
  expect(formatReply('www.example. A', undefined, aReply({ source: 'synthesised' }), false, true)).toContain(
    ';; no server was asked: proofs in the cache that were given for other names say it\n',
  );
});

test('where nobody was asked, the explanation says so', () => {
  expect(formatReply('www.example. A', undefined, aReply(), false, true)).toContain(
    ';; no server was asked: the answer was in the cache\n',
  );
  expect(formatReply('localhost. A', undefined, aReply({ source: 'special-use' }), false, true)).toContain(
    'the answer is from special-use',
  );
});
