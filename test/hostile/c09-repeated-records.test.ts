/**
 * C9. One record thousands of times in a message (CVE-2026-75029): a CNAME, an SOA or an address repeated by pointers, so
 * that few octets become many records to keep, compare or sort.
 *
 * Of types that can only stand once the first is kept (iterate/collect.ts); equal records of a set are one record (RFC
 * 2181 §5).
 */

import { expect, test } from 'vitest';

import { Type } from '../../src/dns/record-type.ts';
import { readMessage, MessageView } from '../../src/dns/wire/message-view.ts';
import { countingReads } from '../support/counting-reads.ts';
import { simulatedInternet } from '../support/walking-resolver.ts';
import { besieged, numbered } from './besieged.ts';
import { recordFigure } from './figures.ts';
import type { Deed } from '../../src/lab/misbehaviour.ts';

/** As many as a message of 64 KiB has room for, an SOA being the largest. */
const TIMES = 900;

/** Every record of the answer so many times. */
const repeats = (seen?: (response: Uint8Array) => void): Deed[] => [
  {
    kind: 'redrafts',
    change: (draft) => ({
      ...draft,
      answer: draft.answer.flatMap((set) => numbered(TIMES, () => set)),
      authority: draft.authority.flatMap((set) => numbered(TIMES, () => set)),
    }),
  },
  {
    kind: 'octets',
    make(_, response) {
      seen?.(response);
      return response;
    },
  },
];

const zone = (deeds: readonly Deed[]) =>
  besieged(
    simulatedInternet()
      .zone('.', { at: '198.51.100.1' })
      .zone('z.', { at: '192.0.2.1', records: 'a CNAME b\nb A 203.0.113.7\nc A 203.0.113.8' })
      .server('192.0.2.1', ...deeds),
  );

test.each([
  ['a CNAME', 'a.z. A', 'a.z. 300 CNAME b.z.\nb.z. 300 A 203.0.113.7'],
  ['an address', 'c.z. A', 'c.z. 300 A 203.0.113.8'],
])('%s, 900 times, is kept once', async (what, question, expected) => {
  let largest: Uint8Array = new Uint8Array(0);
  const resolver = zone(repeats((response) => void (largest = response.length > largest.length ? response : largest)));
  const { reply } = await resolver.ask(question);
  expect(reply).toAnswer(expected);
  expect(reply.answer.every(({ count }) => count === 1)).toBe(true);
  const { counted, reads } = countingReads(largest);
  expect(readMessage(counted)).toBeInstanceOf(MessageView);
  recordFigure('C9', `reads an octet (${what})`, reads() / largest.length, 12);
  const { bytes } = resolver.resolver.cache.statistics();
  recordFigure('C9', `bytes kept ÷ octets received (${what})`, bytes / largest.length, 2);
});

test('an SOA, 900 times, denies once', async () => {
  const resolver = zone(repeats());
  const { reply } = await resolver.ask('none.z. A');
  expect(reply).toDeny('nxdomain');
  expect(reply.authority).toMatchObject([{ type: Type.SOA, count: 1 }]);
});
