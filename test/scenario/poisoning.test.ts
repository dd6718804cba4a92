/**
 * Records that nobody asked for, in every section and of every type that could do harm: neither in the reply nor in the
 * cache (RFC 2181 §5.4.1, RFC 5452 §6). The server that sends them is the zone's own, so everything else is right.
 */

import { describe, expect, test } from 'vitest';

import { rrset, type RRset } from '../../src/dns/rrset.ts';
import { parseZoneText } from '../../src/dns/zone-text.ts';
import { forges, only } from '../../src/lab/misbehaviour.ts';
import { resolverIn } from '../support/resolver-in.ts';
import { simulatedInternet } from '../support/walking-resolver.ts';

const SERVER = '192.0.2.1';
/** Nothing that is true has these, so a trace of them is a trace of poison. */
const POISON = /203\.0\.113\.66|evil/;

const poison: Readonly<Record<string, string>> = {
  'the address of a name elsewhere': 'www.victim. 86400 A 203.0.113.66',
  'an alias of a name elsewhere': 'www.victim. 86400 CNAME www.evil.',
  'servers of a zone elsewhere': 'victim. 86400 NS ns.evil.',
  'servers of the root': '. 86400 NS ns.evil.',
  'servers of its parent': 'test. 86400 NS ns.evil.',
  'a DNAME elsewhere': 'victim. 86400 DNAME evil.',
  'a DNAME at the root': '. 86400 DNAME evil.',
  'a SOA elsewhere': 'victim. 86400 SOA evil. evil. 1 1 1 1 1',
  'mail servers elsewhere': 'victim. 86400 MX 1 evil.',
  'the address of another name in the zone': 'other.example.test. 86400 A 203.0.113.66',
  'an alias of another name in the zone': 'other.example.test. 86400 CNAME www.evil.',
  'servers of a zone below': 'other.example.test. 86400 NS ns.evil.',
  'text of another name in the zone': 'other.example.test. 86400 TXT "evil"',
  'servers of the zone itself': 'example.test. 86400 NS ns.evil.',
  'the address of a server of its own': 'ns1.example.test. 86400 A 203.0.113.66',
};

const sections = ['answer', 'authority', 'additional'] as const;
const cases = sections.flatMap((section) =>
  Object.entries(poison).map(([what, text]) => ({ section, what, sets: setsOf(text) })),
);

function setsOf(text: string): RRset[] {
  const { records, problems } = parseZoneText(text);
  if (problems.length > 0) throw new TypeError(problems[0].why);
  return records.map(({ owner, type, ttl, rdata }) => rrset(owner, type, ttl, [rdata]));
}

const internetWith = (section: (typeof sections)[number], sets: readonly RRset[]) =>
  simulatedInternet()
    .zone('.', { at: '198.51.100.1' })
    .zone('test.', { at: '192.0.2.53' })
    .zone('victim.', { at: '192.0.2.2', records: 'www A 203.0.113.8' })
    .zone('example.test.', { at: SERVER, records: 'www A 203.0.113.7\nother A 203.0.113.9\nalias CNAME www' })
    .server(SERVER, forges(section, ...sets));

describe.each([
  ['an answer', 'www.example.test. A', ['www.example.test. 300 A 203.0.113.7']],
  [
    'an alias',
    'alias.example.test. A',
    ['alias.example.test. 300 CNAME www.example.test.', 'www.example.test. 300 A 203.0.113.7'],
  ],
] as const)('beside %s', (_, question, answer) => {
  test.each(cases)('$what in the $section section', async ({ section, sets }) => {
    const resolver = resolverIn(internetWith(section, sets));
    expect(await resolver.ask(question)).toAnswer(...answer);
    expect(resolver.cached().filter((line) => POISON.test(line))).toEqual([]);
    expect(await resolver.ask('www.victim. A')).toAnswer('www.victim. 300 A 203.0.113.8');
    expect(resolver.cached().filter((line) => POISON.test(line))).toEqual([]);
  });
});

describe('beside a denial', () => {
  const harmless = cases.filter(({ section }) => section !== 'answer');
  test.each(harmless)('$what in the $section section', async ({ section, sets }) => {
    const resolver = resolverIn(internetWith(section, sets));
    expect((await resolver.ask('none.example.test. A')).rcode).toBe(3);
    expect(resolver.cached().filter((line) => POISON.test(line))).toEqual([]);
  });
});

describe('beside a referral', () => {
  test.each(cases.filter(({ what }) => !/zone itself|of its own/.test(what)))(
    '$what in the $section section',
    async ({ section, sets }) => {
      const internet = simulatedInternet()
        .zone('.', { at: '198.51.100.1' })
        .zone('test.', { at: '192.0.2.53' })
        .zone('victim.', { at: '192.0.2.2', records: 'www A 203.0.113.8' })
        .zone('example.test.', { at: SERVER, records: 'www A 203.0.113.7\nother A 203.0.113.9' })
        .server('192.0.2.53', only({ qtype: 1 }, forges(section, ...sets)));
      const resolver = resolverIn(internet);
      expect(await resolver.ask('www.example.test. A')).toAnswer('www.example.test. 300 A 203.0.113.7');
      expect(resolver.cached().filter((line) => POISON.test(line))).toEqual([]);
      expect(await resolver.ask('www.victim. A')).toAnswer('www.victim. 300 A 203.0.113.8');
    },
  );
});
