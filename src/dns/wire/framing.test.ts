import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createFrameReader, frame } from './framing.ts';

test('a message travels behind its length', () => {
  expect([...frame(Uint8Array.of(7, 8, 9))]).toEqual([0, 3, 7, 8, 9]);
  expect([...frame(new Uint8Array(0x1234)).subarray(0, 2)]).toEqual([0x12, 0x34]);
});

describe('messages come out as they went in', () => {
  test.each([1, 2, 3, 7, 1000])('cut every %d octets', (size) => {
    const reader = createFrameReader();
    const messages = [0, 1, 12, 512, 3000].map((length) => Uint8Array.from({ length }, (_, i) => i));
    const stream = Buffer.concat(messages.map(frame));
    const read: Uint8Array[] = [];
    for (let at = 0; at < stream.length; at += size) {
      reader.push(stream.subarray(at, at + size));
      read.push(...reader.all());
    }
    expect(read).toEqual(messages);
    expect(reader.isMidFrame).toBe(false);
  });

  test('cut anywhere, read whenever', () => {
    const message = fc.uint8Array({ maxLength: 700 });
    const cuts = fc.array(fc.tuple(fc.integer({ min: 1, max: 400 }), fc.boolean()), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(fc.array(message, { maxLength: 8 }), cuts, (messages, cutting) => {
        const reader = createFrameReader();
        const stream = Buffer.concat(messages.map(frame));
        const read: Uint8Array[] = [];
        for (let at = 0, i = 0; at < stream.length; i++) {
          const [size, readsNow] = cutting[i % cutting.length];
          reader.push(stream.subarray(at, at + size));
          if (readsNow) read.push(...reader.all());
          at += size;
        }
        read.push(...reader.all());
        expect(read).toEqual(messages);
      }),
    );
  });

  test('the largest message, octet by octet', () => {
    const reader = createFrameReader();
    const stream = frame(new Uint8Array(65535).fill(7));
    for (const octet of stream) reader.push(Uint8Array.of(octet));
    expect(reader.next()).toEqual(new Uint8Array(65535).fill(7));
  });
});

test('a message has octets of its own', () => {
  const reader = createFrameReader();
  const chunk = frame(Uint8Array.of(1, 2));
  reader.push(chunk);
  const message = reader.next();
  chunk.fill(0);
  reader.push(frame(Uint8Array.of(9, 9)));
  expect(message).toEqual(Uint8Array.of(1, 2));
});

test('a frame is under way from its first octet to its last', () => {
  const reader = createFrameReader();
  const seen = [reader.isMidFrame];
  for (const octet of [0, 2, 1]) {
    reader.push(Uint8Array.of(octet));
    seen.push(reader.isMidFrame);
  }
  reader.push(Uint8Array.of(1, 0));
  seen.push(reader.isMidFrame);
  reader.next();
  seen.push(reader.isMidFrame);
  // Whole and not fetched: not under way. Behind it a single octet of the next length is.
  expect(seen).toEqual([false, true, true, true, false, true]);
});
