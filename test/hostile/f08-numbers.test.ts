/**
 * F8: numbers at their ends: TTLs of 2^31 and 2^32-1, an SOA whose MINIMUM is one, clocks beyond 2^32 seconds, and
 * numbers in configuration and texts that no field can hold.
 *
 * A TTL with its most significant bit set is 0 (RFC 2181 §8, dns/wire/message-view.ts); what is kept is at most
 * `cache.maxTtl`, a denial `cache.maxNegativeTtl` (cache/ttl-bounds.ts). Times of 32 bits are compared as serial numbers
 * (RFC 1982). Configuration has a least and a most for every number.
 */

import { describe, expect, test } from 'vitest';
import { createServerCookies } from '../../src/access/server-cookies.ts';
import { checkConfig } from '../../src/config/load.ts';
import { rdataFromText } from '../../src/dns/presentation.ts';
import { Type } from '../../src/dns/record-type.ts';
import { parseZoneText } from '../../src/dns/zone-text.ts';
import { queryOctets } from '../support/client-query.ts';
import { createHandClock } from '../support/hand-clock.ts';
import { readResponse } from '../support/messages.ts';
import { createSeededRandom } from '../support/seeded-random.ts';
import { serveInternet } from '../support/served-internet.ts';
import { rawRecord, wwwQuestion } from '../support/raw-message.ts';
import { clientInternet } from './client-internet.ts';
import { recordFigure } from './figures.ts';

const DAY = 86_400;
const u32 = (value: number): number[] => [value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff];

/** A server of `example.` that gives one record the TTL, in the section. */
function answeringWithTtl(ttl: number, section: 'answer' | 'authority') {
  const owner = wwwQuestion.slice(0, -4);
  const soa = [
    ...wwwQuestion.slice(4, -4),
    ...wwwQuestion.slice(4, -4),
    ...u32(1),
    ...u32(1),
    ...u32(1),
    ...u32(1),
    ...u32(ttl),
  ];
  const record =
    section === 'answer' ? rawRecord(owner, Type.A, [203, 0, 113, 7]) : rawRecord(owner.slice(4), Type.SOA, soa);
  const ttlAt = (section === 'answer' ? owner : owner.slice(4)).length + 4;
  record.splice(ttlAt, 4, ...u32(ttl));
  const counts = section === 'answer' ? [0, 1, 0, 0] : [0, 0, 0, 1];
  return serveInternet(
    clientInternet().server('192.0.2.1', {
      kind: 'octets',
      make: (query) => {
        const header = [query[0], query[1], 0x84, 0, 0, 1, ...counts, 0, 0];
        return Uint8Array.of(...header, ...query.subarray(12, 12 + wwwQuestion.length), ...record);
      },
    }),
  );
}

function ttlsIn(lines: readonly string[]): number {
  return Math.max(...lines.map((line) => Number(line.split(' ')[1])));
}

describe('the TTL of an answer', () => {
  test.each([
    [0, 0],
    [1, 1],
    [DAY, DAY],
    [DAY + 1, DAY],
    [2 ** 31 - 1, DAY],
    [2 ** 31, 0],
    [2 ** 31 + 1, 0],
    [2 ** 32 - 1, 0],
  ])('%d is given as %d', async (ttl, given) => {
    const reply = readResponse(await answeringWithTtl(ttl, 'answer').ask(queryOctets()));
    recordFigure('F8', `TTL given for ${ttl}`, ttlsIn(reply.answer), { exactly: given });
  });

  test('that is 2^32-1 does not stay in the cache', async () => {
    const internet = answeringWithTtl(2 ** 32 - 1, 'answer');
    await internet.ask(queryOctets());
    const before = internet.exchanges();
    internet.clock.advance(1000);
    await internet.ask(queryOctets());
    recordFigure('F8', 'exchanges for a record whose TTL counts as 0', internet.exchanges() - before, { exactly: 1 });
  });
});

describe('the TTL of a denial', () => {
  test.each([
    [60, 60],
    [3600, 3600],
    [2 ** 31 - 1, 3600],
    [2 ** 31, 0],
    [2 ** 32 - 1, 0],
  ])('whose SOA and MINIMUM say %d is at most %d', async (ttl, most) => {
    const reply = readResponse(await answeringWithTtl(ttl, 'authority').ask(queryOctets()));
    expect(reply.rcode).toBe('NOERROR');
    recordFigure('F8', `TTL of the denial for ${ttl}`, ttlsIn(reply.authority), most);
  });
});

test('cookies go on when the seconds since 1970 no longer fit into 32 bits', () => {
  const clock = createHandClock({ wallMs: 2 ** 32 * 1000 - 30_000 });
  const cookies = createServerCookies({ clock, random: createSeededRandom(8) });
  const given = cookies.judge(new Uint8Array(8), '192.0.2.1').reply;
  clock.advance(60_000);
  const valid = cookies.judge(given, '192.0.2.1').isValid;
  recordFigure('F8', 'cookies that are good on both sides of 2^32 seconds', Number(valid), { exactly: 1 });
});

describe('a number that no field can hold is refused', () => {
  test.each([
    ['walks: { max: 9007199254740993 }', 'walks.max'],
    ['walks: { max: 1e400 }', 'walks.max'],
    ['walks: { max: -1 }', 'walks.max'],
    ['walks: { max: 0.5 }', 'walks.max'],
    ['walks: { max: .nan }', 'walks.max'],
    ['cache: { maxTtl: 4294967296 }', 'cache.maxTtl'],
    ['cache: { maxBytes: 99999999999GiB }', 'cache.maxBytes'],
    ['listen: { dns: ["127.0.0.1:65536"] }', 'listen.dns'],
  ])('in the configuration: %s', (text, key) => {
    const checked = checkConfig(text, 'rootwalk.yaml');
    expect(checked).toMatchObject({
      kind: 'problems',
      problems: expect.arrayContaining([expect.objectContaining({ key: expect.stringContaining(key) })]),
    });
  });

  test.each([
    ['a 4294967296 A 192.0.2.1'],
    ['a 99999999999999999999 A 192.0.2.1'],
    ['a -1 A 192.0.2.1'],
    ['a 60 MX 65536 mail'],
    ['a 60 SRV 0 0 65536 mail'],
    ['a 60 TYPE65536 \\# 0'],
    ['a 60 A 192.0.2.256'],
  ])('in zone text: %s', (line) => {
    const { records, problems } = parseZoneText(line);
    recordFigure('F8', `records of "${line}"`, records.length, 0);
    expect(problems).toHaveLength(1);
  });

  test('in generic RDATA: a length of 65,536', () => {
    expect(rdataFromText(65_280, ['\\#', '65536', '00'])).toMatchObject({ why: expect.stringContaining('65535') });
  });
});
