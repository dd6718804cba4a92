import { describe, expect, test } from 'vitest';
import { printable, shortened } from './printable.ts';

describe('text from elsewhere cannot steer a terminal', () => {
  test.each([
    ['an escape sequence', '\u001b[31mred', '\\u{1b}[31mred'],
    ['the one-character form of it', '\u009b31m', '\\u{9b}31m'],
    ['a line break', 'a\r\nb', 'a\\u{d}\\u{a}b'],
    ['NUL and DEL', '\0\u007f', '\\u{0}\\u{7f}'],
    ['a change of writing direction', 'abc\u202efdp.exe', 'abc\\u{202e}fdp.exe'],
    ['a line separator', 'a\u2028b', 'a\\u{2028}b'],
    ['a zero-width joiner', 'a\u200db', 'a\\u{200d}b'],
    ['a lone surrogate', 'a\ud800b', 'a\\u{d800}b'],
    ['a tag beyond the first plane', 'a\u{e0041}', 'a\\u{e0041}'],
    ['markup, which is text here', '<script>"\'', '<script>"\''],
    ['letters of any script', 'münchen 東京 🎉', 'münchen 東京 🎉'],
  ])('%s', (_, text, shown) => {
    expect(printable(text)).toBe(shown);
  });
});

test('text that is too long ends in an ellipsis, never in half a character', () => {
  expect(shortened('abcdef', 6)).toBe('abcdef');
  expect(shortened('abcdefg', 6)).toBe('abcde…');
  expect(shortened('abcd🎉fg', 6).isWellFormed()).toBe(true);
});
