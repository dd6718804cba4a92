/**
 * Reads a line of the query log. A file there may have been written by anyone, or torn by a full disk: what has not the
 * form of our lines in all that is shown or filtered by is no line of ours.
 */

import type { LogLine } from '../observe/log-line.ts';

export function parseLogLine(text: string): LogLine | undefined {
  let line: unknown;
  try {
    line = JSON.parse(text);
  } catch {
    return undefined;
  }
  return isObject(line) && isOurs(line) ? (line as LogLine) : undefined;
}

const NEEDED = ['time', 'client', 'transport'];
const TEXTS = ['qname', 'idn', 'qtype', 'qclass', 'rcode', 'dropped', 'source', 'dnssec', 'error', 'first', 'last'];
const NUMBERS = ['answersLeftOut', 'exchanges', 'count'];

function isOurs(line: Fields): boolean {
  const { ms, answers } = line;
  return (
    NEEDED.every((field) => typeof line[field] === 'string') &&
    TEXTS.every((field) => isAbsentOr('string', line[field])) &&
    NUMBERS.every((field) => isAbsentOr('number', line[field])) &&
    isObject(ms) &&
    typeof ms['total'] === 'number' &&
    (answers === undefined || (Array.isArray(answers) && answers.every(isAnswer)))
  );
}

type Fields = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isAbsentOr(type: 'string' | 'number', value: unknown): boolean {
  return value === undefined || typeof value === type;
}

function isAnswer(value: unknown): boolean {
  return isObject(value) && typeof value['type'] === 'string' && typeof value['data'] === 'string';
}
