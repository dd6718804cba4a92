/** What one question may cost, whatever it meets: every path is paid from the budget and none exceeds it. */

import { describe, expect, test } from 'vitest';

import type { ResolverOptions } from '../../src/daemon/resolver.ts';
import { name } from '../../src/dns/name.ts';
import { delays, omitsGlue, only, refersTo, silent, type Misbehaviour } from '../../src/lab/misbehaviour.ts';
import { resolverIn } from '../support/resolver-in.ts';
import { defaultOptions, simulatedInternet } from '../support/walking-resolver.ts';

const ROOT_SERVER = '198.51.100.1';
const numbered = (count: number, make: (i: number) => string): string[] =>
  Array.from({ length: count }, (_, i) => make(i));
const nowhere = (names: readonly string[]): Record<string, string[]> =>
  Object.fromEntries(names.map((each) => [each, []]));

describe('NXNSAttack: a delegation to names that do not exist (Afek et al., 2020)', () => {
  const attack = (names: number) =>
    simulatedInternet()
      .zone('.', { at: ROOT_SERVER })
      .zone('victim.', { at: '192.0.2.2' })
      .zone('attacker.', {
        at: '192.0.2.66',
        delegates: { 'sub.attacker.': nowhere(numbered(names, (i) => `n${i}.victim.`)) },
      });

  test('looks up four of them and no more, as no honest zone has so many servers', async () => {
    const internet = attack(100);
    const { reply } = await internet.ask('www.sub.attacker. A');
    expect(reply).toFail(/no address was found for the servers of sub\.attacker\./);
    expect(internet.seen('192.0.2.2')).toHaveLength(4);
  });

  test('another name in it asks the victim for new ones, a bounded number again', async () => {
    const internet = attack(100);
    await internet.ask('a.sub.attacker. A');
    const { exchanges } = await internet.ask('b.sub.attacker. A');
    expect(exchanges).toBeLessThanOrEqual(5);
  });
});

test("zones with 13 servers each in the other's cost neither exchanges nor an endless search", async () => {
  const names = (zone: string) => nowhere(numbered(13, (i) => `ns${i}.${zone}`));
  const internet = simulatedInternet()
    .zone('.', { at: ROOT_SERVER, delegates: { 'a.': names('b.'), 'b.': names('c.'), 'c.': names('a.') } })
    .server(ROOT_SERVER, omitsGlue);
  const { reply, exchanges } = await internet.ask('www.a. A');
  expect(reply).toFail(/budget|found/);
  expect(exchanges).toBeLessThanOrEqual(50);
});

test('a chain of zones, each of whose servers stands in the next, ends at the depth', async () => {
  const internet = simulatedInternet().zone('.', { at: ROOT_SERVER });
  for (let i = 0; i < 30; i++) internet.zone(`z${i}.`, { at: { [`ns.z${i + 1}.`]: '192.0.2.1' } });
  internet.zone('z30.', { at: '192.0.2.1' });
  const { reply, exchanges } = await internet.ask('www.z0. A');
  expect(reply).toFail(/budget was spent \(depth: 16\)/);
  expect(exchanges).toBeLessThanOrEqual(50);
});

test('fifteen levels of it are walked', async () => {
  const internet = simulatedInternet().zone('.', { at: ROOT_SERVER });
  for (let i = 0; i < 15; i++)
    internet.zone(`z${i}.`, { at: { [`ns.z${i + 1}.`]: '192.0.2.1' }, records: 'www A 203.0.113.7' });
  internet.zone('z15.', { at: '192.0.2.1' });
  expect((await internet.ask('www.z0. A')).reply).toAnswer('www.z0. 300 A 203.0.113.7');
});

test('a server that invents a delegation for every label is followed as far as the exchanges go', async () => {
  // Asked for x.y.z, whoever is asked refers to the next label: up to 120 zones for one name.
  const labels = 120;
  const internet = simulatedInternet().zone('.', { at: ROOT_SERVER });
  let zone = '';
  for (let i = 0; i < labels; i++) {
    zone = `a.${zone}`;
    internet.zone(zone, { at: '192.0.2.66' });
  }
  const deeds = numbered(labels, (i) => 'a.'.repeat(i + 1)).map((apex) =>
    only({ qname: name(apex) }, refersTo(apex, { [`n.${apex}`.slice(-250)]: ['192.0.2.66'] })),
  );
  const { reply, exchanges } = await internet
    .server('192.0.2.66', ...deeds)
    .server(ROOT_SERVER, ...deeds)
    .ask(`${zone} A`);
  expect(reply).toFail(/budget was spent \(exchanges: 40\)/);
  expect(exchanges).toBe(40);
});

test.each<[string, Misbehaviour[]]>([
  ['silent', [silent]],
  ['slow', [delays(3000)]],
])('many servers that are all %s end with the time', async (_, misbehaviour) => {
  const addresses = numbered(13, (i) => `192.0.2.${i + 1}`);
  const internet = simulatedInternet().zone('.', { at: ROOT_SERVER }).zone('example.', { at: addresses });
  for (const address of addresses) internet.server(address, ...misbehaviour);
  const { reply, exchanges, tookMs } = await internet.ask('www.example. A');
  expect(reply).toFail();
  expect(exchanges).toBeLessThanOrEqual(50);
  expect(tookMs).toBeLessThanOrEqual(10_000);
});

test('more than 13 servers of a delegation are not considered', async () => {
  const names = Object.fromEntries(numbered(60, (i) => `ns${i}.example.`).map((each, i) => [each, `192.0.2.${i + 1}`]));
  const internet = simulatedInternet().zone('.', { at: ROOT_SERVER, delegates: { 'example.': names } });
  const { events } = await internet.ask('www.example. A');
  expect(events).toContainEqual(expect.objectContaining({ kind: 'referral', servers: 13 }));
});

describe('each bound ends a question with its name', () => {
  const bounded = (change: Partial<ResolverOptions['recursion']['budget']>): Partial<ResolverOptions> => ({
    recursion: { ...defaultOptions.recursion, budget: { ...defaultOptions.recursion.budget, ...change } },
  });
  const internet = () =>
    simulatedInternet()
      .zone('.', { at: ROOT_SERVER })
      .zone('other.', { at: '192.0.2.2', records: `big TXT "${'x'.repeat(250)}"` })
      .zone('example.', { at: '192.0.2.1', records: 'www CNAME a.other.\nbig CNAME big.other.' })
      .server('192.0.2.2', delays(200));

  test.each([
    ['exchanges', { exchanges: 3 }, /\(exchanges: 3\)/],
    ['milliseconds', { milliseconds: 100 }, /\(milliseconds: 100\)/],
    ['octets', { octets: 150 }, /\(octets: 150\)/],
    ['aliases', { aliases: 0 }, /more than 0 aliases/],
  ])('%s', async (_, change, why) => {
    const resolver = resolverIn(internet(), bounded(change));
    expect(await resolver.ask('www.example. A')).toFail(why);
    expect(resolver.clock.pending()).toBe(0);
  });
});
