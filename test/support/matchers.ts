/**
 * What a reply says, compared as text: `toAnswer('www.example. 300 A 203.0.113.7')`. The order of the records is not
 * compared, an RRset having none; names, types, TTLs and RDATA are, after both sides have been through the same reader.
 */

import { formatRRset } from '../../src/dns/presentation.ts';
import { Rcode, rcodeToText, Type } from '../../src/dns/record-type.ts';
import { rrset, type RRset } from '../../src/dns/rrset.ts';
import { parseZoneText } from '../../src/dns/zone-text.ts';
import type { Reply } from '../../src/query/reply.ts';

type Verdict = { pass: boolean; message: () => string; actual?: unknown; expected?: unknown };

interface ReplyMatchers<R> {
  /** NOERROR, and exactly these records in the answer section. */
  toAnswer(...records: string[]): R;
  /** A denial with its SOA, proofs beside it or not; for NXDOMAIN and NODATA an alias may stand before it. */
  toDeny(kind: 'nxdomain' | 'nodata'): R;
  /** SERVFAIL without records, and an extended error whose text matches. */
  toFail(why?: RegExp): R;
}

declare module 'vitest' {
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> extends ReplyMatchers<R> {}
}

/** For `expect.extend`. */
export const replyMatchers = {
  toAnswer(reply: Reply, ...records: string[]): Verdict {
    return compare(
      reply,
      { rcode: 'NOERROR', answer: linesOfText(records) },
      { rcode: rcodeOf(reply), answer: answerOf(reply) },
    );
  },
  toDeny(reply: Reply, kind: 'nxdomain' | 'nodata'): Verdict {
    const denial = { rcode: kind === 'nxdomain' ? 'NXDOMAIN' : 'NOERROR', records: 'aliases only', authority: ['SOA'] };
    const isDenied = reply.answer.every((set) => set.type === Type.CNAME || set.type === Type.DNAME);
    const proofs: readonly number[] = [Type.NSEC, Type.NSEC3];
    const authority = reply.authority
      .filter(({ type }) => !proofs.includes(type))
      .map((set) => (set.type === Type.SOA ? 'SOA' : formatRRset(set)));
    const records = isDenied ? 'aliases only' : answerOf(reply);
    return compare(reply, denial, { rcode: rcodeOf(reply), records, authority });
  },
  toFail(reply: Reply, why: RegExp = /./): Verdict {
    const texts = reply.errors.map(({ text }) => text);
    const isReasoned = texts.some((text) => why.test(text));
    return compare(
      reply,
      { rcode: 'SERVFAIL', answer: [], why: String(why) },
      { rcode: rcodeOf(reply), answer: answerOf(reply), why: isReasoned ? String(why) : texts },
    );
  },
};

function compare(reply: Reply, expected: object, actual: object): Verdict {
  const pass = JSON.stringify(actual) === JSON.stringify(expected);
  return {
    pass,
    expected,
    actual,
    message: () => `the reply (${reply.source}) ${pass ? 'does' : 'does not'} say that\n${reasonsOf(reply)}`,
  };
}

/** Why it failed is what whoever reads the test's report wants to know first. */
function reasonsOf(reply: Reply): string {
  return reply.errors.map(({ code, text }) => `extended error ${code}: ${text}`).join('\n');
}

function rcodeOf(reply: Reply): string {
  return rcodeToText(reply.rcode ?? Rcode.NOERROR);
}

function answerOf(reply: Reply): string[] {
  return linesOf(reply.answer);
}

function linesOf(sets: readonly RRset[]): string[] {
  return sets
    .flatMap((set) => formatRRset(set).split('\n'))
    .map((line) => line.replaceAll('\t', ' '))
    .sort();
}

function linesOfText(records: readonly string[]): string[] {
  const { records: read, problems } = parseZoneText(records.join('\n'));
  if (problems.length > 0)
    throw new TypeError(problems.map(({ line, why }) => `${records[line - 1]}: ${why}`).join('\n'));
  return linesOf(read.map(({ owner, type, ttl, rdata }) => rrset(owner, type, ttl, [rdata])));
}
