import { describe, expect, test } from 'vitest';

import { createHandClock } from '../../test/support/hand-clock.ts';
import { name } from '../dns/name.ts';
import { Type } from '../dns/record-type.ts';
import type { Security } from '../query/security.ts';
import { createClockWatch, describeWrongClock, type WrongClock } from './clock-watch.ts';

const day = 86_400;
const now = Date.UTC(2026, 0, 1) / 1000;

const over = (zone: string, type: number = Type.DNSKEY): Security => ({
  state: 'bogus',
  reason: { check: 'signature-expired', zone: name(zone), type, inception: now - 30 * day, expiration: now - 9 * day },
});
const notBegun = (zone: string): Security => ({
  state: 'bogus',
  reason: { check: 'signature-not-yet-valid', zone: name(zone), type: Type.DNSKEY, inception: now + 9 * day },
});

function setUp() {
  const reports: (WrongClock | undefined)[] = [];
  const clockNames = [name('pool.ntp.org.')];
  const watch = createClockWatch({ clockNames }, { clock: createHandClock(), report: (wrong) => reports.push(wrong) });
  return { watch, reports };
}

test('signatures of the root that are over say that the clock is ahead, once', () => {
  const { watch, reports } = setUp();
  watch.note(over('.'));
  watch.note(over('.', Type.DS));
  expect(reports).toEqual([{ side: 'ahead', zone: name('.'), ourSeconds: now, boundSeconds: now - 9 * day }]);
  expect(describeWrongClock(watch.wrong()!, '.')).toBe(
    'the clock of this resolver says 2026-01-01T00:00:00Z, but the signatures of the root ended on ' +
      '2025-12-23T00:00:00Z: it is probably fast and has to be set',
  );
});

test('signatures of the root that have not begun say that it is behind', () => {
  const { watch } = setUp();
  watch.note(notBegun('.'));
  expect(describeWrongClock(watch.wrong()!, '.')).toContain('begin on 2026-01-10T00:00:00Z: it is probably slow');
});

describe('of top-level domains', () => {
  test('three in a row are needed, of one side', () => {
    const { watch, reports } = setUp();
    for (const zone of ['example.', 'test.', 'example.', 'test.']) watch.note(over(zone));
    watch.note(notBegun('invalid.'));
    expect(reports).toEqual([]);
    for (const zone of ['example.', 'test.', 'invalid.']) watch.note(over(zone));
    expect(reports).toHaveLength(1);
  });

  test('one that is proven between them speaks for the clock', () => {
    const { watch, reports } = setUp();
    watch.note(over('example.'));
    watch.note(over('test.'));
    watch.note({ state: 'secure' });
    watch.note(over('invalid.'));
    expect(reports).toEqual([]);
  });
});

test('what single zones below have forgotten to sign says nothing', () => {
  const { watch } = setUp();
  for (const zone of ['a.example.', 'b.example.', 'c.example.', 'd.example.']) watch.note(over(zone));
  for (const zone of ['a.', 'b.', 'c.', 'd.']) watch.note(over(zone, Type.A));
  expect(watch.wrong()).toBeUndefined();
});

test('names of time servers are exempt while the clock is wrong, and only then', () => {
  const { watch, reports } = setUp();
  const qname = name('0.debian.pool.ntp.org.');
  expect(watch.exempts(qname)).toBeUndefined();
  watch.note(over('.'));
  expect(watch.exempts(qname)).toMatchObject({ state: 'insecure', reason: { check: 'wrong-clock' } });
  expect(watch.exempts(name('ntp.org.'))).toBeUndefined();
  watch.note({ state: 'secure' });
  expect(watch.exempts(qname)).toBeUndefined();
  expect(reports).toHaveLength(2);
  expect(reports[1]).toBeUndefined();
});
