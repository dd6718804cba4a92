/**
 * G3. Memory by names that nobody has asked for before: denials and answers by the million, so that the cache grows
 * without end or loses what is asked for.
 *
 * The cache is bounded in bytes, as the heap counts them (cache/heap-size.ts, measured by bench/cache-cost.ts), with a
 * share for each kind; the name that was not used for longest leaves first (cache/name-table.ts).
 */

import { describe, test } from 'vitest';

import { createCache, type Cache } from '../../src/cache/cache.ts';
import { ErrorCode } from '../../src/dns/extended-error.ts';
import { name } from '../../src/dns/name.ts';
import { Type } from '../../src/dns/record-type.ts';
import { rrset } from '../../src/dns/rrset.ts';
import { createHandClock } from '../support/hand-clock.ts';
import { soaSet } from './soa.ts';
import { recordFigure } from './figures.ts';

const MAX_BYTES = 8 * 1024 * 1024;
const NAMES = 100_000;
const HOT = 500;
/** Of the flood one in so many questions is for a name that many ask for. */
const HOT_ONE_IN = 10;
const from = { server: '192.0.2.1', zone: name('example.'), walkId: 'walk-1' };
const address = (i: number): Uint8Array => Uint8Array.of(10, (i >> 16) & 255, (i >> 8) & 255, i & 255);

const floods: Readonly<Record<string, (cache: Cache, i: number) => void>> = {
  denials: (cache, i) => cache.denials.put(name(`n${i}.example.`), Type.A, 'nxdomain', soaSet('example.'), from),
  answers: (cache, i) =>
    cache.rrsets.put(rrset(name(`n${i}.example.`), Type.A, 300, [address(i)]), 'authoritative-answer', from),
  failures: (cache, i) =>
    cache.failures.put(name(`n${i}.example.`), Type.A, {
      why: `no server of n${i}.example. answered`,
      errors: [{ code: ErrorCode.NO_REACHABLE_AUTHORITY, text: `no server of n${i}.example. answered` }],
      walkId: `walk-${i}`,
    }),
  delegations: (cache, i) =>
    cache.delegations.put(
      { zone: name(`n${i}.example.`), servers: [{ name: name(`ns.n${i}.example.`), addresses: ['192.0.2.1'] }] },
      3600,
      Infinity,
    ),
};

describe.each(Object.entries(floods))('a flood of %s', (what, plant) => {
  test('stays within the bound and leaves what is asked for', () => {
    const clock = createHandClock();
    const cache = createCache(
      { maxBytes: MAX_BYTES, minTtl: 0, maxTtl: 86_400, maxNegativeTtl: 3600, ttlOverrides: [] },
      { clock },
    );
    const hot = (i: number) => name(`hot${i % HOT}.example.`);
    const keepHot = (i: number): void =>
      void cache.rrsets.put(rrset(hot(i), Type.A, 86_400, [address(i)]), 'authoritative-answer', from);
    for (let i = 0; i < HOT; i++) keepHot(i);
    let [mostBytes, asked, hits] = [0, 0, 0];
    for (let i = 0; i < NAMES; i++) {
      plant(cache, i);
      if (i % HOT_ONE_IN !== 0) continue;
      asked++;
      const next = i / HOT_ONE_IN;
      if (cache.rrsets.get(hot(next), Type.A) === undefined) keepHot(next);
      else hits++;
      if (i % 1000 === 0) mostBytes = Math.max(mostBytes, cache.statistics().bytes);
    }
    recordFigure('G3', `most bytes in a flood of ${what}`, mostBytes, MAX_BYTES);
    recordFigure('G3', `hit rate of the hot set in a flood of ${what}, %`, (100 * hits) / asked, { atLeast: 95 });
  });
});
