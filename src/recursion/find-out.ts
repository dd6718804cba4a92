/**
 * Finds out one (name, type) by a walk that everybody shares who needs it at the time: clients, and walks that look for
 * the address of a server. Keeps what was found, and why something was not.
 *
 * The first to ask pays for the walk. Where it had little left to pay with, its failure says nothing about the name: it
 * is not kept (RFC 9520 is about failures of servers), and who waited walks anew from a budget of its own.
 */

import type { Cache } from '../cache/cache.ts';
import type { Failure } from '../cache/failure-cache.ts';
import { ErrorCode } from '../dns/extended-error.ts';
import { nameToText, type Name } from '../dns/name.ts';
import { Type } from '../dns/record-type.ts';
import { failureCode, whyNobodyWasAsked } from '../iterate/failure.ts';
import type { Recorder, Task } from '../iterate/task.ts';
import { Waiter } from '../iterate/waiting.ts';
import type { Route, Walk, WalkOutcome } from '../iterate/walk.ts';
import type { WalkRecord } from '../query/walk-event.ts';
import { knownStep } from './known.ts';
import { learnFailure, learnFound } from './learn.ts';
import { failedBecause, failedStep, type Step } from './step.ts';
import { toWalkRecord } from './walk-record.ts';

export type Found = { readonly step: Step; readonly route: Route };

export type FindOut = {
  /** What the cache knows. */
  readonly known: (sname: Name, qtype: number) => Step | undefined;
  /** Joins the walk that is finding this out, or starts it. */
  readonly findOut: (sname: Name, qtype: number, task: Task) => Promise<Found>;
};

export type FindOutAround = {
  readonly cache: Cache;
  readonly walk: Walk;
  /** What follows from denials of other names. */
  readonly synthesise: (sname: Name, qtype: number) => Step | undefined;
  /** The sentence that tells people why a walk failed; empty where nothing was noted that tells it. */
  readonly describeFailure: (walk: WalkRecord) => string;
};

type Concluded = Found & { readonly wasCutShort: boolean };
type Work = { readonly waiter: Waiter; readonly record: Recorder; readonly found: Promise<Concluded> };

export function createFindOut({ cache, walk, synthesise, describeFailure }: FindOutAround): FindOut {
  const inFlight = new Map<string, Work>();
  let hasSeenDname = false;

  return {
    known: (sname, qtype) => knownStep(cache, sname, qtype, hasSeenDname, synthesise),
    async findOut(sname, qtype, task) {
      if (task.avoid !== undefined) return askOthers(sname, qtype, task);
      for (;;) {
        const other = inFlight.get(keyOf(sname, qtype));
        if (other?.waiter.waitsFor(task.waiter) === true) return meetLoop(sname, task);
        const work = other ?? startWalk(sname, qtype, task);
        // One's own walk ends in time by itself; another's may have begun later.
        const waitedFor = other === undefined ? work.found : task.budget.within(work.found, task.isForServerName);
        const found = await task.waiter.during(work.waiter, waitedFor);
        task.record.include(work.record);
        if (found === undefined) return giveUp(sname, task);
        if (other === undefined || !found.wasCutShort || task.budget.spent() !== undefined) return found;
      }
    },
  };

  /** For one question whose first answer was no good; who waits for the first is not made to wait for this. */
  async function askOthers(sname: Name, qtype: number, task: Task): Promise<Found> {
    const own: Task = { ...task, record: task.record.branch() };
    const outcome = await walk(sname, qtype, own);
    task.record.include(own.record);
    return conclude(sname, qtype, outcome, own, false);
  }

  function startWalk(sname: Name, qtype: number, task: Task): Work {
    const own: Task = { ...task, waiter: new Waiter(), record: task.record.branch() };
    const work = { waiter: own.waiter, record: own.record, found: begin(sname, qtype, own) };
    inFlight.set(keyOf(sname, qtype), work);
    return work;
  }

  async function begin(sname: Name, qtype: number, task: Task): Promise<Concluded> {
    const hasAllToSpend = task.budget.isFresh();
    // Only when it can be seen that it is under way, by whom and for whom: it may come to need itself at once.
    await Promise.resolve();
    try {
      return conclude(sname, qtype, await walk(sname, qtype, task), task, hasAllToSpend);
    } finally {
      inFlight.delete(keyOf(sname, qtype));
    }
  }

  function conclude(sname: Name, qtype: number, outcome: WalkOutcome, task: Task, hasAllToSpend: boolean): Concluded {
    const { route } = outcome;
    if (outcome.kind === 'found') {
      const step = learnFound(cache, sname, qtype, outcome, task.id);
      hasSeenDname ||= 'sets' in step && step.sets.some(({ type }) => type === Type.DNAME);
      return { step, route, wasCutShort: false };
    }
    const failure = failureOf(sname, qtype, outcome, task);
    const wasCutShort = !hasAllToSpend && task.budget.isCutShort();
    // What could not be found because it waits for this very walk may well be found by another.
    const isOfThisWalkOnly =
      wasCutShort ||
      outcome.why !== undefined ||
      task.avoid !== undefined ||
      (task.depth > 0 && task.waiter.hasMetLoop);
    const step: Step = isOfThisWalkOnly ? failedStep(failure) : learnFailure(cache, sname, qtype, failure);
    return { step, route, wasCutShort };
  }

  function failureOf(
    sname: Name,
    qtype: number,
    { servers, events: told, why: remembered }: WalkOutcome & { kind: 'failed' },
    { budget, record, id }: Task,
  ): Failure {
    const { events } = record;
    const noted = events.length;
    const spent = budget.spent();
    if (spent !== undefined) record.note({ kind: 'budget-spent', bound: spent, limit: budget.limitOf(spent) });
    record.note({ kind: 'failed', why: remembered ?? whyNobodyWasAsked(events, servers) });
    const story = toWalkRecord([...events.slice(0, told), ...events.slice(noted)], sname, qtype, id);
    const why = describeFailure(story) || `no server of ${nameToText(servers.zone)} answered`;
    const errors = [{ code: failureCode(events), text: why }];
    if (remembered !== undefined) errors.push({ code: ErrorCode.CACHED_ERROR, text: 'remembered' });
    return { why, errors, walkId: id };
  }
}

function keyOf(sname: Name, qtype: number): string {
  return String.fromCharCode(qtype) + sname;
}

function meetLoop(sname: Name, { waiter, record, id }: Task): Found {
  waiter.meetLoop();
  record.note({ kind: 'dependency-loop', name: sname });
  const text = `${nameToText(sname)} is needed to find itself`;
  return { step: failedBecause({ code: ErrorCode.NO_REACHABLE_AUTHORITY, text }, id), route: 'recursion' };
}

/** The time is up while another walk is still at it. */
function giveUp(sname: Name, { budget, record, id }: Task): Found {
  const limit = budget.limitOf('milliseconds');
  record.note({ kind: 'budget-spent', bound: 'milliseconds', limit });
  const text = `the work budget was spent (milliseconds: ${limit}) waiting for another walk to find ${nameToText(sname)}`;
  record.note({ kind: 'failed', why: text });
  return { step: failedBecause({ code: ErrorCode.OTHER, text }, id), route: 'recursion' };
}
