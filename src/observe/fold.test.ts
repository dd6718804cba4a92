import { expect, test } from 'vitest';
import { MOMENT, aClient, answered, dropped, rejected } from '../../test/support/finished-query.ts';
import { Rcode } from '../dns/record-type.ts';
import { createFold, foldKind } from './fold.ts';

const from = (address: string, atMs: number) =>
  dropped('malformed', { client: { ...aClient, address }, receivedWallMs: MOMENT + atMs });

test('what came from one client within a second is one entry with its number, first and last', () => {
  const fold = createFold(10);
  for (const ms of [10, 5, 700]) fold.add(from('192.0.2.1', ms), 'malformed');
  expect(fold.takeAll()).toMatchObject([
    { count: 3, firstWallMs: MOMENT + 5, lastWallMs: MOMENT + 700, isManyClients: false },
  ]);
  expect(fold.size).toBe(0);
});

test('another client, another kind and another second are entries of their own, oldest first', () => {
  const fold = createFold(10);
  fold.add(from('192.0.2.1', 1500), 'malformed');
  fold.add(from('192.0.2.1', 3), 'malformed');
  fold.add(from('192.0.2.2', 2), 'malformed');
  fold.add(from('192.0.2.1', 1), 'refused');
  expect(fold.takeAll().map(({ firstWallMs }) => firstWallMs - MOMENT)).toEqual([1, 2, 3, 1500]);
});

test('the second that is going on stays, also when the clock was set back', () => {
  const fold = createFold(10);
  fold.add(from('192.0.2.1', 900), 'malformed');
  fold.add(from('192.0.2.1', 1100), 'malformed');
  fold.add(from('192.0.2.1', 3_600_000), 'malformed');
  expect(fold.takeAllBut(MOMENT + 1999)).toHaveLength(2);
  expect(fold.size).toBe(1);
});

test('a flood from more addresses than the table holds is one entry for the rest', () => {
  const fold = createFold(4);
  for (let i = 0; i < 200; i++) fold.add(from(`198.51.100.${i}`, i), 'malformed');
  const folded = fold.takeAll();
  expect(folded).toHaveLength(5);
  expect(folded.at(-1)).toMatchObject({ isManyClients: true, count: 196, lastWallMs: MOMENT + 199 });
});

test.each([
  ['an answer', answered('www.example.'), undefined],
  ['a refusal by rule', answered('www.example.', { source: 'rule', rcode: Rcode.REFUSED }), 'rule 5'],
  ['an answer by rule', answered('version.bind.', { source: 'rule' }), undefined],
  ['a failure of the walk', answered('www.example.', { source: 'recursion', rcode: Rcode.SERVFAIL }), undefined],
  ['a format error', rejected(Rcode.FORMERR, 'x'), 'rejected 1'],
  ['a dropped response', dropped('response'), 'dropped response'],
])('what is folded: %s', (_, finished, kind) => {
  expect(foldKind(finished)).toBe(kind);
});
