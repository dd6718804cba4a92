import { expect, test } from 'vitest';
import { aReply, aWalk, anAddress, at, exchange } from '../../test/support/finished-query.ts';
import { name } from '../dns/name.ts';
import { Rcode, Type } from '../dns/record-type.ts';
import { rrset } from '../dns/rrset.ts';
import type { Security } from '../query/security.ts';
import type { WalkEvent, WalkFact } from '../query/walk-event.ts';
import { replyFromJson, replyToJson, walkFromJson, walkToJson } from './json-form.ts';

const facts: { readonly [Kind in WalkFact['kind']]: Extract<WalkFact, { kind: Kind }> } = {
  exchange: exchange('example.', { rcode: Rcode.SERVFAIL, detail: 'x' }),
  start: { kind: 'start', zone: name('.'), from: 'hints' },
  referral: { kind: 'referral', from: name('.'), zone: name('example.'), servers: 2, glue: 1 },
  'server-lame': { kind: 'server-lame', zone: name('example.'), server: '192.0.2.1', why: 'upward-referral' },
  alias: { kind: 'alias', owner: name('a.b\\.c.example.'), target: name('\\000.example.'), type: 'DNAME' },
  'server-name': { kind: 'server-name', name: name('ns.example.'), addresses: ['192.0.2.1', '2001:db8::1'] },
  'record-refused': { kind: 'record-refused', server: '192.0.2.1', owner: name('x.'), type: 65_280, why: 'y' },
  cache: { kind: 'cache', qname: name('www.example.'), qtype: Type.AAAA, found: 'denial' },
  validated: { kind: 'validated', owner: name('www.example.'), type: Type.A, state: 'bogus', why: 'expired' },
  'dependency-loop': { kind: 'dependency-loop', name: name('ns.example.') },
  'budget-spent': { kind: 'budget-spent', bound: 'exchanges', limit: 50 },
  failed: { kind: 'failed', why: 'no' },
};
const events: WalkEvent[] = Object.values(facts).map((fact, i) => at(fact, i % 3, i));

function overTheWire(json: unknown): unknown {
  return JSON.parse(JSON.stringify(json));
}

test('a walk with facts of every kind comes back as it was', () => {
  const walk = aWalk(events, '\\027\\255.example.');
  expect(walkFromJson(overTheWire(walkToJson(walk)))).toEqual(walk);
});

test('a server without a name and a response without an RCODE stay without', () => {
  const walk = aWalk([at(exchange('example.', { serverName: undefined }))]);
  expect(walkFromJson(overTheWire(walkToJson(walk)))).toEqual(walk);
});

test('a reply comes back as it was, RDATA octet for octet', () => {
  const reply = aReply({
    rcode: Rcode.BADVERS,
    answer: [anAddress('www.example.'), rrset(name('t.example.'), Type.TXT, 0, [Uint8Array.of(3, 0, 27, 255)])],
    authority: [rrset(name('u.example.'), 65_280, 1, [new Uint8Array(0), Uint8Array.of(1)])],
    errors: [{ code: 22, text: 'no server answered' }],
    walk: aWalk(events),
  });
  expect(replyFromJson(overTheWire(replyToJson(reply)))).toEqual(reply);
});

test('the walk is left out where it was not asked for', () => {
  const reply = aReply({ walk: aWalk(events) });
  expect(replyFromJson(overTheWire(replyToJson(reply, false)))).toEqual(aReply());
});

test('people find the text of the records beside the octets', () => {
  expect(replyToJson(aReply({ answer: [anAddress('www.example.')] })).answer).toEqual([
    { name: 'www.example.', type: 'A', ttl: 300, records: [{ data: '203.0.113.7', octets: 'cb007107' }] },
  ]);
});

test('a fact of a kind that a newer daemon knows is left out', () => {
  const walk = aWalk([at(exchange('example.'))]);
  const newer = [{ kind: 'telepathy', atMs: 0, depth: 0 }, { kind: 'constructor' }, ...walkToJson(walk).events];
  expect(walkFromJson({ ...walkToJson(walk), events: newer })).toEqual(walk);
});

test.each([
  ['nothing', undefined],
  ['a list', []],
  ['no answer section', { ...replyToJson(aReply()), answer: undefined }],
  ['a name that is none', { ...replyToJson(aReply()), answer: [{ name: '..', type: 'A', ttl: 1, records: [] }] }],
  [
    'octets that are none',
    { ...replyToJson(aReply()), answer: [{ name: '.', type: 'A', ttl: 1, records: [{ octets: 'xy' }] }] },
  ],
  ['a walk that is none', { ...replyToJson(aReply()), walk: { id: 1 } }],
])('what does not have the shape is refused as a whole: %s', (_, json) => {
  expect(replyFromJson(json)).toBeUndefined();
});

test.each<[string, Security]>([
  ['secure', { state: 'secure' }],
  ['insecure', { state: 'insecure', reason: { check: 'no-ds', zone: name('example.') } }],
  [
    'bogus',
    {
      state: 'bogus',
      reason: {
        check: 'signature-expired',
        zone: name('example.'),
        owner: name('www.example.'),
        type: Type.A,
        keyTag: 12_345,
        algorithm: 13,
        inception: 1,
        expiration: 2,
      },
    },
  ],
])('what DNSSEC proved comes back as it was: %s', (_, security) => {
  const reply = aReply({ security });
  expect(replyFromJson(overTheWire(replyToJson(reply)))).toEqual(reply);
});
