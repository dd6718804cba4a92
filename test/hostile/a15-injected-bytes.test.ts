/**
 * A15. Injected bytes (Jeitner and Shulman, "Injection attacks reloaded", 2021): labels with dots, NUL, octets above
 * 127 or line ends are re-read by a layer that takes names for text, and become other names: in the cache, in a list,
 * in the log.
 *
 * Here a name is its octets throughout (`Name` in dns/name.ts), and text is made of it only for people, escaped so that
 * it reads back as the same octets (RFC 1035 §5.1).
 */

import { describe, expect, test } from 'vitest';

import { createCache } from '../../src/cache/cache.ts';
import { name, nameFromWire, nameToText, nameToWire, parseName, type Name } from '../../src/dns/name.ts';
import { Type } from '../../src/dns/record-type.ts';
import { rrset } from '../../src/dns/rrset.ts';
import { parseHostsFile } from '../../src/local/hosts-file.ts';
import { createHostsTable } from '../../src/local/hosts-table.ts';
import { logLine } from '../../src/observe/log-line.ts';
import { createHandClock } from '../support/hand-clock.ts';
import { createSeededRandom } from '../support/seeded-random.ts';
import { defaultOptions } from '../support/resolver-options.ts';
import { simulatedInternet } from '../support/walking-resolver.ts';
import { clientTo } from './client-to.ts';
import { recordFigure } from './figures.ts';

const SEQUENCES = 1_000_000;
const random = createSeededRandom(15);
/** Octets that text layers trip over, and a few letters so that names are often nearly the same. */
const TRICKY = [0x00, 0x2e, 0x5c, 0x0a, 0x22, 0x61, 0x41, 0x62, 0xff, 0x80, 0x81, 0xc3, 0x4b, 0x6b, 0x20, 0x25];

/** One to four labels of one to three octets. */
function randomWire(): Uint8Array {
  const octets: number[] = [];
  for (let labels = 1 + random.below(4); labels > 0; labels--) {
    const length = 1 + random.below(3);
    octets.push(length);
    for (let i = 0; i < length; i++) octets.push(random.below(4) === 0 ? random.below(256) : TRICKY[random.below(16)]);
  }
  octets.push(0);
  return Uint8Array.from(octets);
}

/** The wire octets with A to Z as a to z, and nothing else changed: what makes two names equal (RFC 4343 §3). */
function foldedByHand(wire: Uint8Array): string {
  let text = '';
  for (let at = 0; at < wire.length;) {
    const length = wire[at];
    text += `${length}:`;
    for (let i = 1; i <= length; i++) {
      const octet = wire[at + i];
      text += `${octet >= 65 && octet <= 90 ? octet + 32 : octet},`;
    }
    at += 1 + length;
  }
  return text;
}

test('a million label sequences: equal names have equal keys, different names different ones', () => {
  const byWire = new Map<string, Name>();
  const byKey = new Map<Name, string>();
  let confused = 0;
  let misread = 0;
  for (let i = 0; i < SEQUENCES; i++) {
    const wire = randomWire();
    const key = nameFromWire(wire);
    const folded = foldedByHand(wire);
    if ((byWire.get(folded) ?? key) !== key || (byKey.get(key) ?? folded) !== folded) confused++;
    byWire.set(folded, key);
    byKey.set(key, folded);
    if (i % 10 === 0 && parseName(nameToText(key)) !== key) misread++;
  }
  recordFigure('A15', 'label sequences whose keys are confused, of 1,000,000', confused, 0);
  recordFigure('A15', 'names whose text reads back as another, of 100,000', misread, 0);
  expect(byKey.size).toBeGreaterThan(100_000);
});

/** Each is another name than its neighbours, and the same as itself in other letter case. */
const traps: readonly (readonly [string, readonly number[]])[] = [
  ['www.bank.lab.', [3, 0x77, 0x77, 0x77, 4, 0x62, 0x61, 0x6e, 0x6b, 3, 0x6c, 0x61, 0x62, 0]],
  ['www\\.bank.lab.', [8, 0x77, 0x77, 0x77, 0x2e, 0x62, 0x61, 0x6e, 0x6b, 3, 0x6c, 0x61, 0x62, 0]],
  ['bank\\000.lab.', [5, 0x62, 0x61, 0x6e, 0x6b, 0, 3, 0x6c, 0x61, 0x62, 0]],
  ['bank.lab.', [4, 0x62, 0x61, 0x6e, 0x6b, 3, 0x6c, 0x61, 0x62, 0]],
  ['\\128bank.lab.', [5, 0x80, 0x62, 0x61, 0x6e, 0x6b, 3, 0x6c, 0x61, 0x62, 0]],
  ['\\129bank.lab.', [5, 0x81, 0x62, 0x61, 0x6e, 0x6b, 3, 0x6c, 0x61, 0x62, 0]],
  ['\\255\\254.lab.', [2, 0xff, 0xfe, 3, 0x6c, 0x61, 0x62, 0]],
  // U+0130 and the Kelvin sign, in UTF-8: Unicode folds the first to i and a dot, the second to k.
  ['\\196\\176.lab.', [2, 0xc4, 0xb0, 3, 0x6c, 0x61, 0x62, 0]],
  ['i.lab.', [1, 0x69, 3, 0x6c, 0x61, 0x62, 0]],
  ['\\226\\132\\170.lab.', [3, 0xe2, 0x84, 0xaa, 3, 0x6c, 0x61, 0x62, 0]],
  ['k.lab.', [1, 0x6b, 3, 0x6c, 0x61, 0x62, 0]],
  // Latin-1 letters: À and à.
  ['\\192.lab.', [1, 0xc0, 3, 0x6c, 0x61, 0x62, 0]],
  ['\\224.lab.', [1, 0xe0, 3, 0x6c, 0x61, 0x62, 0]],
  ['a\\010b.lab.', [3, 0x61, 0x0a, 0x62, 3, 0x6c, 0x61, 0x62, 0]],
  ['\\"\\@\\;.lab.', [3, 0x22, 0x40, 0x3b, 3, 0x6c, 0x61, 0x62, 0]],
  [`${'x'.repeat(63)}.lab.`, [63, ...Array.from({ length: 63 }, () => 0x78), 3, 0x6c, 0x61, 0x62, 0]],
];

describe('names that text layers confuse', () => {
  test.each(traps)('%s is its own octets, and its text reads back', (text, octets) => {
    const wire = Uint8Array.from(octets);
    expect(name(text)).toBe(nameFromWire(wire));
    expect(nameToWire(nameFromWire(wire))).toEqual(wire);
    expect(parseName(nameToText(nameFromWire(wire)))).toBe(nameFromWire(wire));
  });

  test('in the cache each has its own record', () => {
    const cache = createCache(defaultOptions.cache, { clock: createHandClock() });
    const from = { server: '192.0.2.1', zone: name('lab.'), walkId: 'w' };
    for (const [i, [text]] of traps.entries()) {
      cache.rrsets.put(rrset(name(text), Type.A, 300, [Uint8Array.of(203, 0, 113, i)]), 'authoritative-answer', from);
    }
    const mixedUp = traps.filter(([text], i) => cache.rrsets.get(name(text), Type.A)?.rrset.packed[5] !== i);
    recordFigure('A15', 'names that share a record in the cache', mixedUp.length, 0);
  });

  test('in a hosts file, too, a name is only itself', () => {
    const text = traps.map(([trap], i) => `203.0.113.${i} ${trap}`).join('\n');
    const { entries } = parseHostsFile(text);
    const table = createHostsTable(entries);
    const mixedUp = traps.filter(([trap], i) => {
      const result = table.answer(name(trap), Type.A);
      // Names that no host can have are left out of the table; no other may answer in their place.
      return result.kind === 'reply' && result.reply.answer.some(({ packed }) => packed[5] !== i || packed.length > 6);
    });
    expect(entries.length).toBeGreaterThan(2);
    recordFigure('A15', 'names that share an entry of a hosts file', mixedUp.length, 0);
  });

  test('in the log each is told apart, without octets that do something to a terminal', async () => {
    const client = clientTo(
      simulatedInternet()
        .zone('.', { at: '198.51.100.1' })
        .zone('lab.', { at: '192.0.2.1', records: '* A 203.0.113.7' }),
    );
    await client.askTogether(traps.map(([, octets]) => ({ labels: labelsOf(octets) })));
    const logged = client.finished.map((one) => logLine(one).qname ?? '');
    expect(new Set(logged.map((text) => parseName(text)))).toEqual(new Set(traps.map(([text]) => name(text))));
    expect(logged.filter((text) => /[^\x21-\x7e]/.test(text))).toEqual([]);
  });

  test('a client who asks for one is never given the record of another', async () => {
    const client = clientTo(
      simulatedInternet()
        .zone('.', { at: '198.51.100.1' })
        .zone('lab.', { at: '192.0.2.1', records: traps.map(([text], i) => `${text} A 203.0.113.${i}`).join('\n') }),
    );
    let wrong = 0;
    for (const again of [false, true]) {
      for (const [i, [, octets]] of traps.entries()) {
        const labels = labelsOf(octets);
        const reply = await client.ask({ labels: again ? labels.map(upperCase) : labels });
        const rdata = reply?.rdata(0);
        if (rdata?.[3] !== i) wrong++;
      }
    }
    recordFigure('A15', 'clients given the record of another name', wrong, 0);
  });
});

/** Of ASCII letters alone. */
function upperCase(label: string): string {
  return label.replaceAll(/[a-z]/g, (letter) => letter.toUpperCase());
}

function labelsOf(octets: readonly number[]): string[] {
  const labels: string[] = [];
  for (let at = 0; octets[at] !== 0; at += 1 + octets[at]) {
    labels.push(Buffer.from(octets.slice(at + 1, at + 1 + octets[at])).toString('latin1'));
  }
  return labels;
}
