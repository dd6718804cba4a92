/**
 * How many may be at a place that nothing has been heard of: SLOTS at once. Who comes beyond that waits for one of them
 * to leave, or for the first sign of life, which lets everybody in; but not for long.
 */

import type { Clock } from '../system/clock.ts';

/** Enough for a cold start; so few that a dead zone costs its servers some hundred exchanges and no more. */
export const SLOTS = 24;
/** One round trip round the planet, and then some. */
export const LONGEST_STAY_MS = 1000;
/** So many may wait longer, for a place that is alive and slow; a flood that waits so long would fill all walks. */
export const PATIENT = 200;
export const LONGEST_PATIENT_STAY_MS = 2500;

export type Crowd = {
  /** False when there was no room in time. */
  enter(place: string): Promise<boolean>;
  /** `wasHeard`: the place has shown life, has shown none, or neither. */
  leave(place: string, wasHeard: boolean | undefined): void;
};

type Place = { inside: number; isAlive: boolean; readonly waiting: Set<(mayEnter: boolean) => void> };

export function createCrowd(clock: Clock): Crowd {
  /** Only those where somebody is. */
  const places = new Map<string, Place>();
  return {
    async enter(name) {
      const place = places.get(name) ?? { inside: 0, isAlive: false, waiting: new Set() };
      places.set(name, place);
      if (place.inside < SLOTS || place.isAlive) {
        place.inside++;
        return true;
      }
      const { promise, resolve } = Promise.withResolvers<boolean>();
      const stayMs = place.waiting.size < PATIENT ? LONGEST_PATIENT_STAY_MS : LONGEST_STAY_MS;
      const timer = clock.after(stayMs, () => resolve(false));
      place.waiting.add(resolve);
      const mayEnter = await promise;
      timer.cancel();
      place.waiting.delete(resolve);
      return mayEnter;
    },
    leave(name, wasHeard) {
      const place = places.get(name)!;
      place.inside--;
      if (wasHeard !== undefined) place.isAlive = wasHeard;
      for (const admit of place.waiting) {
        if (!place.isAlive && place.inside >= SLOTS) break;
        place.waiting.delete(admit);
        place.inside++;
        admit(true);
      }
      if (place.inside === 0 && place.waiting.size === 0) places.delete(name);
    },
  };
}
