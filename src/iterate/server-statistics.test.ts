import { describe, expect, test } from 'vitest';
import { name } from '../dns/name.ts';
import { createHandClock, type HandClock } from '../../test/support/hand-clock.ts';
import { createServerStatistics, type ServerStatistics } from './server-statistics.ts';

const SERVER = '192.0.2.1';
const QUARTER_HOUR_MS = 15 * 60_000;

function fresh(maxServers?: number): { clock: HandClock; statistics: ServerStatistics } {
  const clock = createHandClock();
  return { clock, statistics: createServerStatistics({ clock, ...(maxServers === undefined ? {} : { maxServers }) }) };
}

describe('round-trip time (RFC 6298 §2)', () => {
  test('of a server that was never asked nothing is known', () => {
    const { statistics } = fresh();
    expect(statistics.of(SERVER)).toEqual({
      smoothedRttMs: undefined,
      rttVariationMs: 0,
      consecutiveFailures: 0,
      lastFailure: undefined,
      backedOffUntilMs: 0,
      speaksEdns: false,
      isWithoutEdns: false,
      isWithoutCookies: false,
      breaksCase: false,
      prefersTcp: false,
    });
    expect(statistics.timeoutMs(SERVER)).toBe(400);
    expect(statistics.hedgeAfterMs(SERVER)).toBe(120);
  });

  test('the first measurement stands as it is, the next moves it by an eighth', () => {
    const { statistics } = fresh();
    statistics.recordResponse(SERVER, 80);
    expect(statistics.of(SERVER)).toMatchObject({ smoothedRttMs: 80, rttVariationMs: 40 });
    statistics.recordResponse(SERVER, 160);
    expect(statistics.of(SERVER)).toMatchObject({ smoothedRttMs: 90, rttVariationMs: 50 });
  });

  test('over TCP half of the time counts, as connecting was the other round trip', () => {
    const { statistics } = fresh();
    statistics.recordResponse(SERVER, 80, 'tcp');
    expect(statistics.of(SERVER).smoothedRttMs).toBe(40);
  });

  test('it is forgotten after a quarter of an hour without a response', () => {
    const { clock, statistics } = fresh();
    statistics.recordResponse(SERVER, 80);
    clock.advance(QUARTER_HOUR_MS - 1);
    expect(statistics.of(SERVER).smoothedRttMs).toBe(80);
    clock.advance(1);
    expect(statistics.of(SERVER).smoothedRttMs).toBeUndefined();
    expect(statistics.timeoutMs(SERVER)).toBe(400);
  });
});

describe('how long to wait', () => {
  test.each([
    { roundTrips: [1], timeoutMs: 51, hedgeAfterMs: 20 },
    { roundTrips: [100], timeoutMs: 300, hedgeAfterMs: 200 },
    { roundTrips: Array<number>(100).fill(100), timeoutMs: 200, hedgeAfterMs: 125 },
    { roundTrips: [900], timeoutMs: 1500, hedgeAfterMs: 1500 },
  ])('after round trips of $roundTrips.0 ms × $roundTrips.length', ({ roundTrips, timeoutMs, hedgeAfterMs }) => {
    const { statistics } = fresh();
    for (const roundTripMs of roundTrips) statistics.recordResponse(SERVER, roundTripMs);
    expect(statistics.timeoutMs(SERVER)).toBe(timeoutMs);
    expect(statistics.timeoutMs(SERVER, 'tcp')).toBe(2 * timeoutMs);
    expect(statistics.hedgeAfterMs(SERVER)).toBe(hedgeAfterMs);
  });

  test('a time-out doubles it up to a bound, a response sets it back', () => {
    const { statistics } = fresh();
    statistics.recordResponse(SERVER, 100);
    const timeouts = [1, 2, 3, 4].map(() => {
      statistics.recordTimeout(SERVER, 0);
      return statistics.timeoutMs(SERVER);
    });
    expect(timeouts).toEqual([600, 1200, 1500, 1500]);
    statistics.recordResponse(SERVER, 100);
    expect(statistics.timeoutMs(SERVER)).toBe(250);
  });

  test('a server that failed lately is doubted as early as an unknown one', () => {
    const { statistics } = fresh();
    statistics.recordResponse(SERVER, 800);
    expect(statistics.hedgeAfterMs(SERVER)).toBe(1500);
    statistics.recordTimeout(SERVER, 1500);
    expect(statistics.hedgeAfterMs(SERVER)).toBe(120);
  });
});

describe('failing servers (RFC 9520 §3.2)', () => {
  test('the third failure in a row backs a server off for a second, each further one twice as long, at most 5 minutes', () => {
    const { clock, statistics } = fresh();
    const pauses = Array.from({ length: 14 }, () => {
      statistics.recordTimeout(SERVER, 0);
      const until = statistics.of(SERVER).backedOffUntilMs;
      return until === 0 ? 0 : until - clock.now();
    });
    expect(pauses.slice(0, 5)).toEqual([0, 0, 1000, 2000, 4000]);
    expect(pauses.at(-1)).toBe(300_000);
  });

  test('a server whose time is up is no longer backed off, and a response forgives all', () => {
    const { clock, statistics } = fresh();
    for (let i = 0; i < 3; i++) statistics.recordUnreachable(SERVER, 'ECONNREFUSED');
    expect(statistics.of(SERVER)).toMatchObject({ consecutiveFailures: 3, lastFailure: 'ECONNREFUSED' });
    clock.advance(1000);
    expect(statistics.of(SERVER)).toMatchObject({ consecutiveFailures: 3, backedOffUntilMs: 0 });
    statistics.recordResponse(SERVER, 10);
    expect(statistics.of(SERVER)).toMatchObject({
      consecutiveFailures: 0,
      lastFailure: undefined,
      backedOffUntilMs: 0,
    });
  });

  test('failures are forgotten after a quarter of an hour', () => {
    const { clock, statistics } = fresh();
    for (let i = 0; i < 10; i++) statistics.recordTimeout(SERVER, 0);
    clock.advance(QUARTER_HOUR_MS);
    expect(statistics.of(SERVER)).toMatchObject({ consecutiveFailures: 0, lastFailure: undefined });
    statistics.recordTimeout(SERVER, 0);
    expect(statistics.of(SERVER)).toMatchObject({ consecutiveFailures: 1, backedOffUntilMs: 0 });
  });

  test.each(['EMFILE', 'EADDRINUSE', 'ENOBUFS'])('%s is our own failure and not the server’s', (code) => {
    const { statistics } = fresh();
    statistics.recordUnreachable(SERVER, code);
    expect(statistics.of(SERVER)).toMatchObject({ consecutiveFailures: 0, lastFailure: undefined });
  });

  test('being cut short by a quicker server counts as a time-out only when it was late already', () => {
    const { statistics } = fresh();
    statistics.recordResponse(SERVER, 40);
    expect(statistics.recordLate(SERVER, 79)).toBe(false);
    expect(statistics.of(SERVER).consecutiveFailures).toBe(0);
    expect(statistics.recordLate(SERVER, 80)).toBe(true);
    expect(statistics.of(SERVER)).toMatchObject({ consecutiveFailures: 1, lastFailure: 'timeout' });
  });
});

describe('lame servers (RFC 4697 §2.2)', () => {
  const broken = name('broken.example.');

  test('a server is lame for the zone it does not serve, and for a while', () => {
    const { clock, statistics } = fresh();
    statistics.recordLame(SERVER, broken);
    expect(statistics.isLame(SERVER, broken)).toBe(true);
    expect(statistics.isLame(SERVER, name('example.'))).toBe(false);
    expect(statistics.isLame('192.0.2.2', broken)).toBe(false);
    clock.advance(QUARTER_HOUR_MS);
    expect(statistics.isLame(SERVER, broken)).toBe(false);
  });

  test('a server that is lame for thousands of zones is remembered for the latest 64', () => {
    const { statistics } = fresh();
    for (let i = 0; i < 1000; i++) statistics.recordLame(SERVER, name(`zone${i}.example.`));
    expect([...statistics.dump()][0].lameFor).toHaveLength(64);
    expect(statistics.isLame(SERVER, name('zone999.example.'))).toBe(true);
    expect(statistics.isLame(SERVER, name('zone0.example.'))).toBe(false);
  });
});

test.each([
  ['has spoken EDNS', 'markSpeaksEdns', 'speaksEdns'],
  ['does not understand EDNS', 'markWithoutEdns', 'isWithoutEdns'],
  ['cannot stand a cookie', 'markWithoutCookies', 'isWithoutCookies'],
  ['does not keep the letter case', 'markBreaksCase', 'breaksCase'],
  ['is better asked over TCP', 'markPrefersTcp', 'prefersTcp'],
] as const)('that a server %s is known for a quarter of an hour', (_, mark, flag) => {
  const { clock, statistics } = fresh();
  statistics[mark](SERVER);
  expect(statistics.of(SERVER)[flag]).toBe(true);
  clock.advance(QUARTER_HOUR_MS);
  expect(statistics.of(SERVER)[flag]).toBe(false);
});

test('the number of servers is bounded, and the one not asked for longest is forgotten', () => {
  const { statistics } = fresh(2);
  statistics.recordResponse('192.0.2.1', 10);
  statistics.recordResponse('192.0.2.2', 10);
  statistics.of('192.0.2.1');
  statistics.recordResponse('192.0.2.3', 10);
  expect([...statistics.dump()].map(({ address }) => address).toSorted()).toEqual(['192.0.2.1', '192.0.2.3']);
});
