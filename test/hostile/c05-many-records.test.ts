/**
 * C5. Many records of one set, many types at one name (CVE-2024-1737: BIND a hundred times slower; CVE-2024-25590,
 * CVE-2026-33258): what a hit costs grows with what a stranger has put there.
 *
 * A set has up to 2,000 records, larger ones are refused with the reason (iterate/collect.ts); a set is one run of octets
 * however many records it has (dns/rrset.ts), and the cache counts them all (cache/heap-size.ts); of one
 * name it keeps 32 types (cache/name-table.ts).
 */

import { describe, expect, test } from 'vitest';

import { name } from '../../src/dns/name.ts';
import { Rcode } from '../../src/dns/record-type.ts';
import { simulatedInternet } from '../support/walking-resolver.ts';
import { besieged, numbered } from './besieged.ts';
import { recordFigure } from './figures.ts';

const zone = (records: string[]) =>
  besieged(
    simulatedInternet()
      .zone('.', { at: '198.51.100.1' })
      .zone('big.', { at: '192.0.2.1', records: records.join('\n') }),
  );
const addresses = (count: number): string[] => numbered(count, (i) => `many A 10.0.${i >> 8}.${i & 255}`);

describe('a set of', () => {
  test.each([90, 200, 2000])('%i addresses is served whole', async (count) => {
    const resolver = zone(addresses(count));
    const { reply, packets } = await resolver.ask('many.big. A');
    expect(reply.answer).toMatchObject([{ count }]);
    recordFigure('C5', 'packets for a large set', packets, 3);
    const again = await resolver.ask('many.big. A');
    recordFigure('C5', 'packets for a large set again', again.packets, 0);
  });

  test('2,001 addresses is refused, and the client is told', async () => {
    const { reply, packets } = await zone(addresses(2001)).ask('many.big. A');
    expect(reply.rcode).toBe(Rcode.SERVFAIL);
    expect(reply.errors[0].text).toMatch(/no server of big\. gave an answer that can be used/);
    recordFigure('C5', 'packets for a set that is too large', packets, 4);
  });

  test('60 KiB of text is served and charged for', async () => {
    const resolver = zone(numbered(240, (i) => `text TXT "${String(i).padStart(250, '.')}"`));
    const { cache } = resolver.resolver;
    const before = cache.statistics().bytes;
    expect((await resolver.ask('text.big. TXT')).reply.answer).toMatchObject([{ count: 240 }]);
    recordFigure('C5', 'bytes charged for 60 KiB of text', cache.statistics().bytes - before, { atLeast: 60 * 1024 });
  });
});

test('of 500 types at one name the last 32 are kept', async () => {
  const types = numbered(500, (i) => 1000 + i);
  const resolver = zone(types.map((type) => `all TYPE${type} \\# 4 cb007107`));
  const { cache } = resolver.resolver;
  for (const type of types) await resolver.ask(`all.big. TYPE${type}`);
  const kept = types.filter((type) => cache.rrsets.get(name('all.big.'), type) !== undefined);
  recordFigure('C5', 'types kept of one name', kept.length, 32);
  expect(kept.at(-1)).toBe(types.at(-1));
  recordFigure('C5', 'packets for one of them again', (await resolver.ask(`all.big. TYPE${kept[0]}`)).packets, 0);
});

test('1,000 signatures beside an answer are one set with it', async () => {
  const records = numbered(
    1000,
    (i) => `www RRSIG A 13 2 300 20260201000000 20251201000000 ${i} big. ${'A'.repeat(32)}`,
  );
  const resolver = zone(['www A 203.0.113.7', ...records]);
  const { reply, octets } = await resolver.ask('www.big. A');
  expect(reply).toAnswer('www.big. 300 A 203.0.113.7');
  recordFigure('C5', 'octets for an answer with 1,000 signatures, not asked for', octets, 1232);
});
