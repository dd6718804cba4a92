/**
 * Puts one question to the servers of one zone until one of them says something that the walk can use.
 *
 * Chooses servers (server-selection.ts), asks the next one beside the first when that is late against its own history,
 * takes the first usable meaning (judge-outcome.ts) and cancels the rest; finds addresses for servers that came
 * without, no more than the budget allows. A server that is overdue is taken for silent and others are asked in its
 * place, but what it says later is still taken, as long as anybody is waited for: a slow server is not a dead one. What
 * the meaning leads to is walk.ts.
 */

import { foldQuestion } from '../exchange/case-randomisation.ts';
import type { Exchange, ExchangeOutcome, PendingExchange } from '../exchange/exchange.ts';
import type { Clock, Timer } from '../system/clock.ts';
import type { Asked } from './bailiwick.ts';
import type { AddressFamilies } from './address-family.ts';
import { Type } from '../dns/record-type.ts';
import { becauseOf, createAttempts, type Attempt, type Attempts } from './attempts.ts';
import { judgeOutcome, type Judged, type UsableMeaning } from './judge-outcome.ts';
import { learnServer, learnSilence } from './learn-server.ts';
import type { Ask } from './qname-minimisation.ts';
import type { ServerAddresses } from './server-addresses.ts';
import type { Candidate } from './server-selection.ts';
import type { ServerStatistics } from './server-statistics.ts';
import type { ZoneServers } from './servers.ts';
import { keepFromSilentZones } from './silent-zones.ts';
import type { Task } from './task.ts';

export type AskZoneOptions = {
  readonly serverPort: number;
  readonly caseRandomisation: boolean;
  /** EDNS payload size that we offer to servers. */
  readonly payloadSize: number;
  readonly dnssecOk: boolean;
};

export type AskZoneAround = {
  readonly clock: Clock;
  readonly exchange: Exchange;
  readonly statistics: ServerStatistics;
  readonly families: AddressFamilies;
  readonly serverAddresses: ServerAddresses;
};

export type ZoneAnswer =
  | { readonly kind: 'meaning'; readonly meaning: UsableMeaning; readonly server: string }
  | ZoneFailure;

/** No server said anything usable. */
export type ZoneFailure = {
  readonly kind: 'failed';
  readonly wasHeard: boolean;
  /** Some refused or failed to answer this question, and might not another. */
  readonly mayAnswerOther?: boolean;
  /** Servers were asked, none of them said anything, and nothing has been heard of them by anybody since. */
  readonly isSilent?: boolean;
  /** Nobody was asked, for this reason: it is known from others, and says nothing about the question. */
  readonly why?: string;
};

export type AskZone = (servers: ZoneServers, ask: Ask, task: Task) => Promise<ZoneAnswer>;

export function createAskZone(options: AskZoneOptions, around: AskZoneAround): AskZone {
  const askZone: AskZone = (servers, ask, task) => new Asking(options, around, servers, ask, task).answer();
  return keepFromSilentZones(askZone, around.clock);
}

/** Where all the servers that are known have failed just now, it is not they: so many of them show when it is over. */
const MOST_FAILING = 3;

type Running = {
  readonly attempt: Attempt;
  readonly startedAt: number;
  readonly pending: PendingExchange;
  readonly timers: readonly Timer[];
  /** It has not answered within its time, and is no longer counted on. */
  isOverdue: boolean;
};
type Arrival =
  | { readonly kind: 'outcome'; readonly running: Running; readonly outcome: ExchangeOutcome }
  | { readonly kind: 'late' }
  | { readonly kind: 'overdue'; readonly running: Running };

/** One question to one zone, from the first attempt to the last. */
class Asking {
  readonly #options: AskZoneOptions;
  readonly #around: AskZoneAround;
  readonly #servers: ZoneServers;
  readonly #ask: Ask;
  readonly #task: Task;
  readonly #attempts: Attempts;
  readonly #mostServers: number;
  readonly #moreServers: () => Promise<readonly Candidate[] | undefined>;
  readonly #running = new Set<Running>();
  readonly #arrived: Arrival[] = [];
  #wake: (() => void) | undefined;
  #wasHeard = false;
  #mayAnswerOther = false;
  /** Addresses that were asked, each with how many exchanges are charged for it. */
  readonly #asked = new Map<string, number>();
  /** Until when the exchanges that are under way are listened to, clock ms. */
  #listensUntil = 0;

  constructor(options: AskZoneOptions, around: AskZoneAround, servers: ZoneServers, ask: Ask, task: Task) {
    this.#options = options;
    this.#around = around;
    this.#servers = servers;
    this.#ask = ask;
    this.#task = task;
    const { serverAddresses, statistics } = around;
    const known = serverAddresses.known(servers, task.budget.limits.addressesPerServerName, task.avoid);
    const isFailing = ({ address }: Candidate): boolean => statistics.of(address).consecutiveFailures > 0;
    const mostFailing = known.length > 0 && known.every(isFailing) ? MOST_FAILING : Infinity;
    this.#mostServers = Math.min(task.mostServers ?? Infinity, mostFailing);
    this.#attempts = createAttempts(known.slice(0, this.#mostServers), statistics);
    this.#moreServers = serverAddresses.finder(servers, task);
  }

  async answer(): Promise<ZoneAnswer> {
    let answer: ZoneAnswer | undefined;
    if (await this.#startNext()) {
      while (answer === undefined && this.#running.size > 0) {
        const arrival = await this.#nextArrival();
        if (arrival.kind === 'outcome') answer = this.#take(arrival.running, arrival.outcome);
        if (arrival.kind === 'overdue') this.#giveUpOn(arrival.running);
        if (answer === undefined && (arrival.kind === 'late' || this.#isNobodyCountedOn())) await this.#startNext();
      }
    }
    this.#cancelRest();
    if (answer !== undefined) return answer;
    const [wasHeard, mayAnswerOther, isSilent] = [this.#wasHeard, this.#mayAnswerOther, this.#isSilent()];
    return { kind: 'failed', wasHeard, mayAnswerOther, isSilent };
  }

  #takeExchange(): boolean {
    const { qtype } = this.#ask;
    return this.#task.budget.takeExchange(qtype === Type.DNSKEY || qtype === Type.DS);
  }

  #mayAskMore(): boolean {
    return this.#asked.size < this.#mostServers && this.#isNobodyCountedOn();
  }

  #isNobodyCountedOn(): boolean {
    for (const { isOverdue } of this.#running) if (!isOverdue) return false;
    return true;
  }

  #isSilent(): boolean {
    if (this.#wasHeard || this.#asked.size === 0 || this.#task.budget.spent() !== undefined) return false;
    const { statistics } = this.#around;
    return [...this.#asked.keys()].every((address) => statistics.of(address).consecutiveFailures > 0);
  }

  /** Starts one more attempt, if there is one and the budget has room for it. */
  async #startNext(): Promise<boolean> {
    const { budget } = this.#task;
    if (this.#task.isProbe === true && this.#asked.size > 0) return false;
    if (this.#task.isForServerName === true && !budget.mayLookFurther()) return false;
    let attempt = this.#attempts.next();
    // Names are only resolved for their addresses when nobody else is left to wait for.
    while (attempt === undefined && this.#mayAskMore() && budget.spent() === undefined) {
      const found = await this.#moreServers();
      if (found === undefined) break;
      this.#attempts.add(found);
      attempt = this.#attempts.next();
    }
    // Nothing else is left to try, so it need not wait for the others' silence to be certain.
    attempt ??= this.#attempts.lastResort();
    if (attempt === undefined || budget.spent() !== undefined || !this.#takeExchange()) return false;
    this.#start(attempt);
    return true;
  }

  #start(attempt: Attempt): void {
    const { statistics, clock, exchange } = this.#around;
    const { address, port = this.#options.serverPort } = attempt.candidate;
    const overdueMs = statistics.timeoutMs(address, attempt.transport);
    this.#charge(attempt.candidate);
    const pending = exchange({
      server: { address, port },
      transport: attempt.transport,
      qname: this.#ask.qname,
      qtype: this.#ask.qtype,
      recursionDesired: this.#servers.role === 'forwarder',
      payloadSize: attempt.withEdns ? this.#options.payloadSize : 0,
      dnssecOk: this.#options.dnssecOk,
      // A forwarder is near, and old ones answer options that they do not know with FORMERR.
      withCookie: attempt.withCookie && this.#servers.role !== 'forwarder',
      randomiseCase: this.#options.caseRandomisation && !statistics.of(address).breaksCase,
      timeoutMs: this.#listenFor(attempt, overdueMs),
    });
    const timers = [
      clock.after(statistics.hedgeAfterMs(address), () => this.#arrive({ kind: 'late' })),
      clock.after(overdueMs, () => this.#arrive({ kind: 'overdue', running })),
    ];
    const running: Running = { attempt, startedAt: clock.now(), pending, timers, isOverdue: false };
    this.#running.add(running);
    void pending.outcome.then((outcome) => this.#arrive({ kind: 'outcome', running, outcome }));
  }

  /** A second try of the same server prolongs nothing: what it was to bring has had its time with the first. */
  #listenFor({ candidate, reason }: Attempt, overdueMs: number): number {
    const { statistics, clock } = this.#around;
    const now = clock.now();
    const isAgain = reason === 'silent' || reason === 'silent-over-udp';
    const ownMs = isAgain ? overdueMs : Math.max(statistics.patienceMs(candidate.address), overdueMs);
    this.#listensUntil = Math.max(this.#listensUntil, now + ownMs);
    return Math.min(isAgain ? this.#listensUntil - now : ownMs, this.#task.budget.remainingMs());
  }

  #giveUpOn(running: Running): void {
    if (!this.#running.has(running)) return;
    running.isOverdue = true;
    const { attempt, startedAt } = running;
    learnSilence(this.#around, attempt, this.#around.clock.now() - startedAt);
    this.#attempts.learn(attempt, 'silent');
  }

  /**
   * What is looked for on the way may not cost the servers of strangers more than a few exchanges that come to nothing.
   * Each is charged when it begins, as a silent server is not known for one before others have been asked beside it.
   */
  #charge({ address }: Candidate): void {
    const charge = this.#task.isForServerName === true ? 1 : 0;
    this.#asked.set(address, (this.#asked.get(address) ?? 0) + charge);
    this.#task.budget.countFruitless(charge);
  }

  /** The server was of use in the end, or was not needed. */
  #refund({ address }: Candidate): void {
    this.#task.budget.countFruitless(-(this.#asked.get(address) ?? 0));
    this.#asked.set(address, 0);
  }

  #take(running: Running, outcome: ExchangeOutcome): ZoneAnswer | undefined {
    this.#running.delete(running);
    for (const timer of running.timers) timer.cancel();
    if (outcome.kind === 'response') {
      foldQuestion(outcome.message);
      this.#task.budget.take('octets', outcome.message.octets.length);
    }
    const judged = this.#judge(running, outcome);
    this.#wasHeard ||= judged.wasHeard;
    this.#mayAnswerOther ||= judged.mayAnswerOther && running.attempt.reason === 'first';
    if (judged.verdict.kind === 'usable') {
      this.#refund(running.attempt.candidate);
      return { kind: 'meaning', meaning: judged.verdict.meaning, server: running.attempt.candidate.address };
    }
    const { lesson } = judged.verdict;
    // That it was silent, or sent nothing but junk until its time was up, has been learned when it was overdue.
    const isLearned = running.isOverdue && (outcome.kind === 'timeout' || outcome.kind === 'malformed');
    if (!isLearned) this.#attempts.learn(running.attempt, lesson);
    return undefined;
  }

  #judge(running: Running, outcome: ExchangeOutcome): Judged {
    const judged = judgeOutcome(outcome, this.#question());
    const isKnown = running.isOverdue && (outcome.kind === 'timeout' || outcome.kind === 'cancelled');
    if (!isKnown) learnServer(this.#around, this.#servers.zone, running.attempt, outcome, judged);
    this.#note(running, judged);
    return judged;
  }

  #note(running: Running, judged: Judged): void {
    const { candidate, transport } = running.attempt;
    const { record } = this.#task;
    const because = becauseOf(running.attempt);
    record.note({
      kind: 'exchange',
      zone: this.#servers.zone,
      serverName: candidate.serverName,
      server: candidate.address,
      transport,
      ...(because !== undefined && { because }),
      qname: this.#ask.qname,
      qtype: this.#ask.qtype,
      startedMs: running.startedAt - record.startedAt,
      roundTripMs: judged.tookMs,
      result: judged.result,
      rcode: judged.rcode,
      detail: judged.detail,
    });
    if (judged.lame !== undefined) {
      record.note({ kind: 'server-lame', zone: this.#servers.zone, server: candidate.address, why: judged.lame });
    }
    for (const refusal of judged.refused)
      record.note({ kind: 'record-refused', server: candidate.address, ...refusal });
  }

  #cancelRest(): void {
    for (const running of this.#running) {
      for (const timer of running.timers) timer.cancel();
      running.pending.cancel();
      if (!running.isOverdue) this.#refund(running.attempt.candidate);
      const waitedMs = this.#around.clock.now() - running.startedAt;
      this.#judge(running, { kind: running.isOverdue ? 'timeout' : 'cancelled', waitedMs });
    }
    this.#running.clear();
  }

  #question(): Asked {
    const { zone, role } = this.#servers;
    return { zone, qname: this.#ask.qname, qtype: this.#ask.qtype, isForwarder: role === 'forwarder' };
  }

  #arrive(arrival: Arrival): void {
    this.#arrived.push(arrival);
    this.#wake?.();
  }

  async #nextArrival(): Promise<Arrival> {
    if (this.#arrived.length === 0) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#arrived.shift()!;
  }
}
