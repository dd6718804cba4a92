import { expect, test } from 'vitest';
import { parseLogLine } from './parse-log-line.ts';

const line = {
  time: '2026-01-01T00:00:00.000000Z',
  client: '192.0.2.7',
  transport: 'udp',
  qname: 'www.example.',
  answers: [{ type: 'A', data: '203.0.113.7', ttl: 300 }],
  ms: { total: 1.5 },
};

test('a line of the log is read', () => {
  expect(parseLogLine(JSON.stringify(line))).toEqual(line);
});

test.each([
  ['half of one', JSON.stringify(line).slice(0, 50)],
  ['nothing', ''],
  ['a list', '[]'],
  ['null', 'null'],
  ['one without a client', JSON.stringify({ ...line, client: undefined })],
  ['one without a time that it took', JSON.stringify({ ...line, ms: null })],
  ['one whose answers are a number', JSON.stringify({ ...line, answers: 5 })],
  ['one whose answers have no data', JSON.stringify({ ...line, answers: [{ type: 'A' }] })],
  ['one whose name is a number', JSON.stringify({ ...line, qname: 7 })],
  ['one whose count is a text', JSON.stringify({ ...line, count: '7' })],
])('%s is no line of the log', (_, text) => {
  expect(parseLogLine(text)).toBeUndefined();
});
