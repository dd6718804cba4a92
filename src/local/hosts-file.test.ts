import { describe, expect, test } from 'vitest';
import { addressToText } from '../dns/address.ts';
import { name, nameToText } from '../dns/name.ts';
import { MOST_LINE_CHARACTERS, MOST_PROBLEMS, parseHostsFile } from './hosts-file.ts';

function entries(text: string): string[] {
  return parseHostsFile(text).entries.map(({ address, names }) =>
    [addressToText(address), ...names.map(nameToText)].join(' '),
  );
}

test.each([
  ['192.0.2.1 a.example', ['192.0.2.1 a.example.'], 'an address and a name'],
  ['192.0.2.1\ta.example a  b', ['192.0.2.1 a.example. a. b.'], 'aliases, behind tabs and blanks'],
  ['  192.0.2.1 a', ['192.0.2.1 a.'], 'blanks at the beginning'],
  ['192.0.2.1 a\r\n192.0.2.2 b\r\n', ['192.0.2.1 a.', '192.0.2.2 b.'], 'lines that end in CRLF'],
  ['# all\n192.0.2.1 a # b\n#192.0.2.2 c\n', ['192.0.2.1 a.'], 'comments'],
  ['192.0.2.1 a#b', ['192.0.2.1 a.'], 'a comment that begins inside a word'],
  ['\n\n \n192.0.2.1 a', ['192.0.2.1 a.'], 'empty lines'],
  ['2001:db8::1 a\n2001:DB8:0::2 b', ['2001:db8::1 a.', '2001:db8::2 b.'], 'IPv6 addresses'],
  ['fe80::1%eth0 router', ['fe80::1 router.'], 'an IPv6 scope, which is read over'],
  ['192.0.2.1 A.Example.', ['192.0.2.1 a.example.'], 'capitals and a dot at the end'],
  ['192.0.2.1 my_host', ['192.0.2.1 my_host.'], 'an underscore'],
  ['\ufeff192.0.2.1 a', ['192.0.2.1 a.'], 'a byte order mark'],
  ['', [], 'nothing'],
])('%j', (text, expected) => {
  expect(entries(text)).toEqual(expected);
  expect(parseHostsFile(text).problems).toEqual([]);
});

test('names are the same as those of zone files, up to the longest', () => {
  const words = ['a', 'A.b-C.', 'x_y.example', `${'a.'.repeat(126)}a`, 'a'.repeat(63), `${'b'.repeat(63)}.c`];
  const { entries: read } = parseHostsFile(`192.0.2.1 ${words.join(' ')}`);
  expect(read[0].names).toEqual(words.map((word) => name(word)));
});

describe('what is not sound is left out with its line and reason', () => {
  test.each([
    ['192.0.2.256 a\n192.0.2.1 b', 1, '"192.0.2.256" is no IP address', ['192.0.2.1 b.']],
    ['# one\n\nlocalhost 127.0.0.1', 3, '"localhost" is no IP address', []],
    ['x'.repeat(500), 1, `"${'x'.repeat(79)}…" is no IP address`, []],
    ['192.0.2.1', 1, '192.0.2.1 has no name', []],
    ['192.0.2.1 # a', 1, '192.0.2.1 has no name', []],
    ['192.0.2.1 a..b c', 1, '"a..b.": two dots follow each other, or the name begins with one', ['192.0.2.1 c.']],
    ['192.0.2.1 *.example', 1, '"*.example" has a character that no host name has', []],
    ['192.0.2.1 a\\.b', 1, '"a\\\\.b" has a character that no host name has', []],
    ['192.0.2.1 .', 1, '"." has a character that no host name has', []],
    ['192.0.2.1 .a', 1, '".a": two dots follow each other, or the name begins with one', []],
    [`192.0.2.1 ${'a.'.repeat(127)}a`, 1, 'it is longer than 255 octets', []],
    [`192.0.2.1 ${'a'.repeat(64)}`, 1, `"${'a'.repeat(64)}.": a label is longer than 63 octets`, []],
    ['192.0.2.1 bücher', 1, '"bücher": a character is not ASCII (write an international name by its xn-- form)', []],
  ])('%j', (text, line, why, left) => {
    expect(parseHostsFile(text).problems).toEqual([{ line, why: expect.stringContaining(why) }]);
    expect(entries(text)).toEqual(left);
  });

  test('and of very many, the first are told and all are counted', () => {
    const reading = parseHostsFile('<html>\n'.repeat(1000));
    expect(reading.problems).toHaveLength(MOST_PROBLEMS);
    expect(reading.problemCount).toBe(1000);
  });
});

test('a line longer than any honest one is left out with its reason, and those around it count', () => {
  const long = `192.0.2.1 ${'a '.repeat(MOST_LINE_CHARACTERS / 2)}`;
  const reading = parseHostsFile(`192.0.2.2 before\n${long}\n192.0.2.3 after\n`);
  expect(reading.entries.map(({ names }) => names)).toEqual([[name('before.')], [name('after.')]]);
  expect(reading.problems).toEqual([{ line: 2, why: 'it is longer than 65536 characters' }]);
});
