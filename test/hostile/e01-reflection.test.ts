/**
 * E1: queries with a victim's address in the place of the sender's, so that the victim gets our replies, each larger
 * than what it cost (2013 on). Open resolvers are the amplifiers.
 *
 * Who is not in `access.allow` is refused (RFC 5358 §4), and by default we listen on this machine only. An error that a
 * rule makes is no larger than its query while the address is not proven (respond/truncate.ts, dns/wire/error-reply.ts),
 * and of such errors one client gets `access.rateLimit.errorsPerSecond`. Full answers have at most 1,232 octets over UDP.
 */

import { describe, expect, test } from 'vitest';
import { checkConfig } from '../../src/config/load.ts';
import { defaultConfig } from '../../src/config/settle.ts';
import { Option, type EdnsOption } from '../../src/dns/edns.ts';
import { Class } from '../../src/dns/record-type.ts';
import { optRecord, queryOctets, u16, type QueryParts } from '../support/client-query.ts';
import { lanClient, serveInternet, stranger } from '../support/served-internet.ts';
import { readResponse } from '../support/messages.ts';
import { clientInternet } from './client-internet.ts';
import { recordFigure } from './figures.ts';

const option = (code: number, octets = 0): EdnsOption => ({ code, data: new Uint8Array(octets) });

/** What brings out an error of every kind. */
const erroneous: [string, Uint8Array][] = [
  ['RD=0', queryOctets({ flags: 0, edns: {} })],
  ['class CH', queryOctets({ qname: 'nothing.bind.', qtype: 'TXT', qclass: Class.CH, edns: {} })],
  ['class 9', queryOctets({ qclass: 9, edns: {} })],
  ['AXFR', queryOctets({ qtype: 'AXFR', edns: {} })],
  ['NXNAME', queryOctets({ qtype: 128, edns: {} })],
  ['TKEY', queryOctets({ qtype: 249, edns: {} })],
  ['EDNS version 1', queryOctets({ edns: { version: 1 } })],
  ['a broken option', queryOctets({ edns: { rawOptions: Uint8Array.of(0, 3, 0, 9) } })],
  ['a cookie of 41 octets', queryOctets({ edns: { options: [option(Option.COOKIE, 41)] } })],
  ['two OPT records', Uint8Array.from([...withCounts(queryOctets({ edns: {} }), 1, 0, 0, 2), ...optRecord({})])],
  ['no question', withCounts(queryOctets().subarray(0, 12), 0, 0, 0, 0)],
  ['two questions', withCounts(queryOctets(), 2, 0, 0, 0)],
  ['opcode 4', queryOctets({ flags: 0x2000, edns: {} })],
  ['a name that does not end', queryOctets().subarray(0, 20)],
];

/** Ordinary questions, which strangers are refused. */
const sound: [string, QueryParts][] = [
  ['without EDNS', {}],
  ['with EDNS', { edns: {} }],
  ['with DO', { edns: { dnssecOk: true } }],
  ['with NSID', { edns: { options: [option(Option.NSID)] } }],
  ['with a client cookie', { edns: { options: [option(Option.COOKIE, 8)] } }],
  [
    'with everything',
    { edns: { options: [option(Option.NSID), option(Option.COOKIE, 8), option(Option.PADDING, 9)] } },
  ],
  ['of type ANY', { qtype: 'ANY', edns: { payloadSize: 65_535 } }],
];

function withCounts(octets: Uint8Array, ...counts: number[]): Uint8Array {
  const changed = octets.slice();
  changed.set(counts.flatMap(u16), 4);
  return changed;
}

describe('an error is no larger than what called for it', () => {
  test.each(erroneous)('%s, from a neighbour', async (what, octets) => {
    const reply = await serveInternet(clientInternet()).ask(octets);
    expect(readResponse(reply).rcode).not.toBe('NOERROR');
    recordFigure('E1', `error ÷ query: ${what}`, reply!.length / octets.length, 1);
  });

  test.each(sound)('a question %s, from a stranger', async (what, parts) => {
    const internet = serveInternet(clientInternet());
    const octets = queryOctets(parts);
    const reply = await internet.ask(octets, stranger);
    expect(readResponse(reply)).toMatchObject({ rcode: 'REFUSED', answer: [] });
    recordFigure('E1', `refusal ÷ query: ${what}`, reply!.length / octets.length, 1);
    recordFigure('E1', `exchanges for a stranger: ${what}`, internet.exchanges(), 0);
  });
});

test('10,000 queries of a stranger within a second bring out 100 refusals', async () => {
  const internet = serveInternet(clientInternet());
  const sent = await Promise.all(Array.from({ length: 10_000 }, () => internet.send(queryOctets(), stranger)));
  const replies = sent.filter(({ octets }) => octets !== undefined).length;
  recordFigure('E1', 'refusals to one address in a second', replies, 100);
  expect(internet.finished.filter((one) => one.kind === 'dropped' && one.reason === 'rate-limited')).toHaveLength(9900);
});

test.each([
  [65_535, 1232],
  [4096, 1232],
  [512, 512],
  [undefined, 512],
])('a client that can take %s octets is sent at most %d', async (payloadSize, most) => {
  const internet = serveInternet(clientInternet());
  const edns = payloadSize === undefined ? {} : { edns: { payloadSize } };
  const reply = await internet.ask(queryOctets({ qname: 'big.example.', qtype: 'TXT', ...edns }));
  expect(readResponse(reply).flags).toContain('TC');
  recordFigure('E1', `largest reply to a client of ${payloadSize ?? 'no EDNS'}`, reply!.length, most);
});

test('ANY is answered with one made-up record, at less than ten times the query', async () => {
  const octets = queryOctets({ qname: 'big.example.', qtype: 'ANY' });
  const reply = await serveInternet(clientInternet()).ask(octets);
  recordFigure('E1', 'ANY ÷ query', reply!.length / octets.length, 10);
});

test('by default only this machine is listened to, and whoever opens the resolver to everyone is warned', () => {
  expect(defaultConfig().listen.dns.map(({ address }) => address)).toEqual(['127.0.0.1', '::1']);
  const open = 'listen: { dns: ["0.0.0.0:53"] }\naccess: { allow: ["0.0.0.0/0"] }';
  const loaded = checkConfig(open, 'rootwalk.yaml');
  expect(JSON.stringify(loaded)).toContain('it will be used to flood others');
});

describe('what is not held back', () => {
  test('5,000 answers from the cache to one neighbour within a second', async () => {
    const internet = serveInternet(clientInternet());
    await internet.ask(queryOctets());
    const sent = await Promise.all(Array.from({ length: 5000 }, () => internet.send(queryOctets())));
    const answered = sent.filter(({ octets }) => octets !== undefined && readResponse(octets).answer.length === 1);
    recordFigure('E1', 'of 5,000 answers to a neighbour', answered.length, { atLeast: 5000 });
  });

  test.each([
    ['over TCP', { ...stranger, transport: 'tcp' as const }],
    ['on this machine', { ...lanClient, address: '127.0.0.1' }],
  ])('the reason in words, to a client %s', async (_, client) => {
    const octets = queryOctets({ qtype: 'AXFR', edns: {} });
    const reply = await serveInternet(clientInternet()).ask(octets, client);
    expect(Buffer.from(reply!).toString('latin1')).toMatch(/no zones to transfer|may not use this resolver/);
  });

  test('the truth about a name that cannot be resolved, to a neighbour', async () => {
    const reply = await serveInternet(clientInternet()).ask(queryOctets({ qname: 'www.dead.', edns: {} }));
    expect(readResponse(reply).rcode).toBe('SERVFAIL');
    expect(Buffer.from(reply!).toString('latin1')).toMatch(/192\.0\.2\.3/);
  });
});

test('with repliesPerSecond the same answer is limited, and a client that is real gets through by TC and by cookie', async () => {
  const rateLimit = { repliesPerSecond: 10, errorsPerSecond: 100, slip: 2 };
  const internet = serveInternet(clientInternet(), { access: { rateLimit } });
  await internet.ask(queryOctets(), { address: '10.0.0.8' });
  const sent = await Promise.all(Array.from({ length: 1000 }, () => internet.send(queryOctets())));
  const replies = sent.flatMap(({ octets }) => (octets === undefined ? [] : [readResponse(octets)]));
  const full = replies.filter(({ answer }) => answer.length > 0).length;
  recordFigure('E1', 'equal full answers to one address in a second, at 10', full, 10);
  expect(replies.filter(({ flags }) => flags.includes('TC'))).toHaveLength(495);

  const asks = (cookie: Uint8Array): Uint8Array => {
    return queryOctets({ edns: { options: [{ code: Option.COOKIE, data: cookie }] } });
  };
  // The one whose first reply came through holds our cookie from then on.
  const first = await internet.ask(asks(new Uint8Array(8)), { address: '10.0.0.9' });
  const cookie = first!.slice(-24);
  for (let i = 0; i < 50; i++) {
    const reply = await internet.ask(asks(cookie), { address: '10.0.0.9' });
    expect(readResponse(reply).answer).toHaveLength(1);
  }
});
