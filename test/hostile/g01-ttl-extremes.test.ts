/**
 * G1. TTLs that pin what is poisoned, or starve whoever asks: 0, 1, 2^31−1, 2^31, 2^32−1, also in the SOA of a denial.
 *
 * A TTL is bounded by `cache.maxTtl` and a denial's by `cache.maxNegativeTtl`; one whose highest bit is set is 0 (RFC 2181
 * §8, cache/ttl-bounds.ts). TTL 0 is for whoever has asked and waits, all of them, and for nobody after (RFC 1035 §3.2.1).
 */

import { describe, expect, test } from 'vitest';

import { Rcode, Type } from '../../src/dns/record-type.ts';
import { delays } from '../../src/lab/misbehaviour.ts';
import { simulatedInternet } from '../support/walking-resolver.ts';
import { besieged, numbered, type Besieged } from './besieged.ts';
import { recordFigure } from './figures.ts';
import { invents } from './hostile-zones.ts';
import { rrset } from '../../src/dns/rrset.ts';
import { soaSet } from './soa.ts';

const SERVER = '192.0.2.1';

/** Every name has an address and every `none…` is denied, with this TTL. */
function zoneWith(ttl: number): Besieged {
  const internet = simulatedInternet()
    .zone('.', { at: '198.51.100.1' })
    .zone('z.', { at: SERVER })
    .server(
      SERVER,
      delays(100),
      invents((qname, labels) => {
        if (labels[0].startsWith('none')) {
          return {
            rcode: Rcode.NXDOMAIN,
            meaning: 'nxdomain',
            isAuthoritative: true,
            authority: [soaSet('z.', ttl)],
          };
        }
        const answer = [rrset(qname, Type.A, ttl, [Uint8Array.of(203, 0, 113, 7)])];
        return { meaning: 'answer', isAuthoritative: true, answer };
      }),
    );
  return besieged(internet);
}

/** Seconds for which a name is answered without asking, to the second below an hour, roughly above. */
async function keptSeconds(resolver: Besieged, question: string): Promise<number> {
  await resolver.ask(question);
  let seconds = 0;
  for (const step of [1, 1, 1, 7, 50, 540, 3000, 18_000, 64_799, 1, 1, 600_000]) {
    resolver.clock.advance(step * 1000);
    const { packets } = await resolver.ask(question);
    if (packets > 0) return seconds;
    seconds += step;
  }
  return seconds;
}

describe.each([
  ['0', 0, 0, 0],
  ['1', 1, 0, 0],
  ['2^31 − 1', 0x7fffffff, 86_400, 3600],
  ['2^31', 0x80000000, 0, 0],
  ['2^32 − 1', 0xffffffff, 0, 0],
])('a TTL of %s', (what, ttl, mostPositive, mostNegative) => {
  test('is kept no longer than is right', async () => {
    recordFigure('G1', `seconds that TTL ${what} is kept`, await keptSeconds(zoneWith(ttl), 'www.z. A'), mostPositive);
    recordFigure(
      'G1',
      `seconds that a denial with TTL ${what} is kept`,
      await keptSeconds(zoneWith(ttl), 'none.z. A'),
      mostNegative,
    );
  });

  test('is never told as more than a day', async () => {
    const { reply } = await zoneWith(ttl).ask('www.z. A');
    expect(reply.rcode).toBe(Rcode.NOERROR);
    recordFigure('G1', 'TTL told to a client', reply.answer[0].ttl, 86_400);
  });
});

test('TTL 0 with 1,000 waiting clients answers all of them with one exchange', async () => {
  const resolver = zoneWith(0);
  await resolver.ask('warm.z. A');
  const before = resolver.packets([SERVER]);
  const told = await resolver.clock.run(Promise.all(numbered(1000, () => resolver.begin('www.z. A'))));
  const answered = told.filter(({ reply }) => reply.rcode === Rcode.NOERROR && reply.answer.length === 1).length;
  recordFigure('G1', 'of 1,000 that wait for TTL 0 answered', answered, { exactly: 1000 });
  recordFigure('G1', 'packets for 1,000 that wait for TTL 0', resolver.packets([SERVER]) - before, 2);
});
