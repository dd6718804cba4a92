import { expect, test } from 'vitest';

import { createSeededRandom } from '../../test/support/seeded-random.ts';
import { canonicalKey } from './canonical-order.ts';
import { compareCanonical, name, nameFromLabels, type Name } from './name.ts';

test('keys sort as RFC 4034 §6.1 sorts its example', () => {
  const names = [
    'example.',
    'a.example.',
    'yljkjljk.a.example.',
    'Z.a.example.',
    'zABC.a.EXAMPLE.',
    'z.example.',
    String.raw`\001.z.example.`,
    '*.z.example.',
    String.raw`\200.z.example.`,
  ].map((text) => name(text));
  const sorted = names.map(canonicalKey).sort();
  expect(sorted).toEqual(names.map(canonicalKey));
});

test('two keys compare as their names do, whatever octets the labels have', () => {
  const random = createSeededRandom(7);
  const octets = ['\0', '\x01', '\x02', 'a', 'b', '\xff'];
  const label = (): string =>
    Array.from({ length: 1 + random.below(3) }, () => octets[random.below(octets.length)]).join('');
  const anyName = (): Name => nameFromLabels(Array.from({ length: random.below(4) }, label))!;
  for (let i = 0; i < 5000; i++) {
    const [a, b] = [anyName(), anyName()];
    const [x, y] = [canonicalKey(a), canonicalKey(b)];
    expect(Math.sign(x < y ? -1 : x > y ? 1 : 0)).toBe(Math.sign(compareCanonical(a, b)));
  }
});
