import { describe, expect, test } from 'vitest';
import { name } from '../dns/name.ts';
import { Rcode, Type } from '../dns/record-type.ts';
import { createSeededRandom } from '../../test/support/seeded-random.ts';
import { composeQuery, type Query } from './compose-query.ts';
import type { ExchangeRequest } from './exchange.ts';
import { matchResponse, type Match } from './match-response.ts';

const request: ExchangeRequest = {
  server: { address: '192.0.2.1', port: 53 },
  transport: 'udp',
  qname: name('www.example.'),
  qtype: Type.A,
  recursionDesired: false,
  payloadSize: 1232,
  dnssecOk: true,
  randomiseCase: true,
  withCookie: false,
  timeoutMs: 400,
};
const query = composeQuery(request, createSeededRandom(5));
const anyCaseQuery = { ...query, mustKeepCase: false };

/** The query sent back with QR set, then changed. */
function response(change: (octets: Uint8Array) => Uint8Array | void = () => {}): Uint8Array {
  const octets = query.octets.slice();
  octets[2] |= 0x80;
  return change(octets) ?? octets;
}
const padded = (size: number): Uint8Array => response((o) => Uint8Array.of(...o, ...new Uint8Array(size - o.length)));
const firstLetter = 13;
const qtypeAt = query.questionEnd - 4;
const CASE_BIT = 0x20;

/** A header alone, with an RCODE and counts. */
function header(rcode: number, counts: { question?: number; answer?: number; authority?: number } = {}): Uint8Array {
  const octets = new Uint8Array(12);
  octets.set([query.id >> 8, query.id & 0xff, 0x80, rcode]);
  octets.set([counts.question ?? 0, 0, counts.answer ?? 0, 0, counts.authority ?? 0], 5);
  return octets;
}
const rootA = Uint8Array.of(0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 192, 0, 2, 1);

const outcome = (match: Match): string =>
  'why' in match ? `${match.kind}: ${match.why}` : `${match.isBare ? 'bare ' : ''}response`;

test.each<[string, Uint8Array, string]>([
  ['our question', response(), 'response'],
  ['our question with octets behind the message', response((o) => Uint8Array.of(...o, 1, 2, 3)), 'response'],
  ['our question and an error', response((o) => void (o[3] |= Rcode.SERVFAIL)), 'response'],
  ['nothing', new Uint8Array(0), 'junk: shorter than a header'],
  ['eleven octets of ours', response((o) => o.slice(0, 11)), 'junk: shorter than a header'],
  ['a cut question', response((o) => o.slice(0, 20)), 'junk: a name runs past the end'],
  ['a query', query.octets, 'junk: not a response'],
  ['the response to a NOTIFY', response((o) => void (o[2] |= 4 << 3)), 'junk: not a response to a query'],
  [
    'two OPT records',
    response((o) => {
      o[11] = 2;
      return Uint8Array.of(...o, ...o.slice(query.questionEnd));
    }),
    'junk: more than one OPT record, or one out of place',
  ],
  ['an RCODE that nobody has assigned', response((o) => void (o[3] |= 15)), 'junk: an RCODE without meaning'],
  ['the last RCODE that has a meaning (RFC 8490)', response((o) => void (o[3] |= 11)), 'response'],
  ['another ID', response((o) => void (o[1] ^= 1)), 'mismatch: wrong-id'],
  ['one letter in the other case', response((o) => void (o[firstLetter] ^= CASE_BIT)), 'mismatch: wrong-case'],
  ['another name of the same length', response((o) => void (o[firstLetter] = 0x79)), 'mismatch: wrong-question'],
  ['another type', response((o) => void (o[qtypeAt + 1] = Type.AAAA)), 'mismatch: wrong-question'],
  [
    'a type that differs in what is a case bit',
    response((o) => void (o[qtypeAt + 1] ^= CASE_BIT)),
    'mismatch: wrong-question',
  ],
  ['another class', response((o) => void (o[qtypeAt + 3] = 3)), 'mismatch: wrong-question'],
  [
    'two questions',
    response((o) => {
      const question = o.slice(12, query.questionEnd);
      o[5] = 2;
      return Uint8Array.of(...o.slice(0, query.questionEnd), ...question, ...o.slice(query.questionEnd));
    }),
    'mismatch: wrong-question',
  ],
  ['no question and no error', header(Rcode.NOERROR), 'mismatch: wrong-question'],
  ['no question and NXDOMAIN', header(Rcode.NXDOMAIN), 'mismatch: wrong-question'],
  ['no question and FORMERR', header(Rcode.FORMERR), 'bare response'],
  ['no question and SERVFAIL', header(Rcode.SERVFAIL), 'bare response'],
  ['no question and NOTIMP', header(Rcode.NOTIMP), 'bare response'],
  ['no question and REFUSED', header(Rcode.REFUSED), 'bare response'],
  [
    'no question, REFUSED and an answer',
    Uint8Array.of(...header(Rcode.REFUSED, { answer: 1 }), ...rootA),
    'mismatch: wrong-question',
  ],
  [
    'no question, REFUSED and authority',
    Uint8Array.of(...header(Rcode.REFUSED, { authority: 1 }), ...rootA),
    'mismatch: wrong-question',
  ],
  [
    'another question and REFUSED',
    Uint8Array.of(...header(Rcode.REFUSED, { question: 1 }), 0, 0, 1, 0, 1),
    'mismatch: wrong-question',
  ],
])('%s', (_, octets, expected) => {
  expect(outcome(matchResponse(octets, query))).toBe(expected);
});

describe('letter case that was not random need not come back (RFC 4343 §4.1)', () => {
  test('a name in other letter case is ours', () => {
    const shouting = response((o) => void (o[firstLetter] ^= CASE_BIT));
    expect(outcome(matchResponse(shouting, anyCaseQuery))).toBe('response');
  });

  test('an octet that is no letter is another one, whatever its case bit', () => {
    const digits = composeQuery(
      { ...request, qname: name('\\064.example.'), randomiseCase: false },
      createSeededRandom(5),
    );
    const octets = digits.octets.slice();
    octets[2] |= 0x80;
    octets[firstLetter] ^= CASE_BIT;
    expect(outcome(matchResponse(octets, digits))).toBe('mismatch: wrong-question');
  });
});

describe('a cookie was sent (RFC 7873 §5.3)', () => {
  const client = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  const given = Uint8Array.of(9, 9, 9, 9, 9, 9, 9, 9);
  const option = Uint8Array.of(0, 10, 0, 16, ...client, ...given);
  const ask = (changes: Partial<ExchangeRequest>, isOwed: boolean): Query =>
    composeQuery({ ...request, ...changes }, createSeededRandom(5), { client, server: given, isOwed, option });
  const OCTETS_OF_OPT = 11 + 4 + 16;
  const answer = (asked: Query, change: (octets: Uint8Array) => Uint8Array | void = () => {}): Uint8Array => {
    const octets = asked.octets.slice();
    octets[2] |= 0x80;
    return change(octets) ?? octets;
  };
  const otherCookie = (o: Uint8Array): void => void (o[o.length - 16] ^= 1);
  const noCookie = (o: Uint8Array): Uint8Array => {
    const bare = o.slice(0, o.length - OCTETS_OF_OPT + 11);
    bare[bare.length - 1] = 0;
    return bare;
  };
  const bareRefusal = (o: Uint8Array): Uint8Array => Uint8Array.of(o[0], o[1], 0x80, 5, ...new Uint8Array(8));

  test.each([
    ['ours', undefined, 'response', 'response', 'response'],
    ['another', otherCookie, 'mismatch: wrong-cookie', 'mismatch: wrong-cookie', 'response'],
    ['none', noCookie, 'response', 'mismatch: missing-cookie', 'response'],
    ['none, and no question', bareRefusal, 'bare response', 'mismatch: missing-cookie', 'bare response'],
  ])('%s comes back', (_, change, notOwed, owed, overTcp) => {
    const results = [ask({}, false), ask({}, true), ask({ transport: 'tcp' }, true)].map((asked) =>
      outcome(matchResponse(answer(asked, change), asked)),
    );
    expect(results).toEqual([notOwed, owed, overTcp]);
  });

  test('what came back is told, over TCP too', () => {
    const asked = ask({ transport: 'tcp' }, true);
    expect(matchResponse(answer(asked, otherCookie), asked)).toMatchObject({ echo: { cookie: 'wrong' } });
    expect(matchResponse(answer(asked, noCookie), asked)).toMatchObject({ echo: { cookie: 'absent' } });
    expect(matchResponse(answer(asked), asked)).toMatchObject({ echo: { cookie: 'right', letterCase: 'kept' } });
  });
});

test('a response of the size asked for is taken, a longer one may be pieced together by a forger (RFC 9715)', () => {
  expect(outcome(matchResponse(padded(1232), query))).toBe('response');
  expect(outcome(matchResponse(padded(1233), query))).toBe('mismatch: too-large');
});
