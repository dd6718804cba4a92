import { describe, expect, test } from 'vitest';
import { sipHash24 } from './siphash.ts';

/** Key 00 01 … 0f and data 00 01 … of the given length, as in the reference implementation's vectors.h. */
const key = Uint8Array.from({ length: 16 }, (_, i) => i);
const counting = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => i);

describe('SipHash-2-4 of the reference implementation', () => {
  test.each([
    [0, '310e0edd47db6f72'],
    [1, 'fd67dc93c539f874'],
    [2, '5a4fa9d909806c0d'],
    [3, '2d7efbd796666785'],
    [4, 'b7877127e09427cf'],
    [5, '8da699cd64557618'],
    [6, 'cee3fe586e46c9cb'],
    [7, '37d1018bf50002ab'],
    [8, '6224939a79f5f593'],
    [15, 'e545be4961ca29a1'],
    [63, '724506eb4c328a95'],
  ])('of %d octets', (length, hash) => {
    expect(Buffer.from(sipHash24(key, counting(length))).toString('hex')).toBe(hash);
  });
});

test('another key makes another hash', () => {
  expect(sipHash24(counting(16), counting(8))).not.toEqual(sipHash24(new Uint8Array(16), counting(8)));
});

test('neither key nor data are touched', () => {
  const data = counting(13);
  sipHash24(key, data);
  expect([key, data]).toEqual([counting(16), counting(13)]);
});
