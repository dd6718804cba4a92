import { describe, expect, test } from 'vitest';
import { aWalk, at, exchange } from '../../test/support/finished-query.ts';
import { name } from '../dns/name.ts';
import { Rcode } from '../dns/record-type.ts';
import { explainFailure } from './explain.ts';

const failed = at({ kind: 'failed', why: '' });

test('a walk that came to an answer has no sentence', () => {
  expect(explainFailure(aWalk([at(exchange('example.', { result: 'answer' }))]))).toBeUndefined();
});

test('the servers of the zone at which the walk ended are named with what each did', () => {
  const walk = aWalk([
    at(exchange('.', { result: 'referral', server: '198.51.100.1' })),
    at(exchange('example.')),
    at(exchange('example.')),
    at(exchange('example.', { serverName: undefined, server: '192.0.2.2', result: 'lame', rcode: Rcode.REFUSED })),
    failed,
  ]);
  expect(explainFailure(walk)).toBe(
    'no server of example. gave an answer that can be used: ' +
      'ns1.example. (192.0.2.1) timed out after 400 ms twice, 192.0.2.2 refused',
  );
});

test('what one server did is told in its order', () => {
  const walk = aWalk([
    at(exchange('example.')),
    at(exchange('example.', { roundTripMs: 800 })),
    at(exchange('example.', { result: 'server-failure', rcode: Rcode.SERVFAIL })),
    at(exchange('example.', { roundTripMs: 3000, transport: 'tcp' })),
    failed,
  ]);
  expect(explainFailure(walk)).toMatch(
    /timed out after 400 ms, then 800 ms, then said SERVFAIL, then timed out after 3 s over TCP$/,
  );
});

test('when nobody answers, the sentence says just that', () => {
  const walk = aWalk([
    at(exchange('example.')),
    at(exchange('example.', { server: '2001:db8::1', result: 'unreachable', detail: 'ENETUNREACH' })),
    failed,
  ]);
  expect(explainFailure(walk)).toBe(
    'no server of example. answered: ns1.example. (192.0.2.1) timed out after 400 ms, ' +
      'ns1.example. (2001:db8::1) is unreachable (ENETUNREACH)',
  );
});

test("the walk's own words come first, and stand alone when they name a server", () => {
  const asked = at(exchange('example.'));
  expect(explainFailure(aWalk([asked, at({ kind: 'failed', why: 'example. is not served' })]))).toBe(
    'example. is not served: ns1.example. (192.0.2.1) timed out after 400 ms',
  );
  expect(explainFailure(aWalk([asked, at({ kind: 'failed', why: '192.0.2.1 is down' })]))).toBe('192.0.2.1 is down');
});

test('a spent budget is the reason even when the last server answered', () => {
  const walk = aWalk([
    at(exchange('example.', { result: 'referral' })),
    at({ kind: 'budget-spent', bound: 'exchanges', limit: 50 }),
    failed,
  ]);
  expect(explainFailure(walk)).toBe('the work budget was spent (exchanges: 50)');
});

test('a walk that failed in one way and went on in another did not fail', () => {
  const walk = aWalk([
    at(exchange('example.')),
    at({ kind: 'failed', why: 'the forwarders did not answer; walking instead' }),
    at({ kind: 'start', zone: name('.'), from: 'hints' }),
    at(exchange('.', { result: 'answer' })),
  ]);
  expect(explainFailure(walk)).toBeUndefined();
});

test('a server that can only be found by asking it is the reason', () => {
  const loop = at({ kind: 'dependency-loop', name: name('ns.example.') });
  expect(explainFailure(aWalk([at(exchange('.', { result: 'referral' })), loop, failed]))).toBe(
    'ns.example. can only be found by asking that server itself',
  );
});

test('servers that failed before another one of their zone answered are not blamed', () => {
  const walk = aWalk([
    at(exchange('example.', { server: '192.0.2.9' })),
    at(exchange('example.', { result: 'alias' })),
    at(exchange('example.')),
    failed,
  ]);
  expect(explainFailure(walk)).not.toContain('192.0.2.9');
});

test('a zone stays the reason when its parent was asked once more, in vain', () => {
  const walk = aWalk([
    at(exchange('example.')),
    at(exchange('.', { result: 'referral', detail: 'to example.' })),
    failed,
  ]);
  expect(explainFailure(walk)).toBe('no server of example. answered: ns1.example. (192.0.2.1) timed out after 400 ms');
});

test('a server name that could not be found is the reason only where the walk got no further', () => {
  const lost = at(exchange('net.'), 1);
  const why = at({ kind: 'failed', why: 'too many aliases' });
  expect(explainFailure(aWalk([lost, at(exchange('example.', { result: 'alias' })), why]))).toBe('too many aliases');
  expect(explainFailure(aWalk([at(exchange('example.', { result: 'alias' })), lost, failed]))).toContain('net.');
});

test('an exchange that lost the race against another is not blamed', () => {
  const walk = aWalk([
    at(exchange('example.', { server: '192.0.2.9', result: 'cancelled' })),
    at(exchange('example.')),
    failed,
  ]);
  expect(explainFailure(walk)).toBe('no server of example. answered: ns1.example. (192.0.2.1) timed out after 400 ms');
});

test('a failure deeper down, of a server name, is not yet the failure of the walk', () => {
  const walk = aWalk([at(exchange('net.'), 1), at({ kind: 'failed', why: 'no address' }, 1)]);
  expect(explainFailure(walk)).toBeUndefined();
});

test('of many servers the first are named and the rest counted', () => {
  const events = Array.from({ length: 13 }, (_, i) => at(exchange('example.', { server: `192.0.2.${i}` })));
  const sentence = explainFailure(aWalk([...events, failed]))!;
  expect(sentence).toContain('(192.0.2.7)');
  expect(sentence).not.toContain('(192.0.2.8)');
  expect(sentence.endsWith(' and 5 more')).toBe(true);
});

describe('each result has its words', () => {
  test.each([
    [{ result: 'server-failure', rcode: Rcode.SERVFAIL }, 'said SERVFAIL'],
    [{ result: 'server-failure', rcode: Rcode.REFUSED }, 'refused'],
    [{ result: 'format-error', rcode: Rcode.FORMERR }, 'said FORMERR'],
    [{ result: 'lame', detail: 'upward referral to .' }, 'is lame (upward referral to .)'],
    [{ result: 'timeout', transport: 'tcp' }, 'timed out after 400 ms over TCP'],
    [{ result: 'truncated', transport: 'tcp' }, 'sent a truncated response over TCP'],
    [{ result: 'mismatch', detail: 'wrong-id' }, 'sent a response that does not match the question (wrong-id)'],
    [{ result: 'malformed', detail: 'a\u001b[2J' }, 'sent what is no DNS message (a\\u{1b}[2J)'],
  ] as const)('%o', (changes, words) => {
    const sentence = explainFailure(aWalk([at(exchange('example.', changes)), failed]))!;
    expect(sentence.slice(sentence.indexOf('(192.0.2.1) ') + 12)).toBe(words);
  });
});

test('octets of names cannot leave the sentence as control characters', () => {
  const walk = aWalk([at(exchange('example.', { serverName: name('\\027[31m\\010.example.') })), failed]);
  expect(explainFailure(walk)).toContain('\\027[31m\\010.example. (192.0.2.1)');
});
