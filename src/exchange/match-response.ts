/**
 * Says whether octets that came from the server are the response to a query.
 *
 * Pure. A forger who cannot see the query guesses (RFC 5452 §9.1): who guesses wrong must learn nothing and gain no
 * second try, so a message that answers something else is a `mismatch`, and the walk goes on over TCP. What is no
 * message at all, or no response, comes from careless software and is `junk`: it is passed over and the waiting goes on.
 *
 *   | what came                                                                    | it is                     |
 *   | ---------------------------------------------------------------------------- | ------------------------- |
 *   | not a DNS message; QR = 0; OPCODE other than QUERY                           | junk                      |
 *   | another ID                                                                   | mismatch `wrong-id`       |
 *   | larger than the payload size asked for: a fragment may be forged (RFC 9715)  | mismatch `too-large`      |
 *   | several OPT records (RFC 6891 §6.1.1)                                        | junk                      |
 *   | RCODE 12 to 15, which nobody has assigned (RFC 6895 §2.3)                    | junk                      |
 *   | no question, FORMERR, SERVFAIL, NOTIMP or REFUSED, no answer or authority    | bare response             |
 *   | any other question, none, or several                                         | mismatch `wrong-question` |
 *   | our question in other letter case, where the case was random                 | mismatch `wrong-case`     |
 *   | another client cookie than the query's, or one of no sound length            | mismatch `wrong-cookie`   |
 *   | no cookie, from a server that has given us one (RFC 7873 §5.3)               | mismatch `missing-cookie` |
 *   | our question, in the case we sent it or where that was not random (RFC 4343) | response                  |
 *
 * A bare one is how servers answer that could not or would not read the question. It repeats nothing of the query but
 * the ID, and whoever believes it at once can be kept from any answer by one datagram of 12 octets (TuDoor, 2024); so
 * over UDP it counts only when nothing better comes (exchange-over-udp.ts). It, too, must have the cookie.
 */

import { foldOctet } from '../dns/name.ts';
import { Opcode, Rcode } from '../dns/record-type.ts';
import { HEADER_OCTETS, MessageView, readMessage } from '../dns/wire/message-view.ts';
import type { Query } from './compose-query.ts';
import { compareCookie } from './cookies.ts';
import type { Echo } from './exchange.ts';

export type MismatchReason =
  | 'wrong-id'
  | 'too-large'
  | 'wrong-case'
  | 'wrong-question'
  | 'wrong-cookie'
  | 'missing-cookie';

export type Match =
  /** `isBare`: a refusal that repeats nothing of the question. */
  | { readonly kind: 'response'; readonly message: MessageView; readonly isBare: boolean; readonly echo: Echo }
  | { readonly kind: 'junk'; readonly why: string }
  | { readonly kind: 'mismatch'; readonly why: MismatchReason };

export function matchResponse(octets: Uint8Array, query: Query): Match {
  const message = readMessage(octets);
  if (!(message instanceof MessageView)) return junk(message.why);
  if (!message.isResponse) return junk('not a response');
  if (message.opcode !== Opcode.QUERY) return junk('not a response to a query');
  if (message.id !== query.id) return mismatch('wrong-id');
  if (octets.length > query.mostResponseOctets) return mismatch('too-large');
  if (message.hasBadOpt) return junk('more than one OPT record, or one out of place');
  if (isUnassigned(message.flags & 0x0f)) return junk('an RCODE without meaning');
  const question = compareQuestion(message, query);
  const isBare = question === 'other' && refusesTheQuestion(message);
  if (question === 'other' && !isBare) return mismatch('wrong-question');
  if (question === 'other-case' && query.mustKeepCase) return mismatch('wrong-case');
  const cookie = compareCookie(message, query.cookie);
  if (cookie === 'wrong' && query.cookieRule !== 'none') return mismatch('wrong-cookie');
  if (cookie === 'absent' && query.cookieRule === 'right') return mismatch('missing-cookie');
  const letterCase = question === 'other-case' ? 'changed' : 'kept';
  return { kind: 'response', message, isBare, echo: { letterCase, cookie } };
}

/** A first name has nothing before it to point to, so it stands uncompressed and the octets can be compared as sent. */
function compareQuestion(message: MessageView, query: Query): 'same' | 'other-case' | 'other' {
  if (message.questionCount !== 1 || message.questionEnd !== query.questionEnd) return 'other';
  const { octets, questionEnd } = query;
  const nameEnd = questionEnd - 4;
  let isSameCase = true;
  for (let at = HEADER_OCTETS; at < questionEnd; at++) {
    if (octets[at] === message.octets[at]) continue;
    if (at >= nameEnd || foldOctet(octets[at]) !== foldOctet(message.octets[at])) return 'other';
    isSameCase = false;
  }
  return isSameCase ? 'same' : 'other-case';
}

const refusals = new Set<number>([Rcode.FORMERR, Rcode.SERVFAIL, Rcode.NOTIMP, Rcode.REFUSED]);

function refusesTheQuestion(message: MessageView): boolean {
  const isBare = message.questionCount === 0 && message.answerCount === 0 && message.authorityCount === 0;
  return isBare && refusals.has(message.rcode);
}

function isUnassigned(headerRcode: number): boolean {
  return headerRcode >= 12;
}

function junk(why: string): Match {
  return { kind: 'junk', why };
}

function mismatch(why: MismatchReason): Match {
  return { kind: 'mismatch', why };
}
