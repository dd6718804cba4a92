/** Every failure says in one sentence who was asked and what each did; the client gets it as an extended error. */

import { describe, expect, test } from 'vitest';

import { ErrorCode } from '../../src/dns/extended-error.ts';
import { Rcode } from '../../src/dns/record-type.ts';
import * as does from '../../src/lab/misbehaviour.ts';
import type { Misbehaviour } from '../../src/lab/misbehaviour.ts';
import { simulatedInternet } from '../support/walking-resolver.ts';

const SERVER = '192.0.2.1';
const NS1 = 'ns1.example. (192.0.2.1)';

async function failure(...misbehaviour: Misbehaviour[]): Promise<{ code: number; text: string }> {
  const { reply } = await simulatedInternet()
    .zone('.', { at: '198.51.100.1' })
    .zone('example.', { at: SERVER, records: 'www A 203.0.113.7' })
    .server(SERVER, ...misbehaviour)
    .ask('www.example. A');
  expect(reply).toFail();
  return reply.errors[0];
}

describe('a zone whose only server', () => {
  const unusable = (deed: string): string => `no server of example. gave an answer that can be used: ${NS1} ${deed}`;
  const silent = (deed: string): string => `no server of example. answered: ${NS1} ${deed}`;
  test.each<[string, Misbehaviour[], string]>([
    ['refuses', [does.refuses], unusable('refused')],
    ['fails', [does.failsAlways], unusable('said SERVFAIL')],
    ['does not know what it is for', [does.says(Rcode.NOTAUTH)], unusable('is lame (NOTAUTH)')],
    ['refers upward', [does.refersTo('.')], unusable('is lame (upward referral to .)')],
    ['refers to itself', [does.refersTo('example.')], unusable('is lame (self referral to example.)')],
    ['implements nothing', [does.says(Rcode.NOTIMP)], unusable('said NOTIMP twice')],
    ['has closed its ports', [does.udpRefused, does.tcpRefused], silent('is unreachable (ECONNREFUSED)')],
    [
      'truncates and has no TCP',
      [does.truncates, does.tcpRefused],
      unusable('sent a truncated response, then is unreachable over TCP (ECONNREFUSED)'),
    ],
    [
      'answers with another ID',
      [does.wrongId],
      unusable(
        'sent a response that does not match the question (wrong-id), then sent what is no DNS message (wrong-id)',
      ),
    ],
  ])('%s', async (_, misbehaviour, sentence) => {
    expect((await failure(...misbehaviour)).text).toBe(sentence);
  });

  test('is silent, with the time that was waited for it', async () => {
    const { text } = await failure(does.silent, does.tcpHangs);
    expect(text).toMatch(
      /^no server of example\. answered: ns1\.example\. \(192\.0\.2\.1\) timed out after 2\.2 s, then .* over TCP$/,
    );
  });
});

describe('the code of the extended error (RFC 8914) is', () => {
  test.each<[string, Misbehaviour[], number]>([
    ['No Reachable Authority where nobody answered', [does.silent, does.tcpHangs], ErrorCode.NO_REACHABLE_AUTHORITY],
    ['No Reachable Authority where all are lame', [does.refuses], ErrorCode.NO_REACHABLE_AUTHORITY],
    ['Network Error where something went wrong between us', [does.failsAlways], ErrorCode.NETWORK_ERROR],
  ])('%s', async (_, misbehaviour, code) => {
    expect((await failure(...misbehaviour)).code).toBe(code);
  });
});

test('of several servers each is named with what it did', async () => {
  const { reply } = await simulatedInternet()
    .zone('.', { at: '198.51.100.1' })
    .zone('example.', { at: [SERVER, '192.0.2.2', '192.0.2.3'] })
    .server(SERVER, does.refuses)
    .server('192.0.2.2', does.failsAlways)
    .server('192.0.2.3', does.refersTo('.'))
    .ask('www.example. A');
  const { text } = reply.errors[0];
  expect(text).toContain(`${NS1} refused`);
  expect(text).toContain('ns2.example. (192.0.2.2) said SERVFAIL');
  expect(text).toContain('ns3.example. (192.0.2.3) is lame (upward referral to .)');
});

test('what failed at a zone above is told of that zone', async () => {
  const { reply } = await simulatedInternet()
    .zone('.', { at: '198.51.100.1' })
    .zone('test.', { at: '192.0.2.53' })
    .zone('example.test.', { at: SERVER })
    .server('192.0.2.53', does.refuses)
    .ask('www.example.test. A');
  expect(reply).toFail(/^no server of test\. gave an answer that can be used: ns1\.test\. \(192\.0\.2\.53\) refused/);
});

test('a failure behind an alias is told of the zone that the alias leads to', async () => {
  const { reply } = await simulatedInternet()
    .zone('.', { at: '198.51.100.1' })
    .zone('other.', { at: '192.0.2.2' })
    .zone('example.', { at: SERVER, records: 'www CNAME a.other.' })
    .server('192.0.2.2', does.refuses)
    .ask('www.example. A');
  expect(reply).toFail(/^no server of other\. .*192\.0\.2\.2\) refused/);
});

test('servers whose own servers are dead are told as having no address', async () => {
  const { reply } = await simulatedInternet()
    .zone('.', { at: '198.51.100.1' })
    .zone('hosting.', { at: '192.0.2.53' })
    .zone('example.', { at: { 'ns.hosting.': SERVER } })
    .server('192.0.2.53', does.silent, does.tcpHangs)
    .ask('www.example. A');
  expect(reply).toFail(/192\.0\.2\.53\) timed out/);
});
