/**
 * How long the event loop was held up: while one piece of work runs, no query is answered, so whoever can make it long
 * can silence us. Measured by the system's own watch (a timer that notes by how much it is late), at little cost.
 */

import { monitorEventLoopDelay } from 'node:perf_hooks';

export type StallWatch = {
  /** The longest since the start or the last `reset`, beyond the watch's own step. */
  longestMs(): number;
  /** The stall that all but one in a thousand steps stay below. */
  nearlyAllMs(): number;
  reset(): void;
  stop(): void;
};

/** The watch looks this often; what is shorter than a step cannot be told from it. */
const STEP_MS = 10;

export function createStallWatch(): StallWatch {
  const delays = monitorEventLoopDelay({ resolution: STEP_MS });
  delays.enable();
  // The first step may not have ended: then nothing was measured, and the histogram says NaN or a sentinel.
  const beyondStep = (nanoseconds: number): number => {
    return delays.count === 0 ? 0 : Math.max(0, round(nanoseconds / 1e6 - STEP_MS));
  };
  return {
    longestMs: () => beyondStep(delays.max),
    nearlyAllMs: () => beyondStep(delays.percentile(99.9)),
    reset: () => delays.reset(),
    stop: () => void delays.disable(),
  };
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}
