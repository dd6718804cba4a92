import { expect, test } from 'vitest';
import { fuzzValidator, turnOctets } from './validator.fuzz.ts';

test('400 changed answers are never secure with anything that no zone has said, nor only insecure', async () => {
  const { ends } = await fuzzValidator({ inputs: 400, seed: 1 });
  // Damage that does not matter, damage to signatures, and damage after which nothing could be found out.
  for (const end of ['true and secure', 'failed, bogus', 'failed, unjudged']) expect(ends[end]).toBeGreaterThan(20);
});

test('nor is one with an octet changed of the responses that lead to the keys of a zone', async () => {
  const ends = await turnOctets('example. DNSKEY', 1, 6);
  expect(ends['failed, bogus']).toBeGreaterThan(50);
});
