/**
 * B6. Many server names with the same few addresses, or one with a thousand (CVE-2026-3592): each name is another reason
 * to ask the same server; glue that points at the server that sent it.
 *
 * An address is asked as one server, whatever its names (`add`, iterate/attempts.ts), once and once again; of a name
 * four addresses are used.
 */

import { expect, test } from 'vitest';

import { silent, refuses, tcpHangs } from '../../src/lab/misbehaviour.ts';
import { simulatedInternet } from '../support/walking-resolver.ts';
import { besieged, numbered } from './besieged.ts';
import { recordFigure } from './figures.ts';

const shared = numbered(20, (i) => `192.0.2.${i + 1}`);

test.each([
  ['silent', [silent, tcpHangs]],
  ['refusing', [refuses]],
])('13 names, each with the same 20 addresses, all %s', async (_, deeds) => {
  const servers = Object.fromEntries(numbered(13, (i) => [`ns${i}.example.`, shared]));
  const internet = simulatedInternet().zone('.', { at: '198.51.100.1', delegates: { 'example.': servers } });
  for (const address of shared) internet.server(address, ...deeds);
  const resolver = besieged(internet);
  expect((await resolver.ask('www.example. A')).reply).toFail();
  recordFigure('B6', 'packets to one address', resolver.mostPackets(shared), 2);
  recordFigure('B6', 'packets to 20 shared addresses', resolver.packets(shared), 22);
});

test('a thousand addresses of one name', async () => {
  const many = numbered(1000, (i) => `10.1.${i >> 8}.${i & 255}`);
  const internet = simulatedInternet().zone('.', {
    at: '198.51.100.1',
    delegates: { 'example.': { 'ns.example.': many } },
  });
  const resolver = besieged(internet);
  expect((await resolver.ask('www.example. A')).reply).toFail();
  recordFigure('B6', 'packets to 1,000 addresses of one name', resolver.packets(many), 6);
});

test('glue that points back at the parent', async () => {
  const internet = simulatedInternet()
    .zone('.', { at: '198.51.100.1' })
    .zone('tld.', {
      at: '192.0.2.1',
      delegates: { 'example.tld.': { 'ns.example.tld.': ['192.0.2.1', '198.51.100.1'] } },
    });
  const resolver = besieged(internet);
  expect((await resolver.ask('www.example.tld. A')).reply).toFail();
  recordFigure(
    'B6',
    'packets to one address that self-pointed glue names',
    resolver.mostPackets(['192.0.2.1', '198.51.100.1']),
    3,
  );
});
