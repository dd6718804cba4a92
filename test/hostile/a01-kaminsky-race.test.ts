/**
 * A1. Kaminsky race (2008, CVE-2008-1447, VU#800113): names are asked for that nobody has in the cache, and before the
 * server answers, forged responses arrive that carry an NS set or addresses for the whole zone. With 16 bits of ID
 * alone the race is won in seconds.
 *
 * Here a forger has to guess a source port drawn from the whole unprivileged range for each query, the ID, the letter
 * case and a cookie (RFC 5452 §9, RFC 7873). Even where the port is known to him, his first wrong guess ends the UDP
 * exchange, and the question is asked again over TCP. And what a response says beside the question is not taken (A8).
 */

import { describe, expect, test } from 'vitest';

import { composeQuery } from '../../src/exchange/compose-query.ts';
import { LEAST_SOURCE_PORT, MOST_SOURCE_PORT, avoidedPorts, drawSourcePort } from '../../src/exchange/source-port.ts';
import { name, nameToWire } from '../../src/dns/name.ts';
import { Type } from '../../src/dns/record-type.ts';
import { createSystemRandom, type Random } from '../../src/system/random.ts';
import { resolverIn } from '../support/resolver-in.ts';
import { createSeededRandom } from '../support/seeded-random.ts';
import { simulatedInternet } from '../support/walking-resolver.ts';
import { chiSquare } from './chi-square.ts';
import { recordFigure } from './figures.ts';
import { attackedBy, type Forger } from './forger.ts';

const SERVER = '192.0.2.1';
const FORGED_PER_QUERY = 10_000;
const POISON = /203\.0\.113\.66|evil/;

/** An answer with what Kaminsky added: the zone's server is `ns.evil.`, at an address of the forger's. */
function forgedResponse(query: Uint8Array, id: number): Uint8Array {
  const questionEnd = query.indexOf(0, 12) + 5;
  const question = query.slice(12, questionEnd);
  const evil = nameToWire(name('ns.evil.'));
  const records = [
    [...nameToWire(name('example.')), 0, Type.NS, 0, 1, 0, 1, 81, 128, 0, evil.length, ...evil],
    [...evil, 0, Type.A, 0, 1, 0, 1, 81, 128, 0, 4, 203, 0, 113, 66],
  ].flat();
  const answer = [0xc0, 12, 0, Type.A, 0, 1, 0, 1, 81, 128, 0, 4, 203, 0, 113, 66];
  return Uint8Array.of(id >> 8, id, 0x84, 0, 0, 1, 0, 1, 0, 1, 0, 1, ...question, ...answer, ...records);
}

/** Knows server and port, guesses the ID; the case he copies from the question as he would write it. */
function guessIds(random: Random): Forger {
  return function* (query, server) {
    if (server !== SERVER) return;
    const lowered = query.map((octet) => (octet >= 0x41 && octet <= 0x5a ? octet | 0x20 : octet));
    for (let i = 0; i < FORGED_PER_QUERY; i++) yield forgedResponse(lowered, random.below(0x10000));
  };
}

function zone() {
  return simulatedInternet({ latencyMs: 300 })
    .zone('.', { at: '198.51.100.1' })
    .zone('example.', { at: SERVER, records: '* A 203.0.113.7\nwww A 203.0.113.7' });
}

describe('at a known port, 10,000 forged responses a query', () => {
  const QUERIES = 200;

  test('poison nothing, and every race goes over to TCP at the first wrong ID', async () => {
    const internet = attackedBy(zone(), guessIds(createSeededRandom(1)));
    const resolver = resolverIn(internet);
    let poisoned = 0;
    for (let i = 0; i < QUERIES; i++) {
      const reply = await resolver.ask(`random${i}.example. A`);
      expect(reply).toAnswer(`random${i}.example. 300 A 203.0.113.7`);
      poisoned += resolver.cached().filter((line) => POISON.test(line)).length;
    }
    const overTcp = resolver.seen(SERVER).filter((query) => / over TCP/.test(query)).length;
    recordFigure('A1', 'poisoned entries in 200 races at a known port', poisoned, 0);
    recordFigure('A1', 'races that went over to TCP, of 200', overTcp, { exactly: QUERIES });
    recordFigure('A1', 'forged responses that were looked at, of 2,000,000', internet.delivered(), QUERIES);
  });

  test('what a lucky guess would carry beside the answer is not taken either', async () => {
    const knowsTheId: Forger = function* (query, server) {
      if (server === SERVER) yield forgedResponse(query, (query[0] << 8) | query[1]);
    };
    const resolver = resolverIn(attackedBy(zone(), knowsTheId));
    await resolver.ask('random.example. A');
    // One name is lost to a forger who knows all; the zone is not.
    expect(resolver.cached().filter((line) => /evil/.test(line))).toEqual([]);
    expect(resolver.cached().filter((line) => POISON.test(line))).toEqual([
      'rrset random.example.\t86400\tIN\tA\t203.0.113.66',
    ]);
  });

  test('without a forger nothing goes over TCP', async () => {
    const resolver = resolverIn(zone());
    for (let i = 0; i < 50; i++) await resolver.ask(`random${i}.example. A`);
    expect(resolver.seen(SERVER).filter((query) => / over TCP/.test(query))).toEqual([]);
  });
});

describe('what he has to guess, over 10,000 queries', () => {
  const QUERIES = 10_000;
  /** For 255 degrees of freedom: above it by chance once in about 10^9 runs. */
  const CHI_SQUARE_255 = 405;
  const random = createSystemRandom();
  const ports = Array.from({ length: QUERIES }, () => drawSourcePort(random));
  const ids = Array.from({ length: QUERIES }, () => composeQuery(request, random).id);

  test('ports come from the whole unprivileged range, each as likely as any other', () => {
    recordFigure('A1', 'source ports to draw from', MOST_SOURCE_PORT - LEAST_SOURCE_PORT + 1 - avoidedPorts.size, {
      atLeast: 64_505,
    });
    // 10,000 draws of 64,505 leave about 9,265 different ones, with a deviation of about 25.
    recordFigure('A1', 'different ports in 10,000 queries', new Set(ports).size, { atLeast: 9_100 });
    expect(Math.min(...ports)).toBeLessThan(1200);
    expect(Math.max(...ports)).toBeGreaterThan(65_300);
    const bins = ports.map((port) => (port - LEAST_SOURCE_PORT) >> 8).filter((bin) => bin < 251);
    recordFigure('A1', 'chi-square of ports, in 251 bins', chiSquare(bins, 251), CHI_SQUARE_255);
  });

  test('IDs come from all 65,536, each as likely as any other', () => {
    recordFigure('A1', 'different IDs in 10,000 queries', new Set(ids).size, { atLeast: 9_100 });
    recordFigure(
      'A1',
      'chi-square of IDs, upper octet',
      chiSquare(
        ids.map((id) => id >> 8),
        256,
      ),
      CHI_SQUARE_255,
    );
    recordFigure(
      'A1',
      'chi-square of IDs, lower octet',
      chiSquare(
        ids.map((id) => id & 0xff),
        256,
      ),
      CHI_SQUARE_255,
    );
  });
});

const request = {
  server: { address: SERVER, port: 53 },
  transport: 'udp',
  qname: name('www.example.'),
  qtype: Type.A,
  recursionDesired: false,
  payloadSize: 1232,
  dnssecOk: true,
  randomiseCase: true,
  withCookie: true,
  timeoutMs: 400,
} as const;
