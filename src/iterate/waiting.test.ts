import { expect, test } from 'vitest';

import { Waiter } from './waiting.ts';

const never = new Promise<never>(() => undefined);
const waits = (who: Waiter, on: Waiter): void => void who.during(on, never);

test('everybody waits for himself', () => {
  const a = new Waiter();
  expect(a.waitsFor(a)).toBe(true);
});

test('who waits for one that waits for a third waits for the third, and not the other way round', () => {
  const [a, b, c] = [new Waiter(), new Waiter(), new Waiter()];
  waits(a, b);
  waits(b, c);
  expect(a.waitsFor(c)).toBe(true);
  expect(c.waitsFor(a)).toBe(false);
});

test('who has got what he waited for waits no more, also when it failed', async () => {
  const [a, b] = [new Waiter(), new Waiter()];
  expect(await a.during(b, Promise.resolve(7))).toBe(7);
  expect(a.waitsFor(b)).toBe(false);
  await expect(a.during(b, Promise.reject(new Error('bug')))).rejects.toThrow('bug');
  expect(a.waitsFor(b)).toBe(false);
});

test('a loop that one met is known to those who waited for him', async () => {
  const [a, b] = [new Waiter(), new Waiter()];
  b.meetLoop();
  expect(a.hasMetLoop).toBe(false);
  await a.during(b, Promise.resolve());
  expect(a.hasMetLoop).toBe(true);
});
