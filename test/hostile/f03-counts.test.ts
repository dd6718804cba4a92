/**
 * F3: counts that lie: no question, two, 65,535; 65,535 records in 12 octets.
 *
 * More records than there is room for are refused before anything is allocated for them (dns/wire/message-view.ts). A
 * query without exactly one question is a format error (RFC 9619 §4), answered by its header alone.
 */

import { expect, test } from 'vitest';
import { readMessage } from '../../src/dns/wire/message-view.ts';
import { countingReads } from '../support/counting-reads.ts';
import { readResponse } from '../support/messages.ts';
import { rawMessage, rawRecord, wwwQuestion } from '../support/raw-message.ts';
import { serveInternet } from '../support/served-internet.ts';
import { clientInternet } from './client-internet.ts';
import { recordFigure } from './figures.ts';

const MOST = 0xffff;

test.each<[string, Uint8Array]>([
  ['no question', rawMessage([0, 0, 0, 0], [])],
  ['no question, and one there', rawMessage([0, 0, 0, 0], wwwQuestion)],
  ['two questions', rawMessage([2, 0, 0, 0], [...wwwQuestion, ...wwwQuestion])],
  ['two questions, and one there', rawMessage([2, 0, 0, 0], wwwQuestion)],
  ['65,535 questions', rawMessage([MOST, 0, 0, 0], wwwQuestion)],
  ['65,535 answers', rawMessage([1, MOST, 0, 0], wwwQuestion)],
  ['65,535 authority records', rawMessage([1, 0, MOST, 0], wwwQuestion)],
  ['65,535 additional records', rawMessage([1, 0, 0, MOST], wwwQuestion)],
  ['as much as can be counted', rawMessage([MOST, MOST, MOST, MOST], [])],
  ['one record more than there are', rawMessage([1, 2, 0, 0], [...wwwQuestion, ...rawRecord([0], 1, [1, 2, 3, 4])])],
])('%s: a format error of one header', async (what, octets) => {
  const internet = serveInternet(clientInternet());
  const reply = await internet.ask(octets);
  expect(readResponse(reply).rcode).toBe('FORMERR');
  recordFigure('F3', `octets of the reply to ${what}`, reply!.length, 12);
  const { counted, reads } = countingReads(octets);
  readMessage(counted);
  recordFigure('F3', `reads for ${what}`, reads(), 3 * octets.length);
});

test('a record that is counted and sound does no harm: the question is answered', async () => {
  const internet = serveInternet(clientInternet());
  const octets = rawMessage(
    [1, 1, 1, 1],
    [
      ...wwwQuestion,
      ...Array(3)
        .fill(rawRecord([0], 1, [1, 2, 3, 4]))
        .flat(),
    ],
  );
  expect(readResponse(await internet.ask(octets)).answer).toEqual(['www.example. 300 A 203.0.113.7']);
});
