/**
 * Time as the rooms see it. Everything that measures or waits asks a `Clock`, so a test can turn the hands.
 */

export type Timer = { cancel(): void };

export type Clock = {
  /** Monotonic milliseconds, at least 1 (lru-cache reads 0 as "unset"), with a fraction where the system has one. */
  now(): number;
  /** Milliseconds since 1970-01-01 UTC, with a fraction; for people and for signatures, never for measuring a span. */
  wallMs(): number;
  /** Calls `fire` once after `delayMs`; never earlier than the next turn of the event loop. */
  after(delayMs: number, fire: () => void): Timer;
};

/** The longest delay that setTimeout keeps; above it, it fires at once. */
const MAX_DELAY_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => performance.now() + 1,
  wallMs: () => performance.timeOrigin + performance.now() + driftMs(),
  after(delayMs, fire) {
    const timer = setTimeout(fire, Math.min(Math.max(delayMs, 0), MAX_DELAY_MS));
    return { cancel: () => clearTimeout(timer) };
  },
};

/** performance.now() does not follow a clock that is set; Date does. Below a second they agree and the finer one is used. */
function driftMs(): number {
  const drift = Date.now() - (performance.timeOrigin + performance.now());
  return Math.abs(drift) > 1000 ? drift : 0;
}
