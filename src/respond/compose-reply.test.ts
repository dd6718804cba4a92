import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clientQuery, queryOctets, type QueryParts } from '../../test/support/client-query.ts';
import { createSeededRandom } from '../../test/support/seeded-random.ts';
import { Option, readCookie, readOptions, type EdnsOption } from '../dns/edns.ts';
import { ErrorCode, readExtendedError } from '../dns/extended-error.ts';
import { name, nameToText } from '../dns/name.ts';
import { Class, Rcode, Type, typeToText } from '../dns/record-type.ts';
import { rrset, type RRset } from '../dns/rrset.ts';
import { readMessage, type MessageView } from '../dns/wire/message-view.ts';
import type { Transport } from '../query/client-query.ts';
import type { Reply } from '../query/reply.ts';
import { composeReply, composeTruncated, type ReplyOptions } from './compose-reply.ts';
import { createRecordOrder } from './order.ts';

const options: ReplyOptions = {
  order: createRecordOrder('fixed', createSeededRandom(1)),
  maxUdpPayload: 1232,
  nsid: Buffer.from('ns1'),
  tcpIdleTimeoutMs: 10_000,
};

type Composed = { view: MessageView; isTruncated: boolean; length: number };

function compose(
  asked: QueryParts,
  reply: Partial<Reply>,
  transport: Transport = 'udp',
  changed: Partial<ReplyOptions> = {},
): Composed {
  const whole: Reply = {
    rcode: Rcode.NOERROR,
    isAuthoritative: false,
    answer: [],
    authority: [],
    errors: [],
    source: 'cache',
    ...reply,
  };
  const { octets, isTruncated } = composeReply(clientQuery(asked, { transport }), whole, { ...options, ...changed });
  const view = readMessage(octets);
  if (!('questionCount' in view)) throw new TypeError(view.why);
  return { view, isTruncated, length: octets.length };
}

function addresses(count: number, owner = 'www.example.'): RRset {
  const rdata = Array.from({ length: count }, (_, i) => Uint8Array.of(192, 0, 2 + (i >> 8), i));
  return rrset(name(owner), Type.A, 300, rdata);
}

function textSet(octets: number): RRset {
  return rrset(name('www.example.'), Type.TXT, 300, [new Uint8Array(octets)]);
}

function optionsOf(view: MessageView): EdnsOption[] {
  return readOptions(view.opt()!.options)!;
}

function errorsOf(view: MessageView): string[] {
  return optionsOf(view)
    .filter(({ code }) => code === Option.EXTENDED_ERROR)
    .map(({ data }) => `${readExtendedError(data)!.code} ${readExtendedError(data)!.text}`);
}

function recordsOf(view: MessageView): string[] {
  return Array.from(
    { length: view.recordCount },
    (_, i) => `${view.section(i)} ${nameToText(view.owner(i))} ${typeToText(view.type(i))}`,
  );
}

describe('the header', () => {
  test.each<[string, QueryParts, Partial<Reply>, number]>([
    ['RD is repeated, RA is set', { flags: 0x0100 }, {}, 0x8180],
    ['RD is not made up', { flags: 0 }, {}, 0x8080],
    ['CD is repeated', { flags: 0x0110 }, {}, 0x8190],
    ['AD and Z are not', { flags: 0x0160 }, {}, 0x8180],
    ['AA where we are the authority', {}, { isAuthoritative: true }, 0x8580],
    ['the code', {}, { rcode: Rcode.NXDOMAIN }, 0x8183],
  ])('%s', (_, asked, reply, flags) => {
    const { view } = compose({ id: 0xbeef, ...asked }, reply);
    expect([view.id, view.flags]).toEqual([0xbeef, flags]);
  });

  test('an extended code rides in OPT, and without OPT it is SERVFAIL', () => {
    const withOpt = compose({ edns: {} }, { rcode: Rcode.BADCOOKIE }).view;
    expect([withOpt.flags & 0x0f, withOpt.opt()!.extendedRcode, withOpt.rcode]).toEqual([7, 1, Rcode.BADCOOKIE]);
    expect(compose({}, { rcode: Rcode.BADCOOKIE }).view.rcode).toBe(Rcode.SERVFAIL);
  });
});

describe('the records', () => {
  test('the question has the client’s letter case, and owner names point to it', () => {
    const { view } = compose({ labels: ['wWw', 'Example'] }, { answer: [addresses(1)] });
    expect(Buffer.from(view.octets.subarray(12, 25)).toString('latin1')).toBe('\x03wWw\x07Example\0');
    expect([...view.octets.subarray(29, 31)]).toEqual([0xc0, 12]);
  });

  test('sets stand in their order, with their TTLs, the alias first', () => {
    const alias = rrset(name('www.example.'), Type.CNAME, 60, [Buffer.from('\x04host\x07example\0')]);
    const { view } = compose({}, { answer: [alias, addresses(2, 'host.example.')] });
    expect(recordsOf(view)).toEqual(['answer www.example. CNAME', 'answer host.example. A', 'answer host.example. A']);
    expect([0, 1, 2].map((i) => view.ttl(i))).toEqual([60, 300, 300]);
  });

  test('a denial has its SOA in the authority section', () => {
    const soa = rrset(name('example.'), Type.SOA, 60, [Uint8Array.from([0, 0, ...new Uint8Array(20)])]);
    const { view } = compose({}, { rcode: Rcode.NXDOMAIN, authority: [soa] });
    expect(recordsOf(view)).toEqual(['authority example. SOA']);
  });

  test('an answer in class CH is of class CH', () => {
    const text = rrset(name('version.bind.'), Type.TXT, 0, [Buffer.from('\x02v1')]);
    const { view } = compose({ qname: 'version.bind.', qtype: 'TXT', qclass: Class.CH }, { answer: [text] });
    expect([view.qclass, view.recordClass(0)]).toEqual([Class.CH, Class.CH]);
  });

  test('records of a set rotate from reply to reply', () => {
    const order = createRecordOrder('rotate', createSeededRandom(1));
    const first = (): number => {
      const { view } = compose({}, { answer: [addresses(3)] }, 'udp', { order });
      return view.rdata(0)![3];
    };
    expect([first(), first(), first(), first()]).toEqual([0, 1, 2, 0]);
  });
});

describe('size', () => {
  // 12 header, 17 question, 16 a record with a compressed owner
  test.each<[string, QueryParts, Transport, number, boolean]>([
    ['without EDNS 30 addresses fit into 512 octets', {}, 'udp', 30, false],
    ['and 31 do not', {}, 'udp', 31, true],
    ['with EDNS its 11 octets count', { edns: { payloadSize: 512 } }, 'udp', 29, false],
    ['so 30 do not fit', { edns: { payloadSize: 512 } }, 'udp', 30, true],
    ['a client that takes 1000 octets', { edns: { payloadSize: 1000 } }, 'udp', 60, false],
    ['gets no more', { edns: { payloadSize: 1000 } }, 'udp', 61, true],
    ['one that takes 4096 gets what we send at most', { edns: { payloadSize: 4096 } }, 'udp', 74, false],
    ['and no more', { edns: { payloadSize: 4096 } }, 'udp', 75, true],
    ['over TCP there is room', { edns: { payloadSize: 512 } }, 'tcp', 4000, false],
    ['for 65535 octets', {}, 'tcp', 4095, true],
  ])('%s', (_, asked, transport, count, truncated) => {
    const { view, isTruncated } = compose({ qtype: 'A', ...asked }, { answer: [addresses(count)] }, transport);
    expect([isTruncated, view.isTruncated, view.answerCount]).toEqual([truncated, truncated, truncated ? 0 : count]);
    expect(view.opt() === undefined).toBe(asked.edns === undefined);
  });

  test('whole sets up to the one that does not fit, and nothing behind it', () => {
    const alias = rrset(name('www.example.'), Type.CNAME, 60, [Buffer.from('\x04host\x07example\0')]);
    const { view } = compose({}, { answer: [alias, addresses(40, 'host.example.'), addresses(1)] });
    expect([view.isTruncated, recordsOf(view)]).toEqual([true, ['answer www.example. CNAME']]);
  });

  test('a denial whose SOA does not fit is truncated', () => {
    const alias = rrset(name('www.example.'), Type.CNAME, 60, [Buffer.from('\x04host\x07example\0')]);
    const bigSoa = rrset(name('example.'), Type.SOA, 60, [
      Uint8Array.from([...longName('a'), ...longName('b'), ...new Uint8Array(20)]),
    ]);
    const { view } = compose({ qtype: 'AAAA' }, { answer: [alias], authority: [bigSoa] });
    expect([view.isTruncated, view.answerCount, view.authorityCount]).toEqual([true, 1, 0]);
  });
});

describe('EDNS', () => {
  test('a client without OPT gets none, not even with an error to explain', () => {
    const { view } = compose({}, { rcode: Rcode.SERVFAIL, errors: [{ code: ErrorCode.OTHER, text: 'why' }] });
    expect(view.recordCount).toBe(0);
  });

  test('OPT says what we take, version 0, and repeats DO', () => {
    const { view } = compose({ edns: { dnssecOk: true } }, {});
    expect(view.opt()).toMatchObject({ payloadSize: 1232, version: 0, dnssecOk: true, extendedRcode: 0 });
    expect(compose({ edns: {} }, {}).view.opt()!.dnssecOk).toBe(false);
  });

  test('the reason of a failure is sent in words', () => {
    const errors = [
      { code: ErrorCode.NO_REACHABLE_AUTHORITY, text: 'no server of example. answered' },
      { code: ErrorCode.CACHED_ERROR, text: '' },
    ];
    const { view } = compose({ edns: {} }, { rcode: Rcode.SERVFAIL, errors });
    expect(errorsOf(view)).toEqual(['22 no server of example. answered', '13 ']);
  });

  // 512 less 12 for the header, 17 for the question, 11 for OPT and 12 for the record leaves 460; the option takes 10.
  test.each<[string, number, string[]]>([
    ['its reason is sent while there is room', 450, ['3 text']],
    ['the text goes first', 451, ['3 ']],
    ['so far that the code fits', 454, ['3 ']],
    ['then the error', 455, []],
    ['and the record stays', 460, []],
  ])('when an answer fills the reply, %s (RDATA of %d octets)', (_, rdataOctets, errors) => {
    const { view } = compose(
      { qtype: 'TXT', edns: { payloadSize: 512 } },
      { answer: [textSet(rdataOctets)], errors: [{ code: ErrorCode.STALE_ANSWER, text: 'text' }] },
    );
    expect([view.isTruncated, view.answerCount, errorsOf(view)]).toEqual([false, 1, errors]);
  });

  test('a truncated reply still says why it is unusual', () => {
    const { view } = compose(
      { edns: { payloadSize: 512 } },
      { answer: [addresses(100)], errors: [{ code: ErrorCode.STALE_ANSWER, text: 'old' }] },
    );
    expect([view.isTruncated, errorsOf(view)]).toEqual([true, ['3 old']]);
  });

  const nsid = { code: Option.NSID, data: new Uint8Array() };
  const keepalive = { code: Option.TCP_KEEPALIVE, data: new Uint8Array() };
  const padding = { code: Option.PADDING, data: new Uint8Array() };
  const cookie = { code: Option.COOKIE, data: new Uint8Array(8) };
  test.each<[string, EdnsOption[], Transport, EdnsOption[]]>([
    ['NSID when asked', [nsid], 'udp', [{ code: Option.NSID, data: Uint8Array.from(Buffer.from('ns1')) }]],
    ['keepalive in tenths of a second', [keepalive], 'tcp', [{ ...keepalive, data: Uint8Array.of(0, 100) }]],
    ['keepalive over TLS', [keepalive], 'tls', [{ ...keepalive, data: Uint8Array.of(0, 100) }]],
    ['no keepalive over UDP', [keepalive], 'udp', []],
    ['no keepalive over HTTPS', [keepalive], 'https', []],
    ['no padding in the clear', [padding], 'tcp', []],
    ['nothing that was not asked for', [], 'tls', []],
  ])('%s', (_, asked, transport, answered) => {
    expect(optionsOf(compose({ edns: { options: asked } }, {}, transport).view)).toEqual(answered);
  });

  test('the client its cookie, and one of ours behind it', () => {
    const [answered] = optionsOf(compose({ edns: { options: [cookie] } }, {}).view);
    expect(answered.code).toBe(Option.COOKIE);
    expect(readCookie(answered.data)).toMatchObject({ client: cookie.data, server: { length: 16 } });
  });

  test('no NSID when none is configured', () => {
    const { view } = compose({ edns: { options: [nsid] } }, {}, 'udp', { nsid: new Uint8Array() });
    expect(optionsOf(view)).toEqual([]);
  });

  // 12 header, 17 question, 16 for each record, 11 OPT, 4 for the option without its padding
  test.each([
    [1, 468],
    [26, 468],
    [27, 936],
    [500, 18 * 468],
    [4092, 65520], // 140 blocks
    [4093, 65535], // the next block would be larger than a message can be
  ])('over TLS %d addresses are padded to %d octets', (count, length) => {
    const reply = compose({ edns: { options: [padding] } }, { answer: [addresses(count)] }, 'tls');
    expect([reply.length, reply.isTruncated]).toEqual([length, false]);
  });
});

test('a reply fits the size it was given, says so when it does not, and never loses OPT', () => {
  const sets = fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 6 });
  const sizes = fc.integer({ min: 0, max: 2000 });
  const texts = fc.array(fc.string({ maxLength: 300, unit: 'binary' }), { maxLength: 4 });
  fc.assert(
    fc.property(sets, sizes, texts, fc.boolean(), (counts, payloadSize, errors, wantsNsid) => {
      const asked = wantsNsid ? [{ code: Option.NSID, data: new Uint8Array() }] : [];
      const { view, length } = compose(
        { edns: { payloadSize, options: asked } },
        {
          answer: counts.map((count, i) => addresses(count, `host${i}.example.`)),
          errors: errors.map((text) => ({ code: ErrorCode.OTHER, text })),
        },
      );
      expect(length).toBeLessThanOrEqual(Math.min(Math.max(payloadSize, 512), 1232));
      const records = counts.reduce((sum, count) => sum + count, 0);
      expect(view.isTruncated).toBe(view.answerCount < records);
      expect(optionsOf(view).some(({ code }) => code === Option.NSID)).toBe(wantsNsid);
    }),
    { numRuns: 500 },
  );
});

describe('an error that a rule makes', () => {
  const text = 'a reason in words that is longer than any of these queries, so that it would be seen in the size';
  const refusal: Partial<Reply> = { rcode: Rcode.REFUSED, source: 'rule', errors: [{ code: 18, text }] };
  const asks = (...codes: number[]): QueryParts => ({
    edns: { options: codes.map((code) => ({ code, data: new Uint8Array(code === Option.COOKIE ? 8 : 0) })) },
  });

  test.each<[string, QueryParts]>([
    ['without EDNS', {}],
    ['with EDNS', { edns: {} }],
    ['with NSID', asks(Option.NSID)],
    ['with a client cookie', asks(Option.COOKIE)],
    ['with everything', asks(Option.NSID, Option.COOKIE, Option.PADDING)],
  ])('is not larger than a query %s from an address that is not proven', (_, parts) => {
    expect(compose(parts, refusal).length).toBeLessThanOrEqual(queryOctets(parts).length);
  });

  test('gives its reason in words over TCP, and to whoever shows our cookie', () => {
    expect(errorsOf(compose({ edns: {} }, refusal, 'tcp').view)).toEqual([`18 ${text}`]);
    const proven = { ...clientQuery({ edns: {} }), isAddressProven: true };
    const whole = { ...refusal, isAuthoritative: false, answer: [], authority: [] } as unknown as Reply;
    expect(composeReply(proven, whole, options).octets.length).toBeGreaterThan(queryOctets({ edns: {} }).length);
  });
});

test('a reply without its records says TC, keeps OPT and RCODE, and is no larger than the query', () => {
  const reply: Reply = {
    rcode: Rcode.NXDOMAIN,
    isAuthoritative: false,
    answer: [addresses(3)],
    authority: [],
    errors: [{ code: ErrorCode.OTHER, text: 'why' }],
    source: 'cache',
  };
  const { octets, isTruncated } = composeTruncated(clientQuery({ edns: {} }), reply, options);
  const view = readMessage(octets) as MessageView;
  expect([isTruncated, view.isTruncated, view.recordCount, view.rcode]).toEqual([true, true, 1, Rcode.NXDOMAIN]);
  expect(octets.length).toBe(queryOctets({ edns: {} }).length);
});

function longName(letter: string): Uint8Array {
  return Buffer.from(`\x3f${letter.repeat(63)}`.repeat(3) + `\x3c${letter.repeat(60)}\0`);
}
