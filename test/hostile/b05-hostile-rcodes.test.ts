/**
 * B5. Servers that answer and never help (CVE-2026-5950: BIND resends without end; CVE-2023-46317: Knot reconnects a
 * hundred times): REFUSED, SERVFAIL, FORMERR, BADCOOKIE, truncation for ever, TCP closed at once, lame referrals.
 *
 * What a reply asks for (TCP, no EDNS, the cookie) is done once for a server and three times in one asking
 * (iterate/attempts.ts); where all refuse a part of the name, two are asked for the whole (iterate/walk.ts). BADCOOKIE
 * is the one reply that is followed twice, over UDP and then TCP, as RFC 7873 §5.3 has it.
 */

import { describe, expect, test } from 'vitest';

import { name } from '../../src/dns/name.ts';
import { Rcode } from '../../src/dns/record-type.ts';
import * as does from '../../src/lab/misbehaviour.ts';
import type { Misbehaviour } from '../../src/lab/misbehaviour.ts';
import { simulatedInternet } from '../support/walking-resolver.ts';
import { besieged, numbered } from './besieged.ts';
import { recordFigure } from './figures.ts';

type Case = readonly [string, readonly Misbehaviour[], number];

const cases: readonly Case[] = [
  ['REFUSED', [does.refuses], 2],
  ['SERVFAIL', [does.failsAlways], 2],
  ['NOTAUTH', [does.says(Rcode.NOTAUTH)], 2],
  ['NOTIMP', [does.says(Rcode.NOTIMP)], 2],
  ['FORMERR', [does.says(Rcode.FORMERR)], 2],
  [
    'FORMERR without OPT',
    [{ kind: 'rejects-edns', rcode: Rcode.FORMERR }, does.only({ withEdns: false }, does.refuses)],
    2,
  ],
  ['BADCOOKIE', [does.says(Rcode.BADCOOKIE)], 3],
  ['BADVERS', [does.says(Rcode.BADVERS), does.only({ withEdns: false }, does.refuses)], 2],
  ['truncation, and TCP is closed at once', [does.truncates, does.tcpCloses], 2],
  ['truncation, and TCP is refused', [does.truncates, does.tcpRefused], 2],
  ['truncation, and TCP hangs', [does.truncates, does.tcpHangs], 2],
  ['a wrong ID, over TCP too', [does.wrongId], 2],
  ['another question', [{ kind: 'wrong-question', qname: name('other.example.') }], 2],
  ['a referral upward', [does.refersTo('.')], 2],
  ['a referral to itself', [does.refersTo('example.')], 2],
  ['a referral sideways', [does.refersTo('other.')], 2],
];

describe.each(cases)('%s', (_, deeds, perServer) => {
  test.each([1, 2, 13])('from %i servers', async (count) => {
    const at = numbered(count, (i) => `192.0.2.${i + 1}`);
    for (const question of ['www.example. A', 'a.b.c.www.example. A']) {
      const internet = simulatedInternet().zone('.', { at: '198.51.100.1' }).zone('example.', { at });
      for (const address of at) internet.server(address, ...deeds);
      const resolver = besieged(internet);
      expect((await resolver.ask(question)).reply).toFail();
      recordFigure('B5', `packets and connections to one server (${_})`, resolver.mostPackets(at), perServer);
      recordFigure('B5', `packets and connections for ${count} servers (${_})`, resolver.packets(at), count + 3);
    }
  });
});

test('one good server among thirteen bad ones is found', async () => {
  for (const [what, deeds] of cases) {
    const at = numbered(13, (i) => `192.0.2.${i + 1}`);
    const internet = simulatedInternet()
      .zone('.', { at: '198.51.100.1' })
      .zone('example.', { at, records: 'www A 203.0.113.7' });
    for (const address of at.slice(1)) internet.server(address, ...deeds);
    const { reply } = await internet.ask('www.example. A');
    expect(reply, what).toAnswer('www.example. 300 A 203.0.113.7');
  }
});
