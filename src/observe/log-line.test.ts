import { describe, expect, test } from 'vitest';
import {
  MOMENT,
  aQuery,
  aWalk,
  anAddress,
  answered,
  at,
  dropped,
  exchange,
  rejected,
} from '../../test/support/finished-query.ts';
import { name, parseName } from '../dns/name.ts';
import { Rcode, Type } from '../dns/record-type.ts';
import { rrset } from '../dns/rrset.ts';
import { logLine } from './log-line.ts';

test('an answer from the cache is a line with the question, the answer and the time it took', () => {
  const query = aQuery('www.example.', {
    edns: {
      payloadSize: 1232,
      version: 0,
      dnssecOk: true,
      wantsNsid: false,
      wantsKeepalive: false,
      isPadded: false,
      cookie: undefined,
    },
  });
  expect(logLine(answered('www.example.', {}, { query, receivedWallMs: MOMENT + 0.125 }))).toEqual({
    time: '2026-11-25T10:00:00.000125Z',
    id: 'q1',
    client: '192.0.2.77',
    port: 50_000,
    transport: 'udp',
    qname: 'www.example.',
    qtype: 'A',
    qclass: 'IN',
    flags: { rd: true, cd: false, ad: false },
    edns: { size: 1232, do: true, version: 0 },
    rcode: 'NOERROR',
    source: 'cache',
    dnssec: 'unchecked',
    answers: [{ name: 'www.example.', type: 'A', ttl: 300, data: '203.0.113.7' }],
    octets: 64,
    exchanges: 0,
    ms: { total: 1, queue: 0.25, cache: 0.75, network: 0 },
  });
});

test('a walked answer tells each exchange with a server', () => {
  const walk = aWalk([
    at(exchange('.', { result: 'referral', detail: 'referral to example.', roundTripMs: 2.34567 })),
    at(exchange('example.', { serverName: undefined, result: 'answer', rcode: 0, roundTripMs: 3 })),
  ]);
  const line = logLine(answered('www.example.', { source: 'recursion', walk }, { totalMs: 7, queueMs: 1 }));
  expect(line).toMatchObject({
    exchanges: 2,
    walkId: 'w1',
    ms: { total: 7, queue: 1, cache: 0.654, network: 5.346 },
    walk: [
      {
        zone: '.',
        server: 'ns1.root.example.',
        address: '192.0.2.1',
        transport: 'udp',
        qname: 'www.example.',
        qtype: 'A',
        ms: 2.346,
        result: 'referral',
        detail: 'referral to example.',
      },
      { zone: 'example.', address: '192.0.2.1', ms: 3, result: 'answer', rcode: 'NOERROR', detail: '' },
    ],
  });
  expect(line.walk![1]).not.toHaveProperty('server');
});

test('a client that joined a walk late waited for no more of the network than its own time', () => {
  const walk = aWalk([at(exchange('example.', { roundTripMs: 900, result: 'answer' }))]);
  const { ms } = logLine(answered('www.example.', { walk }, { totalMs: 10, queueMs: 1 }));
  expect(ms).toEqual({ total: 10, queue: 1, cache: 0, network: 9 });
});

test('a failure names the servers, and what the client was told stands beside', () => {
  const walk = aWalk([at(exchange('example.')), at({ kind: 'failed', why: '' })]);
  const errors = [{ code: 22, text: 'no server answered' }];
  expect(logLine(answered('www.example.', { rcode: Rcode.SERVFAIL, answer: [], errors, walk }))).toMatchObject({
    rcode: 'SERVFAIL',
    error: 'no server of example. answered: ns1.example. (192.0.2.1) timed out after 400 ms',
    extendedErrors: [{ code: 22, meaning: 'no reachable authority', text: 'no server answered' }],
  });
});

test('a failure from the failure cache repeats the reason that the client was told', () => {
  const errors = [
    { code: 13, text: '' },
    { code: 22, text: 'no server of example. answered' },
  ];
  const line = logLine(answered('www.example.', { rcode: Rcode.SERVFAIL, source: 'failure-cache', errors }));
  expect(line.error).toBe('no server of example. answered');
});

test('what is answered from its header alone, and what is dropped, has a line too', () => {
  expect(logLine(rejected(Rcode.FORMERR, 'two questions\u001b'))).toEqual({
    time: '2026-11-25T10:00:00.000000Z',
    client: '192.0.2.77',
    port: 50_000,
    transport: 'udp',
    rcode: 'FORMERR',
    source: 'rule',
    octets: 12,
    ms: { total: 0.1, queue: 0.1, cache: 0, network: 0 },
    error: 'two questions\\u{1b}',
  });
  expect(logLine(dropped('source-port-0'))).toMatchObject({
    dropped: 'source-port-0',
    error: 'nothing can be sent to port 0',
  });
  expect(logLine(dropped('client-gone', { query: aQuery('www.example.') }))).toMatchObject({ qname: 'www.example.' });
});

test('an international name is shown as its owner writes it, beside the name', () => {
  expect(logLine(answered('xn--mnchen-3ya.example.'))).toMatchObject({
    qname: 'xn--mnchen-3ya.example.',
    idn: 'münchen.example.',
  });
  expect(logLine(answered('www.example.'))).not.toHaveProperty('idn');
});

describe('every octet of a name reads back from its line, and none of them is a control character there', () => {
  const octets = Array.from({ length: 256 }, (_, octet) => octet);
  test.each(octets)('octet %d', (octet) => {
    const qname = name(`\\${String(octet).padStart(3, '0')}.example.`);
    const line = JSON.stringify(logLine(answered(`\\${String(octet).padStart(3, '0')}.example.`)));
    expect(line).toMatch(/^[\x20-\x7e]*$/);
    expect(parseName((JSON.parse(line) as { qname: string }).qname)).toBe(qname);
  });
});

test('text of a hostile record is escaped', () => {
  const text = '<script>"\u0000\u001b[2J\u009b\n';
  const rdata = Uint8Array.of(text.length, ...Buffer.from(text, 'latin1'));
  const answer = [rrset(name('t.example.'), Type.TXT, 1, [rdata])];
  expect(logLine(answered('t.example.', { answer })).answers![0].data).toMatch(/^[\x20-\x7e]*$/);
});

test('a long answer is cut, and how many records are left out is told', () => {
  const rdata = Array.from({ length: 100 }, (_, i) => Uint8Array.of(192, 0, 2, i));
  const line = logLine(answered('many.example.', { answer: [rrset(name('many.example.'), Type.A, 1, rdata)] }));
  expect(line.answers).toHaveLength(64);
  expect(line.answersLeftOut).toBe(36);
  const long = rrset(name('long.example.'), 65_280, 1, [new Uint8Array(60_000)]);
  expect(logLine(answered('long.example.', { answer: [long] })).answers![0].data).toHaveLength(1024);
});

test('a truncated reply says so', () => {
  expect(logLine(answered('www.example.', {}, { isTruncated: true })).truncated).toBe(true);
  expect(logLine(answered('www.example.', { answer: [anAddress('www.example.')] }))).not.toHaveProperty('truncated');
});
