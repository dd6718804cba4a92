import { expect, test } from 'vitest';
import { Type, classToText, isMetaType, opcodeToText, parseType, rcodeToText, typeToText } from './record-type.ts';

test('every type is read by the name that it is shown by, in any letter case', () => {
  for (let type = 0; type <= 0xffff; type++) expect(parseType(typeToText(type).toLowerCase())).toBe(type);
});

test.each(['', 'NOPE', 'TYPE', 'TYPE65536', 'TYPE-1', 'TYPE1x', 'constructor', '__proto__', '1', '*'])(
  '%j is no type',
  (text) => {
    expect(parseType(text)).toBeUndefined();
  },
);

test('a known type may be written by its number (RFC 3597 §5)', () => {
  expect([parseType('TYPE1'), parseType('type065')]).toEqual([Type.A, Type.HTTPS]);
});

test('numbers without a name are shown as numbers', () => {
  expect([typeToText(65280), classToText(2), rcodeToText(11), opcodeToText(7)]).toEqual([
    'TYPE65280',
    'CLASS2',
    'RCODE11',
    'OPCODE7',
  ]);
  expect([classToText(1), rcodeToText(16), opcodeToText(0)]).toEqual(['IN', 'BADVERS', 'QUERY']);
});

test('types that no cache may hold: 0, OPT and 128 to 255 (RFC 6895 §3.1)', () => {
  const metaTypes = Array.from({ length: 300 }, (_, type) => type).filter(isMetaType);
  expect(metaTypes).toEqual([0, Type.OPT, ...Array.from({ length: 128 }, (_, i) => 128 + i)]);
});
