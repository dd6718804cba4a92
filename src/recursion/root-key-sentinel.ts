/**
 * Lets people find out by plain questions which keys of the root this resolver trusts (RFC 8509): a name that begins
 * with `root-key-sentinel-is-ta-20326` is answered only where that key is a trust anchor, `…-not-ta-…` only where not.
 *
 * RFC 8509 §3.1: for A and AAAA alone, when the answer was validated as secure and validation was not switched off by
 * CD; whoever calls this sees to the last.
 */

import { ErrorCode } from '../dns/extended-error.ts';
import type { Name } from '../dns/name.ts';
import { Rcode, Type } from '../dns/record-type.ts';
import type { Reply } from '../query/reply.ts';

/** RFC 8509 §2: the key tag in five decimal digits. */
const SENTINEL = /^root-key-sentinel-(is|not)-ta-(\d{5})$/;

/** The reply, or in its place the failure that says what there is to say. */
export function answerSentinel(
  qname: Name,
  qtype: number,
  reply: Reply,
  isRootAnchor: (keyTag: number) => boolean,
): Reply {
  const sentinel = sentinelOf(qname);
  if (sentinel === undefined || (qtype !== Type.A && qtype !== Type.AAAA)) return reply;
  if (reply.security?.state !== 'secure') return reply;
  const isAnchor = isRootAnchor(sentinel.keyTag);
  if (isAnchor === (sentinel.asks === 'is')) return reply;
  const text = `key ${sentinel.keyTag} is ${isAnchor ? 'a' : 'no'} trust anchor of the root here (RFC 8509)`;
  return { ...reply, rcode: Rcode.SERVFAIL, answer: [], authority: [], errors: [{ code: ErrorCode.OTHER, text }] };
}

function sentinelOf(qname: Name): { asks: 'is' | 'not'; keyTag: number } | undefined {
  // Nearly every name is done with here.
  const length = qname.charCodeAt(0);
  if (length < 'root-key-sentinel-is-ta-00000'.length || qname.charCodeAt(1) !== 0x72) return undefined;
  const match = SENTINEL.exec(qname.slice(1, 1 + length));
  return match === null ? undefined : { asks: match[1] as 'is' | 'not', keyTag: Number(match[2]) };
}
