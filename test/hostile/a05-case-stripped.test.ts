/**
 * A5. Letter case stripped or abused (0x20, Dagon et al., 2008): the case of the question is about one bit a letter that
 * a forger has to guess; some servers do not return it, and a forger would have every server taken for one of those.
 *
 * Here a response in another case is never accepted over UDP. The question is asked again over TCP, and the server is
 * spared from then on only if it changes the case over TCP, too.
 */

import { describe, expect, test } from 'vitest';

import { foldOctet } from '../../src/dns/name.ts';
import { flipsCase, lowersCase, only, wrongId, type Misbehaviour } from '../../src/lab/misbehaviour.ts';
import { resolverIn, type ResolverIn } from '../support/resolver-in.ts';
import { simulatedInternet } from '../support/walking-resolver.ts';
import { clientTo } from './client-to.ts';
import { recordFigure } from './figures.ts';
import { attackedBy } from './forger.ts';

const SERVER = '192.0.2.1';
const records = '* A 203.0.113.7\n*.2.3 A 203.0.113.8';

const zone = (...misbehaviour: Misbehaviour[]) =>
  simulatedInternet()
    .zone('.', { at: '198.51.100.1' })
    .zone('example.', { at: SERVER, records })
    .server(SERVER, ...misbehaviour);

/** Exchanges with the zone's server, question by question. */
async function ask(resolver: ResolverIn, names: readonly string[]): Promise<number[]> {
  const counts: number[] = [];
  for (const qname of names) {
    const before = resolver.seen(SERVER).length;
    expect(await resolver.ask(`${qname} A`)).toAnswer(`${qname} 300 A 203.0.113.7`);
    counts.push(resolver.seen(SERVER).length - before);
  }
  return counts;
}
const names = ['alpha.example.', 'beta.example.', 'gamma.example.'];

describe('a server that breaks the letter case', () => {
  test.each([
    ['lowers it', lowersCase],
    ['flips it', flipsCase],
  ])('and %s still resolves, over TCP the first time, over UDP from then on', async (how, deed) => {
    const counts = await ask(resolverIn(zone(deed)), names);
    recordFigure('A5', `exchanges with a server that ${how}, first name`, counts[0], 3);
    expect(counts).toEqual([2, 1, 1]);
  });
});

describe('a forger who cannot see the query', () => {
  /** He knows all but the case of the letters. */
  const lowered = (query: Uint8Array, ip: number): Uint8Array => {
    const end = query.indexOf(0, 12) + 5;
    const question = query.slice(12, end).map((octet, i) => (i < end - 16 ? foldOctet(octet) : octet));
    const answer = [0xc0, 12, 0, 1, 0, 1, 0, 1, 81, 128, 0, 4, 203, 0, 113, ip];
    return Uint8Array.of(query[0], query[1], 0x84, 0, 0, 1, 0, 1, 0, 0, 0, 0, ...question, ...answer);
  };

  test('gets no response accepted in the wrong case, and does not get the defence turned off', async () => {
    const internet = attackedBy(zone(), (query, server) => (server === SERVER ? [lowered(query, 66)] : []));
    const resolver = resolverIn(internet);
    const counts = await ask(resolver, names);
    const poisoned = resolver.cached().filter((line) => /203\.0\.113\.66/.test(line)).length;
    recordFigure('A5', 'forged answers in the wrong case that were accepted', poisoned, 0);
    // Each time over TCP: the server keeps the case there, so it is the forger who does not.
    expect(counts).toEqual([2, 2, 2]);
    expect(resolver.resolver.statistics.of(SERVER).breaksCase).toBe(false);
  });
});

test('names without letters resolve, the ID alone protecting them beside port and cookie', async () => {
  const resolver = resolverIn(zone(only({ transport: 'udp', first: 1 }, wrongId)));
  expect(await resolver.ask('1.2.3.example. A')).toAnswer('1.2.3.example. 300 A 203.0.113.8');
});

test('letters are mixed in nearly all queries, and the client gets its own case back', async () => {
  const internet = attackedBy(zone(), () => []);
  const client = clientTo(internet);
  const QUERIES = 200;
  for (let i = 0; i < QUERIES; i++) {
    const reply = await client.ask({ labels: [`NaMe${i}`, 'eXample'] });
    const wire = Buffer.from(reply!.octets.subarray(12, reply!.questionEnd)).toString('latin1');
    expect(wire).toContain(`NaMe${i}`);
    expect(wire).toContain('eXample');
  }
  const mixed = internet.queries.filter((query) => {
    const text = Buffer.from(query.subarray(12, query.indexOf(0, 12))).toString('latin1');
    return /[a-z]/.test(text) && /[A-Z]/.test(text);
  });
  const eligible = internet.queries.filter((query) => query.indexOf(0, 12) > 12);
  recordFigure('A5', 'queries with mixed letter case, in percent', (100 * mixed.length) / eligible.length, {
    atLeast: 95,
  });
});
