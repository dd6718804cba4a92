import { describe, expect, test } from 'vitest';

import { createHandClock } from '../../test/support/hand-clock.ts';
import { createAttempts, type Attempt, type Attempts, type Lesson } from './attempts.ts';
import { createServerStatistics, type ServerState } from './server-statistics.ts';

type Known = Partial<ServerState>;

const unknown = createServerStatistics({ clock: createHandClock() }).of('192.0.2.250');
const candidates = (...addresses: string[]) => addresses.map((address) => ({ serverName: undefined, address }));
const attemptsOn = (addresses: string[], known: Known = {}): Attempts =>
  createAttempts(candidates(...addresses), { of: () => ({ ...unknown, ...known }) });

const told = (attempt: Attempt | undefined): string | undefined =>
  attempt &&
  `${attempt.candidate.address} ${attempt.transport}${attempt.withEdns ? '' : ' without EDNS'}${attempt.withEdns && !attempt.withCookie ? ' without cookie' : ''} (${attempt.reason})`;

/** All attempts where each comes to the same, the last resort at the end. */
function story(attempts: Attempts, lesson: Lesson): (string | undefined)[] {
  const list: (string | undefined)[] = [];
  for (let next = attempts.next(); ; next = attempts.next()) {
    next ??= attempts.lastResort();
    if (next === undefined) return list;
    list.push(told(next));
    attempts.learn(next, lesson);
  }
}

const A = '192.0.2.1';
const B = '192.0.2.2';
const C = '192.0.2.3';

describe('what follows when every attempt comes to', () => {
  test.each<[Lesson, string[]]>([
    ['useless', [`${A} udp (first)`, `${B} udp (first)`]],
    ['truncated', [`${A} udp (first)`, `${A} tcp (truncated)`, `${B} udp (first)`, `${B} tcp (truncated)`]],
    ['suspicious', [`${A} udp (first)`, `${A} tcp (suspicious)`, `${B} udp (first)`, `${B} tcp (suspicious)`]],
    ['wrong-case', [`${A} udp (first)`, `${A} tcp (wrong-case)`, `${B} udp (first)`, `${B} tcp (wrong-case)`]],
    [
      'format-error',
      [
        `${A} udp (first)`,
        `${A} udp without EDNS (format-error)`,
        `${B} udp (first)`,
        `${B} udp without EDNS (format-error)`,
      ],
    ],
    [
      'cookie-refused',
      [
        `${A} udp (first)`,
        `${A} udp without cookie (cookie-refused)`,
        `${B} udp (first)`,
        `${B} udp without cookie (cookie-refused)`,
      ],
    ],
    [
      'bad-cookie',
      [
        `${A} udp (first)`,
        `${A} udp (bad-cookie)`,
        `${A} tcp (bad-cookie)`,
        `${B} udp (first)`,
        `${B} udp (bad-cookie)`,
      ],
    ],
    [
      'silent',
      [`${A} udp (first)`, `${B} udp (first)`, `${A} udp without EDNS (silent)`, `${B} tcp (silent-over-udp)`],
    ],
  ])('%s', (lesson, expected) => {
    expect(story(attemptsOn([A, B]), lesson)).toEqual(expected);
  });
});

test('a server known to speak EDNS is asked again with it', () => {
  expect(story(attemptsOn([A], { smoothedRttMs: 20 }), 'silent')).toEqual([
    `${A} udp (first)`,
    `${A} udp (silent)`,
    `${A} tcp (silent-over-udp)`,
  ]);
});

test('of many silent servers one is asked again, and one over TCP', () => {
  expect(story(attemptsOn([A, B, C]), 'silent')).toHaveLength(5);
});

test.each<[Known, string]>([
  [{ isWithoutCookies: true }, `${A} udp without cookie (first)`],
  [{ isWithoutEdns: true }, `${A} udp without EDNS (first)`],
  [{ prefersTcp: true }, `${A} tcp (first)`],
])('a treatment that is known is given at once: %o', (known, expected) => {
  expect(told(attemptsOn([A], known).next())).toBe(expected);
});

test('a format error of a server that has spoken EDNS is asked for over TCP first: it may be forged', () => {
  expect(story(attemptsOn([A], { speaksEdns: true }), 'format-error')).toEqual([
    `${A} udp (first)`,
    `${A} tcp (suspicious)`,
    `${A} tcp without EDNS (format-error)`,
  ]);
});

test('servers that are found later come behind, and none is asked twice', () => {
  const attempts = attemptsOn([A]);
  attempts.add(candidates(A, B, B));
  expect(story(attempts, 'useless')).toEqual([`${A} udp (first)`, `${B} udp (first)`]);
});

test('one address at two ports is two servers', () => {
  const attempts = attemptsOn([]);
  attempts.add([53, 5353, 53].map((port) => ({ serverName: undefined, address: A, port })));
  expect(story(attempts, 'useless')).toHaveLength(2);
});
