/**
 * The walk: from the closest zone cut that is known, down one referral after the other, to the servers that answer for
 * a name.
 *
 * One walk finds out one (name, type): an answer, an alias, a denial, or that it cannot be found. It asks no more than
 * each zone needs to know (qname-minimisation.ts), follows referrals only downward (bailiwick.ts sees to it) and
 * remembers them for the next walk. Following an alias to its target is recursion.ts; which server is asked and how is
 * ask-zone.ts.
 *
 * RFC 1034 §5.3.3. RFC 9156 §3: when a server says NXDOMAIN to a part of the name, `strict` believes it, `relaxed` asks
 * for the whole name once more, since careless servers say NXDOMAIN for empty non-terminals.
 */

import type { Cache } from '../cache/cache.ts';
import type { Delegation } from '../cache/delegation-cache.ts';
import type { Name } from '../dns/name.ts';
import type { Clock } from '../system/clock.ts';
import type { Random } from '../system/random.ts';
import type { AskZone } from './ask-zone.ts';
import type { UsableMeaning } from './judge-outcome.ts';
import { nextAsk, type Ask, type MinimisationMode } from './qname-minimisation.ts';
import {
  delegationFrom,
  findStart,
  fromDelegation,
  type ConfiguredZone,
  type Start,
  type ZoneServers,
} from './servers.ts';
import type { Task } from './task.ts';

export type WalkOptions = {
  readonly minimisation: MinimisationMode;
  readonly zones: readonly ConfiguredZone[];
  readonly hints: Delegation;
};

export type WalkAround = {
  readonly clock: Clock;
  readonly random: Random;
  readonly cache: Cache;
  readonly askZone: AskZone;
  /** The root's servers were taken from the hints, as nothing fresher is known: time to prime. */
  readonly onHintsUsed: () => void;
};

/** Where the answer came from: our own walk, or servers that the configuration names. */
export type Route = 'recursion' | 'stub' | 'forward';

export type WalkOutcome =
  | {
      readonly kind: 'found';
      readonly meaning: Exclude<UsableMeaning, { kind: 'referral' }>;
      readonly zone: Name;
      readonly server: string;
      readonly route: Route;
    }
  | { readonly kind: 'failed'; readonly zone: Name; readonly route: Route };

export type Walk = (sname: Name, qtype: number, task: Task) => Promise<WalkOutcome>;

export function createWalk(options: WalkOptions, around: WalkAround): Walk {
  const { clock, random, cache, askZone } = around;
  const known = { delegations: cache.delegations, hints: options.hints, zones: options.zones };

  return async function walk(sname, qtype, task) {
    const start = findStart(sname, qtype, known, task);
    if (start.from === 'hints') around.onHintsUsed();
    task.record.note({ kind: 'start', zone: start.servers.zone, from: start.from });
    const outcome = await descend(start, sname, qtype, task);
    if (outcome.kind === 'failed' && start.configured?.first === true && start.from === 'forward') {
      task.record.note({ kind: 'failed', why: 'the forwarders did not answer; walking instead' });
      return walk(sname, qtype, { ...task, skipForward: true });
    }
    return outcome;
  };

  async function descend(start: Start, sname: Name, qtype: number, task: Task): Promise<WalkOutcome> {
    const route: Route = start.configured?.kind ?? 'recursion';
    const mode = start.from === 'forward' ? 'off' : options.minimisation;
    let { servers } = start;
    let deepest = servers.zone;
    let steps = 0;
    let askWhole = false;
    for (;;) {
      const ask: Ask = askWhole
        ? { qname: sname, qtype, isMinimised: false }
        : nextAsk(mode, sname, qtype, deepest, steps);
      const answer = await askZone(servers, ask, task);
      if (answer.kind === 'failed') {
        if (!(ask.isMinimised && mode === 'relaxed' && answer.wasHeard))
          return { kind: 'failed', zone: servers.zone, route };
        askWhole = true;
        continue;
      }
      const { meaning, server } = answer;
      if (meaning.kind === 'referral') {
        servers = follow(meaning, servers, task);
        deepest = servers.zone;
        askWhole = false;
      } else if (!ask.isMinimised || (mode === 'strict' && meaning.kind === 'nxdomain')) {
        return { kind: 'found', meaning, zone: servers.zone, server, route };
      } else if (meaning.kind === 'answer' || meaning.kind === 'nodata') {
        deepest = ask.qname;
        steps++;
      } else {
        // An alias above the name, or a denial that may be careless: only the whole question says more.
        askWhole = true;
      }
    }
  }

  function follow({ cut, glue }: UsableMeaning & { kind: 'referral' }, from: ZoneServers, task: Task): ZoneServers {
    const { serverNamesPerDelegation, addressesPerServerName } = task.budget.limits;
    const limits = { names: serverNamesPerDelegation, addresses: addressesPerServerName };
    const delegation = delegationFrom(cut, glue, limits, random);
    // A delegation ends with the one it was learned through: a zone that its parent no longer knows takes all below along.
    cache.delegations.put(delegation, cut.ttl, from.expiresAt);
    const withGlue = delegation.servers.filter(({ addresses }) => addresses.length > 0).length;
    task.record.note({
      kind: 'referral',
      from: from.zone,
      zone: cut.owner,
      servers: delegation.servers.length,
      glue: withGlue,
    });
    return fromDelegation(delegation, Math.min(clock.now() + cut.ttl * 1000, from.expiresAt));
  }
}
