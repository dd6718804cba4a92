import { expect, test } from 'vitest';

import { createHandClock } from '../../test/support/hand-clock.ts';
import { ROOT, name, nameToText } from '../dns/name.ts';
import { createAnchorSignal, signalName } from './anchor-signal.ts';
import type { TrustPoint } from './key-set.ts';

const trusting = (zone: string, ...tags: number[]): TrustPoint => ({
  zone: name(zone),
  ds: tags.map((keyTag) => ({ keyTag, algorithm: 8, digestType: 2, digest: new Uint8Array(32) })),
});

test.each([
  // The example of RFC 8145 §5.1, and the keys of the root.
  [trusting('example.', 43547, 31589, 1024), '_ta-0400-7b65-aa1b.example.'],
  [trusting('.', 38696, 20326, 20326), '_ta-4f66-9728.'],
  [trusting('.', ...Array.from({ length: 40 }, (_, i) => i)), undefined],
])('%j', (point, expected) => {
  const signal = nameToText(signalName(point)!);
  expect(signal).toBe(expected ?? signal);
  expect(signal.length).toBeLessThanOrEqual(65);
});

test('a zone whose keys are all revoked is told nothing', () => {
  expect(signalName({ zone: ROOT, ds: [] })).toBeUndefined();
});

test('each zone is told a while after the start, then once a day, unless that is off', async () => {
  const clock = createHandClock();
  const asked: string[] = [];
  let isOn = true;
  const signal = createAnchorSignal({
    clock,
    trustPoints: () => [trusting('.', 20326), trusting('example.', 1024)],
    isOn: () => isOn,
    ask: (qname) => Promise.resolve(asked.push(nameToText(qname))),
  });
  const pass = async (ms: number): Promise<void> => {
    clock.advance(ms);
    await new Promise((resolve) => setImmediate(resolve));
  };
  signal.start();
  await pass(59_999);
  expect(asked).toEqual([]);
  await pass(1);
  expect(asked).toEqual(['_ta-4f66.', '_ta-0400.example.']);
  await pass(86_400_000);
  expect(asked).toHaveLength(4);
  isOn = false;
  await pass(86_400_000);
  expect(asked).toHaveLength(4);
  signal.stop();
  expect(clock.pending()).toBe(0);
});
