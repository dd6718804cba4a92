/**
 * C7. Fan-out through the additional section (CVE-2024-11187: BIND; CVE-2026-81736: HTTPS and SVCB alias trees): each
 * target of a record is looked up for the client's convenience, and has targets of its own.
 *
 * Replies carry what was asked for and nothing of its targets (respond/minimal.ts), and nothing is looked up for them.
 */

import { expect, test } from 'vitest';

import { simulatedInternet } from '../support/walking-resolver.ts';
import { besieged, numbered } from './besieged.ts';
import { recordFigure } from './figures.ts';

const COUNT = 200;
const each = (make: (i: number) => string): string => numbered(COUNT, make).join('\n');

test.each([
  ['SRV', each((i) => `_dns._tcp SRV 0 0 53 t${i}`), '_dns._tcp.graph. SRV'],
  ['MX', each((i) => `mail MX 10 t${i}`), 'mail.graph. MX'],
  ['HTTPS in a circle', 'h0 HTTPS 0 h1\nh1 HTTPS 0 h2\nh2 HTTPS 0 h0', 'h0.graph. HTTPS'],
  ['NAPTR', each((i) => `nap NAPTR ${i} 0 "s" "SIP" "" t${i}`), 'nap.graph. NAPTR'],
])('%s: targets are cached, linked with each other, and left alone', async (what, records, question) => {
  const targets = each((i) => `t${i} A 203.0.113.7\nt${i} HTTPS 0 t${(i + 1) % COUNT}`);
  const resolver = besieged(
    simulatedInternet()
      .zone('.', { at: '198.51.100.1' })
      .zone('graph.', { at: '192.0.2.1', records: `${records}\n${targets}` }),
  );
  for (let i = 0; i < COUNT; i++) {
    await resolver.ask(`t${i}.graph. A`);
    await resolver.ask(`t${i}.graph. HTTPS`);
  }
  const hitsBefore = resolver.resolver.cache.statistics().hits;
  const { reply, packets } = await resolver.ask(question);
  expect(reply.answer.length).toBeGreaterThan(0);
  recordFigure('C7', `packets (${what})`, packets, 4);
  const again = await resolver.ask(question);
  recordFigure('C7', `packets from the cache (${what})`, again.packets, 0);
  recordFigure('C7', `sets beside the answer (${what})`, again.reply.authority.length, 0);
  recordFigure('C7', `cache hits for a reply (${what})`, resolver.resolver.cache.statistics().hits - hitsBefore, 13);
});
