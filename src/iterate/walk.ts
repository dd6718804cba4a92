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
 * for the whole name once more, since careless servers say NXDOMAIN for empty non-terminals; unless signed records that
 * came with it show that the whole name does not exist either, which whoever validates the answer will hold them to.
 */

import type { Cache } from '../cache/cache.ts';
import type { Delegation } from '../cache/delegation-cache.ts';
import type { Provenance } from '../cache/rrset-cache.ts';
import { ROOT, isAtOrBelow, parentOf, type Name } from '../dns/name.ts';
import { Type } from '../dns/record-type.ts';
import type { RRset } from '../dns/rrset.ts';
import type { Clock } from '../system/clock.ts';
import type { Random } from '../system/random.ts';
import type { AskZone } from './ask-zone.ts';
import type { UsableMeaning } from './judge-outcome.ts';
import { MINIMISED_TYPE, nextAsk, type Ask, type MinimisationMode } from './qname-minimisation.ts';
import {
  delegationFrom,
  findStart,
  fromDelegation,
  sameServers,
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
  /** Whether the records of a denial, if they hold, prove that there is no such name in the zone. */
  readonly showsAbsence?: (qname: Name, zone: Name, proof: readonly RRset[]) => boolean;
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
  /** `servers`: those at which it ended; `events`: how many had been noted by then, whatever was tried afterwards. */
  | {
      readonly kind: 'failed';
      readonly servers: ZoneServers;
      readonly events: number;
      readonly route: Route;
      /** Nobody was asked in the end, for this reason; it says nothing about the name. */
      readonly why?: string;
    };

export type Walk = (sname: Name, qtype: number, task: Task) => Promise<WalkOutcome>;

/** How much of the name the servers of a zone are asked: no more than they need, or all of it. */
type Extent = 'minimised' | 'whole' | 'whole-after-refusal';

/** Where all servers refused a part of the name, it is not one of them that is broken: two show whether they take the whole. */
const SECOND_QUESTION_SERVERS = 2;

export function createWalk(options: WalkOptions, around: WalkAround): Walk {
  const { clock, random, cache, askZone } = around;
  const known = { delegations: cache.delegations, hints: options.hints, zones: options.zones };

  return async function walk(sname, qtype, task) {
    const start = findStart(sname, qtype, known, task);
    const outcome = await walkFrom(start, sname, qtype, task);
    if (outcome.kind === 'found' || task.budget.spent() !== undefined) return outcome;
    if (start.from === 'forward' && start.configured?.first === true) {
      task.record.note({ kind: 'failed', why: 'the forwarders did not answer; walking instead' });
      return walk(sname, qtype, { ...task, skipForward: true });
    }
    return isOfSilentCut(start, outcome.servers, task)
      ? ((await askParentAnew(start, sname, qtype, task)) ?? outcome)
      : outcome;
  };

  async function walkFrom(start: Start, sname: Name, qtype: number, task: Task): Promise<WalkOutcome> {
    if (start.from === 'hints') around.onHintsUsed();
    task.record.note({ kind: 'start', zone: start.servers.zone, from: start.from });
    return descend(start, sname, qtype, task);
  }

  /**
   * None of the servers that a cached delegation names is of use: they may have been replaced since. The parent is
   * asked once more; undefined when it still says the same.
   */
  async function askParentAnew(
    { servers }: Start,
    sname: Name,
    qtype: number,
    task: Task,
  ): Promise<WalkOutcome | undefined> {
    const above = findStart(servers.zone, Type.DS, known, task);
    if (above.from === 'forward' || isAtOrBelow(above.servers.zone, servers.zone)) return undefined;
    const outcome = await descend(above, sname, qtype, task, servers);
    if (outcome.kind === 'found') return outcome;
    const hasNews = outcome.servers.zone !== above.servers.zone && !sameServers(outcome.servers, servers);
    return hasNews ? outcome : undefined;
  }

  /** `givenUp`: servers that have been tried; a referral to just these ends the walk. */
  async function descend(
    start: Start,
    sname: Name,
    qtype: number,
    task: Task,
    givenUp?: ZoneServers,
  ): Promise<WalkOutcome> {
    const route: Route = start.configured?.kind ?? 'recursion';
    const mode = start.from === 'forward' ? 'off' : options.minimisation;
    let { servers } = start;
    let deepest = deepestKnown(sname, servers.zone);
    const { minimised } = task.budget;
    let extent: Extent = 'minimised';
    for (;;) {
      const ask: Ask =
        extent === 'minimised'
          ? nextAsk(mode, sname, qtype, deepest, minimised.count)
          : { qname: sname, qtype, isMinimised: false };
      const isAgain = extent === 'whole-after-refusal';
      const answer = await askZone(servers, ask, isAgain ? { ...task, mostServers: SECOND_QUESTION_SERVERS } : task);
      if (answer.kind === 'failed') {
        const mayTakeTheWhole = ask.isMinimised && mode === 'relaxed' && answer.mayAnswerOther === true;
        if (!mayTakeTheWhole) return failedAt(servers, route, task, answer.why);
        extent = 'whole-after-refusal';
        continue;
      }
      const { meaning, server } = answer;
      if (meaning.kind === 'referral') {
        servers = follow(meaning, servers, task);
        if (givenUp !== undefined && sameServers(servers, givenUp)) return failedAt(servers, route, task);
        deepest = deepestKnown(sname, servers.zone);
        extent = 'minimised';
      } else if (
        !ask.isMinimised ||
        (meaning.kind === 'nxdomain' && deniesAll(sname, servers.zone, meaning.proof, mode))
      ) {
        return { kind: 'found', meaning, zone: servers.zone, server, route };
      } else if (meaning.kind === 'answer' || meaning.kind === 'nodata') {
        remember(ask, meaning, { server, zone: servers.zone, walkId: task.id });
        deepest = ask.qname;
        minimised.count++;
      } else {
        // An alias above the name, or a denial that may be careless: only the whole question says more.
        extent = 'whole';
      }
    }
  }

  function deniesAll(sname: Name, zone: Name, proof: readonly RRset[], mode: MinimisationMode): boolean {
    return mode === 'strict' || around.showsAbsence?.(sname, zone, proof) === true;
  }

  /** The next name in the same zone (the next address of the same network) need not ask its way down again. */
  function remember({ qname, qtype }: Ask, meaning: UsableMeaning, from: Provenance): void {
    if (meaning.kind === 'nodata' && meaning.soa !== undefined) {
      cache.denials.put(qname, qtype, 'nodata', meaning.soa, from, meaning.proof);
    } else if (meaning.kind === 'answer' && meaning.isAuthoritative && meaning.links.length === 0) {
      for (const set of meaning.sets) cache.rrsets.put(set, 'authoritative-answer', from, { proof: meaning.proof });
    }
  }

  /**
   * The closest name above `sname` that servers of this zone have said to exist. What others said of it is not for
   * these to hear.
   */
  function deepestKnown(sname: Name, zone: Name): Name {
    for (let above = sname; above !== zone && above !== ROOT;) {
      above = parentOf(above);
      const known = cache.rrsets.get(above, MINIMISED_TYPE) ?? cache.denials.get(above, MINIMISED_TYPE);
      if (known?.provenance.zone === zone && !('kind' in known && known.kind === 'nxdomain')) return above;
    }
    return zone;
  }

  function follow(
    { cut, glue, ds, proof }: UsableMeaning & { kind: 'referral' },
    from: ZoneServers,
    task: Task,
  ): ZoneServers {
    const { serverNamesPerDelegation, addressesPerServerName } = task.budget.limits;
    const limits = { names: serverNamesPerDelegation, addresses: addressesPerServerName };
    const aboutKeys = ds === undefined ? { dsProof: proof } : { ds };
    // No honest zone has so many servers; whoever writes them wants them looked up.
    if (cut.count > limits.names) task.budget.countFruitless(1);
    const delegation = { ...delegationFrom(cut, glue, limits, random), ...aboutKeys };
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

function failedAt(servers: ZoneServers, route: Route, { record }: Task, why?: string): WalkOutcome {
  return { kind: 'failed', servers, route, events: record.events.length, ...(why !== undefined && { why }) };
}

/** The walk ended where it began, at servers that the cache named and that were asked in vain. */
function isOfSilentCut({ from, servers }: Start, endedAt: ZoneServers, { depth, record }: Task): boolean {
  // For the name of a server it is not worth it: the zone has others.
  if (depth > 0 || from !== 'cache' || servers.zone === ROOT || endedAt.zone !== servers.zone) return false;
  return record.events.some((event) => event.kind === 'exchange' && event.depth === 0 && event.zone === servers.zone);
}
