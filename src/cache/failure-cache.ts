/**
 * Questions that could not be resolved, with the reason, so that neither clients nor our own walks ask dead servers
 * over and over (RFC 9520).
 *
 * RFC 9520 §3.2: a failure is cached for at least 1 second and at most 5 minutes, with exponential backoff. We begin
 * with 5 s, twice, as clients ask again at once and several times, while a person who mends something waits no longer
 * than that; from the third failure in a row of the same question on, the wait is doubled up to a minute: by then
 * whoever asks is a machine, and a zone that is mended must come back without anybody's help. The count is kept for a
 * while after the wait is over, so that the next failure knows of the one before; it is forgotten after a success, and
 * after a quiet of some longest waits.
 *
 * What counts as a failure, and its wording, is for the walk. Failures of single servers are iterate/server-statistics.ts.
 */

import type { ExtendedError } from '../dns/extended-error.ts';
import type { Name } from '../dns/name.ts';
import type { Clock } from '../system/clock.ts';
import { ENTRY_BYTES, OBJECT_BYTES, ownName, textBytes } from './heap-size.ts';
import type { Entry, NameTable } from './name-table.ts';

export const FIRST_WAIT_MS = 5000;
export const LONGEST_WAIT_MS = 60_000;
/** After the wait: a question that nobody has repeated for this long begins anew. */
export const QUIET_MS = 5 * LONGEST_WAIT_MS;

export type Failure = {
  /** A sentence for people: which servers were asked, what each did. */
  readonly why: string;
  readonly errors: readonly ExtendedError[];
  readonly walkId: string;
};

export type CachedFailure = Failure & { readonly retryInMs: number };

export type FailureCache = {
  /** The failure, while its question is not to be walked again. */
  get(qname: Name, qtype: number): CachedFailure | undefined;
  put(qname: Name, qtype: number, failure: Failure): void;
  /** After a success. */
  clear(qname: Name, qtype: number): void;
};

/** `expiresAt` is when the count is forgotten. */
export type StoredFailure = Entry & { readonly failure: Failure; readonly failures: number; readonly retryAt: number };

export function createFailureCache(failures: NameTable<StoredFailure>, clock: Clock): FailureCache {
  return {
    get(qname, qtype) {
      const now = clock.now();
      const stored = failures.find(qname, qtype, now);
      return stored === undefined ? undefined : toCachedFailure(stored, now);
    },

    put(qname, qtype, failure) {
      const now = clock.now();
      const inARow = (failures.peek(qname, qtype, now)?.failures ?? 0) + 1;
      const retryAt = Math.ceil(now + waitAfter(inARow));
      const bytes = failureBytes(failure);
      const stored = { type: qtype, expiresAt: retryAt + QUIET_MS, bytes, failure, failures: inARow, retryAt };
      failures.put(ownName(qname), stored, now);
    },

    clear(qname, qtype) {
      failures.remove(qname, (stored) => stored.type === qtype);
    },
  };
}

function waitAfter(failuresInARow: number): number {
  return Math.min(FIRST_WAIT_MS * 2 ** Math.max(failuresInARow - 2, 0), LONGEST_WAIT_MS);
}

/** Undefined once the wait is over. */
export function toCachedFailure(stored: StoredFailure, now: number): CachedFailure | undefined {
  if (now >= stored.retryAt) return undefined;
  const { why, errors, walkId } = stored.failure;
  return { why, errors, walkId, retryInMs: stored.retryAt - now };
}

function failureBytes({ why, errors, walkId }: Failure): number {
  let bytes = ENTRY_BYTES + 2 * OBJECT_BYTES + textBytes(why) + textBytes(walkId);
  for (const error of errors) bytes += OBJECT_BYTES + textBytes(error.text);
  return bytes;
}
