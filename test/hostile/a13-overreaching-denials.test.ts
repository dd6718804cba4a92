/**
 * A13. Denials that overreach (CVE-2019-10190, CVE-2019-10191 Knot; CVE-2026-44687 Unbound): RFC 8020 has an NXDOMAIN
 * deny every name below it, so one that is forged, or careless, silences a whole tree, or a zone that the operator has
 * configured.
 *
 * Here an unsigned NXDOMAIN denies the name that was asked for and nothing else (cache/negative-cache.ts); to a part of
 * the name that QNAME minimisation asks for, the whole name is asked for once more (iterate/walk.ts, unless the
 * operator wants `strict`). Stub and forward zones do not depend on what their parents say. That a denial that is
 * proved cuts a tree is D6's.
 */

import { describe, expect, test } from 'vitest';

import { name } from '../../src/dns/name.ts';
import { Rcode, Type } from '../../src/dns/record-type.ts';
import { rrset } from '../../src/dns/rrset.ts';
import { deniesEmptyNonTerminals, forges, only, says } from '../../src/lab/misbehaviour.ts';
import { defaultOptions } from '../support/resolver-options.ts';
import { resolverIn } from '../support/resolver-in.ts';
import { simulatedInternet } from '../support/walking-resolver.ts';
import { recordFigure } from './figures.ts';
import { attackedBy } from './forger.ts';

const LAB = '192.0.2.53';
const WWW = '192.0.2.1';

const internet = () =>
  simulatedInternet()
    .zone('.', { at: '198.51.100.1' })
    .zone('lab.', { at: LAB, records: 'www.deep A 203.0.113.9' })
    .zone('example.lab.', { at: WWW, records: '* A 203.0.113.7' });

/** Names below one that is denied, of which so many were not answered. */
async function silenced(resolver: ReturnType<typeof resolverIn>, names: readonly string[]): Promise<number> {
  let count = 0;
  for (const qname of names) if ((await resolver.ask(`${qname} A`)).answer.length === 0) count++;
  return count;
}
const below = Array.from({ length: 50 }, (_, i) => `host${i}.example.lab.`);

const soa = rrset(name('lab.'), Type.SOA, 3600, [
  Uint8Array.from([1, 0x6e, 0, 1, 0x68, 0, ...new Uint8Array(16), 0, 0, 14, 16]),
]);

describe('an unsigned NXDOMAIN for a name', () => {
  test.each(['lab.', 'example.lab.'])('%s silences nothing below it', async (denied) => {
    const where = denied === 'lab.' ? '198.51.100.1' : LAB;
    const resolver = resolverIn(
      internet().server(
        where,
        only({ qname: name(denied), qtype: Type.TXT }, says(Rcode.NXDOMAIN)),
        only({ qname: name(denied), qtype: Type.TXT }, forges('authority', soa)),
      ),
    );
    expect((await resolver.ask(`${denied} TXT`)).answer).toEqual([]);
    recordFigure('A13', `names below ${denied} that its NXDOMAIN silenced`, await silenced(resolver, below), 0);
  });

  test('that is forged for each part of a name keeps that name from resolving, and no other', async () => {
    // He sees the queries, so he can forge what he likes for as long as he sits there.
    let isThere = true;
    const forger = (query: Uint8Array): Uint8Array[] => {
      const octets = query.slice(0, query.indexOf(0, 12) + 5);
      octets.set([0x84, Rcode.NXDOMAIN, 0, 1, 0, 0, 0, 0, 0, 0], 2);
      return isThere ? [octets] : [];
    };
    const resolver = resolverIn(attackedBy(internet(), forger));
    expect((await resolver.ask('host0.example.lab. A')).rcode).toBe(Rcode.NXDOMAIN);
    isThere = false;
    recordFigure('A13', 'names silenced by forged denials of all above', await silenced(resolver, below.slice(1)), 0);
  });

  test('for an empty non-terminal, from a careless server, does not keep the name below from resolving', async () => {
    const resolver = resolverIn(internet().server(LAB, deniesEmptyNonTerminals));
    expect((await resolver.ask('deep.lab. A')).rcode).toBe(Rcode.NXDOMAIN);
    expect(await resolver.ask('www.deep.lab. A')).toAnswer('www.deep.lab. 300 A 203.0.113.9');
  });

  test('denies the name itself', async () => {
    const resolver = resolverIn(internet());
    expect(await resolver.ask('none.lab. A')).toDeny('nxdomain');
    const before = resolver.exchanges();
    expect(await resolver.ask('none.lab. AAAA')).toDeny('nxdomain');
    expect(resolver.exchanges()).toBe(before);
  });
});

describe('a configured zone whose parent denies that it exists', () => {
  test.each(['stub', 'forward'] as const)('goes on as %s', async (kind) => {
    const zones = [{ zone: name('corp.lab.'), addresses: [{ address: '192.0.2.9' }], kind, first: false }];
    const withoutParent = simulatedInternet()
      .zone('.', { at: '198.51.100.1' })
      .zone('lab.', { at: LAB, delegates: {} })
      .zone('elsewhere.', { at: '192.0.2.99' })
      .zone('corp.lab.', { at: '192.0.2.9', records: 'www A 203.0.113.8\n* A 203.0.113.8' })
      .server('198.51.100.1', only({ qname: name('lab.') }, says(Rcode.NXDOMAIN)))
      .server(LAB, only({ atOrBelow: name('corp.lab.') }, says(Rcode.NXDOMAIN)));
    const resolver = resolverIn(withoutParent, { walking: { ...defaultOptions.walking, zones } });
    expect((await resolver.ask('lab. TXT')).answer).toEqual([]);
    expect((await resolver.ask('none.lab. A')).answer).toEqual([]);
    const names = Array.from({ length: 20 }, (_, i) => `host${i}.corp.lab.`);
    recordFigure('A13', `names of a ${kind} zone that its parent silenced`, await silenced(resolver, names), 0);
  });
});
