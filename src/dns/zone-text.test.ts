import { expect, test } from 'vitest';
import { name, nameToText } from './name.ts';
import { rdataToText } from './presentation.ts';
import { typeToText } from './record-type.ts';
import { parseZoneText, type ZoneTextOptions } from './zone-text.ts';

function read(text: string, options: ZoneTextOptions = { defaultTtl: 60 }): { lines: string[]; problems: string[] } {
  const { records, problems } = parseZoneText(text, options);
  return {
    lines: records.map(
      (r) => `${r.line}: ${nameToText(r.owner)} ${r.ttl} ${typeToText(r.type)} ${rdataToText(r.type, r.rdata)}`,
    ),
    problems: problems.map(({ line, why }) => `${line}: ${why}`),
  };
}
const good = (text: string, options?: ZoneTextOptions): string[] => {
  const { lines, problems } = read(text, options);
  expect(problems).toEqual([]);
  return lines;
};

test('a zone with everything RFC 1035 §5 has', () => {
  const zone = String.raw`
$ORIGIN example.
$TTL 1h
@ IN SOA ns1 hostmaster.example. ( 2026010101 ; serial
                2h 15m   ; refresh, retry
                4w 300 )
    NS   ns1
 30 IN NS ns2.other.
$ORIGIN sub
www 1h30m A 192.0.2.1
www IN 60 AAAA 2001:db8::1 ; class first
www 60 in aaaa 2001:db8::2 ; TTL first
*   TXT "a ; b" c\032d "" "say \"hi\""
\@  CNAME @
a\.b TYPE65280 \# 3 0102 03
`;
  expect(good(zone, {})).toEqual([
    '4: example. 3600 SOA ns1.example. hostmaster.example. 2026010101 7200 900 2419200 300',
    '7: example. 3600 NS ns1.example.',
    '8: example. 30 NS ns2.other.',
    '10: www.sub.example. 5400 A 192.0.2.1',
    '11: www.sub.example. 60 AAAA 2001:db8::1',
    '12: www.sub.example. 60 AAAA 2001:db8::2',
    String.raw`13: *.sub.example. 3600 TXT "a ; b" "c d" "" "say \"hi\""`,
    String.raw`14: \@.sub.example. 3600 CNAME sub.example.`,
    String.raw`15: a\.b.sub.example. 3600 TYPE65280 \# 3 010203`,
  ]);
});

test.each<[string, string, ZoneTextOptions, number | undefined]>([
  ['the TTL of the record', '$TTL 5\na 7 A 192.0.2.1', { defaultTtl: 6 }, 7],
  ['$TTL (RFC 2308 §4)', 'z 9 A 192.0.2.1\n$TTL 5\na A 192.0.2.1', { defaultTtl: 6 }, 5],
  ['what the caller gives as a $TTL', 'z 9 A 192.0.2.1\na A 192.0.2.1', { defaultTtl: 6 }, 6],
  ['the last TTL stated (RFC 1035 §5.1)', 'z 9 A 192.0.2.1\na A 192.0.2.1', {}, 9],
  ['MINIMUM of the SOA itself', 'a SOA . . 1 2 3 4 8', {}, 8],
  ['MINIMUM of the SOA before', 'z SOA . . 1 2 3 4 8\na A 192.0.2.1', {}, 8],
  ['none, and that is a problem', 'a A 192.0.2.1', {}, undefined],
  ['the largest there is (RFC 2181 §8)', 'a 2147483647 A 192.0.2.1', {}, 2147483647],
  ['one that is too large', 'a 2147483648 A 192.0.2.1', {}, undefined],
])('the TTL is %s', (_, text, options, ttl) => {
  expect(parseZoneText(text, options).records.find(({ owner }) => owner === name('a.'))?.ttl).toBe(ttl);
});

test.each<[string, string]>([
  ['$INCLUDE other.zone', '$INCLUDE is not read: put the records here'],
  ['$GENERATE 1-2 a A 192.0.2.$', '$GENERATE is not a directive that is read here ($ORIGIN, $TTL)'],
  ['$ORIGIN', '$ORIGIN takes one name'],
  ['$ORIGIN a. b.', '$ORIGIN takes one name'],
  ['$ORIGIN a..b.', '"a..b.": two dots follow each other, or the name begins with one'],
  ['$TTL soon', '$TTL takes one span of time below 2^31 seconds'],
  ['a A 999.1.1.1', 'A: address: 999.1.1.1 is not an IPv4 address'],
  ['a A', 'A: address is missing'],
  ['a A 192.0.2.1 192.0.2.2', 'A: 192.0.2.2 is more than A holds'],
  ['a A \\# 3 c00002', 'A: the octets are not those of A'],
  ['a FOO 1', 'FOO is not a type'],
  ['a OPT \\# 0', 'OPT is not a type of records in a zone'],
  ['a ANY \\# 0', 'class ANY is not served, only IN'],
  ['a CH TXT x', 'class CH is not served, only IN'],
  ['a CLASS3 TXT x', 'class CLASS3 is not served, only IN'],
  ['a IN', 'the type is missing'],
  ['a', 'the type is missing'],
  ['a 5x A 192.0.2.1', '5x is not a TTL below 2^31 seconds'],
  ['a..b A 192.0.2.1', '"a..b": two dots follow each other, or the name begins with one'],
  ['bücher A 192.0.2.1', '"bücher": a character is not ASCII (write an international name by its xn-- form)'],
  ['a TXT "open', 'a quoted string does not end on its line'],
  ['a TXT "open\\"', 'a quoted string does not end on its line'],
  ['a A 192.0.2.1 )', 'a parenthesis closes that was not opened'],
  [`a TXT ${'x'.repeat(256)}`, 'TXT: strings: a character-string is longer than 255 octets'],
  ['a TYPE65280 1 2', 'TYPE65280: TYPE65280 is written in generic form: \\# length hexadecimal'],
])('%s is a problem, and the lines around it are read', (line, why) => {
  expect(read(`b A 192.0.2.1\n${line}\nc A 192.0.2.2`)).toEqual({
    lines: ['1: b. 60 A 192.0.2.1', '3: c. 60 A 192.0.2.2'],
    problems: [`2: ${why}`],
  });
});

test('a line without owner belongs to the one before, and to none behind a bad one', () => {
  expect(read(' A 192.0.2.1\na A 192.0.2.2\n A 192.0.2.3\nb..c A 192.0.2.4\n A 192.0.2.5')).toEqual({
    lines: ['2: a. 60 A 192.0.2.2', '3: a. 60 A 192.0.2.3'],
    problems: [
      '1: the line has no owner, and there is no sound one before it',
      '4: "b..c": two dots follow each other, or the name begins with one',
      '5: the line has no owner, and there is no sound one before it',
    ],
  });
});

test('a parenthesis that is left open costs its own line', () => {
  expect(read('a A ( 192.0.2.1\nb A 192.0.2.2\nc A ( 192.0.2.3\n)\nd A ( 192.0.2.4')).toEqual({
    lines: ['2: b. 60 A 192.0.2.2', '3: c. 60 A 192.0.2.3'],
    problems: ['1: a parenthesis is still open where the next one opens', '5: a parenthesis is not closed'],
  });
  expect(read('a A ( 192.0.2.1\nb A 192.0.2.2\nc TXT "x').problems).toEqual([
    '1: a parenthesis is not closed',
    '3: a quoted string does not end on its line',
  ]);
});

test('lines may end as on any system, and a comment needs no space before it', () => {
  expect(good('a A 192.0.2.1;x\r\nb A 192.0.2.2\rc TXT a"b;c"d')).toEqual([
    '1: a. 60 A 192.0.2.1',
    '2: b. 60 A 192.0.2.2',
    String.raw`3: c. 60 TXT "a\"b;c\"d"`,
  ]);
});

test('names without a final dot are completed by the origin given', () => {
  expect(good('www CNAME host', { origin: name('example.'), defaultTtl: 1 })).toEqual([
    '1: www.example. 1 CNAME host.example.',
  ]);
});

test('an empty text and one of comments alone have neither records nor problems', () => {
  expect(read('')).toEqual({ lines: [], problems: [] });
  expect(read(' ; x\n\n\t\n;y')).toEqual({ lines: [], problems: [] });
});
