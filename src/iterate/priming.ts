/**
 * Asks the root hints who serves the root now (RFC 9609), and keeps that as the root's delegation.
 *
 * Hints are only a place to begin: until priming has succeeded, and whenever what it learned has run out, walks start
 * from the hints and priming goes on beside them. It is tried again with growing pauses.
 */

import type { Cache } from '../cache/cache.ts';
import type { Delegation } from '../cache/delegation-cache.ts';
import { ROOT } from '../dns/name.ts';
import { Type } from '../dns/record-type.ts';
import type { Clock } from '../system/clock.ts';
import type { Random } from '../system/random.ts';
import type { AskZone } from './ask-zone.ts';
import { delegationFrom, fromDelegation } from './servers.ts';
import type { Task } from './task.ts';

export type PrimingEvent =
  | { readonly kind: 'primed'; readonly servers: number; readonly addresses: number }
  | { readonly kind: 'priming-failed'; readonly retryInMs: number };

export type Priming = {
  /** Primes, unless it has just been done or has just failed; settles when that is over. */
  prime(): Promise<void>;
};

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 60_000;
/** RFC 9609 §3: the root has 13 server names with two addresses each; room is left for more. */
const LIMITS = { names: 26, addresses: 8 };

export function createPriming(around: {
  clock: Clock;
  random: Random;
  cache: Cache;
  hints: Delegation;
  askZone: AskZone;
  newTask: () => Task;
  report: (event: PrimingEvent) => void;
}): Priming {
  const { clock, random, cache, hints, askZone } = around;
  let underWay: Promise<void> | undefined;
  let notBefore = 0;
  let pauseMs = FIRST_PAUSE_MS;

  return {
    async prime() {
      if (underWay !== undefined) return underWay;
      if (clock.now() < notBefore) return;
      underWay = attempt().finally(() => (underWay = undefined));
      return underWay;
    },
  };

  async function attempt(): Promise<void> {
    const ask = { qname: ROOT, qtype: Type.NS, isMinimised: false };
    const answer = await askZone(fromDelegation(hints, Infinity), ask, around.newTask());
    if (answer.kind === 'failed' || answer.meaning.kind !== 'answer' || answer.meaning.links.length > 0) {
      notBefore = clock.now() + pauseMs;
      around.report({ kind: 'priming-failed', retryInMs: pauseMs });
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      return;
    }
    pauseMs = FIRST_PAUSE_MS;
    // A root whose NS set may not be kept is not primed for every walk.
    notBefore = clock.now() + FIRST_PAUSE_MS;
    const { sets, glue } = answer.meaning;
    const delegation = completeFromHints(delegationFrom(sets[0], glue, LIMITS, random), hints);
    cache.delegations.put(delegation, sets[0].ttl, Infinity);
    around.report({
      kind: 'primed',
      servers: delegation.servers.length,
      addresses: delegation.servers.reduce((sum, { addresses }) => sum + addresses.length, 0),
    });
  }
}

/** RFC 9609 §4.2: addresses that the response had no room for are still those of the hints. */
function completeFromHints(delegation: Delegation, hints: Delegation): Delegation {
  const hinted = new Map(hints.servers.map(({ name, addresses }) => [name, addresses]));
  const servers = delegation.servers.map((server) =>
    server.addresses.length > 0 ? server : { ...server, addresses: hinted.get(server.name) ?? [] },
  );
  return { zone: delegation.zone, servers };
}
