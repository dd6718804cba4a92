import { expect, test } from 'vitest';

import { responseTo, type ResponsePlan } from '../../test/support/responses.ts';
import type { ExchangeOutcome } from '../exchange/exchange.ts';
import { name } from '../dns/name.ts';
import { Rcode, Type } from '../dns/record-type.ts';
import { judgeOutcome } from './judge-outcome.ts';

const asked = { zone: name('example.'), qname: name('www.example.'), qtype: Type.A, isForwarder: false };
const saying = (plan: ResponsePlan): ExchangeOutcome => ({
  kind: 'response',
  message: responseTo('www.example. A', plan),
  echo: { letterCase: 'kept', cookie: 'not-sent' },
  roundTripMs: 20,
});
const verdict = (outcome: ExchangeOutcome): string => {
  const judged = judgeOutcome(outcome, asked).verdict;
  return judged.kind === 'usable' ? judged.meaning.kind : judged.lesson;
};

test.each<[string, ExchangeOutcome, string, boolean]>([
  ['an answer is used', saying({ answer: 'www.example. 60 A 203.0.113.7' }), 'answer', true],
  ['a referral is used', saying({ flags: [], authority: 'www.example. 60 NS ns.other.' }), 'referral', true],
  ['a denial is used', saying({ rcode: Rcode.NXDOMAIN }), 'nxdomain', true],
  ['a lame server is of no use', saying({ rcode: Rcode.REFUSED }), 'useless', true],
  ['an answer to something else is of no use', saying({ answer: 'x.example. 60 A 203.0.113.7' }), 'useless', true],
  ['a format error is asked again without EDNS', saying({ rcode: Rcode.FORMERR }), 'format-error', true],
  ['SERVFAIL without OPT is asked again without EDNS', saying({ rcode: Rcode.SERVFAIL }), 'format-error', true],
  ['a truncated response is asked again over TCP', saying({ flags: ['TC'] }), 'truncated', true],
  ['silence', { kind: 'timeout', waitedMs: 400 }, 'silent', false],
  ['nobody there', { kind: 'unreachable', code: 'ECONNREFUSED', waitedMs: 1 }, 'useless', false],
  ['another ID', { kind: 'mismatch', why: 'wrong-id', waitedMs: 1 }, 'suspicious', true],
  ['another question', { kind: 'mismatch', why: 'wrong-question', waitedMs: 1 }, 'suspicious', true],
  ['another letter case', { kind: 'mismatch', why: 'wrong-case', waitedMs: 1 }, 'wrong-case', true],
  ['no message', { kind: 'malformed', why: 'shorter than a header', waitedMs: 1 }, 'suspicious', true],
  ['not waited for', { kind: 'cancelled', waitedMs: 1 }, 'useless', false],
])('%s', (_, outcome, expected, wasHeard) => {
  expect(verdict(outcome)).toBe(expected);
  expect(judgeOutcome(outcome, asked).wasHeard).toBe(wasHeard);
});

test('SERVFAIL with OPT comes from a server that knows EDNS, so that there is nothing to leave out', () => {
  expect(verdict(saying({ rcode: Rcode.SERVFAIL, withEdns: true }))).toBe('useless');
});

test.each([
  ['FORMERR with OPT is about the cookie', Rcode.FORMERR, 'cookie-refused'],
  ['NOTIMP with OPT is about OPT all the same', Rcode.NOTIMP, 'format-error'],
] as const)('%s', (_, rcode, lesson) => {
  expect(verdict(saying({ rcode, withEdns: true }))).toBe(lesson);
});

test('why a server is lame is told', () => {
  const { lame, result, detail } = judgeOutcome(saying({ flags: [], authority: '. 60 NS ns.other.' }), asked);
  expect({ lame, result, detail }).toEqual({ lame: 'upward-referral', result: 'lame', detail: 'upward referral to .' });
});
