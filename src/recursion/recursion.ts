/**
 * One question to one trustworthy answer: from the cache where it is known, otherwise by a walk; aliases are followed
 * link by link until there is an answer, a denial or a reason why not.
 *
 * Every walk takes from the budget of the query that caused it. How a single name is found out is find-out.ts, what
 * happens to the chain of aliases is chain.ts.
 *
 * RFC 1034 §5.3.3.
 */

import type { Cache } from '../cache/cache.ts';
import { ErrorCode } from '../dns/extended-error.ts';
import type { Name } from '../dns/name.ts';
import { Rcode } from '../dns/record-type.ts';
import type { AddressFamilies } from '../iterate/address-family.ts';
import { createRecorder, type LookUpAddresses, type Task } from '../iterate/task.ts';
import { Waiter } from '../iterate/waiting.ts';
import type { Walk } from '../iterate/walk.ts';
import { createWorkBudget, type BudgetLimits } from '../iterate/work-budget.ts';
import type { Reply, Source } from '../query/reply.ts';
import type { WalkRecord } from '../query/walk-event.ts';
import type { Clock } from '../system/clock.ts';
import { Chain, cachedSource } from './chain.ts';
import { createFindOut } from './find-out.ts';
import { createLookUpAddresses } from './look-up-addresses.ts';
import { createJudging, exempted, unjudged, type Judging, type JudgingAround } from './judging.ts';
import { answerSentinel } from './root-key-sentinel.ts';
import type { End } from './step.ts';
import { noteAliases, noteFromCache, toWalkRecord } from './walk-record.ts';
import { withinBounds } from './within-bounds.ts';

export type RecursionOptions = {
  readonly budget: BudgetLimits;
  /** Clients' questions that may be walking at once; beyond that a client is told to come again. */
  readonly maxWalks: number;
};

export type RecursionAround = {
  readonly clock: Clock;
  readonly cache: Cache;
  readonly families: AddressFamilies;
  /** The sentence that tells people why a walk failed; empty where nothing was noted that tells it. */
  readonly describeFailure: (walk: WalkRecord) => string;
  readonly newId: () => string;
  /** Undefined where the operator has switched validation off. */
  readonly validating?: Pick<JudgingAround, 'validator' | 'synthesis' | 'describe' | 'exempts' | 'isRootAnchor'>;
};

/** How the client wants to be answered. */
export type Asked = {
  /** CD: it judges for itself, so it gets what was found, judged or not (RFC 4035 §3.2.2). */
  readonly checkingDisabled: boolean;
};

const CHECKED: Asked = { checkingDisabled: false };

export type Recursion = {
  /** The answer as far as the cache alone knows it. */
  fromCache(qname: Name, qtype: number, asked?: Asked): Reply | undefined;
  /** `id` names the walk, if one is needed. */
  resolve(qname: Name, qtype: number, id: string, asked?: Asked): Promise<Reply>;
  readonly lookUpAddresses: LookUpAddresses;
  /** A task for work of our own, such as priming. */
  newTask(): Task;
  walksInFlight(): number;
};

/** A walk finds the addresses of servers through the recursion that uses it, so each is given the other. */
export function createRecursion(
  options: RecursionOptions,
  around: RecursionAround,
  makeWalk: (recursion: Pick<Recursion, 'lookUpAddresses' | 'newTask'>) => Walk,
): Recursion {
  const { clock, cache, families, describeFailure } = around;
  const { budget } = options;
  let clientWalks = 0;

  const newTask = (id = around.newId()): Task => ({
    id,
    budget: createWorkBudget(budget, clock),
    depth: 0,
    waiter: new Waiter(),
    record: createRecorder(clock),
    skipForward: false,
  });
  const { known, findOut } = createFindOut({
    cache,
    describeFailure,
    walk: (...question) => walk(...question),
    synthesise: (...question) => around.validating?.synthesis.step(...question),
  });
  const validating = around.validating && createJudging({ clock, cache, ...around.validating }, { known, findOut });
  const judgingFor = ({ checkingDisabled }: Asked, qname: Name): Judging => {
    if (validating === undefined || checkingDisabled) return unjudged;
    const exemption = around.validating?.exempts(qname);
    return exemption === undefined ? validating : exempted(exemption);
  };
  const asSentinel = (qname: Name, qtype: number, reply: Reply, { checkingDisabled }: Asked): Reply => {
    const { isRootAnchor } = around.validating ?? {};
    return isRootAnchor === undefined || checkingDisabled ? reply : answerSentinel(qname, qtype, reply, isRootAnchor);
  };
  const lookUpAddresses = createLookUpAddresses(families, { known, findOut });
  const walk: Walk = makeWalk({ lookUpAddresses, newTask: () => newTask() });

  return {
    fromCache(qname, qtype, asked = CHECKED) {
      const chain = new Chain(qname, budget.aliases);
      for (;;) {
        const found = known(chain.sname, qtype);
        if (found === undefined) return undefined;
        const judged = judgingFor(asked, qname).known(found);
        if (judged === undefined) return undefined;
        const end = chain.add(judged.step, judged.security);
        if (end !== undefined) return asSentinel(qname, qtype, chain.reply(end, cachedSource(end)), asked);
      }
    },
    async resolve(qname, qtype, id, asked = CHECKED) {
      if (clientWalks >= options.maxWalks) return tooManyWalks(options.maxWalks);
      clientWalks++;
      try {
        const task = newTask(id);
        const judging = judgingFor(asked, qname);
        const reply = asSentinel(qname, qtype, await resolveFor(qname, qtype, task, judging), asked);
        // That our clock is wrong may have come out by this very question.
        if (reply.rcode !== Rcode.SERVFAIL || judging !== validating) return reply;
        const now = judgingFor(asked, qname);
        return now === judging ? reply : await resolveFor(qname, qtype, task, now);
      } finally {
        clientWalks--;
      }
    },
    lookUpAddresses,
    newTask: () => newTask(),
    walksInFlight: () => clientWalks,
  };

  async function resolveFor(qname: Name, qtype: number, task: Task, judging: Judging): Promise<Reply> {
    const { record } = task;
    const chain = new Chain(qname, budget.aliases);
    let route: Source | undefined;
    let end: End | undefined;
    while (end === undefined) {
      const { sname } = chain;
      let step = known(sname, qtype);
      if (step === undefined) {
        const found = await findOut(sname, qtype, task);
        route = found.route;
        step = found.step;
      } else {
        noteFromCache(record, sname, qtype, step);
      }
      const judged = judging.known(step) ?? (await judging.judge(step, sname, qtype, task));
      step = judged.step;
      end = chain.add(step, judged.security);
      if (step.kind === 'alias') noteAliases(record, step);
      if (step.kind !== 'failed' && end?.kind === 'failed') record.note({ kind: 'failed', why: end.failure.why });
    }
    const reply = withinBounds(chain.reply(end, route ?? cachedSource(end)), cache.ttlBounds);
    const walk = toWalkRecord(record.events, qname, qtype, task.id);
    return route === undefined && walk.exchanges === 0 ? reply : { ...reply, walk };
  }
}

function tooManyWalks(limit: number): Reply {
  const text = `too busy: ${limit} walks are under way`;
  const errors = [{ code: ErrorCode.OTHER, text }];
  return { rcode: Rcode.SERVFAIL, isAuthoritative: false, answer: [], authority: [], errors, source: 'rule' };
}
