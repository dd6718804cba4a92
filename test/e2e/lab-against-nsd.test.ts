/**
 * The lab's authoritative answers compared with those of NSD for the same zone files: what every other test is built
 * on has to be true outside it. RCODE, flags and the answer and authority sections must be the same, and the glue of
 * referrals; what else a server adds is its own choice (RFC 1034 §3.7).
 */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { name } from '../../src/dns/name.ts';
import { answerQuery } from '../../src/lab/authoritative.ts';
import { createZoneSet, zoneFromText } from '../../src/lab/zone.ts';
import { comparable, inExample, questions, texts } from '../support/every-shape.ts';
import { queryFor, readResponse, type QueryOptions } from '../support/messages.ts';
import { nsdIsMissing, skipped, startNsd, type Nsd } from '../support/nsd.ts';
import { exchangeOverTcp, exchangeOverUdp } from '../support/plain-exchange.ts';

const zones = createZoneSet(Object.entries(texts).map(([apex, text]) => zoneFromText(name(apex), text)));

describe.skipIf(nsdIsMissing !== undefined)(`the lab answers as NSD does${skipped(nsdIsMissing)}`, () => {
  let nsd: Nsd;
  beforeAll(async () => {
    nsd = await startNsd({ address: '127.0.0.1', port: 0, zones: texts });
  });
  afterAll(() => nsd.stop());

  const compare = async (question: string, options: QueryOptions = {}): Promise<void> => {
    const query = queryFor(question, options);
    const theirs = comparable(await exchangeOverUdp(nsd, query));
    expect(comparable(answerQuery(query, zones, 'udp'))).toEqual(theirs);
  };

  const cases = Object.entries(questions).flatMap(([about, list]) => list.map((question) => [about, question]));
  test.each(cases)('%s: %s', async (_, question) => compare(inExample(question)));

  test.each(['www.elsewhere.test. A', '. NS', 'none.other.test. A', 'other.test. DS', 'test. A'])(
    '%s',
    async (question) => compare(question),
  );

  test('RD and the letter case of the question come back', async () => {
    const wireName = Uint8Array.of(3, ...Buffer.from('wWw'), 7, ...Buffer.from('eXAmple'), 0);
    const query = queryFor('www.example. A', { wireName, flags: 0x0100 });
    const ours = answerQuery(query, zones, 'udp')!;
    const theirs = (await exchangeOverUdp(nsd, query))!;
    expect(ours.subarray(0, query.length - 11)).toEqual(Uint8Array.from(theirs.subarray(0, query.length - 11)));
  });

  test('a set that does not fit is not sent, with TC; over TCP it is', async () => {
    const query = queryFor('big.example. TXT');
    const ours = readResponse(answerQuery(query, zones, 'udp'));
    expect(ours.flags).toEqual(readResponse(await exchangeOverUdp(nsd, query)).flags);
    const overTcp = await exchangeOverTcp(nsd, query);
    if (typeof overTcp === 'string') throw new Error(overTcp);
    expect(comparable(answerQuery(query, zones, 'tcp'))).toEqual(comparable(overTcp));
  });

  test.each([
    ['a later version of EDNS', { version: 1 }],
    ['another opcode', { flags: 2 << 11 }],
  ])('%s', async (_, options) => {
    const query = queryFor('www.example. A', options);
    const theirs = readResponse(await exchangeOverUdp(nsd, query));
    expect(readResponse(answerQuery(query, zones, 'udp')).rcode).toBe(theirs.rcode);
  });
});
