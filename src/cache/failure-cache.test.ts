import { describe, expect, test } from 'vitest';
import { createHandClock } from '../../test/support/hand-clock.ts';
import { ErrorCode } from '../dns/extended-error.ts';
import { name } from '../dns/name.ts';
import { Type } from '../dns/record-type.ts';
import { createCache } from './cache.ts';
import { FIRST_WAIT_MS, QUIET_MS } from './failure-cache.ts';

const www = name('www.example.');
const failure = {
  why: 'no server of example. answered: 192.0.2.1 timed out after 1200 ms',
  errors: [{ code: ErrorCode.NO_REACHABLE_AUTHORITY, text: 'no server of example. answered' }],
  walkId: 'walk-1',
};

function setUp() {
  const clock = createHandClock();
  const { failures } = createCache(
    { maxBytes: 1_000_000, minTtl: 0, maxTtl: 86_400, maxNegativeTtl: 3600, ttlOverrides: [] },
    { clock },
  );
  const retryInMs = (): number | undefined => failures.get(www, Type.A)?.retryInMs;
  return { clock, failures, retryInMs };
}

describe('RFC 9520 §3.2', () => {
  test('a failure is repeated with its reason for five seconds', () => {
    const { clock, failures } = setUp();
    failures.put(www, Type.A, failure);
    expect(failures.get(www, Type.A)).toEqual({ ...failure, retryInMs: 5000 });
    clock.advance(4999);
    expect(failures.get(www, Type.A)).toEqual({ ...failure, retryInMs: 1 });
    clock.advance(1);
    expect(failures.get(www, Type.A)).toBeUndefined();
  });

  test('from the third failure in a row of the same question on the wait is doubled, up to a minute', () => {
    const { clock, failures, retryInMs } = setUp();
    const waits: (number | undefined)[] = [];
    for (let i = 0; i < 7; i++) {
      failures.put(www, Type.A, failure);
      waits.push(retryInMs());
      clock.advance(retryInMs() ?? 0);
    }
    expect(waits).toEqual([5000, 5000, 10_000, 20_000, 40_000, 60_000, 60_000]);
  });

  test('another type of the same name is another question', () => {
    const { failures } = setUp();
    failures.put(www, Type.A, failure);
    expect(failures.get(www, Type.AAAA)).toBeUndefined();
  });
});

describe('the wait begins anew', () => {
  test('after a success', () => {
    const { failures, retryInMs } = setUp();
    for (let i = 0; i < 3; i++) failures.put(www, Type.A, failure);
    expect(retryInMs()).toBe(2 * FIRST_WAIT_MS);
    failures.clear(www, Type.A);
    expect(retryInMs()).toBeUndefined();
    failures.put(www, Type.A, failure);
    expect(retryInMs()).toBe(FIRST_WAIT_MS);
  });

  test('after a long quiet, and not before', () => {
    const { clock, failures, retryInMs } = setUp();
    for (let i = 0; i < 2; i++) failures.put(www, Type.A, failure);
    clock.advance(FIRST_WAIT_MS + QUIET_MS - 1);
    failures.put(www, Type.A, failure);
    expect(retryInMs()).toBe(2 * FIRST_WAIT_MS);
    clock.advance(2 * FIRST_WAIT_MS + QUIET_MS);
    failures.put(www, Type.A, failure);
    expect(retryInMs()).toBe(FIRST_WAIT_MS);
  });
});
