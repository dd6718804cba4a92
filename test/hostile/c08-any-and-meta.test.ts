/**
 * C8. ANY, RRSIG and meta types: large replies for small questions, or types that no server can answer.
 *
 * ANY is answered with one made-up record and nobody is asked (RFC 8482, access/any-query.ts); meta types and other
 * classes are not served (access/unserved-question.ts, local/server-identity.ts).
 */

import { describe, expect, test } from 'vitest';

import { readMessage, MessageView } from '../../src/dns/wire/message-view.ts';
import { queryOctets } from '../support/client-query.ts';
import { serveInternet } from '../support/served-internet.ts';
import { simulatedInternet } from '../support/walking-resolver.ts';
import { numbered } from './besieged.ts';
import { recordFigure } from './figures.ts';

const served = () =>
  serveInternet(
    simulatedInternet()
      .zone('.', { at: '198.51.100.1' })
      .zone('example.', {
        at: '192.0.2.1',
        records: numbered(50, (i) => `www TYPE${2000 + i} \\# 100 ${'ab'.repeat(100)}`).join('\n'),
      }),
  );

describe('a question for', () => {
  test.each<[string, number, number]>([
    ['ANY', 255, 1],
    ['type 0', 0, 1],
    ['OPT', 41, 1],
    ...[128, 200, 249, 250, 251, 252, 253, 254].map((type): [string, number, number] => [`type ${type}`, type, 1]),
    ['type 65535', 65_535, 1],
    ['class ANY', 1, 255],
    ['class CH', 1, 3],
    ['class HS', 1, 4],
    ['class 0', 1, 0],
  ])('%s is small', async (what, qtype, qclass) => {
    const internet = served();
    const query = queryOctets({ qname: 'www.example.', qtype, qclass, edns: {} });
    const reply = await internet.ask(query);
    const octets = reply?.length ?? 0;
    recordFigure('C8', `reply ÷ query (${what})`, octets / query.length, 10);
    if (reply !== undefined) expect(readMessage(reply)).toBeInstanceOf(MessageView);
  });
});

test('nobody is asked for ANY', async () => {
  const internet = served();
  await internet.ask(queryOctets({ qname: 'www.example.', qtype: 'ANY' }));
  recordFigure('C8', 'packets upstream for ANY', internet.exchanges(), 0);
});

test('RRSIG is asked for as any type, of one server', async () => {
  const internet = served();
  const reply = await internet.ask(queryOctets({ qname: 'www.example.', qtype: 'RRSIG' }));
  expect(reply).toBeDefined();
  recordFigure('C8', 'packets upstream for RRSIG', internet.exchanges(), 3);
});
