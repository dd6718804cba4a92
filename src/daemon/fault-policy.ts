/**
 * What is done about our own bugs. One query's fault is not another's: an exception that nothing caught is logged with
 * its stack, and the daemon goes on. Many within a minute mean that something is broken for good: then the process
 * ends with EXIT_SOFTWARE, and systemd or Docker starts it afresh.
 */

import type { Clock } from '../system/clock.ts';

/** EX_SOFTWARE of sysexits.h. */
export const EXIT_SOFTWARE = 70;

const WINDOW_MS = 60_000;
const MOST_IN_WINDOW = 10;

export type FaultPolicy = {
  /** `go-on`, or `end` when there were too many lately. */
  judge(): 'go-on' | 'end';
  readonly count: number;
};

export function createFaultPolicy(clock: Clock): FaultPolicy {
  const recent: number[] = [];
  let count = 0;
  return {
    judge() {
      const now = clock.now();
      count++;
      recent.push(now);
      while (recent[0] < now - WINDOW_MS) recent.shift();
      return recent.length > MOST_IN_WINDOW ? 'end' : 'go-on';
    },
    get count() {
      return count;
    },
  };
}
