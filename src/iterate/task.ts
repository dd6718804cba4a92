/** What a walk carries along: its budget, its record of what happened, and where it stands among other walks. */

import type { Name } from '../dns/name.ts';
import type { WalkEvent, WalkFact } from '../query/walk-event.ts';
import type { Clock } from '../system/clock.ts';
import type { Waiter } from './waiting.ts';
import type { WorkBudget } from './work-budget.ts';

export type Task = {
  /** Of the walk that the work belongs to; kept with what is learned. */
  readonly id: string;
  readonly budget: WorkBudget;
  /** 0 for the client's question, one more for each server name that had to be resolved on the way. */
  readonly depth: number;
  readonly waiter: Waiter;
  readonly record: Recorder;
  /** Forwarders have failed and the zone is `first`: walk past them. */
  readonly skipForward: boolean;
  /** Servers whose answer to this very question was no good: others are asked, and nobody shares the asking. */
  readonly avoid?: ReadonlySet<string>;
  /** It looks for the address of a server, and so costs the servers of strangers something. */
  readonly isForServerName?: true;
  /** Of each zone no more servers than this are asked. */
  readonly mostServers?: number;
  /** Only finds out whether a silent zone has come back: one attempt. */
  readonly isProbe?: true;
};

export type Recorder = {
  /** What is noted counts its time from here. */
  readonly startedAt: number;
  readonly events: readonly WalkEvent[];
  note(fact: WalkFact): void;
  /** An empty one whose time counts from the same moment, so that what it notes can be included as it stands. */
  branch(): Recorder;
  /** Takes in what another walk noted, `deeper` levels below this one. What was before this one began is at 0 ms. */
  include(other: Recorder, deeper?: 0 | 1): void;
};

/** An endless walk is bounded by its budget, and so is what is kept of it. */
const MAX_EVENTS = 400;

export function createRecorder(clock: Clock, startedAt = clock.now()): Recorder {
  const events: WalkEvent[] = [];
  const keep = (event: WalkEvent): void => {
    if (events.length < MAX_EVENTS) events.push(event);
  };
  return {
    startedAt,
    events,
    note: (fact) => keep({ ...fact, atMs: clock.now() - startedAt, depth: 0 }),
    branch: () => createRecorder(clock, startedAt),
    include(other, deeper = 0) {
      const later = other.startedAt - startedAt;
      const isAsItStands = later === 0 && deeper === 0;
      for (const event of other.events) keep(isAsItStands ? event : moved(event, later, deeper));
    },
  };
}

function moved(event: WalkEvent, laterMs: number, deeper: number): WalkEvent {
  const at = { atMs: Math.max(0, event.atMs + laterMs), depth: event.depth + deeper };
  if (event.kind !== 'exchange') return { ...event, ...at };
  return { ...event, ...at, startedMs: Math.max(0, event.startedMs + laterMs) };
}

/** Finds the addresses of a server's name for a walk; an empty list when it has none that can be found. */
export type LookUpAddresses = (name: Name, task: Task) => Promise<readonly string[]>;
