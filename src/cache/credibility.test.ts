import { describe, expect, test } from 'vitest';
import { mayAnswer, mayReplace, type Credibility } from './credibility.ts';

const leastToMost: Credibility[] = [
  'glue',
  'additional',
  'non-authoritative-answer',
  'authority',
  'authoritative-answer',
];

describe('RFC 2181 §5.4.1', () => {
  test('data is replaced by data that is believed at least as much', () => {
    for (const [i, newcomer] of leastToMost.entries()) {
      for (const [k, standing] of leastToMost.entries()) {
        expect(mayReplace(newcomer, standing), `${newcomer} over ${standing}`).toBe(i >= k);
      }
    }
  });

  test('what came along with a referral or in the additional section is no answer', () => {
    expect(leastToMost.filter(mayAnswer)).toEqual(['non-authoritative-answer', 'authority', 'authoritative-answer']);
  });
});
