/**
 * B12. The root: hints that are dead, all but one or all; a priming response that is forged or huge.
 *
 * Servers are asked beside each other as soon as one is late, thirteen within 1.6 s; when all are silent the root is
 * probed as any silent zone is (iterate/silent-zones.ts), and walks below cached TLDs do not need it. What primes is
 * taken by the rules of RFC 9609 and completed from the hints (iterate/priming.ts).
 */

import { describe, expect, test } from 'vitest';

import { name, nameToWire } from '../../src/dns/name.ts';
import { Rcode, Type } from '../../src/dns/record-type.ts';
import { rrset } from '../../src/dns/rrset.ts';
import { addressSets } from '../../src/lab/address-sets.ts';
import { forges, silent, tcpHangs } from '../../src/lab/misbehaviour.ts';
import { removeServer } from '../support/replace-server.ts';
import type { SimulatedInternet } from '../support/simulated-internet.ts';
import { simulatedInternet } from '../support/walking-resolver.ts';
import { besieged, numbered, pass } from './besieged.ts';
import { recordFigure } from './figures.ts';

const ROOTS = numbered(13, (i) => `198.51.100.${i + 1}`);
const TLDS = numbered(20, (i) => `tld${i}.`);

function internetOf(seed: number): SimulatedInternet {
  const internet = simulatedInternet({ seed }).zone('.', { at: ROOTS });
  for (const [i, tld] of TLDS.entries())
    internet.zone(tld, { at: `192.0.2.${i + 1}`, records: '* 30 A 203.0.113.7', delegationTtl: 172_800 });
  return internet;
}

test('with one root server of thirteen alive a cold start is not long', async () => {
  for (let seed = 1; seed <= 20; seed++) {
    const internet = internetOf(seed);
    for (const address of ROOTS.slice(1)) internet.server(address, silent, tcpHangs);
    const resolver = besieged(internet, { prime: true });
    const { reply, tookMs } = await resolver.ask('www.tld0. A');
    expect(reply).toAnswer('www.tld0. 30 A 203.0.113.7');
    recordFigure('B12', 'simulated ms of a cold start, 12 of 13 root servers silent', tookMs, 3000);
    const later = await resolver.ask('www.tld1. A');
    recordFigure('B12', 'simulated ms of the next TLD', later.tookMs, 500);
  }
});

describe('when all root servers fall silent', () => {
  test('names below cached TLDs are answered, all of them, and the root is left alone', async () => {
    const internet = internetOf(1);
    const resolver = besieged(internet, { prime: true });
    for (const tld of TLDS) await resolver.ask(`www.${tld} A`);
    for (const address of ROOTS) removeServer(internet, address);
    const before = resolver.packets(ROOTS);
    const minutes = 10;
    let [answered, asked, firstMinute] = [0, 0, 0];
    for (let second = 0; second < minutes * 60; second++) {
      for (const tld of TLDS.slice(0, 5)) {
        asked++;
        const { reply } = await resolver.ask(`n${second}.${tld} A`);
        if (reply.rcode === Rcode.NOERROR) answered++;
      }
      // Somebody wants a TLD that is not cached, all the time.
      void resolver.begin(`www.unknown${second}. A`);
      await pass(resolver.clock, 1000);
      if (second === 59) firstMinute = resolver.packets(ROOTS) - before;
    }
    recordFigure('B12', 'names below cached TLDs answered, %', (100 * answered) / asked, { exactly: 100 });
    const packets = (resolver.packets(ROOTS) - before) / minutes;
    recordFigure('B12', 'packets to silent root servers a minute, over 10 minutes', packets, 20);
    recordFigure('B12', 'packets to silent root servers in the first minute', firstMinute, 60);
  });

  test('a TLD that is not cached is told as unreachable within 5 s', async () => {
    const internet = internetOf(1);
    const resolver = besieged(internet);
    for (const address of ROOTS) removeServer(internet, address);
    const { reply, tookMs } = await resolver.ask('www.tld0. A');
    expect(reply).toFail(/no server of \. answered/);
    recordFigure('B12', 'simulated ms until the client is told that the root is silent', tookMs, 5000);
  });
});

test('a priming response of 500 servers, and addresses of others, leads nowhere else', async () => {
  const many = rrset(
    name('.'),
    Type.NS,
    518_400,
    numbered(500, (i) => nameToWire(name(`s${i}.evil.`))),
  );
  const internet = simulatedInternet()
    .zone('.', { at: { 'a.root.': ROOTS[0] } })
    .zone('tld.', { at: '192.0.2.1', records: 'www A 203.0.113.7' })
    .server(ROOTS[0], forges('additional', ...addressSets(name('www.tld.'), 86_400, ['203.0.113.66'])), {
      kind: 'redrafts',
      change: (draft) => (draft.question?.qtype === Type.NS ? { ...draft, answer: [many] } : draft),
    });
  const resolver = besieged(internet, { prime: true });
  expect((await resolver.ask('www.tld. A')).reply).toAnswer('www.tld. 300 A 203.0.113.7');
  await pass(resolver.clock, 10_000);
  const { reply, packets } = await resolver.ask('other.tld. A');
  expect(reply).toDeny('nxdomain');
  recordFigure('B12', 'packets after a huge priming response', packets, 3);
});
