import { expect, test } from 'vitest';

import { labelCount, name, nameToText } from '../dns/name.ts';
import { Type } from '../dns/record-type.ts';
import { MAX_MINIMISE_COUNT, nextAsk, type MinimisationMode } from './qname-minimisation.ts';

const ask = (mode: MinimisationMode, sname: string, known: string, step = 0): string => {
  const { qname, qtype, isMinimised } = nextAsk(mode, name(sname), Type.TXT, name(known), step);
  return `${nameToText(qname)} ${qtype === Type.A ? 'A' : 'TXT'}${isMinimised ? ' minimised' : ''}`;
};

test.each<[string, MinimisationMode, string, string, string]>([
  ['one label more than the zone', 'relaxed', 'www.example.', '.', 'example. A minimised'],
  ['strict asks the same', 'strict', 'a.b.example.', 'example.', 'b.example. A minimised'],
  ['the whole name, when that is one label more', 'relaxed', 'www.example.', 'example.', 'www.example. TXT'],
  ['the zone itself', 'relaxed', 'example.', 'example.', 'example. TXT'],
  ['the root', 'relaxed', '.', '.', '. TXT'],
  ['off asks for the whole name', 'off', 'a.b.c.example.', '.', 'a.b.c.example. TXT'],
])('%s', (_, mode, sname, known, expected) => {
  expect(ask(mode, sname, known)).toBe(expected);
});

test.each([2, 5, 11, 34, 100, 127])(
  'a name of %i labels is reached in at most ten questions (RFC 9156 §2.3)',
  (labels) => {
    const sname = name('a.'.repeat(labels));
    let known = name('.');
    let questions = 1;
    for (let step = 0; ; step++, questions++) {
      const next = nextAsk('relaxed', sname, Type.TXT, known, step);
      if (!next.isMinimised) break;
      expect(labelCount(next.qname)).toBeGreaterThan(labelCount(known));
      known = next.qname;
    }
    expect(questions).toBe(Math.min(labels, MAX_MINIMISE_COUNT));
  },
);

test('the first four questions add one label each, wherever the name ends', () => {
  const sname = name('a.'.repeat(100));
  for (let step = 0; step < 4; step++) {
    const { qname } = nextAsk('relaxed', sname, Type.TXT, name('a.'.repeat(step) || '.'), step);
    expect(labelCount(qname)).toBe(step + 1);
  }
});

test('no more is minimised after ten questions', () => {
  expect(ask('relaxed', 'a.b.c.d.example.', '.', MAX_MINIMISE_COUNT)).toBe('a.b.c.d.example. TXT');
});
