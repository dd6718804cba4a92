import { describe, expect, test } from 'vitest';

import { queryFor, readResponse, type QueryOptions } from '../../test/support/messages.ts';
import { name, nameToText, nameToWire } from '../dns/name.ts';
import { Rcode, Type } from '../dns/record-type.ts';
import { MessageView, readMessage } from '../dns/wire/message-view.ts';
import { addressSets } from './address-sets.ts';
import { createLabServer, REMEMBERED_QUERIES } from './lab-server.ts';
import type { JunkKind } from './junk.ts';
import * as does from './misbehaviour.ts';
import type { Misbehaviour } from './misbehaviour.ts';
import { zoneFromText } from './zone.ts';

const zone = zoneFromText(
  name('example.'),
  `
@          SOA ns admin 1 7200 3600 1209600 60
www        A   203.0.113.7
below.ent  A   203.0.113.8
sub        NS  ns.sub
ns.sub     A   192.0.2.53
`,
);

function server(...misbehaviour: Misbehaviour[]) {
  return createLabServer([zone], misbehaviour);
}

/** What a server with this misbehaviour sends to one query. */
function react(misbehaviour: readonly Misbehaviour[], question = 'www.example. A', options: QueryOptions = {}) {
  return server(...misbehaviour).react(queryFor(question, options), 'udp');
}

function response(misbehaviour: readonly Misbehaviour[], question?: string, options?: QueryOptions) {
  return readResponse(react(misbehaviour, question, options).messages[0].octets);
}

function view(octets: Uint8Array): MessageView {
  const message = readMessage(octets);
  if (!(message instanceof MessageView)) throw new Error(message.why);
  return message;
}

const nothing = { answer: [], authority: [], additional: [] };
const truth = { rcode: 'NOERROR', flags: ['AA'], answer: ['www.example. 300 A 203.0.113.7'], edns: 1232 };

test('a server without misbehaviour tells the truth at once', () => {
  expect(response([])).toMatchObject(truth);
  expect(react([]).delayMs).toBe(0);
});

describe('silence and time', () => {
  test('a silent server sends nothing', () => expect(react([does.silent]).messages).toEqual([]));
  test('delays add up', () => expect(react([does.delays(200), does.delays(50)]).delayMs).toBe(250));
  test('of every three queries the first two are lost', () => {
    const lossy = server(does.loses(2, 3));
    const answered = Array.from({ length: 6 }, () => lossy.react(queryFor('www.example. A'), 'udp').messages.length);
    expect(answered).toEqual([0, 0, 1, 0, 0, 1]);
  });
});

describe('a response that is not the one asked for', () => {
  test('another ID', () => expect(view(react([does.wrongId]).messages[0].octets).id).not.toBe(0x1234));
  test('another source', () => {
    expect(react([does.answersFrom('port')]).messages[0].source).toBe('other-port');
    expect(react([does.answersFrom('address')]).messages[0].source).toBe('other-address');
  });
  const mixed = Uint8Array.of(3, ...Buffer.from('wWw'), 7, ...Buffer.from('eXAmple'), 0);
  test.each([
    ['lower case', does.lowersCase, 'www', 'example'],
    ['the other case', does.flipsCase, 'WwW', 'ExaMPLE'],
  ])('%s', (_, deed, first, second) => {
    const { octets } = react([deed], 'www.example. A', { wireName: mixed }).messages[0];
    const expected = Buffer.from(`\x03${first}\x07${second}\0`, 'latin1');
    expect(Buffer.from(octets.subarray(12, 12 + mixed.length))).toEqual(expected);
  });
  test('another question', () => {
    const { octets } = react([{ kind: 'wrong-question', qname: name('other.test.') }]).messages[0];
    expect(nameToText(view(octets).qname())).toBe('other.test.');
  });
});

describe('a response with nothing in it', () => {
  test.each([
    ['REFUSED', does.refuses],
    ['SERVFAIL', does.failsAlways],
    ['NOTIMP', does.says(Rcode.NOTIMP)],
    ['NOTAUTH', does.says(Rcode.NOTAUTH)],
  ])('%s', (rcode, deed) => expect(response([deed])).toEqual({ ...nothing, rcode, flags: [], edns: 1232 }));

  test('TC, over UDP only', () => {
    expect(response([does.truncates])).toMatchObject({ ...nothing, flags: ['AA', 'TC'] });
    const overTcp = server(does.truncates).react(queryFor('www.example. A'), 'tcp');
    expect(readResponse(overTcp.messages[0].octets)).toMatchObject(truth);
  });
});

describe('EDNS', () => {
  const plain = { payloadSize: 0 };
  const plainTruth = { ...truth, edns: undefined };
  test('FORMERR without OPT to a query that has it', () => {
    expect(response([does.formatErrorOnEdns])).toEqual({ ...nothing, rcode: 'FORMERR', flags: [], edns: undefined });
    expect(response([does.formatErrorOnEdns], 'www.example. A', plain)).toMatchObject(plainTruth);
  });
  test('dropped', () => {
    expect(react([does.dropsEdns]).messages).toEqual([]);
    expect(response([does.dropsEdns], 'www.example. A', plain)).toMatchObject(plainTruth);
  });
  test('ignored', () => expect(response([does.ignoresEdns])).toMatchObject(plainTruth));
});

describe('authority', () => {
  test('AA missing', () => expect(response([does.notAuthoritative])).toMatchObject({ ...truth, flags: [] }));

  test('a referral upward, without addresses unless they are given', () => {
    expect(response([does.refersTo('.')])).toEqual({
      ...nothing,
      rcode: 'NOERROR',
      flags: [],
      authority: ['. 3600 NS ns.'],
      edns: 1232,
    });
  });

  test('a referral with servers and their addresses', () => {
    const servers = { 'ns.other.test.': ['192.0.2.1', '2001:db8::1'] };
    expect(response([does.refersTo('example.', servers)])).toMatchObject({
      authority: ['example. 3600 NS ns.other.test.'],
      additional: ['ns.other.test. 3600 A 192.0.2.1', 'ns.other.test. 3600 AAAA 2001:db8::1'],
    });
  });

  test('glue that was right once', () => {
    const stale: Misbehaviour = { kind: 'stale-glue', addresses: ['198.51.100.66'] };
    expect(response([stale], 'www.sub.example. A').additional).toEqual(['ns.sub.example. 300 A 198.51.100.66']);
  });
  test('glue left out', () => {
    expect(response([does.omitsGlue], 'www.sub.example. A')).toMatchObject({
      authority: ['sub.example. 300 NS ns.sub.example.'],
      additional: [],
    });
  });
});

describe('denials', () => {
  test('NXDOMAIN for an empty non-terminal, and only for that', () => {
    expect(response([does.deniesEmptyNonTerminals], 'ent.example. A').rcode).toBe('NXDOMAIN');
    expect(response([does.deniesEmptyNonTerminals], 'www.example. MX').rcode).toBe('NOERROR');
    expect(response([], 'ent.example. A').rcode).toBe('NOERROR');
  });
  test('SOA missing', () => {
    expect(response([does.omitsSoa], 'www.example. MX')).toEqual({
      ...nothing,
      rcode: 'NOERROR',
      flags: ['AA'],
      edns: 1232,
    });
  });
});

describe('more than was asked for', () => {
  test('a response filled past the size that the client takes', () => {
    const { octets } = react([{ kind: 'huge', octets: 4000 }], 'www.example. A', { payloadSize: 1232 }).messages[0];
    expect(octets.length).toBe(4000);
    expect(readResponse(octets)).toMatchObject(truth);
  });
  test.each(['answer', 'authority', 'additional'] as const)('a forged set in the %s section', (section) => {
    const forged = addressSets(name('www.bank.test.'), 86_400, ['198.51.100.66']);
    expect(response([does.forges(section, ...forged)])[section]).toContain('www.bank.test. 86400 A 198.51.100.66');
  });
  test('octets of our own making', () => {
    const half: Misbehaviour = { kind: 'octets', make: (_, honest) => honest.slice(0, honest.length / 2) };
    const whole = react([]).messages[0].octets;
    expect(react([half]).messages[0].octets).toEqual(whole.slice(0, whole.length / 2));
  });
});

describe('junk before the answer', () => {
  const junk = (kind: JunkKind): Uint8Array => react([does.sendsFirst(kind)]).messages[0].octets;
  const honest = react([]).messages[0].octets;

  test('comes first, in order, and the answer after it', () => {
    const { messages } = react([does.sendsFirst('empty', 'echo')]);
    expect(messages.map(({ octets }) => octets)).toEqual([new Uint8Array(0), queryFor('www.example. A'), honest]);
  });
  test('of another ID, question or case differs in that alone', () => {
    expect(view(junk('wrong-id')).id).not.toBe(0x1234);
    expect(junk('wrong-id').subarray(2)).toEqual(honest.subarray(2));
    expect(view(junk('wrong-question')).qname()).not.toBe(name('www.example.'));
    expect(view(junk('wrong-case')).qname()).toBe(name('www.example.'));
    expect(junk('wrong-case')).not.toEqual(honest);
  });
  test.each(['empty', 'short', 'noise', 'pointer-loop', 'lying-counts', 'cut'] as const)('%s is no message', (kind) => {
    expect(readMessage(junk(kind))).toHaveProperty('kind', 'malformed');
  });
});

function rcodeFor(condition: does.Condition, question: string, options?: QueryOptions): string {
  return response([does.only(condition, does.refuses)], question, options).rcode;
}

describe('a deed may be limited to', () => {
  test('a name', () => {
    expect(rcodeFor({ qname: name('www.example.') }, 'www.example. A')).toBe('REFUSED');
    expect(rcodeFor({ qname: name('www.example.') }, 'ent.example. A')).toBe('NOERROR');
  });
  test('what is at or below a name', () => {
    expect(rcodeFor({ atOrBelow: name('ent.example.') }, 'below.ent.example. A')).toBe('REFUSED');
    expect(rcodeFor({ atOrBelow: name('ent.example.') }, 'www.example. A')).toBe('NOERROR');
  });
  test('a type', () => {
    expect(rcodeFor({ qtype: Type.AAAA }, 'www.example. AAAA')).toBe('REFUSED');
    expect(rcodeFor({ qtype: Type.AAAA }, 'www.example. A')).toBe('NOERROR');
  });
  test('queries with or without EDNS', () => {
    expect(rcodeFor({ withEdns: true }, 'www.example. A')).toBe('REFUSED');
    expect(rcodeFor({ withEdns: true }, 'www.example. A', { payloadSize: 0 })).toBe('NOERROR');
  });
  test('a transport', () => expect(rcodeFor({ transport: 'tcp' }, 'www.example. A')).toBe('NOERROR'));
  test('the first few queries that meet the other conditions', () => {
    const recovers = server(does.only({ qtype: Type.A, first: 1 }, does.refuses));
    const rcodes = ['A', 'MX', 'A'].map(
      (type) => readResponse(recovers.react(queryFor(`www.example. ${type}`), 'udp').messages[0].octets).rcode,
    );
    expect(rcodes).toEqual(['REFUSED', 'NOERROR', 'NOERROR']);
  });
});

describe('a server', () => {
  test('keeps count of what it has seen', () => {
    const counting = server(does.silent);
    counting.react(queryFor('www.example. A'), 'udp');
    counting.react(queryFor('www.example. MX', { payloadSize: 0 }), 'tcp');
    const { count, queries, octetsIn, octetsOut } = counting.tally();
    expect(count).toBe(2);
    expect(queries).toEqual([
      { qname: name('www.example.'), qtype: Type.A, transport: 'udp', withEdns: true },
      { qname: name('www.example.'), qtype: Type.MX, transport: 'tcp', withEdns: false },
    ]);
    expect(octetsIn).toBe(2 * (12 + nameToWire(name('www.example.')).length + 4) + 11);
    expect(octetsOut).toBe(0);
  });
  test('remembers the latest queries only', () => {
    const busy = server();
    const query = queryFor('www.example. A');
    const asked = 2 * REMEMBERED_QUERIES + 5;
    for (let i = 0; i < asked; i++) busy.react(query, 'udp');
    expect(busy.tally().count).toBe(asked);
    expect(busy.tally().queries).toHaveLength(REMEMBERED_QUERIES + 5);
  });
  test('answers no response, so that no two servers can keep each other busy', () => {
    expect(server(does.refuses).react(queryFor('www.example. A', { flags: 0x8000 }), 'udp').messages).toEqual([]);
  });
  test('says what becomes of a connection', () => {
    expect(server()).toMatchObject({ udp: 'serves', tcp: 'serves' });
    expect(server(does.tcpHangs, does.udpRefused)).toMatchObject({ udp: 'refuses', tcp: 'hangs' });
  });
});
