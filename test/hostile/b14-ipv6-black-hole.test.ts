/**
 * B14. An IPv6 black hole: addresses and a route, and packets that vanish; and a machine that is told it has no way.
 *
 * The next server is asked beside the first as soon as that is late, of the other family where there is one
 * (iterate/server-selection.ts); a family of which several addresses were silent while the other answers is left alone
 * for a minute and then tried by one question at a time (iterate/address-family.ts).
 */

import { describe, expect, test } from 'vitest';

import type { InternetOptions } from '../support/simulated-internet.ts';
import { simulatedInternet } from '../support/walking-resolver.ts';
import { besieged, numbered, pass } from './besieged.ts';
import { recordFigure } from './figures.ts';

const ZONES = 40;
const v6 = (i: number): string => `2001:db8::${i + 1}`;

function dualStack(options: InternetOptions) {
  const internet = simulatedInternet(options).zone('.', { at: { 'a.root.': ['198.51.100.1', '2001:db8:1::1'] } });
  for (let i = 0; i < ZONES; i++) {
    internet.zone(`z${i}.`, { at: { [`ns.z${i}.`]: [`192.0.2.${i + 1}`, v6(i)] }, records: '* 5 A 203.0.113.7' });
  }
  return besieged(internet);
}

const isV6 = (address: string): boolean => address.includes(':');
const all6 = [...numbered(ZONES, v6), '2001:db8:1::1'];
/** Root and zone, 10 ms each way and back. */
const UNDISTURBED_MS = 20;

describe.each<[string, InternetOptions['route']]>([
  ['vanish', (address) => (isV6(address) ? 'lost' : 'open')],
  ['have no way', (address) => (isV6(address) ? { code: 'ENETUNREACH' } : 'open')],
])('where packets over IPv6 %s', (_, route) => {
  test('the first name is hardly later, and the others not at all', async () => {
    for (let seed = 1; seed <= 10; seed++) {
      const resolver = dualStack({ seed, ...(route && { route }) });
      const first = await resolver.ask('www.z0. A');
      expect(first.reply).toAnswer('www.z0. 5 A 203.0.113.7');
      recordFigure('B14', `ms added to the first cold name (${_})`, first.tookMs - UNDISTURBED_MS, 400);
      for (let i = 1; i < 30; i++) await resolver.ask(`www.z${i}. A`);
      const later = [];
      for (let i = 30; i < ZONES; i++) later.push((await resolver.ask(`www.z${i}. A`)).tookMs - UNDISTURBED_MS);
      const mean = later.reduce((sum, ms) => sum + ms, 0) / later.length;
      recordFigure('B14', `ms added to a later name, mean (${_})`, mean, 50);
    }
  });

  test('they are few, for ten minutes', async () => {
    const resolver = dualStack({ ...(route && { route }) });
    for (let second = 0; second < 600; second += 2) {
      await resolver.ask(`n${second}.z${second % ZONES}. A`);
      await pass(resolver.clock, 2000);
    }
    recordFigure('B14', `packets a server over IPv6 in ten minutes (${_})`, resolver.packets(all6) / all6.length, 2);
  });
});

test('where IPv6 works it is used', async () => {
  const resolver = dualStack({});
  for (let i = 0; i < ZONES; i++) await resolver.ask(`www.z${i}. A`);
  recordFigure('B14', 'packets over IPv6 where it works, of 41', resolver.packets(all6), { atLeast: 8 });
});
