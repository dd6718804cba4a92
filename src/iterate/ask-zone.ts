/**
 * Puts one question to the servers of one zone until one of them says something that the walk can use.
 *
 * Chooses servers (server-selection.ts), asks the next one beside the first when that is late against its own history,
 * takes the first usable meaning (judge-outcome.ts) and cancels the rest; finds addresses for servers that came
 * without, no more than the budget allows. What the meaning leads to is walk.ts.
 */

import { foldQuestion } from '../exchange/case-randomisation.ts';
import type { Exchange, ExchangeOutcome, PendingExchange } from '../exchange/exchange.ts';
import type { Clock, Timer } from '../system/clock.ts';
import type { Asked } from './bailiwick.ts';
import type { AddressFamilies } from './address-family.ts';
import { createAttempts, type Attempt, type Attempts } from './attempts.ts';
import { judgeOutcome, type Judged, type UsableMeaning } from './judge-outcome.ts';
import { learnServer } from './learn-server.ts';
import type { Ask } from './qname-minimisation.ts';
import type { ServerAddresses } from './server-addresses.ts';
import type { Candidate } from './server-selection.ts';
import type { ServerStatistics } from './server-statistics.ts';
import type { ZoneServers } from './servers.ts';
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
  /** No server said anything usable; `wasHeard`: some did answer, so another question may fare better. */
  | { readonly kind: 'failed'; readonly wasHeard: boolean };

export type AskZone = (servers: ZoneServers, ask: Ask, task: Task) => Promise<ZoneAnswer>;

export function createAskZone(options: AskZoneOptions, around: AskZoneAround): AskZone {
  return (servers, ask, task) => new Asking(options, around, servers, ask, task).answer();
}

type Running = {
  readonly attempt: Attempt;
  readonly startedAt: number;
  readonly pending: PendingExchange;
  readonly hedge: Timer;
};
type Arrival =
  | { readonly kind: 'outcome'; readonly running: Running; readonly outcome: ExchangeOutcome }
  | { readonly kind: 'late' };

/** One question to one zone, from the first attempt to the last. */
class Asking {
  readonly #options: AskZoneOptions;
  readonly #around: AskZoneAround;
  readonly #servers: ZoneServers;
  readonly #ask: Ask;
  readonly #task: Task;
  readonly #attempts: Attempts;
  readonly #moreServers: () => Promise<readonly Candidate[] | undefined>;
  readonly #running = new Set<Running>();
  readonly #arrived: Arrival[] = [];
  #wake: (() => void) | undefined;
  #wasHeard = false;

  constructor(options: AskZoneOptions, around: AskZoneAround, servers: ZoneServers, ask: Ask, task: Task) {
    this.#options = options;
    this.#around = around;
    this.#servers = servers;
    this.#ask = ask;
    this.#task = task;
    this.#attempts = createAttempts(
      around.serverAddresses.known(servers, task.budget.limits.addressesPerServerName, task.avoid),
      around.statistics,
    );
    this.#moreServers = around.serverAddresses.finder(servers, task);
  }

  async answer(): Promise<ZoneAnswer> {
    let answer: ZoneAnswer | undefined;
    if (await this.#startNext()) {
      while (answer === undefined && this.#running.size > 0) {
        const arrival = await this.#nextArrival();
        if (arrival.kind === 'outcome') answer = this.#take(arrival.running, arrival.outcome);
        if (answer === undefined && (arrival.kind === 'late' || this.#running.size === 0)) await this.#startNext();
      }
    }
    this.#cancelRest();
    return answer ?? { kind: 'failed', wasHeard: this.#wasHeard };
  }

  /** Starts one more attempt, if there is one and the budget has room for it. */
  async #startNext(): Promise<boolean> {
    let attempt = this.#attempts.next();
    // Names are only resolved for their addresses when nobody else is left to wait for.
    while (attempt === undefined && this.#running.size === 0 && this.#task.budget.spent() === undefined) {
      const found = await this.#moreServers();
      if (found === undefined) break;
      this.#attempts.add(found);
      attempt = this.#attempts.next();
    }
    attempt ??= this.#running.size === 0 ? this.#attempts.lastResort() : undefined;
    if (attempt === undefined || this.#task.budget.spent() !== undefined || !this.#task.budget.take('exchanges'))
      return false;
    this.#start(attempt);
    return true;
  }

  #start(attempt: Attempt): void {
    const { statistics, clock, exchange } = this.#around;
    const { address, port = this.#options.serverPort } = attempt.candidate;
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
      timeoutMs: Math.min(statistics.timeoutMs(address, attempt.transport), this.#task.budget.remainingMs()),
    });
    const hedge = clock.after(statistics.hedgeAfterMs(address), () => this.#arrive({ kind: 'late' }));
    const running: Running = { attempt, startedAt: clock.now(), pending, hedge };
    this.#running.add(running);
    void pending.outcome.then((outcome) => this.#arrive({ kind: 'outcome', running, outcome }));
  }

  #take(running: Running, outcome: ExchangeOutcome): ZoneAnswer | undefined {
    this.#running.delete(running);
    running.hedge.cancel();
    if (outcome.kind === 'response') foldQuestion(outcome.message);
    const judged = this.#judge(running, outcome);
    this.#wasHeard ||= judged.wasHeard;
    if (outcome.kind === 'response') this.#task.budget.take('octets', outcome.message.octets.length);
    if (judged.verdict.kind === 'usable') {
      return { kind: 'meaning', meaning: judged.verdict.meaning, server: running.attempt.candidate.address };
    }
    this.#attempts.learn(running.attempt, judged.verdict.lesson);
    return undefined;
  }

  #judge(running: Running, outcome: ExchangeOutcome): Judged {
    const judged = judgeOutcome(outcome, this.#asked());
    learnServer(this.#around, this.#servers.zone, running.attempt, outcome, judged);
    this.#note(running, judged);
    return judged;
  }

  #note(running: Running, judged: Judged): void {
    const { candidate, transport } = running.attempt;
    const { record } = this.#task;
    record.note({
      kind: 'exchange',
      zone: this.#servers.zone,
      serverName: candidate.serverName,
      server: candidate.address,
      transport,
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
      running.hedge.cancel();
      running.pending.cancel();
      this.#judge(running, { kind: 'cancelled', waitedMs: this.#around.clock.now() - running.startedAt });
    }
    this.#running.clear();
  }

  #asked(): Asked {
    const { zone, role } = this.#servers;
    return { zone, qname: this.#ask.qname, qtype: this.#ask.qtype, isForwarder: role === 'forwarder' };
  }

  #arrive(arrival: Arrival): void {
    this.#arrived.push(arrival);
    this.#wake?.();
  }

  async #nextArrival(): Promise<Arrival> {
    while (this.#arrived.length === 0) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#arrived.shift()!;
  }
}
