/**
 * B1. NXNSAttack (2020; CVE-2020-8616, CVE-2020-12662, CVE-2020-10995, CVE-2020-12667): a referral names many servers in
 * the victim's zone, without addresses, and a resolver asks the victim for each of them, twice.
 *
 * 13 names of a delegation are kept (iterate/servers.ts). Exchanges for server names that lead to nothing count for the
 * whole client query (`countFruitless`, iterate/work-budget.ts), and when there have been five nothing further is looked
 * up; a delegation to more names than an honest one has begins with one of them used up.
 */

import { describe, expect, test } from 'vitest';

import { Rcode } from '../../src/dns/record-type.ts';
import { failsAlways, refuses, says, silent, tcpCloses, tcpHangs, truncates } from '../../src/lab/misbehaviour.ts';
import type { Misbehaviour } from '../../src/lab/misbehaviour.ts';
import { simulatedInternet } from '../support/walking-resolver.ts';
import { besieged, numbered, type Besieged } from './besieged.ts';
import { recordFigure } from './figures.ts';

const VICTIM = '192.0.2.2';

type Attack = { readonly names: number; readonly victim?: readonly Misbehaviour[]; readonly records?: string };

function attack({ names, victim = [], records = '' }: Attack): Besieged {
  const nowhere = (from: number) => Object.fromEntries(numbered(names, (i) => [`x${from + i}.victim.`, []]));
  const internet = simulatedInternet()
    .zone('.', { at: '198.51.100.1' })
    .zone('victim.', { at: VICTIM, records: `www A 203.0.113.8\n${records}` })
    .zone('attacker.', {
      at: '192.0.2.66',
      delegates: { 'sub.attacker.': nowhere(0), 'two.attacker.': nowhere(names) },
      records: 'stage CNAME www.two.attacker.',
    })
    .server(VICTIM, ...victim);
  return besieged(internet);
}

const numbers = [20, 100, 1000];
const victims: readonly (readonly [string, Omit<Attack, 'names'>])[] = [
  ['do not exist', {}],
  ['have no addresses', { records: numbered(2000, (i) => `x${i} TXT "no address"`).join('\n') }],
  ['get SERVFAIL', { victim: [failsAlways] }],
  ['are refused', { victim: [refuses] }],
  ['get FORMERR', { victim: [says(Rcode.FORMERR)] }],
  ['get silence', { victim: [silent, tcpHangs] }],
  ['get truncated responses, and TCP is closed', { victim: [truncates, tcpCloses] }],
];

describe.each(numbers)('%i names of servers', (names) => {
  test.each(victims)('that %s', async (_, how) => {
    const resolver = attack({ names, ...how });
    const { reply, packets, tookMs } = await resolver.ask('www.sub.attacker. A');
    expect(reply).toFail(/no address was found for the servers of sub\.attacker\./);
    recordFigure('B1', 'packets to the victim', resolver.packets([VICTIM]), 5);
    recordFigure('B1', 'packets in all', packets, 8);
    recordFigure('B1', 'simulated ms until the client is told', tookMs, 3000);
  });
});

test.each(numbers)('in two stages, an alias from one such delegation of %i names to another', async (names) => {
  const resolver = attack({ names });
  await resolver.ask('stage.attacker. A');
  recordFigure('B1', 'packets to the victim, two stages', resolver.packets([VICTIM]), 5);
});

test('what is kept of it does not grow with the number of names', async () => {
  const resolver = attack({ names: 1000 });
  await resolver.ask('www.sub.attacker. A');
  const { entries, bytes } = resolver.resolver.cache.statistics();
  recordFigure('B1', 'entries left in the cache by 1,000 names', entries, 12);
  recordFigure('B1', 'bytes left in the cache by 1,000 names', bytes, 8 * 1024);
});

test('a hundred queries for it cost the victim less than one packet each', async () => {
  const resolver = attack({ names: 20 });
  for (let i = 0; i < 100; i++) await resolver.ask(`w${i}.sub.attacker. A`);
  recordFigure('B1', 'packets to the victim for 100 queries', resolver.packets([VICTIM]), 20);
});

describe('an honest zone', () => {
  test('four of whose five servers have lost their names is still found', async () => {
    for (let seed = 1; seed <= 40; seed++) {
      const internet = simulatedInternet({ seed })
        .zone('.', { at: '198.51.100.1' })
        .zone('hoster.', { at: '192.0.2.3', records: 'good A 192.0.2.1' })
        .zone('example.', {
          at: { 'good.hoster.': '192.0.2.1' },
          records: 'www A 203.0.113.7',
          ns: Object.fromEntries(numbered(4, (i) => [`gone${i}.hoster.`, []])),
        });
      expect((await internet.ask('www.example. A')).reply).toAnswer('www.example. 300 A 203.0.113.7');
    }
  });

  test('is not harmed by an attack that uses its name servers', async () => {
    const resolver = attack({ names: 1000 });
    await resolver.ask('www.sub.attacker. A');
    expect((await resolver.ask('www.victim. A')).reply).toAnswer('www.victim. 300 A 203.0.113.8');
  });
});
