/**
 * Answers ANY with one made-up HINFO record instead of everything there is (RFC 8482 §4.2).
 *
 * RFC 8482 §4 lets a responder choose. A resolver's answer to ANY was never more than what its cache happened to hold,
 * though clients took it for everything; and ANY is the favourite of those who want a large reply sent to someone
 * else. No walk is made, so a name that does not exist gets the record as well.
 */

import { rrset } from '../dns/rrset.ts';
import { Class, Rcode, Type } from '../dns/record-type.ts';
import { PASS, type Stage } from '../query/stage.ts';

export const answerAny: Stage = ({ question }) => {
  if (question.qtype !== Type.ANY || question.qclass !== Class.IN) return PASS;
  const hinfo = rrset(question.qname, Type.HINFO, TTL, [RDATA]);
  return {
    kind: 'reply',
    reply: { rcode: Rcode.NOERROR, isAuthoritative: false, answer: [hinfo], authority: [], errors: [], source: 'rule' },
  };
};

/** RFC 8482 §4.2: long enough that whoever asks does not soon ask again. */
const TTL = 3600;

/** CPU `RFC8482`, OS empty. */
const RDATA = Uint8Array.of(7, ...Buffer.from('RFC8482', 'ascii'), 0);
