/** What a query may spend on signatures and hashes: who has not enough is told so, and gets further next time. */

import { expect, test } from 'vitest';

import { ErrorCode } from '../../src/dns/extended-error.ts';
import { Rcode } from '../../src/dns/record-type.ts';
import { defaultOptions } from '../support/resolver-options.ts';
import type { SimulatedInternet } from '../support/simulated-internet.ts';
import { internetAskedBy } from '../support/simulated-internet.ts';
import { validatingResolver } from '../support/validating-resolver.ts';

function internetWith(limits: { signatures?: number; hashes?: number }): SimulatedInternet {
  const budget = { ...defaultOptions.recursion.budget, ...limits };
  const resolver = validatingResolver({ recursion: { ...defaultOptions.recursion, budget } });
  return internetAskedBy(resolver)()
    .zone('.', { at: '198.51.100.1', signed: true })
    .zone('example.', { at: '192.0.2.1', signed: true })
    .zone('sub.example.', {
      at: '192.0.2.2',
      records: 'www A 203.0.113.7',
      signed: { denial: 'nsec3', iterations: 20 },
    });
}

test('too few signatures for the way down: SERVFAIL with the reason, and the next query goes on from there', async () => {
  const internet = internetWith({ signatures: 3 });
  const { reply } = await internet.ask('www.sub.example. A');
  expect(reply).toMatchObject({ rcode: Rcode.SERVFAIL, answer: [] });
  expect(reply.errors[0]).toEqual({
    code: ErrorCode.DNSSEC_BOGUS,
    text: 'validating sub.example. DS of example. would have cost more than one query may',
  });
  const again = await internet.ask('www.sub.example. A');
  expect(again.reply).toAnswer('www.sub.example. 300 A 203.0.113.7');
  expect(again.reply.security).toEqual({ state: 'secure' });
});

test('too few hashes for a denial: SERVFAIL with the reason, and nothing is believed of it', async () => {
  const internet = internetWith({ hashes: 50 });
  const { reply } = await internet.ask('none.sub.example. A');
  expect(reply).toMatchObject({ rcode: Rcode.SERVFAIL, answer: [] });
  expect(reply.errors[0]).toEqual({
    code: ErrorCode.DNSSEC_BOGUS,
    text: 'validating none.sub.example. A of sub.example. would have cost more than one query may',
  });
  const other = await internet.ask('www.sub.example. A');
  expect(other.reply.security).toEqual({ state: 'secure' });
});
