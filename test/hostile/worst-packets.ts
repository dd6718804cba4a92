/** The packets of 64 KiB that cost a reader the most for each octet; tests count its work, bench/hostile.ts its time. */

import { Type } from '../../src/dns/record-type.ts';
import { pointer, rawMessage, rawRecord, wwwQuestion } from '../support/raw-message.ts';

const MOST = 65_535;

export function worstPackets(): Record<string, Uint8Array> {
  const longest = nameOfManyLabels();
  const at = 12 + wwwQuestion.length + 11;
  const { octets: chain, last } = pointerChain(at);
  return {
    'records with names of 120 labels': filled(longest, () => rawRecord(pointer(at), Type.A, [192, 0, 2, 1])),
    'records with names of 126 pointers': filled(chain, () => rawRecord(pointer(last), Type.NULL, [])),
    'name servers with names of 120 labels': filled(longest, () => rawRecord(pointer(at), Type.NS, pointer(at))),
    'empty records': filled([], () => rawRecord([0], Type.NULL, [])),
    'labels of one octet': filled([], () => rawRecord(longest, Type.NULL, [])),
  };
}

/** A record whose RDATA is what pointers lead to, then as many records as fit. */
function filled(target: readonly number[], record: () => number[]): Uint8Array {
  const body = [...wwwQuestion, ...rawRecord([0], 0xff00, target)];
  let count = 1;
  for (let next = record(); 12 + body.length + next.length <= MOST; next = record(), count++) body.push(...next);
  return rawMessage([1, count, 0, 0], body, 0x8180);
}

/** 120 labels of one octet. */
function nameOfManyLabels(): number[] {
  return [...Array.from({ length: 120 }, () => [1, 97]).flat(), 0];
}

/** Labels of one octet, each followed by a pointer to the one before: as many hops and labels as one name may have. */
function pointerChain(at: number): { octets: number[]; last: number } {
  const octets = [1, 97, 0];
  let before = at;
  for (let hop = 0; hop < 125; hop++) {
    const start = at + octets.length;
    octets.push(1, 97, ...pointer(before));
    before = start;
  }
  return { octets, last: before };
}
