import { once } from 'node:events';
import { expect, test } from 'vitest';
import { createStallWatch } from './stall-watch.ts';

/** Work that gives nobody else a turn. */
function holdUp(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

/** Until the watch has looked at least once more. */
async function nextLook(): Promise<void> {
  const timer = new AbortController();
  setTimeout(() => timer.abort(), 25);
  await once(timer.signal, 'abort');
}

test('before its first look the watch has seen no stall', () => {
  const watch = createStallWatch();
  expect([watch.longestMs(), watch.nearlyAllMs()]).toEqual([0, 0]);
  watch.stop();
});

test('work that holds the event loop up for 80 ms is seen, and forgotten at a reset', async () => {
  const watch = createStallWatch();
  await nextLook();
  holdUp(80);
  await nextLook();
  const longest = watch.longestMs();
  watch.reset();
  const afterReset = watch.longestMs();
  watch.stop();
  expect(longest).toBeGreaterThan(40);
  expect(afterReset).toBe(0);
});
