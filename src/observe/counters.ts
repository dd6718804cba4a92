/**
 * Counts from the same stream as the query log: how many queries, from where they were answered, how fast, and what
 * the servers did. For `status` and whatever shows figures; names and addresses are never part of a counter.
 */

import { rcodeToText } from '../dns/record-type.ts';
import type { Transport, DropReason } from '../query/client-query.ts';
import type { Finished } from '../query/finished.ts';
import type { Source } from '../query/reply.ts';
import type { ExchangeResult, WalkRecord } from '../query/walk-event.ts';

/** Upper bounds in ms of the classes of the latency histogram; one more class holds what is above. */
export const LATENCY_BOUNDS_MS = [
  0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000,
] as const;

export type LatencyHistogram = {
  readonly boundsMs: readonly number[];
  /** One number for each bound, and one for everything above the last. */
  readonly counts: readonly number[];
  readonly sumMs: number;
};

export type CountersSnapshot = {
  /** Everything that came, dropped messages included. */
  readonly queries: number;
  readonly byTransport: Partial<Record<Transport, number>>;
  readonly bySource: Partial<Record<Source, number>>;
  readonly byRcode: Record<string, number>;
  readonly rejected: number;
  readonly dropped: Partial<Record<DropReason, number>>;
  readonly truncated: number;
  readonly walks: number;
  /** Exchanges with servers, counted once however many clients shared the walk. */
  readonly exchanges: number;
  readonly exchangeResults: Partial<Record<ExchangeResult, number>>;
  readonly timeouts: number;
  /** Of answered queries, from arrival to the reply. */
  readonly latency: LatencyHistogram;
};

export type Counters = { record(finished: Finished): void; snapshot(): CountersSnapshot };

export function createCounters(): Counters {
  let queries = 0;
  let rejected = 0;
  let truncated = 0;
  let walks = 0;
  let exchanges = 0;
  let sumMs = 0;
  const byTransport: Partial<Record<Transport, number>> = {};
  const bySource: Partial<Record<Source, number>> = {};
  const byRcode: Record<string, number> = {};
  const dropped: Partial<Record<DropReason, number>> = {};
  const exchangeResults: Partial<Record<ExchangeResult, number>> = {};
  const latency = new Float64Array(LATENCY_BOUNDS_MS.length + 1);
  /** Clients that share a walk carry the same record. */
  const counted = new WeakSet<WalkRecord>();

  const countWalk = (walk: WalkRecord): void => {
    if (counted.has(walk)) return;
    counted.add(walk);
    walks++;
    exchanges += walk.exchanges;
    for (const event of walk.events) if (event.kind === 'exchange') increment(exchangeResults, event.result);
  };

  return {
    record(finished) {
      queries++;
      increment(byTransport, finished.client.transport);
      switch (finished.kind) {
        case 'answered':
          increment(bySource, finished.reply.source);
          increment(byRcode, rcodeToText(finished.reply.rcode));
          if (finished.isTruncated) truncated++;
          sumMs += finished.totalMs;
          latency[latencyClass(finished.totalMs)]++;
          if (finished.reply.walk) countWalk(finished.reply.walk);
          return;
        case 'rejected':
          rejected++;
          increment(byRcode, rcodeToText(finished.rcode));
          return;
        case 'dropped':
          increment(dropped, finished.reason);
          return;
        default:
          finished satisfies never;
      }
    },
    snapshot: () => ({
      queries,
      byTransport: { ...byTransport },
      bySource: { ...bySource },
      byRcode: { ...byRcode },
      rejected,
      dropped: { ...dropped },
      truncated,
      walks,
      exchanges,
      exchangeResults: { ...exchangeResults },
      timeouts: exchangeResults.timeout ?? 0,
      latency: { boundsMs: LATENCY_BOUNDS_MS, counts: [...latency], sumMs },
    }),
  };
}

function increment<Key extends string>(counts: Partial<Record<Key, number>>, key: Key): void {
  counts[key] = (counts[key] ?? 0) + 1;
}

function latencyClass(ms: number): number {
  let at = 0;
  while (at < LATENCY_BOUNDS_MS.length && ms > LATENCY_BOUNDS_MS[at]) at++;
  return at;
}
