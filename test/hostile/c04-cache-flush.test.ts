/**
 * C4. CacheFlush (2024: 95.7 % misses at 8,000 queries a second): each query plants as many records as a resolver will
 * keep, by long delegations and long alias chains, so that what others need is pushed out.
 *
 * Of a delegation 13 names are kept, of a chain 11 links, of a response only what the question led to; each part of the
 * cache has its share (cache/cache.ts), in bytes that the heap really uses, some 600 for a set; and what is asked for again and again is the last to leave (cache/name-table.ts).
 */

import { expect, test } from 'vitest';

import { Rcode } from '../../src/dns/record-type.ts';
import { createSeededRandom } from '../support/seeded-random.ts';
import { defaultOptions, simulatedInternet } from '../support/walking-resolver.ts';
import { besieged, numbered } from './besieged.ts';
import { recordFigure } from './figures.ts';
import { alias, answer, invents, referral } from './hostile-zones.ts';

/** A tenth of 6,000 attacking queries and 5,000 warm names, and so small a cache that the attack fills it twice. */
const ATTACKS = 600;
const WARM_NAMES = 500;
const MAX_BYTES = 2_000_000;
const ATTACKER = '192.0.2.66';

const nowhere = Object.fromEntries(numbered(1000, (i) => [`planted${i}.attacker-servers.`, []]));

function stage() {
  let serial = 0;
  const internet = simulatedInternet()
    .zone('.', { at: '198.51.100.1' })
    .zone('warm.', { at: '192.0.2.1', records: '* 86400 A 203.0.113.7' })
    .zone('attacker.', { at: ATTACKER })
    .zone('attacker-servers.', { at: '192.0.2.67' })
    .server(
      ATTACKER,
      invents((qname, labels) => {
        if (labels.length < 2) return undefined;
        if (labels.at(-2)!.startsWith('chain')) return answer(alias(qname, `l${++serial}.chain.attacker.`, 86_400));
        return referral(`${labels.at(-2)}.attacker.`, nowhere);
      }),
    );
  return besieged(internet, { cache: { ...defaultOptions.cache, maxBytes: MAX_BYTES } });
}

test('what others ask for stays, and one attacking query plants little', async () => {
  const resolver = stage();
  const { cache } = resolver.resolver;
  const random = createSeededRandom(7);
  for (let i = 0; i < WARM_NAMES; i++) await resolver.ask(`w${i}.warm. A`);
  const before = cache.statistics();

  let [asked, hits] = [0, 0];
  for (let i = 0; i < ATTACKS; i++) {
    const { reply } = await resolver.ask(i % 2 === 0 ? `www.n${i}.attacker. A` : `s${i}.chain.attacker. A`);
    expect(reply.rcode).toBe(Rcode.SERVFAIL);
    for (let k = 0; k < 5; k++) {
      asked++;
      // Zipf: the rank is as likely as it is small.
      const rank = Math.floor(WARM_NAMES ** (random.below(1e6) / 1e6)) - 1;
      const { packets } = await resolver.ask(`w${rank}.warm. A`);
      if (packets === 0) hits++;
    }
  }
  const after = cache.statistics();
  recordFigure('C4', 'bytes that one attacking query plants', (after.bytes - before.bytes) / ATTACKS, 8192);
  recordFigure('C4', 'entries that one attacking query plants', (after.entries - before.entries) / ATTACKS, 16);
  recordFigure('C4', 'hit rate of warm names, %', (100 * hits) / asked, { atLeast: 95 });
  recordFigure('C4', 'bytes of the cache', after.bytes, MAX_BYTES);
});
