import { describe, expect, test } from 'vitest';
import { name, nameToWire } from '../dns/name.ts';
import { Class, Type } from '../dns/record-type.ts';
import { MessageView, readMessage } from '../dns/wire/message-view.ts';
import { createSeededRandom } from '../../test/support/seeded-random.ts';
import { composeQuery, type Query } from './compose-query.ts';
import type { ExchangeRequest } from './exchange.ts';

const request: ExchangeRequest = {
  server: { address: '192.0.2.1', port: 53 },
  transport: 'udp',
  qname: name('www.example.'),
  qtype: Type.AAAA,
  recursionDesired: false,
  payloadSize: 1232,
  dnssecOk: true,
  randomiseCase: false,
  withCookie: false,
  timeoutMs: 400,
};

function compose(changes: Partial<ExchangeRequest> = {}): { query: Query; message: MessageView } {
  const query = composeQuery({ ...request, ...changes }, createSeededRandom(3));
  const message = readMessage(query.octets);
  if (!(message instanceof MessageView)) throw new Error(message.why);
  return { query, message };
}

test('a query has one question, no record but OPT, nothing behind it, and no flag set', () => {
  const { query, message } = compose();
  expect(message.flags).toBe(0);
  expect([message.questionCount, message.answerCount, message.authorityCount, message.recordCount]).toEqual([
    1, 0, 0, 1,
  ]);
  expect([message.qname(), message.qtype, message.qclass]).toEqual([request.qname, Type.AAAA, Class.IN]);
  expect(message.trailing).toBe(0);
  expect([query.id, query.questionEnd]).toEqual([message.id, message.questionEnd]);
});

test.each([
  { payloadSize: 1232, dnssecOk: true },
  { payloadSize: 4096, dnssecOk: false },
])('EDNS with $payloadSize octets, DO $dnssecOk (RFC 6891 §6.1.2)', ({ payloadSize, dnssecOk }) => {
  const { message } = compose({ payloadSize, dnssecOk });
  expect(message.hasBadOpt).toBe(false);
  expect(message.opt()).toEqual({ payloadSize, dnssecOk, extendedRcode: 0, version: 0, options: new Uint8Array(0) });
});

test('a DNS cookie rides in the OPT record (RFC 7873 §4), and not where there is none', () => {
  const client = new Uint8Array(8).fill(7);
  const option = Uint8Array.of(0, 10, 0, 8, ...client);
  const cookie = { client, server: undefined, isOwed: false, option };
  const withCookie = (payloadSize: number): Query =>
    composeQuery({ ...request, payloadSize }, createSeededRandom(3), cookie);
  const message = readMessage(withCookie(1232).octets);
  expect(message instanceof MessageView && message.opt()?.options).toEqual(
    Uint8Array.of(0, 10, 0, 8, ...cookie.client),
  );
  expect(withCookie(0)).toMatchObject({ cookie: undefined, cookieRule: 'none' });
  expect(withCookie(0).octets).toEqual(compose({ payloadSize: 0 }).query.octets);
});

test('a payload size of 0 sends no OPT record, and the response may have 512 octets', () => {
  const { query, message } = compose({ payloadSize: 0 });
  expect(message.recordCount).toBe(0);
  expect(query.mostResponseOctets).toBe(512);
});

test('RD is set only where it is asked for', () => {
  expect(compose({ recursionDesired: true }).message.recursionDesired).toBe(true);
});

test('every query has an ID of its own, from the whole range', () => {
  const random = createSeededRandom(4);
  const ids = Array.from({ length: 20_000 }, () => composeQuery(request, random).id);
  // 20,000 draws of 65,536 leave about 17,240 different ones.
  expect(new Set(ids).size).toBeGreaterThan(17_000);
  expect(Math.min(...ids)).toBeLessThan(100);
  expect(Math.max(...ids)).toBeGreaterThan(65_436);
});

describe('letter case', () => {
  test('is the folded one unless it is to be random', () => {
    expect(compose().query.octets.subarray(12, 25)).toEqual(nameToWire(request.qname));
    expect(compose().query.mustKeepCase).toBe(false);
  });

  test('must come back over UDP, and need not over TCP', () => {
    const { query } = compose({ randomiseCase: true });
    expect(query.octets.subarray(12, 25)).not.toEqual(nameToWire(request.qname));
    expect(query.mustKeepCase).toBe(true);
    expect(compose({ randomiseCase: true, transport: 'tcp' }).query.mustKeepCase).toBe(false);
  });
});
