/**
 * A9. MaginotDNS (2023; CVE-2021-25220, CVE-2022-32983): a resolver that also forwards one zone believes its forwarder
 * too much. What the forwarder adds for names above and beside the zone lands in the one cache, up to TLDs.
 *
 * Here the same table applies to forwarders and stub servers as to any other (iterate/bailiwick.ts): the forwarder of
 * `corp.` may speak of names at and below `corp.`, and refers nowhere.
 */

import { describe, expect, test } from 'vitest';

import { name } from '../../src/dns/name.ts';
import { rrset, type RRset } from '../../src/dns/rrset.ts';
import type { Section } from '../../src/dns/wire/message-view.ts';
import { parseZoneText } from '../../src/dns/zone-text.ts';
import { forges, type Misbehaviour } from '../../src/lab/misbehaviour.ts';
import { defaultOptions } from '../support/resolver-options.ts';
import { resolverIn, type ResolverIn } from '../support/resolver-in.ts';
import { simulatedInternet } from '../support/walking-resolver.ts';
import { recordFigure } from './figures.ts';

const FORWARDER = '192.0.2.66';
const POISON = /203\.0\.113\.66|evil/;

const forged = [
  'lab. NS ns.evil.',
  '. NS ns.evil.',
  'lab. DNAME evil.',
  '. DNAME evil.',
  'www.victim.lab. A 203.0.113.66',
  'www.victim.lab. CNAME www.evil.',
  'victim.lab. NS ns.evil.',
  'victim.lab. SOA evil. evil. 1 1 1 1 86400',
  'ns1.root. A 203.0.113.66',
  'ns1.lab. A 203.0.113.66',
  'com. NS ns.evil.',
  'corp.lab. NS ns.evil.',
] as const;
const sections: readonly Section[] = ['answer', 'authority', 'additional'];
const kinds = ['forward', 'stub'] as const;
const questions = ['www.corp.lab. A', 'alias.corp.lab. A', 'none.corp.lab. A'] as const;

function setOf(text: string): RRset {
  const { records } = parseZoneText(text.replace(' ', ' 86400 '));
  return rrset(records[0].owner, records[0].type, records[0].ttl, [records[0].rdata]);
}

function resolverWith(kind: (typeof kinds)[number], ...misbehaviour: Misbehaviour[]): ResolverIn {
  const internet = simulatedInternet()
    .zone('.', { at: '198.51.100.1' })
    .zone('lab.', { at: '192.0.2.53' })
    .zone('victim.lab.', { at: '192.0.2.2', records: 'www A 203.0.113.8' })
    .zone('corp.lab.', { at: FORWARDER, records: 'www A 203.0.113.7\nalias CNAME www.victim.lab.' })
    .server(FORWARDER, ...misbehaviour);
  const zone = { zone: name('corp.lab.'), addresses: [{ address: FORWARDER }], kind, first: false };
  return resolverIn(internet, { walking: { ...defaultOptions.walking, zones: [zone] } });
}

describe.each(kinds)('a %s zone whose server adds to what it says', (kind) => {
  test.each(sections)('in the %s section', async (section) => {
    let foreign = 0;
    for (const text of forged) {
      for (const question of questions) {
        const resolver = resolverWith(kind, forges(section, setOf(text)));
        await resolver.ask(question);
        foreign += resolver.cached().filter((line) => POISON.test(line)).length;
        expect(await resolver.ask('www.victim.lab. A')).toAnswer('www.victim.lab. 300 A 203.0.113.8');
      }
    }
    const cells = forged.length * questions.length;
    recordFigure('A9', `foreign records from ${cells} cells, ${kind}, ${section}`, foreign, 0);
  });
});

describe('an honest forwarder', () => {
  test('serves its zone', async () => {
    const resolver = resolverWith('forward');
    expect(await resolver.ask('www.corp.lab. A')).toAnswer('www.corp.lab. 300 A 203.0.113.7');
    expect(resolver.seen('198.51.100.1')).toEqual([]);
  });

  test('is not asked for names outside it, and an alias that leads out is walked from the root', async () => {
    const resolver = resolverWith('forward');
    expect(await resolver.ask('alias.corp.lab. A')).toAnswer(
      'alias.corp.lab. 300 CNAME www.victim.lab.',
      'www.victim.lab. 300 A 203.0.113.8',
    );
    expect(resolver.seen(FORWARDER)).toEqual(['alias.corp.lab. A']);
  });
});
