/**
 * D1 from the other side: ten thousand ordinary names of random small internets (ordinary-internet.ts), asked of cold
 * resolvers: none fails because of a limit, nor is any bogus, and none costs much of what it may.
 *
 * In a run of the tests it is a part of them; ROOTWALK_NAMES=10000 asks all.
 */

import { env } from 'node:process';
import { expect, test, vi } from 'vitest';

import { Rcode } from '../../src/dns/record-type.ts';
import { createSeededRandom } from '../support/seeded-random.ts';
import { simulatedInternet } from '../support/simulated-internet.ts';
import { recordFigure } from './figures.ts';
import { ordinaryInternet } from './ordinary-internet.ts';
import { validatedIn } from './validated.ts';

vi.mock('node:crypto', async (original) => (await import('./counted-crypto.ts')).counted(await original()));

const NAMES = Number(env['ROOTWALK_NAMES'] ?? 600);
/** Of one internet, each asked of a resolver that knows nothing. */
const OF_ONE = 40;

test('no ordinary name fails because of a limit', { timeout: 900_000 }, async () => {
  const failed: string[] = [];
  let [secure, most, mostHashes] = [0, 0, 0];
  for (let seed = 1; seed <= Math.ceil(NAMES / OF_ONE); seed++) {
    const { plan, question: draw } = ordinaryInternet(createSeededRandom(seed));
    const internet = simulatedInternet({ seed }).plan(plan);
    for (let i = 0; i < OF_ONE; i++) {
      const question = draw();
      const { reply, verifications, hashes } = await validatedIn(internet).measure(question);
      // Aliases may lead in a circle here; that is all that may go wrong.
      if (reply.rcode === Rcode.SERVFAIL && !/lead back|aliases follow/.test(reply.errors[0]?.text ?? ''))
        failed.push(`${seed}: ${question}: ${reply.errors[0]?.text}`);
      if (reply.security?.state === 'secure') secure++;
      [most, mostHashes] = [Math.max(most, verifications), Math.max(mostHashes, hashes)];
    }
  }
  expect(failed).toEqual([]);
  recordFigure('D1', 'ordinary names that failed because of a limit', failed.length, 0);
  recordFigure('D1', 'ordinary names: signatures verified for any of them, of 128', most, 40);
  recordFigure('D1', 'ordinary names: rounds of hashing for any of them, of 2,000', mostHashes, 1000);
  recordFigure('D1', `of ${NAMES} ordinary names, secure`, secure, { atLeast: NAMES / 3 });
});
