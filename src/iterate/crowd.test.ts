import { describe, expect, test } from 'vitest';
import { createHandClock } from '../../test/support/hand-clock.ts';
import { LONGEST_PATIENT_STAY_MS, LONGEST_STAY_MS, PATIENT, SLOTS, createCrowd, type Crowd } from './crowd.ts';

const HERE = 'example.';
const fill = (crowd: Crowd) => Promise.all(Array.from({ length: SLOTS }, () => crowd.enter(HERE)));

/** What has become of each by now. */
async function fates(entering: readonly Promise<boolean>[]): Promise<(boolean | 'waiting')[]> {
  await new Promise(setImmediate);
  return Promise.all(entering.map((one) => Promise.race([one, Promise.resolve('waiting' as const)])));
}

describe('where nothing has been heard', () => {
  test('so many are let in, and the next waits, but not for long', async () => {
    const clock = createHandClock();
    const crowd = createCrowd(clock);
    expect(await fill(crowd)).not.toContain(false);
    const next = crowd.enter(HERE);
    clock.advance(LONGEST_PATIENT_STAY_MS - 1);
    expect(await fates([next])).toEqual(['waiting']);
    clock.advance(1);
    expect(await fates([next])).toEqual([false]);
    expect(clock.pending()).toBe(0);
  });

  test('of many who wait, those who came last wait the shorter time', async () => {
    const clock = createHandClock();
    const crowd = createCrowd(clock);
    await fill(crowd);
    const patient = Array.from({ length: PATIENT }, () => crowd.enter(HERE));
    const last = crowd.enter(HERE);
    clock.advance(LONGEST_STAY_MS);
    expect(await fates([patient[0], last])).toEqual(['waiting', false]);
  });

  test('one who leaves makes room for one', async () => {
    const crowd = createCrowd(createHandClock());
    await fill(crowd);
    const next = [crowd.enter(HERE), crowd.enter(HERE)];
    crowd.leave(HERE, false);
    expect(await fates(next)).toEqual([true, 'waiting']);
  });

  test('the first sign of life lets everybody in', async () => {
    const crowd = createCrowd(createHandClock());
    await fill(crowd);
    const next = [crowd.enter(HERE), crowd.enter(HERE)];
    crowd.leave(HERE, true);
    expect(await fates([...next, crowd.enter(HERE)])).toEqual([true, true, true]);
  });

  test('another place is not concerned', async () => {
    const crowd = createCrowd(createHandClock());
    await fill(crowd);
    expect(await crowd.enter('other.')).toBe(true);
  });
});

test('a place that falls silent is narrow again', async () => {
  const crowd = createCrowd(createHandClock());
  await fill(crowd);
  crowd.leave(HERE, true);
  await crowd.enter(HERE);
  await crowd.enter(HERE);
  crowd.leave(HERE, false);
  expect(await fates([crowd.enter(HERE)])).toEqual(['waiting']);
});
