/**
 * What one client query, and everything that it causes, may cost. Every sub-walk for a server's name, every alias and
 * every retry takes from the same budget, and nothing refills it: an attack that makes work by delegation, alias or
 * minimisation ends at a sum that is known beforehand.
 */

import type { Clock } from '../system/clock.ts';

export type BudgetLimits = {
  /** Exchanges with servers, over UDP and TCP. */
  readonly exchanges: number;
  /** Octets received from servers. */
  readonly octets: number;
  /** Aliases followed, CNAME and DNAME. */
  readonly aliases: number;
  readonly milliseconds: number;
  /** Levels of server names that need server names. */
  readonly depth: number;
  /** Names of servers per delegation that turn out to have no address. */
  readonly unresolvableServerNames: number;
  /** Names of servers that are considered in one delegation. */
  readonly serverNamesPerDelegation: number;
  readonly addressesPerServerName: number;
  /** Signatures verified. */
  readonly signatures: number;
  /** Rounds of hashing for NSEC3 and DS (RFC 9276 §2.2 for why they count). */
  readonly hashes: number;
};

/** `serverNames`: look-ups of server names in all. One that asks nobody costs work all the same. */
export type Bound = 'exchanges' | 'octets' | 'aliases' | 'milliseconds' | 'serverNames' | 'signatures' | 'hashes';

export type WorkBudget = {
  readonly limits: BudgetLimits;
  /** Takes from a bound; false when that would exceed it, and from then on the budget is spent. */
  take(bound: Exclude<Bound, 'milliseconds'>, amount?: number): boolean;
  /**
   * One exchange. A part of them is kept for the keys that prove what was found: what a delegation or alias can make of
   * a question ends before that.
   */
  takeExchange(isForKeys: boolean): boolean;
  /** The bound that was exceeded first; undefined while work may go on. */
  spent(): Bound | undefined;
  limitOf(bound: Bound): number;
  /**
   * Exchanges for server names that led to nothing, whichever delegation they were for: when there have been as many as
   * one delegation may have unresolvable names, no further name is looked up. What is known already may still be asked.
   */
  countFruitless(exchanges: number): void;
  /** Time that failed look-ups of server names have taken, or waiting one's turn: two silent zones are enough of it. */
  countVainMs(ms: number): void;
  mayLookFurther(): boolean;
  /** Minimised questions so far, of all names: RFC 9156 §2.3 bounds them for one name, and aliases make many of one. */
  readonly minimised: { count: number };
  /** It is used up, or what looking for server names may cost is: another may have more to spend. */
  isCutShort(): boolean;
  /** Nearly all of it is left: what fails now fails for everyone, not for want of what was spent before. */
  isFresh(): boolean;
  /** Milliseconds until the time bound; 0 when it has passed. */
  remainingMs(): number;
  /**
   * What somebody else's work comes to; undefined when the time is up before. For the name of a server no longer is
   * waited than leaves the client its answer within 5 s, with what has been waited for others in vain.
   */
  within<T>(work: Promise<T>, isForServerName?: boolean): Promise<T | undefined>;
};

/** Of the exchanges this part, but no more than so many, is for keys alone. */
const PART_FOR_KEYS = 0.2;
const MOST_FOR_KEYS = 10;
/** With less of its time left than this, a budget is not fresh. */
const FRESH_PART_OF_TIME = 0.9;

/** The look-up that passes it is the last: with its own time, a client is told within 5 s. */
const MOST_VAIN_MS = 2500;
const MOST_LOOKING_MS = 4700;

export function createWorkBudget(limits: BudgetLimits, clock: Clock): WorkBudget {
  const deadline = clock.now() + limits.milliseconds;
  const used = { exchanges: 0, octets: 0, aliases: 0, serverNames: 0, signatures: 0, hashes: 0 };
  let exceeded: Bound | undefined;
  const mostForNames = limits.exchanges - Math.min(Math.floor(limits.exchanges * PART_FOR_KEYS), MOST_FOR_KEYS);
  let forNames = 0;
  let fruitless = 0;
  let vainMs = 0;
  const remainingMs = (): number => Math.max(0, deadline - clock.now());
  // A name is looked up in order to ask its server, so there is no use for more names than exchanges.
  const limitOf = (bound: Bound): number => {
    if (bound === 'exchanges' && used.exchanges < limits.exchanges && exceeded === bound) return mostForNames;
    return limits[bound === 'serverNames' ? 'exchanges' : bound];
  };
  const take: WorkBudget['take'] = (bound, amount = 1) => {
    if (used[bound] + amount > limitOf(bound)) {
      exceeded ??= bound;
      return false;
    }
    used[bound] += amount;
    return true;
  };
  const spent = (): Bound | undefined => {
    if (exceeded === undefined && remainingMs() === 0) exceeded = 'milliseconds';
    return exceeded;
  };
  const mayLookFurther = (): boolean => fruitless < limits.unresolvableServerNames && vainMs < MOST_VAIN_MS;
  return {
    limits,
    limitOf,
    take,
    takeExchange(isForKeys) {
      if (isForKeys) return take('exchanges');
      if (forNames >= mostForNames) exceeded ??= 'exchanges';
      else if (take('exchanges')) forNames++;
      else return false;
      return exceeded === undefined;
    },
    spent,
    countFruitless(exchanges) {
      fruitless += exchanges;
    },
    countVainMs(ms) {
      vainMs += ms;
    },
    mayLookFurther,
    isCutShort: () => spent() !== undefined || !mayLookFurther(),
    minimised: { count: 0 },
    isFresh() {
      return used.exchanges === 0 && remainingMs() >= limits.milliseconds * FRESH_PART_OF_TIME;
    },
    remainingMs,
    async within(work, isForServerName = false) {
      const mostMs = isForServerName ? Math.max(MOST_LOOKING_MS - vainMs, 0) : Infinity;
      const { promise: timeIsUp, resolve } = Promise.withResolvers<undefined>();
      const timer = clock.after(Math.min(remainingMs(), mostMs), () => resolve(undefined));
      try {
        return await Promise.race([work, timeIsUp]);
      } finally {
        timer.cancel();
      }
    },
  };
}
