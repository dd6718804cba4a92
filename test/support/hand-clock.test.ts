import { expect, test } from 'vitest';

import { createHandClock } from './hand-clock.ts';

test('timers fire in the order in which they are due, those due together in the order set', () => {
  const clock = createHandClock();
  const fired: string[] = [];
  clock.after(20, () => fired.push('late'));
  clock.after(10, () => fired.push('first at 10'));
  clock.after(10, () => fired.push('second at 10'));
  clock.advance(9);
  expect(fired).toEqual([]);
  clock.advance(11);
  expect(fired).toEqual(['first at 10', 'second at 10', 'late']);
});

test('a timer that a timer sets fires in the same turn of the hands if it is due', () => {
  const clock = createHandClock();
  const fired: number[] = [];
  clock.after(10, () => void clock.after(5, () => fired.push(clock.now())));
  clock.advance(15);
  expect(fired).toEqual([16]);
});

test('a cancelled timer does not fire and is not pending', () => {
  const clock = createHandClock();
  clock.after(10, () => expect.unreachable()).cancel();
  expect(clock.pending()).toBe(0);
  clock.advance(10);
});

test('running a promise turns the hands as far as it needs, and both clocks agree', async () => {
  const clock = createHandClock();
  const wall = clock.wallMs();
  const wait = (ms: number) => new Promise<void>((resolve) => void clock.after(ms, resolve));
  const both = async (): Promise<number> => {
    await wait(1000);
    await wait(500);
    return clock.now();
  };
  expect(await clock.run(both())).toBe(1501);
  expect(clock.wallMs() - wall).toBe(1500);
});

test('a promise that nothing can settle, or not in the time given, is an error', async () => {
  const clock = createHandClock({ mostMs: 100 });
  await expect(clock.run(new Promise(() => undefined))).rejects.toThrow('no timer is set');
  clock.after(101, () => undefined);
  await expect(clock.run(new Promise(() => undefined))).rejects.toThrow('not settled after 100 ms');
});

test('a promise that fails, fails', async () => {
  await expect(createHandClock().run(Promise.reject(new Error('told')))).rejects.toThrow('told');
});
