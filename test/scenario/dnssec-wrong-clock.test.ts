/** A machine that has the wrong time: it is told so, and can still find the servers that would set it right. */

import { describe, expect, test } from 'vitest';

import type { ClockEvent } from '../../src/daemon/validation.ts';
import { name } from '../../src/dns/name.ts';
import { Rcode } from '../../src/dns/record-type.ts';
import type { Clock } from '../../src/system/clock.ts';
import { defaultPolicy } from '../../src/validate/policy.ts';
import { readTrustAnchors } from '../../src/validate/trust-anchor.ts';
import { simulatedInternet, type SimulatedInternet } from '../support/simulated-internet.ts';
import { walkingResolver } from '../support/walking-resolver.ts';

const YEAR_MS = 365 * 86_400_000;

type World = { internet: SimulatedInternet; events: string[]; readonly setClock: (offsetMs: number) => void };

/** `offsetMs`: what our clock says beyond the true time. */
function world(offsetMs: number): World {
  const events: string[] = [];
  let offset = offsetMs;
  const internet = simulatedInternet({
    resolver: (around) => {
      const clock: Clock = { ...around.clock, wallMs: () => around.clock.wallMs() + offset };
      const { anchors } = readTrustAnchors(around.trustAnchors);
      const clockNames = [name('pool.test.')];
      const dnssec = { anchors, negativeAnchors: [], policy: defaultPolicy, aggressiveNsec: true, clockNames };
      const report = (event: { kind: string } | ClockEvent): void =>
        void events.push('why' in event ? event.why : event.kind);
      return walkingResolver({ dnssec }, undefined, { clock, report })(around);
    },
  })
    .zone('.', { at: '198.51.100.1', signed: true })
    .zone('example.', { at: '192.0.2.1', records: 'www 300 A 203.0.113.7', signed: true })
    .zone('test.', { at: '192.0.2.2', records: 'a.pool 300 CNAME ntp.example.', signed: true })
    .zone('ntp.example.', { at: '192.0.2.3', records: '@ 300 A 203.0.113.123', signed: true });
  return { internet, events, setClock: (to) => void (offset = to) };
}

describe.each([
  ['fast', YEAR_MS, 'ended on'],
  ['slow', -YEAR_MS, 'begin on'],
])('a clock that is a year %s', (word, offset, verb) => {
  test('is told once in the log, and in the extended error of each failure, with both dates', async () => {
    const { internet, events } = world(offset);
    const { reply } = await internet.ask('www.example. A');
    await internet.ask('other.example. A');
    expect(reply.rcode).toBe(Rcode.SERVFAIL);
    expect(events).toHaveLength(1);
    const year = 2026 + offset / YEAR_MS;
    expect(events[0]).toMatch(new RegExp(`says ${year}-01-01T.* ${verb} 202[56]-\\d\\d-\\d\\dT.* probably ${word} `));
    expect(reply.errors[0].text).toContain(events[0]);
  });

  test('does not keep time servers from being found, aliases and all, never as secure', async () => {
    const { internet } = world(offset);
    const { reply } = await internet.ask('a.pool.test. A');
    // What was judged bogus before that is kept for no longer than that.
    expect(reply).toAnswer('a.pool.test. 60 CNAME ntp.example.', 'ntp.example. 300 A 203.0.113.123');
    expect(reply.security).toMatchObject({ state: 'insecure', reason: { check: 'wrong-clock' } });
    const again = await internet.ask('a.pool.test. A');
    expect(again.exchanges).toBe(0);
    expect(again.reply.rcode).toBe(Rcode.NOERROR);
  });

  test('that is set right is right again, and everything is validated', async () => {
    const { internet, events, setClock } = world(offset);
    await internet.ask('a.pool.test. A');
    setClock(0);
    internet.wait(61_000);
    const { reply } = await internet.ask('a.pool.test. A');
    await internet.ask('www.example. A');
    expect(events).toEqual([expect.anything(), 'clock-right-again']);
    expect((await internet.ask('a.pool.test. A')).reply.security).toEqual({ state: 'secure' });
    expect(reply.rcode).toBe(Rcode.NOERROR);
  });
});

test('with the right time, time servers are validated as everything is', async () => {
  const { internet, events } = world(0);
  const { reply } = await internet.ask('a.pool.test. A');
  expect(reply.security).toEqual({ state: 'secure' });
  expect(events).toEqual([]);
});
