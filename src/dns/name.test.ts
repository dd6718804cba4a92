import { expect, test } from 'vitest';
import {
  ROOT,
  ancestorWithLabels,
  commonAncestor,
  compareCanonical,
  isAtOrBelow,
  isBelow,
  isWildcard,
  labelCount,
  labelsOf,
  name,
  nameFromLabels,
  nameFromWire,
  nameToText,
  nameToUnicode,
  nameToWire,
  parentOf,
  parseName,
  parseWireName,
  prepend,
  substituteSuffix,
  wireNameToText,
  type Name,
} from './name.ts';

const wire = (...labels: string[]): Uint8Array =>
  Uint8Array.from([...labels.flatMap((label) => [label.length, ...Buffer.from(label, 'latin1')]), 0]);

test.each([
  ['octets above 127', ['\xff\xe9'], '\\255\\233.'],
  ['a dot inside a label', ['a.b', 'example'], 'a\\.b.example.'],
  ['a label that is a dot', ['.'], '\\..'],
  ['NUL', ['\0'], '\\000.'],
  ['a space', ['a b'], 'a\\032b.'],
  ['a backslash', ['\\'], '\\\\.'],
  ['what master files treat apart', ['"$();@'], '\\"\\$\\(\\)\\;\\@.'],
  ['DEL', ['\x7f'], '\\127.'],
  ['63 octets of ff', ['\xff'.repeat(63)], '\\255'.repeat(63) + '.'],
])('%s: text and octets lead back to each other', (_, labels, text) => {
  const octets = wire(...labels);
  expect(wireNameToText(octets)).toBe(text);
  expect(parseWireName(text)).toEqual(octets);
  expect(nameToText(nameFromWire(octets))).toBe(text);
  expect(parseName(text)).toBe(nameFromWire(octets));
});

test('a.b in one label is not the name a.b', () => {
  expect(nameFromWire(wire('a.b'))).not.toBe(nameFromWire(wire('a', 'b')));
});

test('letter case is folded in names and kept in wire octets (RFC 4343 §3)', () => {
  expect(parseName('WwW.Example.')).toBe(name('www.example.'));
  expect(parseWireName('WwW.Example.')).toEqual(wire('WwW', 'Example'));
  expect(nameFromWire(wire('@[`{\xc0'))).toBe('\x05@[`{\xc0\0');
});

test.each([
  ['', 'a name may not be empty'],
  ['..', 'two dots follow each other, or the name begins with one'],
  ['.example.', 'two dots follow each other, or the name begins with one'],
  ['evil..com', 'two dots follow each other, or the name begins with one'],
  ['a'.repeat(64), 'a label is longer than 63 octets'],
  ['a'.repeat(64) + '.example.', 'a label is longer than 63 octets'],
  ['a'.repeat(192) + '.example.', 'a label is longer than 63 octets'],
  [`${'a'.repeat(63)}.`.repeat(4), 'it is longer than 255 octets'],
  ['a.'.repeat(128), 'it is longer than 255 octets'],
  ['a.'.repeat(100_000), 'it is longer than 255 octets'],
  ['\\256.', '\\256 is not an octet'],
  ['\\12', '\\12 is neither \\DDD nor an escaped character'],
  ['\\1a.', '\\1a. is neither \\DDD nor an escaped character'],
  ['a\\', 'it ends inside an escape'],
  ['bücher.example.', 'a character is not ASCII (write an international name by its xn-- form)'],
  ['\\ü.', 'a character is not ASCII (write an international name by its xn-- form)'],
])('%j is refused', (text, why) => {
  const refused = parseName(text);
  expect(refused).toMatchObject({ kind: 'bad-name' });
  expect((refused as { why: string }).why.endsWith(`: ${why}`)).toBe(true);
  expect((refused as { why: string }).why.length).toBeLessThan(300);
  expect(parseWireName(text)).toEqual(refused);
});

test('a name of 255 octets is read, one more is not (RFC 1035 §2.3.4)', () => {
  const longest = `${'a'.repeat(63)}.`.repeat(3) + 'b'.repeat(61);
  expect((parseName(longest) as Name).length).toBe(255);
  expect(parseName(longest + 'b')).toMatchObject({ kind: 'bad-name' });
  expect((parseName('a.'.repeat(127)) as Name).length).toBe(255);
  expect((parseName('b'.repeat(61), name(`${'a'.repeat(63)}.`.repeat(3))) as Name).length).toBe(255);
  expect(parseName('b'.repeat(62), name(`${'a'.repeat(63)}.`.repeat(3)))).toMatchObject({ kind: 'bad-name' });
});

test('a name without its final dot is relative to the origin, @ is the origin (RFC 1035 §5.1)', () => {
  const origin = name('example.');
  expect(parseName('www', origin)).toBe(name('www.example.'));
  expect(parseName('www.', origin)).toBe(name('www.'));
  expect(parseName('@', origin)).toBe(origin);
  expect(parseName('\\@', origin)).toBe('\x01@\x07example\0');
  expect(parseName('.', origin)).toBe(ROOT);
});

test.each([
  ['xn--bcher-kva.example.', 'bücher.example.'],
  ['www.xn--fsqu00a.xn--0zwm56d.', 'www.例子.测试.'],
  ['a\\.b.xn--bcher-kva.', 'a\\.b.bücher.'],
  ['xn--0.example.', undefined],
  ['xn--.example.', undefined],
  ['www.example.', undefined],
  ['a-xn--b.example.', undefined],
  ['.', undefined],
])('%s is shown to people as %s', (text, unicode) => {
  expect(nameToUnicode(name(text))).toBe(unicode);
});

test('a name is at or below itself and its ancestors, by whole labels', () => {
  const www = name('www.example.');
  expect(isAtOrBelow(www, www)).toBe(true);
  expect(isAtOrBelow(www, name('example.'))).toBe(true);
  expect(isAtOrBelow(www, ROOT)).toBe(true);
  expect(isAtOrBelow(name('badexample.'), name('example.'))).toBe(false);
  expect(isAtOrBelow(name('example.'), www)).toBe(false);
  // The octets of the zone stand at the end, inside a label: no boundary is there.
  expect(isAtOrBelow(name('x\\007example.'), name('example.'))).toBe(false);
  expect(isBelow(www, www)).toBe(false);
  expect(isBelow(www, name('example.'))).toBe(true);
});

test('parts of a name', () => {
  const www = name('www.a\\.b.example.');
  expect(labelsOf(www)).toEqual(['www', 'a.b', 'example']);
  expect(labelCount(www)).toBe(3);
  expect(labelCount(ROOT)).toBe(0);
  expect(parentOf(www)).toBe(name('a\\.b.example.'));
  expect(parentOf(ROOT)).toBe(ROOT);
  expect(ancestorWithLabels(www, 1)).toBe(name('example.'));
  expect(ancestorWithLabels(www, 0)).toBe(ROOT);
  expect(commonAncestor(name('a.b.example.'), name('c.b.example.'))).toBe(name('b.example.'));
  expect(commonAncestor(name('a.'), name('b.'))).toBe(ROOT);
  expect(isWildcard(name('*.example.'))).toBe(true);
  expect(isWildcard(name('**.example.'))).toBe(false);
  expect(nameFromLabels(['WWW', 'example'])).toBe(name('www.example.'));
  expect(nameFromLabels([''])).toBeUndefined();
  expect(nameFromLabels(['x'.repeat(64)])).toBeUndefined();
  expect(nameFromLabels(Array.from({ length: 128 }, () => 'a'))).toBeUndefined();
  expect(prepend('WWW', name('example.'))).toBe(name('www.example.'));
  expect(prepend('a', name('a.'.repeat(127)))).toBeUndefined();
  expect(nameToWire(name('a.'))).toEqual(Uint8Array.of(1, 0x61, 0));
});

test('the canonical order is that of RFC 4034 §6.1', () => {
  const ordered = [
    'example.',
    'a.example.',
    'yljkjljk.a.example.',
    'Z.a.example.',
    'zABC.a.EXAMPLE.',
    'z.example.',
    '\\001.z.example.',
    '*.z.example.',
    '\\200.z.example.',
  ].map(name);
  expect([...ordered].reverse().sort(compareCanonical)).toEqual(ordered);
});

test('DNAME puts the part below its owner in front of its target (RFC 6672 §2.2)', () => {
  const [owner, target] = [name('old.example.'), name('new.example.')];
  expect(substituteSuffix(name('a.b.old.example.'), owner, target)).toBe(name('a.b.new.example.'));
  expect(substituteSuffix(owner, owner, target)).toBeUndefined();
  expect(substituteSuffix(name('a.'), owner, target)).toBeUndefined();
  expect(substituteSuffix(name('a.'.repeat(121) + 'old.example.'), owner, target)?.length).toBe(255);
  expect(substituteSuffix(name('a.'.repeat(121) + 'old.example.'), owner, name('newer.example.'))).toBeUndefined();
});
