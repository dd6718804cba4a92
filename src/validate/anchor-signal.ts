/**
 * Tells a zone once a day which of its keys are trusted here (RFC 8145 §5), so that it knows when an old key may go:
 * a question for `_ta-4f66`, the key tags in hexadecimal, that is about nothing but itself.
 */

import { prepend, type Name } from '../dns/name.ts';
import type { Clock, Timer } from '../system/clock.ts';
import type { TrustPoint } from './key-set.ts';

export type AnchorSignal = { start(): void; stop(): void };

/** Not among the first questions after a start, when others are waiting. */
const FIRST_AFTER_MS = 60_000;
const DAY_MS = 86_400_000;
/** As many tags as a label has room for. */
const MOST_TAGS = 12;

export function createAnchorSignal(around: {
  readonly clock: Clock;
  readonly trustPoints: () => readonly TrustPoint[];
  readonly isOn: () => boolean;
  /** Asks the zone's servers; what they answer is of no interest. */
  readonly ask: (qname: Name) => Promise<unknown>;
}): AnchorSignal {
  const { clock, trustPoints, isOn, ask } = around;
  let timer: Timer | undefined;

  return {
    start: () => wait(FIRST_AFTER_MS),
    stop: () => timer?.cancel(),
  };

  function wait(ms: number): void {
    timer = clock.after(ms, () => {
      wait(DAY_MS);
      if (isOn()) void signal();
    });
  }

  async function signal(): Promise<void> {
    for (const point of trustPoints()) {
      const qname = signalName(point);
      if (qname !== undefined) await ask(qname);
    }
  }
}

/** RFC 8145 §5.1: the key tags in four hexadecimal digits each, in ascending order. */
export function signalName({ zone, ds, keys = [] }: TrustPoint): Name | undefined {
  const tags = new Set([...ds.map(({ keyTag }) => keyTag), ...keys.map(({ tag }) => tag)]);
  if (tags.size === 0) return undefined;
  const sorted = [...tags].sort((a, b) => a - b).slice(0, MOST_TAGS);
  return prepend(`_ta${sorted.map((tag) => `-${tag.toString(16).padStart(4, '0')}`).join('')}`, zone);
}
