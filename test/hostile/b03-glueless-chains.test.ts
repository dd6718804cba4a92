/**
 * B3. Endless glueless chains, iDNS (2014; CVE-2014-8500, CVE-2014-8601, CVE-2014-8602): each server's name needs another
 * delegation, whose servers' names need another, in a line or a tree.
 *
 * `iteration.budget.depth` ends a line; each end that is met counts as an exchange that led to nothing, so a tree is
 * left after a few of its branches (recursion/look-up-addresses.ts).
 */

import { describe, expect, test } from 'vitest';

import { resolverIn } from '../support/resolver-in.ts';
import { simulatedInternet } from '../support/walking-resolver.ts';
import { besieged, numbered } from './besieged.ts';
import { recordFigure } from './figures.ts';
import { invents, referral } from './hostile-zones.ts';

const ATTACKER = '192.0.2.66';

/** Whatever zone is asked for, its servers are below zones that nobody has heard of, in each TLD in turn. */
function endless(fanOut: number, tlds: readonly string[]) {
  let serial = 0;
  const internet = simulatedInternet().zone('.', { at: '198.51.100.1' });
  for (const tld of tlds) internet.zone(tld, { at: { [`ns.${tld}`]: ATTACKER } });
  return internet.server(
    ATTACKER,
    invents((_, labels) => {
      if (labels.length < 2) return undefined;
      const zone = `${labels.slice(-2).join('.')}.`;
      const servers = numbered(fanOut, () => `ns.z${++serial}.${tlds[serial % tlds.length]}`);
      return referral(zone, Object.fromEntries(servers.map((server) => [server, []])));
    }),
  );
}

describe.each([
  ['one TLD', ['a.']],
  ['two TLDs', ['a.', 'b.']],
])('below %s', (_, tlds) => {
  test.each([1, 2, 13])('with %i servers for each zone', async (fanOut) => {
    const resolver = besieged(endless(fanOut, tlds));
    const { reply, packets, tookMs } = await resolver.ask('www.z0.a. A');
    expect(reply).toFail(/depth: 16/);
    const events = reply.walk?.events ?? [];
    recordFigure('B3', 'packets', packets, 20);
    recordFigure('B3', 'depth reached', Math.max(...events.map(({ depth }) => depth)), 16);
    recordFigure('B3', 'simulated ms', tookMs, 1000);
    recordFigure('B3', 'timers and flows left', resolver.clock.pending() + resolver.network.counts().open, 0);
  });
});

test('a line of fifteen is still walked', async () => {
  const internet = simulatedInternet().zone('.', { at: '198.51.100.1' });
  for (let i = 0; i < 15; i++)
    internet.zone(`z${i}.`, { at: { [`ns.z${i + 1}.`]: '192.0.2.1' }, records: 'www A 203.0.113.7' });
  internet.zone('z15.', { at: '192.0.2.1' });
  const resolver = resolverIn(internet);
  expect(await resolver.ask('www.z0. A')).toAnswer('www.z0. 300 A 203.0.113.7');
});
