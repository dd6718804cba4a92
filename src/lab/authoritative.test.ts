import { describe, expect, test } from 'vitest';

import { queryFor, readResponse } from '../../test/support/messages.ts';
import { name } from '../dns/name.ts';
import { MessageView, readMessage } from '../dns/wire/message-view.ts';
import { answerQuery } from './authoritative.ts';
import { createZoneSet, zoneFromText } from './zone.ts';

const big = Array.from({ length: 60 }, (_, i) => `big TXT "${'x'.repeat(40)}${i}"`).join('\n');
const zones = createZoneSet([
  zoneFromText(
    name('example.'),
    `
@      900 SOA  ns admin 1 7200 3600 1209600 60
@          NS   ns
ns         A    192.0.2.1
www        A    203.0.113.7
alias      CNAME www.other.test.
gone       CNAME none
loop-a     CNAME loop-b
loop-b     CNAME loop-a
tocut      CNAME www.sub
@          MX   10 ns
@          MX   20 ns
sub        NS   ns.sub
sub        DS   1 8 2 ${'0'.repeat(64)}
ns.sub     A    192.0.2.53
empty.at   TXT  "below"
${big}
`,
  ),
  zoneFromText(
    name('other.test.'),
    '@ 60 SOA ns.example. admin 1 7200 3600 1209600 900\n@ NS ns.example.\nwww A 203.0.113.8',
  ),
]);

const ask = (question: string, options?: Parameters<typeof queryFor>[1], transport: 'udp' | 'tcp' = 'udp') =>
  readResponse(answerQuery(queryFor(question, options), zones, transport));

const nothing = { answer: [], authority: [], additional: [] };

describe('an authoritative server', () => {
  test('answers with AA', () => {
    expect(ask('www.example. A')).toEqual({
      ...nothing,
      rcode: 'NOERROR',
      flags: ['AA'],
      answer: ['www.example. 300 A 203.0.113.7'],
      edns: 1232,
    });
  });

  test('refers without AA, with glue', () => {
    expect(ask('www.sub.example. A')).toMatchObject({
      flags: [],
      authority: ['sub.example. 300 NS ns.sub.example.'],
      additional: ['ns.sub.example. 300 A 192.0.2.53'],
    });
  });

  test('refers with the DS set for whoever sets DO (RFC 4035 §3.1.4)', () => {
    const ds = `sub.example. 300 DS 1 8 2 ${'0'.repeat(64)}`;
    expect(ask('www.sub.example. A', { dnssecOk: true }).authority).toEqual([
      'sub.example. 300 NS ns.sub.example.',
      ds,
    ]);
  });

  test('denies with the SOA, for the lesser of its TTL and MINIMUM (RFC 2308 §3)', () => {
    const soa = 'example. 60 SOA ns.example. admin.example. 1 7200 3600 1209600 60';
    expect(ask('none.example. A')).toMatchObject({ rcode: 'NXDOMAIN', flags: ['AA'], authority: [soa] });
    expect(ask('www.example. AAAA')).toMatchObject({ rcode: 'NOERROR', flags: ['AA'], authority: [soa] });
    expect(ask('none.other.test. A').authority[0]).toMatch(/^other\.test\. 60 SOA/);
  });

  test('follows an alias into another zone that it serves', () => {
    expect(ask('alias.example. A').answer).toEqual([
      'alias.example. 300 CNAME www.other.test.',
      'www.other.test. 300 A 203.0.113.8',
    ]);
  });

  test('denies the target of an alias beside the alias (RFC 2308 §2.1)', () => {
    const { rcode, answer, authority } = ask('gone.example. A');
    expect({ rcode, answer }).toEqual({ rcode: 'NXDOMAIN', answer: ['gone.example. 300 CNAME none.example.'] });
    expect(authority).toHaveLength(1);
  });

  test('ends at an alias that leads back to itself', () => expect(ask('loop-a.example. A').answer).toHaveLength(2));

  test('refers from behind an alias with AA for the alias', () => {
    expect(ask('tocut.example. A')).toMatchObject({
      flags: ['AA'],
      answer: ['tocut.example. 300 CNAME www.sub.example.'],
      authority: ['sub.example. 300 NS ns.sub.example.'],
    });
  });

  test('adds the addresses of a mail server once', () => {
    expect(ask('example. MX').additional).toEqual(['ns.example. 300 A 192.0.2.1']);
  });

  test('adds the address of a server whose name is in another of its zones', () => {
    expect(ask('other.test. NS').additional).toEqual(['ns.example. 300 A 192.0.2.1']);
  });

  test.each([
    ['a name of none of its zones', 'www.elsewhere.test. A', {}, 'REFUSED'],
    ['a transfer', 'example. AXFR', {}, 'REFUSED'],
    ['a type that is only a question', 'example. MAILB', {}, 'NOTIMP'],
    ['another class', 'example. A', { qclass: 3 }, 'REFUSED'],
    ['another opcode', 'example. A', { flags: 5 << 11 }, 'NOTIMP'],
    ['a later version of EDNS (RFC 6891 §6.1.3)', 'example. A', { version: 1 }, 'BADVERS'],
  ])('refuses %s', (_, question, options, rcode) => {
    expect(ask(question, options)).toMatchObject({ ...nothing, rcode, flags: [] });
  });

  test('says FORMERR to what is no message but has a header', () => {
    expect(readResponse(answerQuery(queryFor('www.example. A').slice(0, 20), zones, 'udp'))).toMatchObject({
      rcode: 'FORMERR',
    });
  });

  test('says nothing to a response, or to less than a header', () => {
    expect(answerQuery(queryFor('www.example. A', { flags: 0x8000 }), zones, 'udp')).toBeUndefined();
    expect(answerQuery(queryFor('www.example. A', { flags: 0x8000 }).slice(0, 20), zones, 'udp')).toBeUndefined();
    expect(answerQuery(new Uint8Array(11), zones, 'udp')).toBeUndefined();
  });

  test('gives the question back with its letter case, and ID and RD as sent', () => {
    const wireName = Uint8Array.of(3, ...Buffer.from('wWw'), 7, ...Buffer.from('eXAmple'), 0);
    const response = readMessage(
      answerQuery(queryFor('www.example. A', { wireName, id: 77, flags: 0x0100 }), zones, 'udp')!,
    );
    if (!(response instanceof MessageView)) throw new Error(response.why);
    expect(response.octets.subarray(12, 12 + wireName.length)).toEqual(wireName);
    expect({ id: response.id, rd: response.recursionDesired }).toEqual({ id: 77, rd: true });
  });
});

describe('the size of a response', () => {
  test('over UDP keeps to what the client takes, with TC', () => {
    const octets = answerQuery(queryFor('big.example. TXT', { payloadSize: 700 }), zones, 'udp')!;
    expect(octets.length).toBeLessThanOrEqual(700);
    expect(readResponse(octets)).toMatchObject({ flags: ['AA', 'TC'], answer: [], edns: 1232 });
  });
  test('is 512 octets for a client without EDNS, who gets no OPT', () => {
    const octets = answerQuery(queryFor('big.example. TXT', { payloadSize: 0 }), zones, 'udp')!;
    expect(octets.length).toBeLessThanOrEqual(512);
    expect(readResponse(octets)).toMatchObject({ flags: ['AA', 'TC'], edns: undefined });
  });
  test('is never more than 1232 octets over UDP', () => {
    expect(ask('big.example. TXT', { payloadSize: 4096 }).flags).toEqual(['AA', 'TC']);
  });
  test('is not bounded by the payload size over TCP', () => {
    expect(ask('big.example. TXT', { payloadSize: 512 }, 'tcp')).toMatchObject({ flags: ['AA'] });
    expect(ask('big.example. TXT', { payloadSize: 512 }, 'tcp').answer).toHaveLength(60);
  });
  test('sets TC for a referral whose glue does not fit (RFC 9471 §3.1)', () => {
    const servers = Array.from({ length: 12 }, (_, i) => `sub NS n${i}.${'long'.repeat(9)}.sub`).join('\n');
    const glue = Array.from({ length: 12 }, (_, i) => `n${i}.${'long'.repeat(9)}.sub AAAA 2001:db8::${i}`).join('\n');
    const tld = createZoneSet([zoneFromText(name('example.'), `${servers}\n${glue}`)]);
    const response = readResponse(answerQuery(queryFor('www.sub.example. A', { payloadSize: 0 }), tld, 'udp'));
    expect(response.flags).toEqual(['TC']);
    expect(response.authority).toHaveLength(12);
  });
});
