import { expect, test } from 'vitest';
import { name } from '../dns/name.ts';
import { internationalForm } from './international-name.ts';

test.each([
  ['xn--mnchen-3ya.example.', 'münchen.example.'],
  ['www.xn--wgv71a119e.example.', 'www.日本語.example.'],
  ['www.example.', undefined],
  ['xn--.example.', undefined],
  ['xn--a.example.', undefined],
  ['_dmarc.xn--mnchen-3ya.example.', undefined],
  ['a\\000.xn--mnchen-3ya.example.', undefined],
])('%s is shown as %s', (text, shown) => {
  expect(internationalForm(name(text))).toBe(shown);
});
