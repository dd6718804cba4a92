/**
 * Ordinary names never fail because of a limit: ten thousand of them in an internet as it is met, with hosters that serve
 * others' zones, aliases into content networks, names many labels down, servers far away, dead or lossy beside good
 * ones, and signed zones. Every ten names there is a resolver that knows nothing yet.
 *
 * The limits are those of the hostile tests; here is what they must not cost.
 */

import { expect, test } from 'vitest';

import { Rcode } from '../../src/dns/record-type.ts';
import { dropsEdns, loses, refuses, silent, tcpHangs, truncates } from '../../src/lab/misbehaviour.ts';
import { readQuestion } from '../support/messages.ts';
import { defaultOptions } from '../support/resolver-options.ts';
import { createSeededRandom } from '../support/seeded-random.ts';
import { simulatedInternet } from '../support/simulated-internet.ts';
import { validatingResolver } from '../support/validating-resolver.ts';

const NAMES = 10_000;
const NAMES_A_RESOLVER = 10;
const TLDS = ['one.', 'two.', 'three.', 'four.', 'five.'];
const HOSTERS = 8;
const DOMAINS = 120;
const CONTENT_NETWORKS = 5;
const HOSTS = ['www', 'mail', 'api', 'cdn', 'a.b.c.d', '_dmarc', 'nothing-here'];
const { budget } = defaultOptions.recursion;

function ordinaryInternet(seed: number) {
  const random = createSeededRandom(seed);
  const pick = <T>(list: readonly T[]): T => list[random.below(list.length)];
  const oneIn = (n: number): boolean => random.below(n) === 0;
  const internet = simulatedInternet({ seed }).zone('.', { at: ['198.51.100.1', '198.51.100.2'], signed: true });
  let serial = 0;
  const address = (): string => `10.${++serial >> 8}.${serial & 255}.1`;
  const domains: string[] = [];
  const latencies = [5, 20, 20, 40, 80, 150, 300];

  for (const [i, tld] of TLDS.entries()) {
    internet.zone(tld, { at: { [`a.nic.${tld}`]: address(), [`b.nic.${tld}`]: address() }, signed: i !== 4 });
  }
  const hosters = Array.from({ length: HOSTERS }, (_, i) => {
    const zone = `hoster${i}.${TLDS[i % TLDS.length]}`;
    const servers = Object.fromEntries([1, 2, 3].map((n) => [`ns${n}.${zone}`, [address()]]));
    internet.zone(zone, { at: servers, signed: i % 2 === 0 });
    for (const [at] of Object.values(servers)) internet.latency(at, pick(latencies));
    return { zone, servers };
  });
  const networks = Array.from({ length: CONTENT_NETWORKS }, (_, i) => {
    const zone = `network${i}.${pick(TLDS)}`;
    // Names that a network answers with for a moment only, under one more delegation.
    internet.zone(zone, { at: pick(hosters).servers, records: '*.in CNAME node.edge' });
    internet.zone(`edge.${zone}`, { at: [address(), address()], records: 'node 20 A 203.0.113.7\n@ A 203.0.113.7' });
    return zone;
  });
  for (let i = 0; i < DOMAINS; i++) {
    const zone = `d${i}.${pick(TLDS)}`;
    domains.push(zone);
    const ownServers = Object.fromEntries([1, 2].map((n) => [`ns${n}.${zone}`, [address()]]));
    const isHosted = !oneIn(3);
    internet.zone(zone, {
      at: isHosted ? pick(hosters).servers : ownServers,
      signed: oneIn(3),
      records: [
        `www CNAME d${i}.in.${pick(networks)}`,
        `mail A 203.0.113.7\n@ MX 10 mail\napi A 203.0.113.8\na.b.c.d A 203.0.113.9`,
        `cdn CNAME www`,
        `_dmarc TXT "v=DMARC1; p=none"`,
      ].join('\n'),
    });
    if (isHosted) continue;
    const [first, second] = Object.values(ownServers).map(([at]) => at);
    internet.latency(first, pick(latencies));
    // One of the two may be as servers are met; the other is in good order.
    const deeds = pick([[], [], [silent, tcpHangs], [refuses], [loses(1, 20)], [dropsEdns], [truncates]]);
    internet.server(second, ...deeds);
  }
  return { internet, random, domains };
}

test('ten thousand ordinary names are answered or denied, far from every bound', { timeout: 120_000 }, async () => {
  const { internet, random, domains } = ordinaryInternet(11);
  const built = internet.build();
  let resolver = validatingResolver()(built);
  let [mostExchanges, longestMs] = [0, 0];
  for (let i = 0; i < NAMES; i++) {
    if (i % NAMES_A_RESOLVER === 0) resolver = validatingResolver()(built);
    const host = HOSTS[random.below(HOSTS.length)];
    const question = `${host}.${domains[random.below(domains.length)]} ${['A', 'AAAA', 'TXT'][random.below(3)]}`;
    const startedAt = built.clock.now();
    const reply = await built.clock.run(resolver.resolve(...readQuestion(question)));
    const tookMs = built.clock.now() - startedAt;
    expect([Rcode.NOERROR, Rcode.NXDOMAIN], `${question}: ${reply.errors[0]?.text}`).toContain(reply.rcode);
    mostExchanges = Math.max(mostExchanges, reply.walk?.exchanges ?? 0);
    longestMs = Math.max(longestMs, tookMs);
  }
  expect(mostExchanges).toBeLessThanOrEqual(0.8 * budget.exchanges);
  expect(longestMs).toBeLessThanOrEqual(0.6 * budget.milliseconds);
});
