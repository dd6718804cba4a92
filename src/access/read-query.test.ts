import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createHandClock } from '../../test/support/hand-clock.ts';
import { optRecord, queryOctets, u16, type QueryParts } from '../../test/support/client-query.ts';
import { Option, readOptions } from '../dns/edns.ts';
import { readExtendedError } from '../dns/extended-error.ts';
import { name, nameToText } from '../dns/name.ts';
import { rcodeToText, Class, Type } from '../dns/record-type.ts';
import { readMessage, type MessageView } from '../dns/wire/message-view.ts';
import type { Client } from '../query/client-query.ts';
import { readQuery, type QueryReading } from './read-query.ts';

const client: Client = { address: '192.0.2.53', port: 4711, transport: 'udp' };
const overTcp: Client = { ...client, transport: 'tcp' };

function read(octets: Uint8Array, from = client): QueryReading {
  const clock = createHandClock({ wallMs: 1_700_000_000_000 });
  const cookies = {
    judge: (option: Uint8Array) => ({ wasShown: option.length > 8, isValid: option.length === 24, reply: option }),
  };
  return readQuery(octets, from, { newId: () => 'q1', clock, cookies });
}

function readReply(octets: Uint8Array): MessageView {
  const view = readMessage(octets);
  if (!('questionCount' in view)) throw new TypeError(view.why);
  return view;
}

function rejection(octets: Uint8Array, from = client): { rcode: string; why: string; reply: MessageView } {
  const reading = read(octets, from);
  if (reading.kind !== 'reject') throw new TypeError(`not rejected but ${reading.kind}`);
  return { rcode: rcodeToText(reading.rcode), why: reading.why, reply: readReply(reading.octets) };
}

function withCounts(octets: Uint8Array, ...counts: number[]): Uint8Array {
  const changed = octets.slice();
  changed.set(counts.flatMap(u16), 4);
  return changed;
}

describe('a query is read', () => {
  test('with its question, its letter case, its flags and the time it came', () => {
    const reading = read(queryOctets({ id: 0xbeef, flags: 0x0130, labels: ['wWw', 'Example'], qtype: 'HTTPS' }));
    expect(reading).toEqual({
      kind: 'query',
      query: {
        id: 'q1',
        client,
        question: { qname: name('www.example.'), qtype: Type.HTTPS, qclass: Class.IN },
        wireName: Uint8Array.from(Buffer.from('\x03wWw\x07Example\0', 'latin1')),
        messageId: 0xbeef,
        recursionDesired: true,
        checkingDisabled: true,
        authenticData: true,
        octets: 29,
        isAddressProven: false,
        edns: undefined,
        receivedAt: 1,
        receivedWallMs: 1_700_000_000_000,
      },
    });
  });

  test('with what its OPT record says', () => {
    const options = [
      { code: Option.NSID, data: new Uint8Array() },
      { code: Option.COOKIE, data: Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8]) },
      { code: Option.TCP_KEEPALIVE, data: new Uint8Array() },
      { code: Option.PADDING, data: new Uint8Array(4) },
      { code: 65001, data: Uint8Array.of(1) },
    ];
    const reading = read(queryOctets({ edns: { payloadSize: 4096, dnssecOk: true, options } }), overTcp);
    expect(reading).toMatchObject({
      query: {
        edns: {
          payloadSize: 4096,
          version: 0,
          dnssecOk: true,
          wantsNsid: true,
          wantsKeepalive: true,
          isPadded: true,
          cookie: { wasShown: false, isValid: false, reply: Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8]) },
        },
      },
    });
  });

  test.each([
    ['Uint8Array', (octets: Uint8Array) => octets],
    ['Buffer', (octets: Uint8Array) => Buffer.from(octets)],
  ])('and nothing of it shares octets with the message, were it a %s', (_, given) => {
    const cookie = { code: Option.COOKIE, data: Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8]) };
    const octets = given(queryOctets({ edns: { options: [cookie] } }));
    const reading = read(octets);
    octets.fill(0);
    expect(reading).toMatchObject({
      query: {
        wireName: Uint8Array.from(Buffer.from('\x03www\x07example\0')),
        edns: { cookie: { reply: cookie.data } },
      },
    });
  });

  test('a payload size below 512 counts as 512', () => {
    expect(read(queryOctets({ edns: { payloadSize: 0 } }))).toMatchObject({ query: { edns: { payloadSize: 512 } } });
  });

  test.each<[string, Uint8Array, Client]>([
    ['sent over UDP', new Uint8Array(), client],
    ['with a time-out, which only servers send', Uint8Array.of(0, 100), overTcp],
  ])('keepalive is ignored when it is %s', (_, data, from) => {
    const octets = queryOctets({ edns: { options: [{ code: Option.TCP_KEEPALIVE, data }] } });
    expect(read(octets, from)).toMatchObject({ query: { edns: { wantsKeepalive: false } } });
  });

  test.each<[string, QueryParts, Partial<Client>, boolean]>([
    ['over UDP is what it says', {}, {}, false],
    ['with a client cookie alone is what it says', withCookie(8), {}, false],
    ['with a cookie of ours is proven', withCookie(24), {}, true],
    ['over TCP is proven', {}, { transport: 'tcp' }, true],
    ['that is loopback is proven', {}, { address: '127.0.0.1' }, true],
  ])('an address %s', (_, parts, from, isAddressProven) => {
    expect(read(queryOctets(parts), { ...client, ...from })).toMatchObject({ query: { isAddressProven } });
  });

  test('of two cookies the first counts', () => {
    const options = [1, 2].map((octet) => ({ code: Option.COOKIE, data: new Uint8Array(8).fill(octet) }));
    const reading = read(queryOctets({ edns: { options } }));
    expect(reading).toMatchObject({ query: { edns: { cookie: { reply: new Uint8Array(8).fill(1) } } } });
  });
});

describe('what a query may carry without harm', () => {
  const record = [0, ...u16(Type.TXT), ...u16(Class.IN), 0, 0, 0, 0, ...u16(1), 0];
  test.each<[string, Uint8Array]>([
    ['an answer', withCounts(Uint8Array.from([...queryOctets(), ...record]), 1, 1, 0, 0)],
    ['an authority record, as IXFR has', withCounts(Uint8Array.from([...queryOctets(), ...record]), 1, 0, 1, 0)],
    ['an additional record', withCounts(Uint8Array.from([...queryOctets(), ...record]), 1, 0, 0, 1)],
    ['octets behind the last record', Uint8Array.from([...queryOctets(), 1, 2, 3])],
    ['AA, TC, RA, Z and an RCODE', queryOctets({ flags: 0x07cf })],
  ])('%s', (_, octets) => {
    expect(read(octets).kind).toBe('query');
  });
});

describe('a query without a question that wants a cookie', () => {
  test.each([
    [8, 'NOERROR'],
    [24, 'NOERROR'],
    [40, 'BADCOOKIE'],
  ])('of %d octets gets %s and a cookie, and nothing else', (octets, rcode) => {
    const asked = queryOctets(withCookie(octets));
    const bare = Uint8Array.from([...withCounts(asked, 0, 0, 0, 1).subarray(0, 12), ...asked.subarray(29)]);
    const rejected = rejection(bare);
    expect(rejected.rcode).toBe(rcode);
    expect([rejected.reply.questionCount, rejected.reply.recordCount]).toEqual([0, 1]);
    expect(readOptions(rejected.reply.opt()!.options)).toEqual([{ code: Option.COOKIE, data: new Uint8Array(octets) }]);
  });
});

describe('what gets no reply', () => {
  test.each<[string, Uint8Array, string]>([
    ['nothing at all', new Uint8Array(), 'malformed'],
    ['eleven octets', queryOctets().subarray(0, 11), 'malformed'],
    ['a response', queryOctets({ flags: 0x8180 }), 'response'],
    ['a response that cannot be read further', queryOctets({ flags: 0x8180 }).subarray(0, 14), 'response'],
    ['a response of another opcode', queryOctets({ flags: 0xa800 }), 'response'],
  ])('%s', (_, octets, reason) => {
    expect(read(octets)).toEqual({ kind: 'drop', reason });
  });
});

describe('what is answered with an error', () => {
  const twoOpts = Uint8Array.from([...queryOctets({ edns: {} }), ...optRecord({})]);
  const ownedOpt = Uint8Array.from([...queryOctets(), 1, 0x61, ...optRecord({})]);
  test.each<[string, Uint8Array, string, string]>([
    ['a header alone', withCounts(queryOctets().subarray(0, 12), 0, 0, 0, 0), 'FORMERR', '0 questions instead of 1'],
    ['two questions', withCounts(twoQuestions(), 2, 0, 0, 0), 'FORMERR', '2 questions instead of 1'],
    ['a question cut off', queryOctets().subarray(0, 20), 'FORMERR', 'a name runs past the end, at octet 12'],
    ['a record promised and not there', withCounts(queryOctets(), 1, 0, 0, 1), 'FORMERR', 'more records counted than'],
    ['STATUS', queryOctets({ flags: 0x1000 }), 'NOTIMP', 'opcode STATUS is not served'],
    ['NOTIFY', queryOctets({ flags: 0x2400 }), 'NOTIMP', 'opcode NOTIFY is not served'],
    ['an opcode that nobody knows', queryOctets({ flags: 0x7800 }), 'NOTIMP', 'opcode OPCODE15 is not served'],
    ['UPDATE that cannot be read', queryOctets({ flags: 0x2800 }).subarray(0, 13), 'NOTIMP', 'opcode UPDATE'],
    ['two OPT records', withCounts(twoOpts, 1, 0, 0, 2), 'FORMERR', 'more than one OPT record'],
    ['OPT owned by a name', withCounts(ownedOpt, 1, 0, 0, 1), 'FORMERR', 'out of place'],
    ['OPT in the answer', withCounts(queryOctets({ edns: {} }), 1, 1, 0, 0), 'FORMERR', 'out of place'],
    ['EDNS version 1', queryOctets({ edns: { version: 1 } }), 'BADVERS', 'EDNS version 1 is not known'],
    [
      'EDNS version 1, whose options we cannot judge',
      queryOctets({ edns: { version: 1, rawOptions: Uint8Array.of(9) } }),
      'BADVERS',
      'EDNS version 1',
    ],
    [
      'an option that runs past the end',
      queryOctets({ edns: { rawOptions: Uint8Array.of(0, 3, 0, 1) } }),
      'FORMERR',
      'an EDNS option runs past the end',
    ],
    ['a cookie of 7 octets', queryOctets(withCookie(7)), 'FORMERR', 'a cookie cannot have 7 octets'],
    ['a cookie of 12 octets', queryOctets(withCookie(12)), 'FORMERR', 'a cookie cannot have 12 octets'],
    ['a cookie of 41 octets', queryOctets(withCookie(41)), 'FORMERR', 'a cookie cannot have 41 octets'],
  ])('%s', (_, octets, rcode, why) => {
    const rejected = rejection(octets);
    expect(rejected).toMatchObject({ rcode, why: expect.stringContaining(why) as string });
    expect(rcodeToText(rejected.reply.rcode)).toBe(rcode);
    expect(rejected.reply.isResponse).toBe(true);
    expect(rejected.reply.id).toBe(0x1234);
    expect(rejected.reply.octets.length).toBeLessThanOrEqual(octets.length);
  });

  test('a sound question is repeated with its letter case, with RD and CD and without the rest', () => {
    const octets = queryOctets({ labels: ['wWw', 'Example'], flags: 0x07ff & ~0x0f, edns: { version: 1 } });
    const { reply } = rejection(octets);
    expect(reply.octets.subarray(12, 29)).toEqual(octets.subarray(12, 29));
    expect(nameToText(reply.qname())).toBe('www.example.');
    expect(reply.flags).toBe(0x8000 | 0x0100 | 0x0080 | 0x0010);
  });

  test('the opcode is repeated', () => {
    expect(rejection(queryOctets({ flags: 0x2500 })).reply.flags).toBe(0xa004);
  });

  test('BADVERS names the version that is known, with DO repeated', () => {
    const { reply } = rejection(queryOctets({ edns: { version: 7, dnssecOk: true } }));
    expect(reply.opt()).toMatchObject({ version: 0, extendedRcode: 1, dnssecOk: true, payloadSize: 1232 });
  });

  test('without OPT in the query there is none in the reply', () => {
    expect(rejection(withCounts(queryOctets(), 0, 0, 0, 0)).reply.recordCount).toBe(0);
  });

  test('over TCP, where the sender is who it says, the reason is sent in words', () => {
    const { reply } = rejection(queryOctets(withCookie(7)), overTcp);
    const [option] = readOptions(reply.opt()!.options)!;
    expect(readExtendedError(option.data)).toEqual({ code: 0, text: 'a cookie cannot have 7 octets' });
  });
});

test('any octets are a query, a reply no larger than they are, or nothing', () => {
  const sound = [queryOctets(), queryOctets({ edns: { options: [{ code: Option.COOKIE, data: new Uint8Array(8) }] } })];
  const mutated = fc
    .tuple(fc.constantFrom(...sound), fc.array(fc.tuple(fc.nat(60), fc.nat(255)), { maxLength: 6 }), fc.nat(70))
    .map(([octets, changes, length]) => {
      const changed = octets.slice();
      for (const [at, octet] of changes) if (at < changed.length) changed[at] = octet;
      return changed.subarray(0, length);
    });
  fc.assert(
    fc.property(fc.oneof(mutated, fc.uint8Array({ maxLength: 80 })), (octets) => {
      const reading = read(octets);
      if (reading.kind !== 'reject') return;
      expect(reading.octets.length).toBeLessThanOrEqual(octets.length);
      const reply = readReply(reading.octets);
      expect([reply.isResponse, reply.id, reply.rcode]).toEqual([true, (octets[0] << 8) | octets[1], reading.rcode]);
    }),
    { numRuns: 5000 },
  );
});

function twoQuestions(): Uint8Array {
  const one = queryOctets();
  return Uint8Array.from([...one, ...one.subarray(12)]);
}

function withCookie(octets: number): QueryParts {
  return { edns: { options: [{ code: Option.COOKIE, data: new Uint8Array(octets) }] } };
}
