/**
 * A clock whose hands a test turns. Time passes only in `advance` and `run`; timers fire in the order in which they are
 * due, those due together in the order in which they were set.
 */

import type { Clock } from '../../src/system/clock.ts';

export type HandClock = Clock & {
  /** Turns the hands on by `ms`, firing what is due on the way. Promises that this settles are not waited for. */
  advance(ms: number): void;
  /** Turns the hands from timer to timer until the promise settles. */
  run<T>(promise: Promise<T>): Promise<T>;
  /** Timers that are set and have not fired: 0 when everything has been cleaned up. */
  pending(): number;
};

export type HandClockOptions = {
  /** Simulated time after which `run` gives up. */
  readonly mostMs?: number;
  readonly wallMs?: number;
};

/** lru-cache reads a time of 0 as unset. */
const START = 1;
const WALL_START_MS = Date.UTC(2026, 0, 1);
/** Turns of the event loop that work without timers (promises, setImmediate) is given before time moves on. */
const TURNS = 4;

type Due = { readonly at: number; readonly order: number; readonly fire: () => void };

export function createHandClock(options: HandClockOptions = {}): HandClock {
  const mostMs = options.mostMs ?? 600_000;
  const wallStart = options.wallMs ?? WALL_START_MS;
  const due = new Set<Due>();
  let now = START;
  let order = 0;

  const next = (): Due | undefined => {
    let first: Due | undefined;
    for (const timer of due) {
      if (first === undefined || timer.at < first.at || (timer.at === first.at && timer.order < first.order))
        first = timer;
    }
    return first;
  };
  const fire = (timer: Due): void => {
    due.delete(timer);
    now = Math.max(now, timer.at);
    timer.fire();
  };

  return {
    now: () => now,
    wallMs: () => wallStart + now - START,
    after(delayMs, act) {
      const timer = { at: now + Math.max(delayMs, 0), order: order++, fire: act };
      due.add(timer);
      return { cancel: () => void due.delete(timer) };
    },
    advance(ms) {
      const until = now + ms;
      for (let timer = next(); timer !== undefined && timer.at <= until; timer = next()) fire(timer);
      now = until;
    },
    async run(promise) {
      const until = now + mostMs;
      let isSettled = false;
      const settle = (): void => void (isSettled = true);
      promise.then(settle, settle);
      for (;;) {
        await turns();
        if (isSettled) return promise;
        const timer = next();
        if (timer === undefined) throw new Error('nothing is left that could settle the promise: no timer is set');
        if (timer.at > until) throw new Error(`not settled after ${mostMs} ms of simulated time`);
        fire(timer);
      }
    },
    pending: () => due.size,
  };
}

async function turns(): Promise<void> {
  for (let i = 0; i < TURNS; i++) await new Promise((resolve) => setImmediate(resolve));
}
