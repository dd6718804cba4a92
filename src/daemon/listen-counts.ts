/**
 * Counts of what the listeners meet, for `status`: the log tells each of these at its finest level only, as a flood
 * would fill it, and so nobody would see that there is one.
 */

import type { CloseReason, ListenEvent } from '../listen/listen-event.ts';

export type ListenCountsSnapshot = {
  /** By the system's code: ENOBUFS, EPERM, … */
  readonly repliesNotSent: Readonly<Record<string, number>>;
  readonly socketFaults: Readonly<Record<string, number>>;
  readonly connectionsRefused: number;
  readonly connectionsClosed: Readonly<Partial<Record<CloseReason, number>>>;
};

export type ListenCounts = { record(event: ListenEvent): void; snapshot(): ListenCountsSnapshot };

export function createListenCounts(): ListenCounts {
  const repliesNotSent: Record<string, number> = {};
  const socketFaults: Record<string, number> = {};
  const connectionsClosed: Partial<Record<CloseReason, number>> = {};
  let connectionsRefused = 0;
  return {
    record(event) {
      if (event.kind === 'reply-not-sent') increment(repliesNotSent, event.code);
      else if (event.kind === 'socket-failed') increment(socketFaults, event.code);
      else if (event.kind === 'connection-closed') increment(connectionsClosed, event.why);
      else if (event.kind === 'connection-refused') connectionsRefused++;
    },
    snapshot: () => ({
      repliesNotSent: { ...repliesNotSent },
      socketFaults: { ...socketFaults },
      connectionsRefused,
      connectionsClosed: { ...connectionsClosed },
    }),
  };
}

function increment<Key extends string>(counts: Partial<Record<Key, number>>, key: Key): void {
  counts[key] = (counts[key] ?? 0) + 1;
}
