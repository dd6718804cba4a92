import { expect, test } from 'vitest';
import { resolverIn } from '../support/resolver-in.ts';
import { simulatedInternet } from '../support/walking-resolver.ts';

test('fifty names at once in a cold zone whose only server takes a second are all answered', async () => {
  const internet = simulatedInternet()
    .zone('.', { at: '198.51.100.1', delegates: { 'example.': ['192.0.2.1'] } })
    .zone('example.', { at: '192.0.2.1', records: '* 300 A 203.0.113.7' })
    .latency('192.0.2.1', 1000);
  const questions = Array.from({ length: 50 }, (_, i) => `n${i}.example. A`);

  const replies = await resolverIn(internet).askTogether(questions);

  for (const [i, reply] of replies.entries()) expect(reply).toAnswer(`n${i}.example. 300 A 203.0.113.7`);
});
