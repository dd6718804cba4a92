/**
 * A query at its end, as the observers see it: what came, what was sent back or why nothing was, and how long it took.
 */

import type { Client, ClientQuery, DropReason } from './client-query.ts';
import type { Reply } from './reply.ts';

export type Finished = {
  readonly client: Client;
  /** When it arrived, ms since 1970 with fraction. */
  readonly receivedWallMs: number;
  /** From arrival to the reply being handed to the socket. */
  readonly totalMs: number;
  /** From arrival to the first stage, where the message waited. */
  readonly queueMs: number;
} & (
  | {
      readonly kind: 'answered';
      readonly query: ClientQuery;
      readonly reply: Reply;
      readonly replyOctets: number;
      readonly isTruncated: boolean;
    }
  /** Answered from the header alone: there is no sound question to log. */
  | { readonly kind: 'rejected'; readonly rcode: number; readonly why: string; readonly octets: number }
  | {
      readonly kind: 'dropped';
      readonly query: ClientQuery | undefined;
      readonly reason: DropReason;
      readonly octets: number;
    }
);
