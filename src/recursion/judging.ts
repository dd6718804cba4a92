/**
 * Has what was found out judged by DNSSEC before a client gets it, whether it came from a walk or from the cache; keeps
 * the judgement in the cache; and asks other servers where one has given a bogus answer, before that is believed
 * (RFC 4035 §5.5 leaves to the resolver what it does about it).
 */

import type { Cache } from '../cache/cache.ts';
import type { ExtendedError } from '../dns/extended-error.ts';
import { withTtl, type RRset } from '../dns/rrset.ts';
import type { Name } from '../dns/name.ts';
import { Type } from '../dns/record-type.ts';
import type { Task } from '../iterate/task.ts';
import type { Evidence, Judgement } from '../query/evidence.ts';
import { worse, type Security } from '../query/security.ts';
import type { Clock } from '../system/clock.ts';
import { verifyingMicros } from '../validate/algorithm.ts';
import type { Inquiry } from '../validate/chain-of-trust.ts';
import type { Validator } from '../validate/validator.ts';
import type { FindOut } from './find-out.ts';
import { failedBecause, type Step } from './step.ts';
import type { Synthesis } from './synthesis.ts';

export type Judged = { readonly step: Step; readonly security: Security | undefined };

export type Judging = {
  /** As far as it is known without looking at anything; undefined when something has to be judged first. */
  known(step: Step): Judged | undefined;
  /** The step, or another that was found at other servers, or a failure where what was found is not to be believed. */
  judge(step: Step, sname: Name, qtype: number, task: Task): Promise<Judged>;
};

/** Takes everything as it was found. */
export const unjudged: Judging = {
  known: (step) => ({ step, security: undefined }),
  judge: (step) => Promise.resolve({ step, security: undefined }),
};

/** Takes everything as it was found, and says why. */
export function exempted(security: Security): Judging {
  const judged = (step: Step): Judged => ({ step, security: step.kind === 'failed' ? undefined : security });
  return { known: judged, judge: (step) => Promise.resolve(judged(step)) };
}

export type JudgingAround = {
  readonly clock: Clock;
  readonly cache: Cache;
  readonly validator: Validator;
  readonly synthesis: Synthesis;
  readonly describe: (security: Security) => ExtendedError;
  /** How a name is answered without being judged, where there is a reason not to. */
  readonly exempts: (qname: Name) => Security | undefined;
  /** Whether the root's key with this tag is trusted (RFC 8509); absent where nobody is told. */
  readonly isRootAnchor?: (keyTag: number) => boolean;
};

const OTHER_SERVERS = 2;
/** Then a reply that is ready is sent first: a P-384 signature takes a millisecond. */
const MOST_MICROS_IN_TURN = 4000;
/**
 * What a signature that does not verify costs beyond itself: so eight of them are as many as a query may have with the
 * bound as it is by default, while an honest one has hardly any and may have ten zones on its way (KeyTrap).
 */
const FAILURE_PRICE = 15;

export function createJudging(around: JudgingAround, { known, findOut }: FindOut): Judging {
  const { clock, cache, validator, synthesis, describe } = around;
  let microsInTurn = 0;
  let nextTurn: Promise<void> | undefined;

  return {
    known(step) {
      if (step.kind === 'failed') return { step, security: undefined };
      const all = step.evidence.map(({ security }) => security);
      const judged = all.filter((security) => security !== undefined);
      return judged.length < all.length ? undefined : conclude(step, judged.reduce(worse));
    },

    async judge(first, sname, qtype, task) {
      const avoid = new Set<string>();
      let step = first;
      for (;;) {
        const judged = await judgeStep(step, task);
        const servers = isWorthAskingOthers(judged) ? bogusServers(step, judged) : [];
        if (servers.length === 0 || avoid.size >= OTHER_SERVERS || task.budget.spent() !== undefined) return judged.end;
        for (const server of servers) avoid.add(server);
        const { step: other } = await findOut(sname, qtype, { ...task, avoid });
        if (other.kind === 'failed') return judged.end;
        step = other;
      }
    },
  };

  type JudgedStep = { readonly end: Judged; readonly securities: readonly Security[]; readonly worst: Security };

  async function judgeStep(step: Step, task: Task): Promise<JudgedStep> {
    const securities: Security[] = [];
    const until = new Map<RRset, number>();
    const evidence: Evidence[] = [];
    for (const one of step.evidence) {
      const { security, notAfter, proof = one.proof } = await judgementOf(one, task);
      securities.push(security);
      // RFC 4035 §3.2.3: with AD, nothing is handed on but what holds.
      evidence.push({ ...one, proof });
      if (one.kind === 'set') until.set(one.set, notAfter);
    }
    const worst = securities.reduce(worse, SECURE);
    return { end: conclude(bounded({ ...step, evidence }, until), worst), securities, worst };
  }

  async function judgementOf(evidence: Evidence, task: Task): Promise<Judgement> {
    if (evidence.security !== undefined) return { security: evidence.security, notAfter: Infinity };
    const judgement = await validator.judge(evidence, inquiryOf(task));
    const { security, notAfter, shown, proof } = judgement;
    if (shown !== undefined) synthesis.learn(shown, notAfter);
    const [owner, type] =
      evidence.kind === 'set' ? [evidence.set.owner, evidence.set.type] : [evidence.qname, evidence.qtype];
    const why = security.state === 'secure' ? '' : describe(security).text;
    task.record.note({ kind: 'validated', owner, type, state: security.state, why });
    if (evidence.kind === 'set') {
      cache.rrsets.judge(evidence.set, security, notAfter, proof);
    } else if (evidence.soa !== undefined) {
      const { qname, qtype, soa } = evidence;
      cache.denials.judge(qname, qtype, { soa, proof: evidence.proof }, security, notAfter, proof);
    }
    return judgement;
  }

  /** Looks up DS and DNSKEY one level down, from the budget of the query that needs them. */
  function inquiryOf(task: Task): Inquiry {
    const { budget } = task;
    return {
      breathe,
      budget: {
        takeVerification(algorithm) {
          microsInTurn += verifyingMicros(algorithm);
          return budget.spent() === undefined && budget.take('signatures');
        },
        countFailure: () => void budget.take('signatures', FAILURE_PRICE),
        takeHash: (rounds) => budget.spent() === undefined && budget.take('hashes', rounds),
        isSpent: () => budget.spent() !== undefined,
      },
      async lookUp(qname, qtype, avoid) {
        const below: Task = { ...task, record: task.record.branch(), depth: task.depth + 1, ...(avoid && { avoid }) };
        const step = avoid === undefined ? known(qname, qtype) : undefined;
        const found = step ?? (await findOut(qname, qtype, below)).step;
        task.record.include(below.record, 1);
        return found.evidence[0];
      },
      referralDs(zone) {
        const cut = cache.delegations.closest(zone)?.delegation;
        return cut?.zone === zone ? dsFromReferral(cut) : undefined;
      },
    };
  }

  /** Of all queries together, as they share the thread; and together they wait. */
  async function breathe(): Promise<void> {
    if (microsInTurn < MOST_MICROS_IN_TURN) return;
    nextTurn ??= new Promise<void>((resolve) => {
      clock.after(0, () => {
        microsInTurn = 0;
        nextTurn = undefined;
        resolve();
      });
    });
    await nextTurn;
  }

  function conclude(step: Step, security: Security): Judged {
    if (isServable(security)) return { step, security };
    return { step: failedBecause(describe(security), ''), security };
  }

  /** RFC 4035 §5.3.3: no set is handed on for longer than its signatures hold. */
  function bounded(step: Step, until: ReadonlyMap<RRset, number>): Step {
    if (!('sets' in step)) return step;
    const now = clock.now();
    let dnameTtl = Infinity;
    const sets = step.sets.map((set) => {
      const left = Math.max(Math.ceil(((until.get(set) ?? Infinity) - now) / 1000), 0);
      // RFC 6672 §3.1: the CNAME that was made from the DNAME before it has the DNAME's TTL.
      const ttl = Math.min(set.ttl, left, dnameTtl);
      dnameTtl = set.type === Type.DNAME ? ttl : Infinity;
      return withTtl(set, ttl);
    });
    return { ...step, sets };
  }
}

const SECURE: Security = { state: 'secure' };
/** RFC 4035 §5.5, §4.3: what could not be proved though it ought to be is no answer; what nobody could prove is. */
function isServable(security: Security): boolean {
  if (security.state === 'indeterminate') return security.reason.check === 'no-trust-anchor';
  return security.state !== 'bogus';
}

function isWorthAskingOthers({ worst }: { worst: Security }): boolean {
  return worst.state === 'bogus' && worst.reason.check !== 'work-budget';
}

function bogusServers({ evidence }: Step, { securities }: { securities: readonly Security[] }): string[] {
  return evidence.filter((_, i) => securities[i].state === 'bogus').map(({ server }) => server);
}

function dsFromReferral({
  zone,
  ds,
  dsProof,
}: {
  zone: Name;
  ds?: RRset;
  dsProof?: readonly RRset[];
}): Evidence | undefined {
  // Unsigned, it says nothing about who said it: then the parent is asked.
  const said = { zone, server: '', security: undefined };
  if (ds?.signatures !== undefined) return { ...said, kind: 'set', set: ds, proof: [] };
  if (dsProof === undefined || !dsProof.some(({ signatures }) => signatures !== undefined)) return undefined;
  return { ...said, kind: 'denial', denial: 'nodata', qname: zone, qtype: Type.DS, soa: undefined, proof: dsProof };
}
