/**
 * Answers the questions that no part of a resolver can serve, by their type or class alone, and says why.
 *
 * A stage rather than part of reading the message: the question is sound, so it belongs in the log with its name.
 *
 *     class other than IN and CH           REFUSED (CH is local/server-identity.ts)
 *     AXFR, IXFR                           REFUSED: a resolver holds no zone (RFC 5936 §4 leaves the right to refuse)
 *     NXNAME                               FORMERR (RFC 9824 §3.5)
 *     0, OPT, TSIG, TKEY, MAILA, MAILB …   NOTIMP: not types that a record can have (RFC 6895 §3.1)
 *
 * ANY is a meta-type too; any-query.ts answers it.
 */

import { ErrorCode } from '../dns/extended-error.ts';
import { Class, Rcode, Type, classToText, isMetaType, typeToText } from '../dns/record-type.ts';
import type { Question } from '../query/client-query.ts';
import type { Reply } from '../query/reply.ts';
import { PASS, type Stage } from '../query/stage.ts';

export const answerUnserved: Stage = ({ question }) => {
  const verdict = judgeQuestion(question);
  if (verdict === undefined) return PASS;
  return { kind: 'reply', reply: errorOnly(verdict.rcode, verdict.code, verdict.why) };
};

type Verdict = { readonly rcode: number; readonly code: number; readonly why: string };

/** RFC 9824 §3.4: says in a type bitmap that a name does not exist; never asked for. */
const NXNAME = 128;

function judgeQuestion({ qtype, qclass }: Question): Verdict | undefined {
  if (qclass !== Class.IN && qclass !== Class.CH) {
    return { rcode: Rcode.REFUSED, code: ErrorCode.NOT_SUPPORTED, why: `class ${classToText(qclass)} is not served` };
  }
  if (qtype === Type.AXFR || qtype === Type.IXFR) {
    return { rcode: Rcode.REFUSED, code: ErrorCode.NOT_SUPPORTED, why: 'a resolver has no zones to transfer' };
  }
  if (qtype === NXNAME) {
    return { rcode: Rcode.FORMERR, code: ErrorCode.INVALID_QUERY_TYPE, why: 'type NXNAME cannot be asked for' };
  }
  if (isMetaType(qtype) && qtype !== Type.ANY) {
    return {
      rcode: Rcode.NOTIMP,
      code: ErrorCode.INVALID_QUERY_TYPE,
      why: `type ${typeToText(qtype)} cannot be asked for`,
    };
  }
  return undefined;
}

function errorOnly(rcode: number, code: number, text: string): Reply {
  return { rcode, isAuthoritative: false, answer: [], authority: [], errors: [{ code, text }], source: 'rule' };
}
