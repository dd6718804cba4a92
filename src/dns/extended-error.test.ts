import { expect, test } from 'vitest';
import {
  ErrorCode,
  MAX_EXTRA_TEXT_OCTETS,
  errorCodeToText,
  extendedErrorOption,
  readExtendedError,
} from './extended-error.ts';

test('an extended error written is the one read (RFC 8914 §2)', () => {
  const error = { code: ErrorCode.NO_REACHABLE_AUTHORITY, text: 'no server of example. answered; größer' };
  expect(readExtendedError(extendedErrorOption(error).data)).toEqual(error);
});

test('a text that is too long is cut between characters', () => {
  for (const text of ['x'.repeat(300), 'ü'.repeat(200), '€'.repeat(100), '😀'.repeat(70)]) {
    const { data } = extendedErrorOption({ code: 0, text });
    expect(data.length).toBeLessThanOrEqual(2 + MAX_EXTRA_TEXT_OCTETS);
    expect(data.length).toBeGreaterThan(MAX_EXTRA_TEXT_OCTETS - 4);
    expect(readExtendedError(data)?.text).toMatch(/^(?:x+|ü+|€+|(?:😀)+)…$/u);
  }
});

test('an option of one octet is no extended error, and two are one without a text', () => {
  expect(readExtendedError(Uint8Array.of(0))).toBeUndefined();
  expect(readExtendedError(Uint8Array.of(0, 22))).toEqual({ code: 22, text: '' });
});

test('a text from a server loses its final NUL and whatever steers a terminal', () => {
  const data = Uint8Array.of(0, 0, ...Buffer.from('a\u001b[2Jb\u0007\u0000'));
  expect(readExtendedError(data)?.text).toBe('a\ufffd[2Jb\ufffd');
});

test('codes have names, unknown ones their number', () => {
  expect(errorCodeToText(ErrorCode.DNSSEC_BOGUS)).toBe('dnssec bogus');
  expect(errorCodeToText(4711)).toBe('code 4711');
});
