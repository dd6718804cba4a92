/**
 * A10. Junk or a wrong question first (TuDoor, 2024, 24 CVEs): one malformed datagram from the server's address, before
 * its response, ends the exchange or confuses its state, so that names cannot be resolved at will.
 *
 * Here what is no response is passed over and the waiting goes on; what answers another question ends the UDP exchange
 * and the question is asked over TCP; a refusal that repeats nothing of the question waits for something better
 * (exchange/match-response.ts, exchange-over-udp.ts).
 */

import { describe, expect, test } from 'vitest';

import { Rcode } from '../../src/dns/record-type.ts';
import { makeJunk, type JunkKind } from '../../src/lab/junk.ts';
import { omitsSoa, only, type Misbehaviour } from '../../src/lab/misbehaviour.ts';
import { resolverIn } from '../support/resolver-in.ts';
import { simulatedInternet } from '../support/walking-resolver.ts';
import { recordFigure } from './figures.ts';
import { attackedBy, type Forger } from './forger.ts';

const SERVER = '192.0.2.1';

const zone = (...misbehaviour: Misbehaviour[]) =>
  simulatedInternet()
    .zone('.', { at: '198.51.100.1' })
    .zone('example.', { at: SERVER, records: 'www A 203.0.113.7' })
    .server(SERVER, ...misbehaviour);

/** The query as its response would begin: QR set, nothing but the question behind the header. */
function bareResponse(query: Uint8Array): Uint8Array {
  const octets = query.slice(0, questionEndOf(query));
  octets.set([0x84, 0, 0, 1, 0, 0, 0, 0, 0, 0], 2);
  return octets;
}
const questionEndOf = (query: Uint8Array): number => query.indexOf(0, 12) + 5;
const header = (query: Uint8Array, ...rest: number[]): Uint8Array =>
  Uint8Array.of(query[0], query[1], ...rest, ...new Uint8Array(12).subarray(2 + rest.length));

function changed(octets: Uint8Array, at: number, ...values: number[]): Uint8Array {
  const copy = octets.slice();
  copy.set(values, at);
  return copy;
}

const OPT = [0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0];
const ofLab = (kind: JunkKind) => (query: Uint8Array) => makeJunk(kind, query, bareResponse(query));

/** What comes first; each is wrong in one way, and has the right ID unless it says otherwise. */
const junk: Readonly<Record<string, (query: Uint8Array) => Uint8Array>> = {
  nothing: () => new Uint8Array(0),
  'one octet': (query) => query.slice(0, 1),
  'eleven octets': (query) => bareResponse(query).slice(0, 11),
  'twelve octets of nought': () => new Uint8Array(12),
  noise: ofLab('noise'),
  'the query, sent back': (query) => query.slice(),
  'a pointer that leads to itself': ofLab('pointer-loop'),
  'records that are counted and not there': ofLab('lying-counts'),
  'the response, cut': (query) => bareResponse(query).slice(0, 20),
  'another ID': ofLab('wrong-id'),
  'another letter case': ofLab('wrong-case'),
  'another name': ofLab('wrong-question'),
  'another type': (query) => changed(bareResponse(query), questionEndOf(query) - 3, 28),
  'class CH': (query) => changed(bareResponse(query), questionEndOf(query) - 1, 3),
  'no question and NOERROR': (query) => header(query, 0x84, 0),
  'no question and NXDOMAIN': (query) => header(query, 0x84, Rcode.NXDOMAIN),
  'no question and FORMERR': (query) => header(query, 0x80, Rcode.FORMERR),
  'no question and SERVFAIL': (query) => header(query, 0x80, Rcode.SERVFAIL),
  'no question and REFUSED': (query) => header(query, 0x80, Rcode.REFUSED),
  'no question and TC': (query) => header(query, 0x86, 0),
  'two questions': (query) => {
    const octets = bareResponse(query);
    return changed(Uint8Array.of(...octets, ...octets.subarray(12)), 5, 2);
  },
  'OPCODE 5': (query) => changed(bareResponse(query), 2, 0x80 | (5 << 3)),
  'RCODE 15': (query) => changed(bareResponse(query), 3, 15),
  '20 OPT records': (query) =>
    changed(Uint8Array.of(...bareResponse(query), ...Array.from({ length: 20 }, () => OPT).flat()), 11, 20),
  'TC and nonsense': (query) => changed(Uint8Array.of(...bareResponse(query), 1, 2, 3), 2, 0x86, 0, 0, 1, 0, 9),
};
const KINDS = Object.keys(junk).length;

const before =
  (...kinds: string[]): Forger =>
  (query, server) =>
    server === SERVER ? kinds.map((kind) => junk[kind](query)) : [];

async function ask(forger: Forger) {
  const resolver = resolverIn(attackedBy(zone(), forger));
  const reply = await resolver.ask('www.example. A');
  return { reply, exchanges: resolver.seen(SERVER).length, resolver };
}

describe('before the response comes', () => {
  test.each(Object.keys(junk))('%s', async (kind) => {
    const { reply, exchanges } = await ask(before(kind));
    expect(reply).toAnswer('www.example. 300 A 203.0.113.7');
    recordFigure('A10', `exchanges when first comes ${kind}`, exchanges, 2);
  });

  test('all of them, one after the other', async () => {
    const { reply, exchanges } = await ask(before(...Object.keys(junk)));
    expect(reply).toAnswer('www.example. 300 A 203.0.113.7');
    recordFigure('A10', 'exchanges when everything comes first', exchanges, 2);
  });

  test('each a hundred times, over 1,000 questions of other names', async () => {
    const internet = attackedBy(zone(), (query, server) => {
      const kind = Object.keys(junk)[internet.queries.length % KINDS];
      return server === SERVER ? Array.from({ length: 100 }, () => junk[kind](query)) : [];
    });
    const resolver = resolverIn(internet);
    let wrong = 0;
    for (let i = 0; i < 1000; i++) {
      const { rcode } = await resolver.ask(`none${i}.example. A`);
      if (rcode !== Rcode.NXDOMAIN) wrong++;
    }
    recordFigure('A10', 'wrong answers of 1,000 under junk', wrong, 0);
  });
});

test('the matrix has as many kinds of junk as it must', () => {
  recordFigure('A10', 'kinds of junk', KINDS, { atLeast: 24 });
});

describe('servers that really answer so', () => {
  test.each([
    ['SERVFAIL', Rcode.SERVFAIL],
    ['REFUSED', Rcode.REFUSED],
  ])('a bare %s that nothing follows is what the server said', async (_, rcode) => {
    const bare: Misbehaviour = { kind: 'octets', make: (query) => header(query, 0x80, rcode) };
    const resolver = resolverIn(zone(bare));
    expect((await resolver.ask('www.example. A')).rcode).toBe(Rcode.SERVFAIL);
    expect(resolver.clock.now()).toBeLessThan(1000);
  });

  test('a bare FORMERR to EDNS leads to a query without', async () => {
    const resolver = resolverIn(
      zone(only({ withEdns: true }, { kind: 'octets', make: (query) => header(query, 0x80, Rcode.FORMERR) })),
    );
    expect(await resolver.ask('www.example. A')).toAnswer('www.example. 300 A 203.0.113.7');
    expect(resolver.seen(SERVER)).toEqual(['www.example. A', 'www.example. A without EDNS']);
  });

  test('an empty response with the right question is NODATA', async () => {
    const { rcode, answer } = await resolverIn(zone(omitsSoa)).ask('www.example. TXT');
    expect({ rcode, answer }).toEqual({ rcode: Rcode.NOERROR, answer: [] });
  });
});
