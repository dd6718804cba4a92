/**
 * F4: RDLENGTH that lies: an address of three octets, a name that runs across the end of its record, an empty record of
 * a type that cannot be empty, octets behind the last record. Readers that trust it read their neighbour's memory.
 *
 * A record whose RDATA has not exactly the shape of its type keeps its frame and is not used
 * (dns/wire/message-view.ts, rdata-layout.ts); the message is refused when the frames do not fit. Octets behind the last
 * record of a query are read over, as nothing rests on them.
 */

import { describe, expect, test } from 'vitest';
import { name } from '../../src/dns/name.ts';
import { Type, typeToText } from '../../src/dns/record-type.ts';
import { hasRdataLayout, rdataLayout } from '../../src/dns/wire/rdata-layout.ts';
import { MessageView, readMessage } from '../../src/dns/wire/message-view.ts';
import { parseZoneText } from '../../src/dns/zone-text.ts';
import { CORPUS_ZONE } from '../fuzz/message-corpus.ts';
import { queryOctets } from '../support/client-query.ts';
import { readResponse } from '../support/messages.ts';
import { rawMessage, rawRecord, wwwQuestion } from '../support/raw-message.ts';
import { serveInternet } from '../support/served-internet.ts';
import { clientInternet } from './client-internet.ts';
import { recordFigure } from './figures.ts';

const { records } = parseZoneText(CORPUS_ZONE);
/** Types whose RDATA has an end of its own: one octet more or less cannot be right. */
const closed = records.filter(({ type }) => {
  const layout = rdataLayout(type);
  return layout !== undefined && layout.at(-1) !== 'rest';
});
const owner = wwwQuestion.slice(0, -4);

function rdataOfOne(type: number, rdata: readonly number[], rdlength = rdata.length): Uint8Array | undefined | string {
  const view = readMessage(rawMessage([1, 1, 0, 0], [...wwwQuestion, ...rawRecord(owner, type, rdata, rdlength)]));
  return view instanceof MessageView ? view.rdata(0) : view.why;
}

test.each(closed.map(({ type, rdata }) => [typeToText(type), type, rdata] as const))(
  '%s with an octet more or less is not used, and with RDLENGTH beyond the end not even its message',
  (text, type, rdata) => {
    expect(rdataOfOne(type, [...rdata])).toEqual(rdata);
    const wrong = [rdataOfOne(type, [...rdata, 0]), rdataOfOne(type, [...rdata].slice(0, -1))];
    expect(rdataOfOne(type, [...rdata], rdata.length + 1)).toBe('RDATA runs past the end');
    recordFigure(
      'F4',
      `records of ${text} used with a wrong length`,
      wrong.filter((one) => one !== undefined).length,
      0,
    );
  },
);

test.each(records.map(({ type, rdata }) => [typeToText(type), type, rdata] as const))(
  '%s cut at every octet gives what has its shape or nothing',
  (_, type, rdata) => {
    for (let length = 0; length < rdata.length; length++) {
      const read = rdataOfOne(type, [...rdata].slice(0, length));
      if (read !== undefined) expect(hasRdataLayout(type, read as Uint8Array)).toBe(true);
    }
  },
);

test('a name that ends in the next record is not used', () => {
  const across = [...rawRecord(owner, Type.NS, [3, 97, 98]), ...rawRecord(owner, Type.A, [1, 2, 3, 4])];
  const view = readMessage(rawMessage([1, 2, 0, 0], [...wwwQuestion, ...across])) as MessageView;
  expect([view.rdata(0), view.rdata(1)]).toEqual([undefined, Uint8Array.of(1, 2, 3, 4)]);
});

describe('a server that answers with', () => {
  test.each<[string, number[], number]>([
    ['an A record of three octets', [203, 0, 113], 0],
    ['an A record of five octets', [203, 0, 113, 7, 9], 0],
    ['an empty A record', [], 0],
  ])('%s gives its client no address, and the cache nothing', async (what, rdata, most) => {
    const record = rawRecord(owner, Type.A, rdata);
    const internet = serveInternet(
      clientInternet().server('192.0.2.1', {
        kind: 'octets',
        make: (query) => {
          const end = 12 + wwwQuestion.length;
          const header = Uint8Array.of(query[0], query[1], 0x84, 0, 0, 1, 0, 1, 0, 0, 0, 0);
          return Uint8Array.of(...header, ...query.subarray(12, end), ...record);
        },
      }),
    );
    const reply = await internet.ask(queryOctets());
    recordFigure('F4', `addresses given after ${what}`, readResponse(reply).answer.length, most);
    const { cache } = internet.service.resolver;
    const kept = [...cache.dump()].filter((entry) => entry.kind === 'rrset' && entry.name === name('www.example.'));
    recordFigure('F4', `sets kept after ${what}`, kept.length, 0);
    expect(internet.faults).toEqual([]);
  });
});

test('octets behind the last record of a query are read over', async () => {
  const octets = Uint8Array.of(...queryOctets(), ...new Uint8Array(500));
  const reply = await serveInternet(clientInternet()).ask(octets);
  expect(readResponse(reply).answer).toHaveLength(1);
});
