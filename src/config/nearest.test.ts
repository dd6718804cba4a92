import { expect, test } from 'vitest';
import { editDistance, nearest } from './nearest.ts';

test.each([
  ['start', 'start', 0],
  ['strat', 'start', 1],
  ['maxTtl', 'maxTTl', 1],
  ['', 'abc', 3],
  ['abc', '', 3],
  ['kitten', 'sitting', 3],
])('%s becomes %s by as many slips as a person would count', (from, to, distance) => {
  expect(editDistance(from, to)).toBe(distance);
});

test.each([
  ['strat', 'start'],
  ['hint', 'hints'],
  ['MAXBYTES', 'maxBytes'],
  ['qnameMinimization', 'qnameMinimisation'],
])('%s was meant as %s', (word, meant) => {
  expect(nearest(word, ['start', 'hints', 'maxBytes', 'qnameMinimisation', 'prime'])).toBe(meant);
});

test('a word like none of the others gets no suggestion', () => {
  expect(nearest('elephant', ['start', 'hints', 'prime'])).toBeUndefined();
});
