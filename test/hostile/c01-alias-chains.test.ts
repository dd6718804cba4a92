/**
 * C1. Endless alias chains (DNS Unchained, 2018: 8.51 packets for one): one link a reply in two zones in turn, or a whole
 * chain in one reply with a tail that its server may not speak of.
 *
 * Eleven aliases are followed in one query (recursion/chain.ts). Links are taken from a reply only as far as they stay in
 * the zone that was asked (iterate/alias.ts, iterate/bailiwick.ts); the rest is asked for where it is at home.
 */

import { describe, expect, test } from 'vitest';

import { name } from '../../src/dns/name.ts';
import { Rcode, Type } from '../../src/dns/record-type.ts';
import { addressSets } from '../../src/lab/address-sets.ts';
import { forges } from '../../src/lab/misbehaviour.ts';
import { simulatedInternet } from '../support/walking-resolver.ts';
import { besieged, numbered } from './besieged.ts';
import { recordFigure } from './figures.ts';
import { alias, answer, invents } from './hostile-zones.ts';

const [A, B] = ['192.0.2.1', '192.0.2.2'];

/** `l0.a.` → `l1.b.` → `l2.a.` → … */
function inTurns(links: number) {
  const at = (i: number): string => `l${i}.${i % 2 === 0 ? 'a.' : 'b.'}`;
  const records = (rest: number): string =>
    numbered(links, (i) => i)
      .filter((i) => i % 2 === rest)
      .map((i) => `${at(i)} CNAME ${at(i + 1)}`)
      .concat(links % 2 === rest ? [`${at(links)} A 203.0.113.7`] : [])
      .join('\n');
  return simulatedInternet()
    .zone('.', { at: '198.51.100.1' })
    .zone('a.', { at: A, records: records(0) })
    .zone('b.', { at: B, records: records(1) });
}

describe('a chain of aliases, one a reply', () => {
  test.each([1, 5, 11])('with %i links is followed to its end', async (links) => {
    const { reply, packets } = await besieged(inTurns(links)).ask('l0.a. A');
    expect(reply.rcode).toBe(Rcode.NOERROR);
    expect(reply.answer).toHaveLength(links + 1);
    recordFigure('C1', `packets for ${links} links`, packets, links + 3);
  });

  test.each([12, 15, 20])('with %i links is not', async (links) => {
    const { reply, packets } = await besieged(inTurns(links)).ask('l0.a. A');
    expect(reply).toFail(/more than 11 aliases/);
    const followed = (reply.walk?.events ?? []).filter(({ kind }) => kind === 'alias').length;
    recordFigure('C1', 'links followed, the one too many included', followed, 12);
    recordFigure('C1', 'packets for a chain that is too long', packets, 14);
  });

  test('without end costs no more than one that is too long', async () => {
    let serial = 0;
    const internet = simulatedInternet()
      .zone('.', { at: '198.51.100.1' })
      .zone('a.', { at: A })
      .zone('b.', { at: B })
      .server(
        A,
        invents((qname, labels) => (labels.length > 1 ? answer(alias(qname, `l${++serial}.b.`)) : undefined)),
      )
      .server(
        B,
        invents((qname, labels) => (labels.length > 1 ? answer(alias(qname, `l${++serial}.a.`)) : undefined)),
      );
    const { reply, packets } = await besieged(internet).ask('l0.a. A');
    expect(reply).toFail(/more than 11 aliases/);
    recordFigure('C1', 'packets for a chain without end', packets, 14);
  });
});

test('a whole chain in one reply is used as far as its zone goes, and its forged tail never', async () => {
  const forged = [
    alias(name('two.a.'), 'www.b.'),
    alias(name('www.b.'), 'evil.a.'),
    ...addressSets(name('www.b.'), 300, ['203.0.113.66']),
    ...addressSets(name('evil.a.'), 300, ['203.0.113.66']),
  ];
  const internet = simulatedInternet()
    .zone('.', { at: '198.51.100.1' })
    .zone('a.', { at: A, records: 'one CNAME two.a.\nevil A 203.0.113.66' })
    .zone('b.', { at: B, records: 'www A 203.0.113.7' })
    .server(A, forges('answer', ...forged));
  const resolver = besieged(internet);
  const { reply } = await resolver.ask('one.a. A');
  expect(reply).toAnswer('one.a. 300 CNAME two.a.\ntwo.a. 300 CNAME www.b.\nwww.b. 300 A 203.0.113.7');
  const held = resolver.resolver.cache.rrsets.get(name('www.b.'), Type.CNAME);
  recordFigure('C1', 'forged tails in the cache', held === undefined ? 0 : 1, 0);
});
