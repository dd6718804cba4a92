/**
 * What a listener is given to work with, and what every listener can do. Types only.
 */

import type { Client } from '../query/client-query.ts';
import type { BindProblem } from './bind-problem.ts';

/**
 * Called exactly once for each message, at once or much later: with the reply, or with `undefined` when there will be
 * none. Until then the message counts as in work, for the bound on a connection's queries and when stopping.
 */
export type SendReply = (octets: Uint8Array | undefined) => void;

/** Takes one message of a client; the octets are its own to keep. It does not throw. */
export type Handler = (octets: Uint8Array, client: Client, send: SendReply) => void;

export type ListeningAt = { readonly address: string; readonly port: number };

export type StartResult = { readonly kind: 'listening'; readonly at: readonly ListeningAt[] } | BindProblem;

export type Listener = {
  start(): Promise<StartResult>;
  /** Takes nothing more, lets what is in work be answered for at most `deadlineMs`, closes. */
  stop(deadlineMs: number): Promise<void>;
};
