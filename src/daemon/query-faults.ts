/**
 * Faults of ours that a query met and that its own boundary caught (pipeline.ts): the query got SERVFAIL, everything
 * else went on. Each is counted; the first few of a minute are logged with their stack, as whoever finds a query that
 * breaks us will send it more than once.
 */

import type { Clock } from '../system/clock.ts';
import { faultText } from './observing.ts';
import type { OperationalLog } from './operational-log.ts';

export type QueryFaults = {
  report(error: unknown, query: { readonly id: string }): void;
  readonly count: number;
};

const WINDOW_MS = 60_000;
const MOST_LOGGED = 10;

export function createQueryFaults({ clock, log }: { clock: Clock; log: Pick<OperationalLog, 'error'> }): QueryFaults {
  let count = 0;
  let windowEnds = 0;
  let inWindow = 0;
  return {
    get count() {
      return count;
    },
    report(error, { id }) {
      count++;
      if (clock.now() >= windowEnds) {
        windowEnds = clock.now() + WINDOW_MS;
        inWindow = 0;
      }
      if (++inWindow > MOST_LOGGED) return;
      const last = inWindow === MOST_LOGGED ? { more: 'those of the next minute are only counted' } : {};
      log.error({ id, fault: faultText(error), ...last }, 'a query met a fault of ours');
    },
  };
}
