/**
 * F1: compression pointers that lead round, forward, into the header or past the end, and chains of them, so that a
 * packet of 64 KiB costs what a million would (1999 on; RFC 9267 §2).
 *
 * A pointer leads only in front of all that was read of the name so far, a name has at most 127 of them and 255 octets
 * (dns/wire/wire-name.ts). So a name cannot go round, and a record of at least 11 octets costs a bounded number of reads:
 * the work is linear in the length of the packet. It is counted here, octet by octet; bench/hostile.ts has the time.
 */

import { describe, expect, test } from 'vitest';
import { MessageView, readMessage } from '../../src/dns/wire/message-view.ts';
import { u16 } from '../support/client-query.ts';
import { countingReads } from '../support/counting-reads.ts';
import { readResponse } from '../support/messages.ts';
import { pointer, rawMessage, rawRecord, wwwQuestion } from '../support/raw-message.ts';
import { serveInternet } from '../support/served-internet.ts';
import { clientInternet } from './client-internet.ts';
import { recordFigure } from './figures.ts';
import { worstPackets } from './worst-packets.ts';

const question = (qname: number[]): Uint8Array => rawMessage([1, 0, 0, 0], [...qname, 0, 1, 0, 1]);

test.each<[string, Uint8Array]>([
  ['to itself', question(pointer(12))],
  ['to itself behind a label', question([1, 97, ...pointer(12)])],
  ['forward', question([...pointer(18), 0, 1, 0, 1, 0])],
  ['to its own second octet', question(pointer(13))],
  ['into the header', question(pointer(4))],
  ['to the start of the message', question(pointer(0))],
  ['past the end', question(pointer(0x3fff))],
  ['cut in half', rawMessage([1, 0, 0, 0], [0xc0])],
  ['to each other', rawMessage([2, 0, 0, 0], [...pointer(18), 0, 1, 0, 1, ...pointer(12), 0, 1, 0, 1])],
])('a question whose name is a pointer %s is a format error of one header', async (what, octets) => {
  const internet = serveInternet(clientInternet());
  const reply = await internet.ask(octets);
  expect(readResponse(reply).rcode).toBe('FORMERR');
  recordFigure('F1', `octets of the reply to a pointer ${what}`, reply!.length, 12);
});

/** A name of one label and so many pointers, one behind the other in the RDATA of a record of an unknown type. */
function chain(hops: number): Uint8Array {
  const first = 12 + wwwQuestion.length + 11;
  const links = Array.from({ length: hops - 1 }, (_, i) => pointer(i === 0 ? first : first + 3 + 2 * (i - 1))).flat();
  const holder = rawRecord([0], 0xff00, [1, 97, 0, ...links]);
  const last = first + (hops === 1 ? 0 : 3 + 2 * (hops - 2));
  return rawMessage([1, 2, 0, 0], [...wwwQuestion, ...holder, ...rawRecord(pointer(last), 1, [192, 0, 2, 1])]);
}

test('a name may have 127 pointers and not one more', () => {
  const longest = readMessage(chain(127));
  expect(longest instanceof MessageView && longest.owner(1)).toBe('\x01a\0');
  expect(readMessage(chain(128))).toMatchObject({ why: 'too many compression pointers in one name' });
});

describe.each(Object.entries(worstPackets()))('the worst 64 KiB of %s', (what, octets) => {
  test('are read in time linear in their length', () => {
    const { counted, reads } = countingReads(octets);
    const view = readMessage(counted);
    recordFigure('F1', `reads for each octet of ${what}`, reads() / octets.length, 48);
    if (!(view instanceof MessageView)) return;
    const before = reads();
    for (let i = 0; i < view.recordCount; i++) {
      view.owner(i);
      view.rdata(i);
    }
    recordFigure(
      'F1',
      `reads for each octet, to take every name and RDATA of ${what}`,
      (reads() - before) / octets.length,
      96,
    );
  });

  test('cost no more per octet than their half does', () => {
    const readsOf = (part: Uint8Array): number => {
      const { counted, reads } = countingReads(part);
      readMessage(counted);
      return reads();
    };
    const half = octets.slice(0, octets.length >> 1);
    // As many records as are whole in the half.
    half.set(u16((((half[6] << 8) | half[7]) >> 1) - 2), 6);
    recordFigure('F1', `reads of the whole ÷ of the half: ${what}`, readsOf(octets) / Math.max(1, readsOf(half)), 2.2);
  });
});

test('a pointer that leads back to a name is followed, in a query as well', async () => {
  const internet = serveInternet(clientInternet());
  const second = rawRecord(pointer(12), 0xff00, [1, 2]);
  const reply = await internet.ask(rawMessage([1, 0, 0, 1], [...wwwQuestion, ...second]));
  expect(readResponse(reply).answer).toEqual(['www.example. 300 A 203.0.113.7']);
});
