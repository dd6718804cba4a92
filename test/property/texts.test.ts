import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalRRset, canonicalRdata, compareRdata } from '../../src/dns/canonical.ts';
import { formatRRset, rdataFromText, rdataToText, rdataToValue } from '../../src/dns/presentation.ts';
import { typeToText } from '../../src/dns/record-type.ts';
import { rdataOf } from '../../src/dns/rrset.ts';
import { cutZoneText } from '../../src/dns/text/zone-entries.ts';
import { parseZoneText } from '../../src/dns/zone-text.ts';
import { anyRRset, dataType, dataTypes, octets, rdata } from './arbitraries.ts';

/** Types for which any octets at all must be shown, beside those with the wire's layout. */
const anyRecord = dataType.chain((type) =>
  fc.record({ type: fc.constant(type), octets: fc.oneof(rdata(type), octets(0, 60)) }),
);

test('RDATA leads to text and back to the same octets, whatever it holds', () => {
  fc.assert(
    fc.property(
      dataType.chain((type) => fc.record({ type: fc.constant(type), octets: rdata(type) })),
      ({ type, octets }) => {
        const text = rdataToText(type, octets);
        const [entry] = cutZoneText(text).entries;
        expect(rdataFromText(type, entry.words), `${typeToText(type)} ${text}`).toEqual(octets);
      },
    ),
    { numRuns: 3000 },
  );
});

test('any octets are shown for any type, on one line of printable ASCII, and as JSON', () => {
  fc.assert(
    fc.property(anyRecord, ({ type, octets }) => {
      expect(rdataToText(type, octets)).toMatch(/^[\x20-\x7e]+$/);
      const value = rdataToValue(type, octets);
      expect(JSON.parse(JSON.stringify(value))).toEqual(value);
    }),
    { numRuns: 3000 },
  );
});

test('sets written as a master file are read from it again', () => {
  fc.assert(
    fc.property(fc.array(anyRRset, { maxLength: 6 }), (sets) => {
      const { records, problems } = parseZoneText(sets.map(formatRRset).join('\n'));
      expect(problems).toEqual([]);
      const wanted = sets.flatMap((set) => rdataOf(set).map((rdata) => ({ ...set, rdata: [...rdata] })));
      expect(records.map(({ owner, type, ttl, rdata }) => [owner, type, ttl, [...rdata]])).toEqual(
        wanted.map(({ owner, type, ttl, rdata }) => [owner, type, ttl, rdata]),
      );
      // Text from octets from text is that text.
      expect(records.map((r) => rdataToText(r.type, r.rdata))).toEqual(
        wanted.map(({ type, rdata }) => rdataToText(type, Uint8Array.from(rdata))),
      );
    }),
    { numRuns: 200 },
  );
});

test('any text at all is read as a zone without a throw, each line a record, a problem or nothing', () => {
  const word = fc.constantFrom(
    'a',
    '@',
    'IN',
    'A',
    'TXT',
    'NS',
    'SOA',
    'HTTPS',
    '60',
    '1h',
    '192.0.2.1',
    '(',
    ')',
    '"',
    '"x y"',
    ';',
    '\\',
    '\\#',
    '4',
    '$ORIGIN',
    '$TTL',
    '$INCLUDE',
    '\n',
    '\n ',
    '\r\n',
    '.',
    'alpn="h2',
    'ü',
    '\\300',
    'TYPE65280',
    '\u2028',
    '\u00a0',
  );
  const text = fc.oneof(
    fc.array(word, { maxLength: 60 }).map((words) => words.join(' ')),
    fc.array(word, { maxLength: 60 }).map((words) => words.join('')),
    fc.string({ unit: 'binary', maxLength: 200 }),
  );
  fc.assert(
    fc.property(text, (zone) => {
      const { records, problems } = parseZoneText(zone, { defaultTtl: 60 });
      const lines = zone.split(/\r\n|\n|\r/).length;
      for (const { line } of [...records, ...problems]) expect(line >= 1 && line <= lines).toBe(true);
    }),
    { numRuns: 3000 },
  );
});

/** RFC 4034 §6.3 said plainly. */
function plain(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < a.length && i < b.length; i++) if (a[i] !== b[i]) return a[i] < b[i] ? -1 : 1;
  return Math.sign(a.length - b.length);
}

test('the canonical form is idempotent, and its order total and the plain one', () => {
  for (const type of dataTypes) {
    fc.assert(
      fc.property(fc.array(rdata(type), { minLength: 2, maxLength: 5 }), (list) => {
        const folded = canonicalRdata(type, list[0]);
        expect(canonicalRdata(type, folded)).toEqual(folded);
        expect(folded.length).toBe(list[0].length);
        expect(Math.sign(compareRdata(list[0], list[1]))).toBe(plain(list[0], list[1]));
        const ordered = canonicalRRset(type, list);
        expect(canonicalRRset(type, list.toReversed())).toEqual(ordered);
        for (let i = 1; i < ordered.length; i++) expect(plain(ordered[i - 1], ordered[i])).toBe(-1);
      }),
      { numRuns: 20 },
    );
  }
});
