/**
 * F2: labels above 63 octets, label types that were reserved (0x40, 0x80), names above 255 octets, written out or grown
 * by pointers; and the same given to our own encoder.
 *
 * Such a message is a format error, answered by its header alone (dns/wire/wire-name.ts). The text reader refuses such
 * names, and what cannot be made cannot be sent (dns/name.ts). RFC 1035 §2.3.4, RFC 6891 §5.
 */

import { describe, expect, test } from 'vitest';
import { name, nameFromLabels, parseName, prepend, substituteSuffix } from '../../src/dns/name.ts';
import { readResponse } from '../support/messages.ts';
import { pointer, rawMessage, rawRecord, wwwQuestion } from '../support/raw-message.ts';
import { serveInternet } from '../support/served-internet.ts';
import { clientInternet } from './client-internet.ts';
import { recordFigure } from './figures.ts';

const label = (octets: number): number[] => [octets, ...Array<number>(octets).fill(97)];
const question = (...qname: number[]): Uint8Array => rawMessage([1, 0, 0, 0], [...qname, 0, 1, 0, 1]);
/** 254 octets without the root. */
const longest = [...label(63), ...label(63), ...label(63), ...label(61)];

test.each<[string, Uint8Array]>([
  ['a label of 64 octets, which is one of type 0x40', question(...label(64), 0)],
  ['a label of type 0x41, once the bit string', question(0x41, 1, 0x80, 0)],
  ['a label of type 0x80', question(0x80, 97, 0)],
  ['256 octets written out', question(...longest, 1, 97, 0)],
  [
    '256 octets by a pointer',
    rawMessage([1, 1, 0, 0], [...longest, 0, 0, 1, 0, 1, ...rawRecord([1, 97, ...pointer(12)], 1, [1, 2, 3, 4])]),
  ],
  ['no end', question(...longest)],
])('a name with %s is a format error of one header', async (what, octets) => {
  const internet = serveInternet(clientInternet());
  const reply = await internet.ask(octets);
  expect(readResponse(reply).rcode).toBe('FORMERR');
  recordFigure('F2', `octets of the reply to ${what}`, reply!.length, 12);
});

test('a name of 255 octets is asked for like any other', async () => {
  const internet = serveInternet(clientInternet());
  const qname = [...label(63), ...label(63), ...label(63), ...label(48), ...wwwQuestion.slice(4, -4)];
  expect(qname).toHaveLength(250);
  const reply = await internet.ask(question(...label(4), ...qname));
  expect(readResponse(reply).rcode).toBe('NXDOMAIN');
});

describe('what our own encoder is given', () => {
  const long = nameFromLabels(Array.from({ length: 4 }, () => 'a'.repeat(62)))!;

  test('a label of 64 octets, and an empty one, make no name', () => {
    expect([nameFromLabels(['a'.repeat(64)]), nameFromLabels(['a', '', 'b'])]).toEqual([undefined, undefined]);
    expect(parseName(`${'a'.repeat(64)}.example.`)).toMatchObject({ why: expect.stringContaining('63') });
  });

  test('a name of 256 octets is not made: by labels, in front, by a DNAME, or from text', () => {
    expect(nameFromLabels(Array.from({ length: 5 }, () => 'a'.repeat(62)))).toBeUndefined();
    expect(prepend('abc', long)).toBeUndefined();
    expect(substituteSuffix(name('abc.example.'), name('example.'), long)).toBeUndefined();
    expect(parseName('a.'.repeat(128))).toMatchObject({ why: expect.stringContaining('255') });
  });
});

test('a server that answers with such a name is not believed, and the process goes on', async () => {
  const broken = Uint8Array.of(...label(64), 0);
  const internet = serveInternet(
    clientInternet().server('192.0.2.1', {
      kind: 'octets',
      make: (_, response) => Uint8Array.of(...response.subarray(0, 12), ...broken, ...response.subarray(12)),
    }),
  );
  expect(readResponse(await internet.ask(rawMessage([1, 0, 0, 0], wwwQuestion))).rcode).toBe('SERVFAIL');
  recordFigure('F2', 'faults from names of servers', internet.faults.length, 0);
});
