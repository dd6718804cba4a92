/**
 * A11. The deterred spoof as a weapon (CVE-2023-26437, CVE-2026-52690 PowerDNS; CVE-2026-50251 Unbound): forgeries that
 * have no hope of being believed make the resolver punish the innocent server: marked as dead, as not knowing EDNS (so
 * that DNSSEC breaks), or the cache is flushed.
 *
 * Here a mismatch says nothing of the server, and no count of forgeries changes anything but that exchange
 * (iterate/learn-server.ts). Addresses where no server can be are never asked, so nobody's glue can make us count our
 * own errors as his (`iteration.doNotQuery`, daemon/own-addresses.ts).
 */

import { describe, expect, test } from 'vitest';

import { Rcode } from '../../src/dns/record-type.ts';
import { formatErrorOnEdns } from '../../src/lab/misbehaviour.ts';
import { replaceServer } from '../support/replace-server.ts';
import { resolverIn } from '../support/resolver-in.ts';
import { createSeededRandom } from '../support/seeded-random.ts';
import { simulatedInternet } from '../support/walking-resolver.ts';
import { clientTo } from './client-to.ts';
import { recordFigure } from './figures.ts';
import { attackedBy, type Forger } from './forger.ts';

const SERVER = '192.0.2.1';

const zone = () =>
  simulatedInternet().zone('.', { at: '198.51.100.1' }).zone('example.', { at: SERVER, records: '* A 203.0.113.7' });

const random = createSeededRandom(11);
/** He guesses the ID, and is wrong. */
const wrongId = (query: Uint8Array): number => {
  const id = (query[0] << 8) | query[1];
  return (id + 1 + random.below(0xffff)) & 0xffff;
};

function errors(rcode: number, withQuestion: boolean): Forger {
  return (query, server) => {
    if (server !== SERVER) return [];
    const end = withQuestion ? query.indexOf(0, 12) + 5 : 12;
    return Array.from({ length: 1000 }, () => {
      const id = wrongId(query);
      const header = [id >> 8, id & 0xff, 0x80, rcode, 0, withQuestion ? 1 : 0, 0, 0, 0, 0, 0, 0];
      return Uint8Array.of(...header, ...query.subarray(12, end));
    });
  };
}

describe('errors forged with the wrong ID, 1,000 a query for 100 queries', () => {
  test.each([
    ['FORMERR', Rcode.FORMERR, true],
    ['FORMERR without question', Rcode.FORMERR, false],
    ['REFUSED', Rcode.REFUSED, true],
    ['SERVFAIL', Rcode.SERVFAIL, true],
    ['NOTIMP', Rcode.NOTIMP, true],
    ['NXDOMAIN', Rcode.NXDOMAIN, true],
  ])('%s', async (what, rcode, withQuestion) => {
    const resolver = resolverIn(attackedBy(zone(), errors(rcode, withQuestion)));
    const { statistics } = resolver.resolver;
    let wrong = 0;
    for (let i = 0; i < 100; i++) {
      const reply = await resolver.ask(`name${i}.example. A`);
      if (reply.rcode !== Rcode.NOERROR || reply.answer.length !== 1) wrong++;
    }
    recordFigure('A11', `wrong answers of 100 while ${what} is forged`, wrong, 0);
    expect(statistics.of(SERVER)).toMatchObject({
      consecutiveFailures: 0,
      backedOffUntilMs: 0,
      isWithoutEdns: false,
      isWithoutCookies: false,
      breaksCase: false,
      prefersTcp: false,
    });
    expect([...statistics.dump()].flatMap(({ lameFor }) => lameFor)).toEqual([]);
  });

  test('leave what is in the cache as it was', async () => {
    let isAttacked = false;
    const attack = errors(Rcode.REFUSED, true);
    const resolver = resolverIn(attackedBy(zone(), (...query) => (isAttacked ? attack(...query) : [])));
    for (let i = 0; i < 20; i++) await resolver.ask(`known${i}.example. A`);
    const known = resolver.cached();
    isAttacked = true;
    for (let i = 0; i < 20; i++) await resolver.ask(`new${i}.example. A`);
    const lost = known.filter((line) => !resolver.cached().includes(line)).length;
    recordFigure('A11', 'cache entries lost to a burst of forgeries', lost, 0);
  });
});

describe('FORMERR forged by one who has seen the query', () => {
  const seen: Forger = (query, server) => {
    if (server !== SERVER) return [];
    const header = [query[0], query[1], 0x80, Rcode.FORMERR, 0, 1, 0, 0, 0, 0, 0, 0];
    return [Uint8Array.of(...header, ...query.subarray(12, query.indexOf(0, 12) + 5))];
  };

  test('does not have a server that has spoken EDNS taken for one that does not', async () => {
    let isAttacked = false;
    const resolver = resolverIn(attackedBy(zone(), (...query) => (isAttacked ? seen(...query) : [])));
    await resolver.ask('first.example. A');
    isAttacked = true;
    let wrong = 0;
    for (let i = 0; i < 20; i++) if ((await resolver.ask(`name${i}.example. A`)).answer.length !== 1) wrong++;
    const withoutEdns = resolver.seen(SERVER).filter((query) => /without EDNS/.test(query)).length;
    recordFigure('A11', 'wrong answers of 20 while FORMERR is forged by one who sees', wrong, 0);
    recordFigure('A11', 'queries without EDNS to a server that has spoken it', withoutEdns, 0);
    expect(resolver.resolver.statistics.of(SERVER).isWithoutEdns).toBe(false);
  });

  test('from a server that really has lost EDNS leads to queries without', async () => {
    const internet = zone();
    const resolver = resolverIn(internet);
    await resolver.ask('first.example. A');
    replaceServer(internet, SERVER, { 'example.': '* A 203.0.113.7' }, formatErrorOnEdns);
    for (let i = 0; i < 3; i++) expect((await resolver.ask(`name${i}.example. A`)).answer).toHaveLength(1);
    expect(resolver.resolver.statistics.of(SERVER).isWithoutEdns).toBe(true);
  });
});

describe('glue that leads where no server can be', () => {
  const impossible = [
    '0.0.0.0',
    '0.1.2.3',
    '127.0.0.1',
    '127.53.0.1',
    '224.0.0.251',
    '239.255.255.250',
    '255.255.255.255',
    '::',
    '::1',
    'ff02::fb',
    '::ffff:127.0.0.1',
  ];
  const OWN = '192.0.2.77';

  async function askedWith(glue: readonly string[]) {
    const asked: string[] = [];
    const note = (address: string): 'open' => {
      asked.push(address);
      return 'open';
    };
    const internet = simulatedInternet({ route: note })
      .zone('.', { at: '198.51.100.1', delegates: { 'trap.': { 'ns.trap.': [...glue] }, 'fine.': [SERVER] } })
      .zone('fine.', { at: SERVER, records: 'www A 203.0.113.7' });
    // As it is delivered, but for where it listens.
    const client = clientTo(internet, {
      listen: { dns: [`${OWN}:53`] },
      iteration: {},
      local: { hostsFiles: [] },
    });
    const trapped = await client.ask({ qname: 'www.trap.' });
    const fine = await client.ask({ qname: 'www.fine.' });
    return { asked, trapped, fine };
  }

  test.each([...impossible, OWN])('%s is not asked, and the failure stays with the zone', async (address) => {
    const { asked, trapped, fine } = await askedWith([address]);
    recordFigure(
      'A11',
      `packets to ${address}`,
      asked.filter((to) => to !== SERVER && to !== '198.51.100.1').length,
      0,
    );
    expect(trapped?.rcode).toBe(Rcode.SERVFAIL);
    expect(fine?.answerCount).toBe(1);
  });

  test('a sound address beside them is asked', async () => {
    const { asked } = await askedWith(['127.0.0.1', '0.0.0.0', '192.0.2.9']);
    expect(new Set(asked)).toEqual(new Set(['198.51.100.1', '192.0.2.9', SERVER]));
  });
});
