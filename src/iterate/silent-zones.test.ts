import { describe, expect, test } from 'vitest';
import { createHandClock } from '../../test/support/hand-clock.ts';
import { defaultOptions } from '../../test/support/resolver-options.ts';
import { name } from '../dns/name.ts';
import { Type } from '../dns/record-type.ts';
import type { ZoneAnswer } from './ask-zone.ts';
import type { ZoneServers } from './servers.ts';
import { keepFromSilentZones } from './silent-zones.ts';
import { createRecorder, type Task } from './task.ts';
import { Waiter } from './waiting.ts';
import { createWorkBudget } from './work-budget.ts';

const silent: ZoneAnswer = { kind: 'failed', wasHeard: false, isSilent: true };
const heard: ZoneAnswer = { kind: 'failed', wasHeard: true, isSilent: false };
/** Nobody could be asked. */
const unasked: ZoneAnswer = { kind: 'failed', wasHeard: false, isSilent: false };

const zoneAt = (address: string): ZoneServers => ({
  zone: name('example.'),
  servers: [{ name: name('ns.example.'), addresses: [address] }],
  addresses: [],
  role: 'authoritative',
  expiresAt: Infinity,
});
const here = zoneAt('192.0.2.1');

function setUp(...answers: ZoneAnswer[]) {
  const clock = createHandClock();
  const asked: ('question' | 'probe')[] = [];
  const ask = keepFromSilentZones((_servers, _question, task) => {
    asked.push(task.isProbe === true ? 'probe' : 'question');
    return Promise.resolve(answers.shift() ?? heard);
  }, clock);
  const task: Task = {
    id: 'walk-1',
    budget: createWorkBudget(defaultOptions.recursion.budget, clock),
    depth: 0,
    waiter: new Waiter(),
    record: createRecorder(clock),
    skipForward: false,
  };
  return {
    clock,
    asked,
    ask: (qtype: number = Type.A, servers = here) =>
      ask(servers, { qname: name('www.example.'), qtype, isMinimised: false }, task),
  };
}

describe('after all its servers were silent a zone', () => {
  test('is not asked, and the reason names its servers', async () => {
    const { ask, asked } = setUp(silent);
    await ask();
    expect(await ask()).toEqual({
      kind: 'failed',
      wasHeard: false,
      why: 'the servers of example. (ns.example.) were silent when they were asked last; asked again in 1 s at the earliest',
    });
    expect(asked).toEqual(['question']);
  });

  test('is probed after 1 s, and then after growing waits of 5 s at most', async () => {
    const { ask, asked, clock } = setUp(...Array.from({ length: 7 }, () => silent));
    await ask();
    const waits: number[] = [];
    for (let last = clock.now(); waits.length < 5; clock.advance(100)) {
      const before = asked.length;
      await ask();
      if (asked.length === before) continue;
      waits.push(Math.round((clock.now() - last) / 100) / 10);
      last = clock.now();
    }
    expect(waits).toEqual([1, 2, 4, 5, 5]);
    expect(asked.slice(1)).toEqual(Array.from({ length: 5 }, () => 'probe'));
  });

  test('is asked by everybody once a probe has heard anything', async () => {
    const { ask, asked, clock } = setUp(silent, heard);
    await ask();
    clock.advance(1000);
    await ask();
    await ask();
    expect(asked).toEqual(['question', 'probe', 'question']);
  });

  test.each([
    ['for another type, as some are silent to types that they do not know', Type.AAAA, here],
    ['at other servers', Type.A, zoneAt('192.0.2.2')],
  ])('is asked %s', async (_, qtype, servers) => {
    const { ask, asked } = setUp(silent);
    await ask();
    await ask(qtype, servers);
    expect(asked).toEqual(['question', 'question']);
  });

  test('is forgotten after a minute in which nobody asked', async () => {
    const { ask, asked, clock } = setUp(silent);
    await ask();
    clock.advance(60_000);
    await ask();
    expect(asked).toEqual(['question', 'question']);
  });
});

test.each([
  ['has answered something', heard],
  ['nobody could ask', unasked],
])('a zone that %s is asked again', async (_, answer) => {
  const { ask, asked } = setUp(answer);
  await ask();
  await ask();
  expect(asked).toEqual(['question', 'question']);
});
