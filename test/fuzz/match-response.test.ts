/**
 * 200,000 messages of chance against one query: none of them throws, and what is taken for the response has its ID
 * and its question. Half of them are the response with a few octets changed, as pure chance rarely gets past the ID.
 */

import { expect, test } from 'vitest';
import { composeQuery } from '../../src/exchange/compose-query.ts';
import { matchResponse } from '../../src/exchange/match-response.ts';
import { name } from '../../src/dns/name.ts';
import { createSeededRandom } from '../support/seeded-random.ts';

const MESSAGES = 200_000;
const MOST_OCTETS = 1300;

const random = createSeededRandom(20_260);
const query = composeQuery(
  {
    server: { address: '192.0.2.1', port: 53 },
    transport: 'udp',
    qname: name('www.example.'),
    qtype: 1,
    recursionDesired: false,
    payloadSize: 1232,
    dnssecOk: true,
    randomiseCase: true,
    withCookie: false,
    timeoutMs: 400,
  },
  random,
);

function anyMessage(): Uint8Array {
  const octets = new Uint8Array(random.below(4) === 0 ? random.below(MOST_OCTETS) : random.below(60));
  for (let i = 0; i < octets.length; i++) octets[i] = random.below(256);
  return octets;
}

function changedResponse(): Uint8Array {
  const octets = query.octets.slice(0, query.octets.length - (random.below(3) === 0 ? random.below(30) : 0));
  octets[2] |= 0x80;
  for (let changes = random.below(4); changes > 0; changes--) octets[random.below(octets.length)] = random.below(256);
  return octets;
}

test('200,000 messages of chance neither throw nor pass for what they are not', () => {
  const question = Buffer.from(query.octets.subarray(12, query.questionEnd)).toString('latin1');
  const seen = { response: 0, junk: 0, mismatch: 0 };
  let strangers = 0;
  for (let i = 0; i < MESSAGES; i++) {
    const octets = i % 2 === 0 ? anyMessage() : changedResponse();
    const match = matchResponse(octets, query);
    seen[match.kind]++;
    if (match.kind !== 'response') continue;
    const { message } = match;
    const isOurs = Buffer.from(octets.subarray(12, query.questionEnd)).toString('latin1') === question;
    const isBareRefusal = message.questionCount === 0 && message.answerCount + message.authorityCount === 0;
    if (message.id !== query.id || !(isOurs || isBareRefusal)) strangers++;
  }
  expect(strangers).toBe(0);
  expect(seen.response + seen.junk + seen.mismatch).toBe(MESSAGES);
  // Each way out was taken often, so that the test has looked at all three.
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(10_000);
});
