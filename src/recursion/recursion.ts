/**
 * One question to one trustworthy answer: from the cache where it is known, otherwise by a walk; aliases are followed
 * link by link until there is an answer, a denial or a reason why not.
 *
 * Clients of the same question share one walk. Every walk takes from the budget of the query that caused it.
 *
 * RFC 1034 §5.3.3.
 */

import type { Cache } from '../cache/cache.ts';
import type { Failure } from '../cache/failure-cache.ts';
import { addressToText } from '../dns/address.ts';
import { ErrorCode } from '../dns/extended-error.ts';
import { nameFromWire, nameToText, type Name } from '../dns/name.ts';
import { Rcode, Type } from '../dns/record-type.ts';
import { firstRdata, rdataOf } from '../dns/rrset.ts';
import type { AddressFamilies } from '../iterate/address-family.ts';
import { failureCode } from '../iterate/failure.ts';
import { createRecorder, type LookUpAddresses, type Recorder, type Task } from '../iterate/task.ts';
import { Waiter } from '../iterate/waiting.ts';
import type { Route, Walk } from '../iterate/walk.ts';
import { createWorkBudget, type BudgetLimits } from '../iterate/work-budget.ts';
import type { Reply, Source } from '../query/reply.ts';
import type { WalkRecord } from '../query/walk-event.ts';
import type { Clock } from '../system/clock.ts';
import { cachedSource, createChain } from './chain.ts';
import { knownStep } from './known.ts';
import { learnFailure, learnFound } from './learn.ts';
import type { End, Step } from './step.ts';

export type RecursionOptions = {
  readonly budget: BudgetLimits;
  /** Clients' questions that may be walking at once; beyond that a client is told to come again. */
  readonly maxWalks: number;
};

export type RecursionAround = {
  readonly clock: Clock;
  readonly cache: Cache;
  readonly families: AddressFamilies;
  /** The sentence that tells people why a walk failed. */
  readonly describeFailure: (walk: WalkRecord) => string;
  readonly newId: () => string;
};

export type Recursion = {
  /** The answer as far as the cache alone knows it. */
  fromCache(qname: Name, qtype: number): Reply | undefined;
  /** `id` names the walk, if one is needed. */
  resolve(qname: Name, qtype: number, id: string): Promise<Reply>;
  readonly lookUpAddresses: LookUpAddresses;
  /** A task for work of our own, such as priming. */
  newTask(): Task;
  walksInFlight(): number;
};

type Work = {
  readonly waiter: Waiter;
  readonly record: Recorder;
  readonly found: Promise<{ readonly step: Step; readonly route: Route }>;
};

/** A walk finds the addresses of servers through the recursion that uses it, so each is given the other. */
export function createRecursion(
  options: RecursionOptions,
  around: RecursionAround,
  makeWalk: (recursion: Recursion) => Walk,
): Recursion {
  const { clock, cache, families } = around;
  const inFlight = new Map<string, Work>();
  let clientWalks = 0;
  let hasSeenDname = false;

  const recursion: Recursion = {
    fromCache(qname, qtype) {
      const chain = createChain(qname);
      while (chain.aliases <= options.budget.aliases) {
        const step = known(chain.sname, qtype);
        if (step === undefined) return undefined;
        const end = chain.add(step);
        if (end !== undefined) return chain.reply(end, cachedSource(end));
      }
      return undefined;
    },
    async resolve(qname, qtype, id) {
      if (clientWalks >= options.maxWalks) return tooManyWalks(options.maxWalks);
      clientWalks++;
      try {
        return await resolveFor(qname, qtype, id);
      } finally {
        clientWalks--;
      }
    },
    lookUpAddresses,
    newTask,
    walksInFlight: () => clientWalks,
  };
  const walk = makeWalk(recursion);
  return recursion;

  async function resolveFor(qname: Name, qtype: number, id: string): Promise<Reply> {
    const task = newTask();
    const chain = createChain(qname);
    let route: Source | undefined;
    let end: End | undefined;
    while (end === undefined) {
      const { sname } = chain;
      let step = known(sname, qtype);
      if (step === undefined) {
        const found = await findOut(sname, qtype, task, id);
        route = found.route;
        step = found.step;
      } else {
        task.record.note({ kind: 'cache', qname: sname, qtype, found: kindOfKnown(step) });
      }
      end = chain.add(step);
      if (step.kind === 'alias') noteAliases(task.record, step);
      if (step.kind === 'alias' && end?.kind === 'failed') task.record.note({ kind: 'failed', why: end.failure.why });
      if (end === undefined && !task.budget.take('aliases')) end = failed(tooManyAliases(task, id));
    }
    if (route === undefined) return chain.reply(end, cachedSource(end));
    return { ...chain.reply(end, route), walk: toWalkRecord(task.record, qname, qtype, id) };
  }

  function newTask(): Task {
    const budget = createWorkBudget(options.budget, clock);
    return { budget, depth: 0, waiter: new Waiter(), record: createRecorder(clock), skipForward: false };
  }

  function known(sname: Name, qtype: number): Step | undefined {
    return knownStep(cache, sname, qtype, hasSeenDname);
  }

  /** Joins the walk that is finding this out, or starts it. */
  async function findOut(sname: Name, qtype: number, task: Task, id: string): Promise<{ step: Step; route: Route }> {
    const key = String.fromCharCode(qtype) + sname;
    let work = inFlight.get(key);
    if (work === undefined) {
      work = startWalk(sname, qtype, task, id);
      inFlight.set(key, work);
      void work.found.finally(() => inFlight.delete(key));
    } else if (work.waiter.waitsFor(task.waiter)) {
      task.record.note({ kind: 'dependency-loop', name: sname });
      return { step: failed(dependencyLoop(sname, id)), route: 'recursion' };
    }
    const found = await task.waiter.during(work.waiter, work.found);
    task.record.include(work.record);
    return found;
  }

  function startWalk(sname: Name, qtype: number, { budget, depth }: Task, id: string): Work {
    const own: Task = { budget, depth, waiter: new Waiter(), record: createRecorder(clock), skipForward: false };
    const found = walk(sname, qtype, own).then((outcome) => {
      const { route } = outcome;
      if (outcome.kind === 'failed') return { step: fail(sname, qtype, own, id), route };
      hasSeenDname ||= 'links' in outcome.meaning && outcome.meaning.links.some(({ dname }) => dname !== undefined);
      return { step: learnFound(cache, sname, qtype, outcome, id), route };
    });
    return { waiter: own.waiter, record: own.record, found };
  }

  function fail(sname: Name, qtype: number, { budget, depth, record }: Task, id: string): Step {
    const spent = budget.spent();
    if (spent !== undefined) record.note({ kind: 'budget-spent', bound: spent, limit: budget.limits[spent] });
    record.note({ kind: 'failed', why: '' });
    const why = around.describeFailure(toWalkRecord(record, sname, qtype, id));
    const failure: Failure = { why, errors: [{ code: failureCode(record.events), text: why }], walkId: id };
    // What could not be found because it waits for this very walk may well be found by another.
    const isOfThisWalkOnly = depth > 0 && record.events.some(({ kind }) => kind === 'dependency-loop');
    return isOfThisWalkOnly ? failed(failure) : learnFailure(cache, sname, qtype, failure);
  }

  async function lookUpAddresses(name: Name, task: Task): Promise<readonly string[]> {
    const { depth } = task.budget.limits;
    if (task.depth >= depth) {
      task.record.note({ kind: 'budget-spent', bound: 'depth', limit: depth });
      return [];
    }
    const record = createRecorder(clock);
    const below: Task = { ...task, record, depth: task.depth + 1 };
    let addresses: readonly string[] = [];
    for (const qtype of addressTypes()) {
      addresses = await addressesOfType(name, qtype, below);
      if (addresses.length > 0 || task.budget.spent() !== undefined) break;
    }
    task.record.include(record, 1);
    task.record.note({ kind: 'server-name', name, addresses });
    return addresses;
  }

  async function addressesOfType(name: Name, qtype: number, task: Task): Promise<readonly string[]> {
    const chain = createChain(name);
    for (;;) {
      const step = known(chain.sname, qtype) ?? (await findOut(chain.sname, qtype, task, around.newId())).step;
      const end = chain.add(step);
      if (end !== undefined) {
        const set = end.kind === 'answer' ? end.sets.findLast(({ type }) => type === qtype) : undefined;
        return set === undefined ? [] : rdataOf(set).map(addressToText);
      }
      if (!task.budget.take('aliases')) return [];
    }
  }

  /** IPv4 first, as it reaches nearly everywhere; a family that is out of use is not even looked up. */
  function addressTypes(): number[] {
    const types = families.isInUse(4) ? [Type.A as number] : [];
    return families.isInUse(6) ? [...types, Type.AAAA] : types;
  }
}

function kindOfKnown(step: Step): 'rrset' | 'denial' | 'failure' {
  if (step.kind === 'failed') return 'failure';
  return step.kind === 'nodata' || step.kind === 'nxdomain' ? 'denial' : 'rrset';
}

/** A CNAME that was made from a DNAME is told as the DNAME. */
function noteAliases(record: Recorder, { sets }: Step & { kind: 'alias' }): void {
  let byDname = false;
  for (const set of sets) {
    if (set.type === Type.CNAME) {
      const target = nameFromWire(firstRdata(set));
      record.note({ kind: 'alias', owner: set.owner, target, type: byDname ? 'DNAME' : 'CNAME' });
    }
    byDname = set.type === Type.DNAME;
  }
}

function toWalkRecord({ events }: Recorder, qname: Name, qtype: number, id: string): WalkRecord {
  let exchanges = 0;
  let networkMs = 0;
  for (const event of events) {
    if (event.kind !== 'exchange') continue;
    exchanges++;
    networkMs += event.result === 'cancelled' ? 0 : event.roundTripMs;
  }
  return { id, qname, qtype, events, exchanges, networkMs };
}

function failed(failure: Failure): End {
  return { kind: 'failed', failure };
}

function dependencyLoop(sname: Name, walkId: string): Failure {
  const why = `${nameToText(sname)} is needed to find itself`;
  return { why, errors: [{ code: ErrorCode.NO_REACHABLE_AUTHORITY, text: why }], walkId };
}

function tooManyAliases({ budget, record }: Task, walkId: string): Failure {
  const limit = budget.limits.aliases;
  record.note({ kind: 'budget-spent', bound: 'aliases', limit });
  const why = `more than ${limit} aliases follow one another`;
  record.note({ kind: 'failed', why });
  return { why, errors: [{ code: ErrorCode.OTHER, text: why }], walkId };
}

function tooManyWalks(limit: number): Reply {
  const text = `too busy: ${limit} walks are under way`;
  const errors = [{ code: ErrorCode.OTHER, text }];
  return { rcode: Rcode.SERVFAIL, isAuthoritative: false, answer: [], authority: [], errors, source: 'rule' };
}
