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
};

export type Bound = 'exchanges' | 'octets' | 'aliases' | 'milliseconds';

export type WorkBudget = {
  readonly limits: BudgetLimits;
  /** Takes from a bound; false when that would exceed it, and from then on the budget is spent. */
  take(bound: 'exchanges' | 'octets' | 'aliases', amount?: number): boolean;
  /** The bound that was exceeded first; undefined while work may go on. */
  spent(): Bound | undefined;
  /** Milliseconds until the time bound; 0 when it has passed. */
  remainingMs(): number;
};

export function createWorkBudget(limits: BudgetLimits, clock: Clock): WorkBudget {
  const deadline = clock.now() + limits.milliseconds;
  const used = { exchanges: 0, octets: 0, aliases: 0 };
  let exceeded: Bound | undefined;
  const remainingMs = (): number => Math.max(0, deadline - clock.now());
  return {
    limits,
    take(bound, amount = 1) {
      if (used[bound] + amount > limits[bound]) {
        exceeded ??= bound;
        return false;
      }
      used[bound] += amount;
      return true;
    },
    spent() {
      if (exceeded === undefined && remainingMs() === 0) exceeded = 'milliseconds';
      return exceeded;
    },
    remainingMs,
  };
}
