/** Where rootwalk and Unbound answer differently and both may: each with its reason. */

import type { Disagreement } from './against-unbound.ts';

type Known = { readonly why: string; readonly applies: (found: Disagreement) => boolean };

const known: readonly Known[] = [
  {
    why: 'RFC 6672 §3.1: the CNAME made from a DNAME is the answer to a question for CNAME; Unbound follows it nevertheless',
    applies: ({ question, ours }) =>
      question.endsWith(' CNAME') && ours.answer.some((line) => line.includes(' DNAME ')),
  },
  {
    why: 'Unbound 1.17 proves a chain with two wildcard aliases and a NODATA behind them as one, and fails ("cnamenoanswer proof failed"); each link by itself is proven',
    applies: ({ ours, theirs }) =>
      theirs.rcode === 'SERVFAIL' &&
      ours.rcode === 'NOERROR' &&
      ours.answer.length >= 2 &&
      ours.answer.every((line) => line.includes(' CNAME ')),
  },
];

export function explanation(found: Disagreement): string | undefined {
  return known.find(({ applies }) => applies(found))?.why;
}
