/** What the listeners report. */

import type { Client, DropReason } from '../query/client-query.ts';
import type { BindProblem } from './bind-problem.ts';

export type CloseReason =
  | 'by-client' // it closed, and has what it asked for
  | 'idle'
  | 'slow-frame' // a message begun and not finished
  | 'slow-reader' // it does not take its replies
  | 'unanswered' // none of what it asked came to an end
  | 'table-full' // the longest idle one made room for a new client
  | 'client-full' // the same, among the client's own
  | 'stopping'
  | 'failed'; // reset, or broken on the way

export type ListenEvent =
  | { readonly kind: 'listening'; readonly transport: 'udp' | 'tcp'; readonly address: string; readonly port: number }
  /** The address left this machine. */
  | {
      readonly kind: 'no-longer-listening';
      readonly transport: 'udp' | 'tcp';
      readonly address: string;
      readonly port: number;
    }
  /** An address that appeared while running, on which we cannot listen; reported once, tried again. */
  | { readonly kind: 'address-unusable'; readonly problem: BindProblem }
  | {
      readonly kind: 'socket-failed';
      readonly transport: 'udp' | 'tcp';
      readonly address: string;
      readonly code: string;
    }
  | {
      readonly kind: 'message-dropped';
      readonly client: Client;
      readonly reason: DropReason;
      readonly octets: number;
    }
  | { readonly kind: 'reply-not-sent'; readonly client: Client; readonly code: string }
  /** The client has all the connections it may have, and all of them are busy. */
  | { readonly kind: 'connection-refused'; readonly client: Client }
  | { readonly kind: 'connection-closed'; readonly client: Client; readonly why: CloseReason };

export type ReportListen = (event: ListenEvent) => void;
