/**
 * E9: option bombs (2026, CVE-2026-41292 and CVE-2026-42944 of Unbound): an OPT record with thousands of options, the
 * same ones many times, or lengths that lie, for work or memory out of proportion to the packet.
 *
 * Options are walked once, at most 64 are kept, and of each kind the first counts (dns/edns.ts, access/read-query.ts).
 * More than one OPT, one out of place, or a length past the end is FORMERR (RFC 6891 §6.1.1).
 */

import { expect, test } from 'vitest';
import { Option, readOptions, writeOptions, type EdnsOption } from '../../src/dns/edns.ts';
import { optRecord, queryOctets, u16 } from '../support/client-query.ts';
import { countingReads } from '../support/counting-reads.ts';
import { readResponse } from '../support/messages.ts';
import { serveInternet } from '../support/served-internet.ts';
import { clientInternet } from './client-internet.ts';
import { recordFigure } from './figures.ts';

const empty = (count: number): EdnsOption[] =>
  Array.from({ length: count }, (_, i) => ({ code: 65_001 + (i % 500), data: new Uint8Array() }));
const withOptions = (options: EdnsOption[]): Uint8Array => queryOctets({ edns: { options } });
const repeated = Array.from({ length: 40 }, () => [
  { code: Option.NSID, data: new Uint8Array() },
  { code: Option.COOKIE, data: new Uint8Array(8) },
  { code: Option.PADDING, data: new Uint8Array(40) },
]).flat();

test.each([300, 16_250])('%d empty options are read once, and few are kept', (count) => {
  const octets = writeOptions(empty(count));
  const { counted, reads } = countingReads(octets);
  const options = readOptions(counted)!;
  recordFigure('E9', `octets read for each octet of ${count} options`, reads() / octets.length, 2);
  recordFigure('E9', `options kept of ${count}`, options.length, 64);
});

test.each<[string, EdnsOption[]]>([
  ['300 empty options', empty(300)],
  ['16,250 empty options', empty(16_250)],
  ['40 × NSID, cookie and padding', repeated],
  ['client subnet 20 times', Array.from({ length: 20 }, () => ({ code: 8, data: Uint8Array.of(0, 1, 0, 0) }))],
])('a query with %s over TCP is answered as one without', async (what, options) => {
  const internet = serveInternet(clientInternet());
  const reply = await internet.ask(withOptions(options), { transport: 'tcp' });
  expect(readResponse(reply)).toMatchObject({ rcode: 'NOERROR', answer: ['www.example. 300 A 203.0.113.7'] });
  recordFigure('E9', `octets of the reply to ${what}`, reply!.length, 1232);
  expect(internet.faults).toEqual([]);
});

test('of 40 NSIDs and 40 cookies one each is answered', async () => {
  const internet = serveInternet(clientInternet(), { identity: { hostname: 'ns1.example' } });
  const reply = await internet.ask(withOptions(repeated));
  const text = Buffer.from(reply!).toString('latin1');
  recordFigure('E9', 'NSIDs answered to 40', text.split('ns1.example').length - 1, 1);
});

const query = queryOctets({ edns: {} });
const withCounts = (octets: Uint8Array, ...counts: number[]): Uint8Array => {
  const changed = octets.slice();
  changed.set(counts.flatMap(u16), 4);
  return changed;
};
test.each<[string, Uint8Array]>([
  ['a length past the end', queryOctets({ edns: { rawOptions: Uint8Array.of(0, 10, 0, 9, 1) } })],
  ['half an option header', queryOctets({ edns: { rawOptions: Uint8Array.of(0, 10, 0) } })],
  ['two OPT records', withCounts(Uint8Array.from([...query, ...optRecord({})]), 1, 0, 0, 2)],
  ['thirty OPT records', withCounts(Uint8Array.from([...query, ...Array(29).fill(optRecord({})).flat()]), 1, 0, 0, 30)],
  ['OPT in the answer section', withCounts(query, 1, 1, 0, 0)],
  ['OPT in the authority section', withCounts(query, 1, 0, 1, 0)],
  ['a cookie of 41 octets', withOptions([{ code: Option.COOKIE, data: new Uint8Array(41) }])],
])('%s is a format error, and asks nobody', async (what, octets) => {
  const internet = serveInternet(clientInternet());
  const reply = await internet.ask(octets);
  expect(readResponse(reply).rcode).toBe('FORMERR');
  recordFigure('E9', `exchanges for ${what}`, internet.exchanges(), 0);
});
