/** Packets that have brought down or misled other readers, each under its name. */

import { expect, test } from 'vitest';
import { Type } from '../record-type.ts';
import { MessageView, readMessage } from './message-view.ts';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(/\s/g, ''), 'hex');
const why = (octets: Uint8Array): string => {
  const read = readMessage(octets);
  return read instanceof MessageView ? 'a message' : read.why;
};

test('count bomb: 65535 records counted in 12 octets', () => {
  expect(why(hex('00010000ffffffffffffffff'))).toBe('a name runs past the end');
  expect(why(hex('000100000000ffffffffffff'))).toBe('more records counted than there is room for');
});

test('NaN restart: an SSHFP record with an unknown hash, and 196605 records counted behind it', () => {
  expect(why(hex('000100000000ffffffffffff00002c00010000000000020400'))).toBe(
    'more records counted than there is room for',
  );
});

/** Window blocks of an NSEC bitmap with all bits set, up to `length` octets. */
function bitmapBomb(length: number): Buffer {
  const octets = Buffer.alloc(length, 0xff);
  for (let at = 0, window = 0; at + 2 <= length; at += 34, window++) octets.set([window & 0xff, 0x20], at);
  return octets;
}

test('NSEC bomb: a record that would be read again from the header', () => {
  const octets = Buffer.alloc(484);
  hex('3f00 0100 0000 ffff ffff ffff 00002c00010000000000020400').copy(octets);
  hex('00 002f 0001 00000000 01a4').copy(octets, 64);
  bitmapBomb(484 - 75).copy(octets, 75);
  expect(why(octets)).toBe('more records counted than there is room for');
});

test('valid-shaped bomb: what hides in RDATA of an unknown type is never read', () => {
  const bomb = bitmapBomb(4000);
  const empty = 300;
  const octets = Buffer.concat([
    hex('3f00 0100 0000'),
    Buffer.from([0, 0, 0, 0, (empty + 2) >> 8, (empty + 2) & 0xff]),
    hex('00 002c 0001 00000000 0002 0400'),
    hex('00 ff00 0001 00000000'),
    Buffer.from([bomb.length >> 8, bomb.length & 0xff]),
    bomb,
    ...Array.from({ length: empty }, () => hex('00 ff01 0001 00000000 0000')),
  ]);
  const view = readMessage(octets);
  if (!(view instanceof MessageView)) throw new Error(view.why);
  expect([view.recordCount, view.trailing]).toEqual([empty + 2, 0]);
  expect(view.rdata(0)).toEqual(new Uint8Array([4, 0]));
  expect(view.rdata(1)).toEqual(new Uint8Array(bomb));
});

test('pointer chain: 8000 pointers each to the one before, and thousands of names at the last', () => {
  const links = 8000;
  const rdata = Buffer.alloc(2 + 2 * links);
  const start = 12 + 11;
  for (let i = 0; i < links; i++) rdata.writeUInt16BE(0xc000 | (start + 2 * i), 2 + 2 * i);
  const names = Buffer.alloc(4000 * 12);
  for (let at = 0; at < names.length; at += 12) {
    names.writeUInt16BE(0xc000 | (start + 2 * (links - 1)), at);
    names.writeUInt16BE(Type.NULL, at + 2);
    names.writeUInt16BE(1, at + 4);
  }
  const octets = Buffer.concat([
    hex('0001 0100 0000 0fa1 0000 0000 00 ff00 0001 00000000'),
    Buffer.from([rdata.length >> 8, rdata.length & 0xff]),
    rdata,
    names,
  ]);
  expect(why(octets)).toBe('too many compression pointers in one name');
});

test('self pointer: a label that swallows the question, and a pointer into the name it stands in', () => {
  const swallowed = '1c5b818000010001000000000f636f6e74656e740264650000010001c00c000100010001517e0004d43e4dcd';
  expect(why(hex(swallowed))).toBe('a compression pointer that does not point back');
  expect(why(hex('123401000001000000000000c00c00010001'))).toBe('a compression pointer that does not point back');
});

test('short A: an answer of four addresses cut by two octets', () => {
  const question = '03777777 076578616d706c65 00 0001 0001';
  const records = [1, 2, 3, 4].map((i) => `c00c 0001 0001 00000e10 0004 c000020${i}`);
  const whole = hex(`1234 8180 0001 0004 0000 0000 ${question} ${records.join('')}`);
  expect(why(whole)).toBe('a message');
  expect(why(whole.subarray(0, -2))).toBe('RDATA runs past the end');
  // With RDLENGTH true to the octets, the frame is sound and the record is not to be used.
  const short = Buffer.from(whole.subarray(0, -2));
  short.writeUInt16BE(2, short.length - 4);
  const view = readMessage(short);
  if (!(view instanceof MessageView)) throw new Error(view.why);
  expect([view.rdata(2), view.rdata(3)]).toEqual([new Uint8Array([192, 0, 2, 3]), undefined]);
});
