/**
 * What this room reports beside the outcomes: what came from a server and was not taken. Counted by the observers, as
 * a burst of it is what an attempt at forgery looks like (RFC 5452 §9.3).
 */

import type { MismatchReason } from './match-response.ts';

export type ExchangeRoomEvent =
  /** Passed over; the exchange went on. */
  | { readonly kind: 'datagram-ignored'; readonly server: string; readonly why: string }
  /** Ended the exchange over UDP. */
  | { readonly kind: 'response-mismatch'; readonly server: string; readonly why: MismatchReason };
