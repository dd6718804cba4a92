import { expect, test } from 'vitest';
import { dateToText, spanToText, stampToTime, timeToStamp, timeToText } from './time-text.ts';

const MOMENT = Date.UTC(2026, 10, 25, 10, 0, 0);

test.each([
  [MOMENT, '2026-11-25T10:00:00.000000Z'],
  [MOMENT + 123.456, '2026-11-25T10:00:00.123456Z'],
  [MOMENT + 999.9996, '2026-11-25T10:00:01.000000Z'],
  [MOMENT + 999.999, '2026-11-25T10:00:00.999999Z'],
  [0, '1970-01-01T00:00:00.000000Z'],
])('a moment is told in UTC to the microsecond: %d', (wallMs, text) => {
  expect(timeToText(wallMs)).toBe(text);
});

test('a date of a signature is told to the second', () => {
  expect(dateToText(MOMENT / 1000)).toBe('2026-11-25T10:00:00Z');
});

test('a stamp in a file name is read back, and nothing else is', () => {
  expect(timeToStamp(MOMENT + 123)).toBe('20261125T100000.123Z');
  expect(stampToTime('20261125T100000.123Z')).toBe(MOMENT + 123);
  expect(stampToTime('20261325T100000.123Z')).toBeUndefined();
  expect(stampToTime('yesterday')).toBeUndefined();
});

test.each([
  [0.04, '0.04 ms'],
  [1.26, '1.3 ms'],
  [400, '400 ms'],
  [99.96, '100 ms'],
  [1234, '1.2 s'],
])('%d ms is told as %s', (ms, text) => {
  expect(spanToText(ms)).toBe(text);
});
