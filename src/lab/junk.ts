/**
 * Octets that arrive before the answer and are not the answer: what a forger, a broken middlebox or a noisy network
 * sends. Each is made from the query and the true response, so that it is wrong in one way only.
 */

import { HEADER_OCTETS } from '../dns/wire/message-view.ts';

export type JunkKind =
  | 'empty'
  /** Less than a header. */
  | 'short'
  /** Octets without meaning. */
  | 'noise'
  /** The query itself comes back, QR=0. */
  | 'echo'
  | 'wrong-id'
  | 'wrong-case'
  | 'wrong-question'
  /** The right header, and a QNAME that is a pointer to itself. */
  | 'pointer-loop'
  /** The right header and question, and records counted that are not there. */
  | 'lying-counts'
  /** The true response, cut in the middle. */
  | 'cut';

export function makeJunk(kind: JunkKind, query: Uint8Array, response: Uint8Array): Uint8Array {
  switch (kind) {
    case 'empty':
      return new Uint8Array(0);
    case 'short':
      return response.slice(0, HEADER_OCTETS - 1);
    case 'noise':
      return Uint8Array.from({ length: 64 }, (_, i) => (i * 167 + 89) & 0xff);
    case 'echo':
      return query.slice();
    case 'wrong-id':
      return changed(response, 1, (octet) => octet ^ 0x55);
    case 'wrong-case':
      return withFlippedCase(response);
    case 'wrong-question':
      return changed(response, HEADER_OCTETS + 1, otherLetter);
    case 'pointer-loop':
      return Uint8Array.of(...headerWithCounts(response, 1, 0), 0xc0, 0x0c, 0, 1, 0, 1);
    case 'lying-counts':
      return changed(response, 7, () => 0xff);
    case 'cut':
      return response.slice(0, Math.max(HEADER_OCTETS, response.length - 5));
    default:
      return kind satisfies never;
  }
}

function changed(octets: Uint8Array, at: number, change: (octet: number) => number): Uint8Array {
  const copy = octets.slice();
  if (at < copy.length) copy[at] = change(copy[at]);
  return copy;
}

function headerWithCounts(response: Uint8Array, questions: number, answers: number): number[] {
  return [...response.subarray(0, 4), 0, questions, 0, answers, 0, 0, 0, 0];
}

function otherLetter(octet: number): number {
  return octet === 0x78 ? 0x79 : 0x78;
}

/** Flips the case of every letter of the first question's name; length octets are no letters, being below 64. */
export function withFlippedCase(message: Uint8Array): Uint8Array {
  const copy = message.slice();
  for (let at = HEADER_OCTETS; at < copy.length && copy[at] !== 0 && copy[at] < 0xc0; at++) {
    copy[at] = flipCase(copy[at]);
  }
  return copy;
}

export function flipCase(octet: number): number {
  const folded = octet | 0x20;
  return folded >= 0x61 && folded <= 0x7a ? octet ^ 0x20 : octet;
}
