/**
 * The end of an exchange. Response, time-out, failure and cancelling race for it; the first one decides, and with it
 * the timer and the flow are released, once.
 */

import type { Clock } from '../system/clock.ts';
import type { ExchangeOutcome } from './exchange.ts';

export type Ending = {
  readonly outcome: Promise<ExchangeOutcome>;
  hasCome(): boolean;
  elapsedMs(): number;
  /** Ends the exchange so; without effect when it has ended. */
  come(outcome: ExchangeOutcome): void;
  cancel(): void;
  /** What is to be closed at the end. */
  willClose(flow: { close(): void }): void;
};

/** `whenTimeIsUp` says how it ends when nothing else did within `timeoutMs`. */
export function createEnding(
  clock: Clock,
  timeoutMs: number,
  whenTimeIsUp: (waitedMs: number) => ExchangeOutcome,
): Ending {
  const startedMs = clock.now();
  const { promise, resolve } = Promise.withResolvers<ExchangeOutcome>();
  let hasCome = false;
  let flow: { close(): void } | undefined;

  const elapsedMs = (): number => clock.now() - startedMs;
  const come = (outcome: ExchangeOutcome): void => {
    if (hasCome) return;
    hasCome = true;
    timer.cancel();
    flow?.close();
    resolve(outcome);
  };
  const timer = clock.after(timeoutMs, () => come(whenTimeIsUp(elapsedMs())));

  return {
    outcome: promise,
    hasCome: () => hasCome,
    elapsedMs,
    come,
    cancel: () => come({ kind: 'cancelled', waitedMs: elapsedMs() }),
    willClose: (opened) => void (flow = opened),
  };
}
