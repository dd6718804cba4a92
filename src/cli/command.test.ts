import { expect, test } from 'vitest';
import { badUsage, readArguments } from './command.ts';
import type { Io } from './command.ts';

const options = {
  config: { type: 'string', short: 'c' },
  follow: { type: 'boolean' },
  name: { type: 'string', multiple: true },
} as const;

test('options and names are read with their types', () => {
  const read = readArguments(['--config', 'a.yaml', 'www.example', '--follow', '--name=b', '--name', 'c'], options, {
    required: ['NAME'],
    optional: ['TYPE'],
  });
  expect(read).toEqual({
    kind: 'arguments',
    values: { config: 'a.yaml', follow: true, name: ['b', 'c'] },
    positionals: ['www.example'],
  });
});

test.each([
  [['--confg', 'x'], 'there is no option --confg; did you mean --config?'],
  [['--elephant'], 'there is no option --elephant'],
  [['-z'], 'there is no option -z'],
  [['--config'], '--config needs a value'],
  [['--config='], '--config needs a value'],
  [['-c'], '-c needs a value'],
  [['--config', '--follow'], '--config needs a value (one that begins with a dash is written --config=--follow)'],
  [['--follow=yes'], '--follow takes no value'],
  [['one', 'two'], '"two" is one argument too many'],
])('%j is refused with a sentence', (args, why) => {
  expect(readArguments(args, options, { optional: ['NAME'] })).toEqual({ kind: 'bad-usage', why });
});

test('a missing argument is named as in the usage', () => {
  expect(readArguments([], options, { required: ['NAME'] })).toEqual({ kind: 'bad-usage', why: 'NAME is missing' });
});

test('what follows -- is never an option', () => {
  expect(readArguments(['--', '--follow'], options, { required: ['NAME'] })).toEqual({
    kind: 'arguments',
    values: {},
    positionals: ['--follow'],
  });
});

test('a call that went wrong exits with 2 and points to the help', () => {
  let written = '';
  const io = { stderr: (text: string) => void (written += text) } as Io;
  expect(badUsage(io, { name: 'query' }, 'NAME is missing')).toBe(2);
  expect(written).toBe('rootwalk query: NAME is missing\nSee `rootwalk help query`.\n');
});
