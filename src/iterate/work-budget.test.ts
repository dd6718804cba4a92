import { describe, expect, test } from 'vitest';

import { createHandClock } from '../../test/support/hand-clock.ts';
import { defaultOptions } from '../../test/support/resolver-options.ts';
import { createWorkBudget, type BudgetLimits } from './work-budget.ts';

const limits: BudgetLimits = {
  ...defaultOptions.recursion.budget,
  exchanges: 3,
  octets: 1000,
  aliases: 2,
  milliseconds: 100,
};

const begin = () => {
  const clock = createHandClock();
  return { clock, budget: createWorkBudget(limits, clock) };
};

describe('a bound', () => {
  test.each([
    ['exchanges', 3],
    ['aliases', 2],
    ['octets', 1000],
    ['serverNames', 3],
  ] as const)('%s gives %i and no more, and then the budget is spent', (bound, most) => {
    const { budget } = begin();
    for (let i = 0; i < most; i++) expect(budget.take(bound)).toBe(true);
    expect(budget.spent()).toBeUndefined();
    expect(budget.take(bound)).toBe(false);
    expect(budget.spent()).toBe(bound);
    expect(budget.limitOf(bound)).toBe(most);
  });

  test('of time is passed by waiting', () => {
    const { clock, budget } = begin();
    clock.advance(99);
    expect(budget.spent()).toBeUndefined();
    expect(budget.remainingMs()).toBe(1);
    clock.advance(1);
    expect(budget.spent()).toBe('milliseconds');
    expect(budget.remainingMs()).toBe(0);
  });

  test('that is exceeded in one go gives nothing', () => {
    const { budget } = begin();
    expect(budget.take('octets', 1001)).toBe(false);
    expect(budget.spent()).toBe('octets');
  });

  test('that was exceeded first stays the reason', () => {
    const { clock, budget } = begin();
    budget.take('aliases', 3);
    clock.advance(1000);
    budget.take('exchanges', 9);
    expect(budget.spent()).toBe('aliases');
  });
});

test('a fifth of the exchanges is kept for keys, ten at most', () => {
  const clock = createHandClock();
  for (const [exchanges, forNames] of [
    [50, 40],
    [100, 90],
    [10, 8],
    [3, 3],
  ]) {
    const budget = createWorkBudget({ ...limits, exchanges }, clock);
    for (let i = 0; i < forNames; i++) expect(budget.takeExchange(false)).toBe(true);
    expect(budget.spent()).toBeUndefined();
    for (let i = forNames; i < exchanges; i++) expect(budget.takeExchange(true)).toBe(true);
    expect(budget.takeExchange(false)).toBe(false);
    expect(budget.spent()).toBe('exchanges');
  }
});

test('what was spent on names is told with the number for names', () => {
  const budget = createWorkBudget({ ...limits, exchanges: 50 }, createHandClock());
  for (let i = 0; i < 41; i++) budget.takeExchange(false);
  expect([budget.spent(), budget.limitOf('exchanges')]).toEqual(['exchanges', 40]);
});

test('exchanges for server names that come to nothing end the looking for more, and so does the time they took', () => {
  const { budget } = begin();
  budget.countFruitless(4);
  expect(budget.mayLookFurther()).toBe(true);
  budget.countFruitless(1);
  expect(budget.mayLookFurther()).toBe(false);
  budget.countFruitless(-1);
  budget.countVainMs(2400);
  expect(budget.mayLookFurther()).toBe(true);
  budget.countVainMs(2200);
  expect(budget.mayLookFurther()).toBe(false);
});

test('for the name of a server others are waited for less long, the less the more was waited in vain', async () => {
  const clock = createHandClock();
  const budget = createWorkBudget({ ...limits, milliseconds: 7000 }, clock);
  const never = new Promise<never>(() => undefined);
  const waited = async (): Promise<number> => {
    const before = clock.now();
    await clock.run(budget.within(never, true));
    return clock.now() - before;
  };
  budget.countVainMs(2000);
  expect(await waited()).toBe(2700);
  budget.countVainMs(2700);
  expect(await waited()).toBe(0);
});

describe('a budget is fresh', () => {
  test('at its beginning', () => expect(begin().budget.isFresh()).toBe(true));
  test('not after an exchange', () => {
    const { budget } = begin();
    budget.take('exchanges');
    expect(budget.isFresh()).toBe(false);
  });
  test('not when time has gone by', () => {
    const { clock, budget } = begin();
    clock.advance(11);
    expect(budget.isFresh()).toBe(false);
  });
});

describe("waiting for somebody else's work", () => {
  test('gives what it comes to, and leaves no timer', async () => {
    const { clock, budget } = begin();
    expect(await clock.run(budget.within(Promise.resolve('found')))).toBe('found');
    expect(clock.pending()).toBe(0);
  });
  test('ends when the time is up', async () => {
    const { clock, budget } = begin();
    clock.advance(40);
    const waiting = budget.within(new Promise<string>(() => undefined));
    expect(await clock.run(waiting)).toBeUndefined();
    expect(budget.spent()).toBe('milliseconds');
  });
});
