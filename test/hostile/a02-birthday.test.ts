/**
 * A2. Birthday attack (VU#457875, 2002): many outstanding queries for one question multiply a forger's chance, as his
 * response need match only one of them.
 *
 * Here clients who ask the same thing share one walk, and walks that need the same thing share one exchange, whatever
 * the letter case of the question and its DO, CD and RD bits (RFC 5452 §5).
 */

import { describe, expect, test } from 'vitest';

import { Class } from '../../src/dns/record-type.ts';
import { delays } from '../../src/lab/misbehaviour.ts';
import { clientTo, type ClientTo } from './client-to.ts';
import { simulatedInternet } from '../support/walking-resolver.ts';
import { recordFigure } from './figures.ts';

const SERVER = '192.0.2.1';
const CLIENTS = 300;
const RD = 0x0100;
const CD = 0x0010;

function slowZone(): ClientTo {
  const internet = simulatedInternet({ latencyMs: 20 })
    .zone('.', { at: '198.51.100.1' })
    .zone('example.', { at: SERVER, records: 'slow A 203.0.113.7' })
    .server(SERVER, delays(350));
  return clientTo(internet);
}

/** The bits of the number choose upper case, letter by letter. */
function mixedCase(text: string, bits: number): string {
  return Array.from(text, (letter, i) => ((bits >> (i % 16)) & 1 ? letter.toUpperCase() : letter)).join('');
}

describe('300 clients ask for one slow name', () => {
  test.each([
    ['as it is', () => ({ labels: ['slow', 'example'] })],
    ['in mixed letter case', (i: number) => ({ labels: [mixedCase('slow', i * 37), mixedCase('example', i * 101)] })],
    ['with and without DO', (i: number) => ({ labels: ['slow', 'example'], edns: { dnssecOk: i % 2 === 0 } })],
    ['with and without EDNS', (i: number) => ({ labels: ['slow', 'example'], ...(i % 2 === 0 ? { edns: {} } : {}) })],
  ])('%s: each server is asked once, and all are answered', async (how, partsOf) => {
    const client = slowZone();
    const replies = await client.askTogether(Array.from({ length: CLIENTS }, (_, i) => ({ id: i, ...partsOf(i) })));
    const answered = replies.filter((reply) => reply?.rcode === 0 && reply.answerCount === 1).length;
    recordFigure('A2', `exchanges with the server for 300 clients, ${how}`, client.seen(SERVER).length, 1);
    recordFigure('A2', `clients answered of 300, ${how}`, answered, { exactly: CLIENTS });
  });

  test('with CD among them: at most one exchange for those who validate and one for those who do not', async () => {
    const client = slowZone();
    const replies = await client.askTogether(
      Array.from({ length: CLIENTS }, (_, i) => ({
        id: i,
        labels: ['slow', 'example'],
        flags: i % 2 === 0 ? RD : RD | CD,
      })),
    );
    expect(replies.filter((reply) => reply?.rcode === 0)).toHaveLength(CLIENTS);
    recordFigure('A2', 'exchanges with the server for 300 clients, with and without CD', client.seen(SERVER).length, 2);
  });

  test('without RD: they cause no exchange, and are refused what is not known', async () => {
    const client = slowZone();
    const [first] = await client.askTogether([{ labels: ['slow', 'example'], flags: 0, qclass: Class.IN }]);
    expect(first?.rcode).toBe(5);
    expect(client.seen(SERVER)).toEqual([]);
  });
});

test('a name that nobody else asks for is asked for as always', async () => {
  const client = slowZone();
  const replies = await client.askTogether([{ labels: ['slow', 'example'] }, { labels: ['other', 'example'] }]);
  expect(replies.map((reply) => reply?.rcode)).toEqual([0, 3]);
  expect(client.seen(SERVER)).toHaveLength(2);
});
