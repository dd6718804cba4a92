import { describe, expect, test } from 'vitest';

import { name } from '../dns/name.ts';
import { Rcode, Type } from '../dns/record-type.ts';
import { rrset } from '../dns/rrset.ts';
import type { Reply } from '../query/reply.ts';
import type { Security } from '../query/security.ts';
import { answerSentinel } from './root-key-sentinel.ts';

const secure: Security = { state: 'secure' };
const insecure: Security = { state: 'insecure', reason: { check: 'no-ds', zone: name('example.') } };

function answered(text: string, qtype: number = Type.A, security: Security | undefined = secure): number {
  const qname = name(text);
  const reply: Reply = {
    rcode: Rcode.NOERROR,
    isAuthoritative: false,
    answer: [rrset(qname, Type.A, 60, [Uint8Array.of(203, 0, 113, 7)])],
    authority: [],
    errors: [],
    source: 'recursion',
    ...(security && { security }),
  };
  return answerSentinel(qname, qtype, reply, (keyTag) => keyTag === 20326).rcode;
}

describe('RFC 8509: a question for a key', () => {
  test.each([
    ['root-key-sentinel-is-ta-20326.example.', Rcode.NOERROR],
    ['root-key-sentinel-not-ta-20326.example.', Rcode.SERVFAIL],
    ['root-key-sentinel-is-ta-38696.example.', Rcode.SERVFAIL],
    ['root-key-sentinel-not-ta-38696.example.', Rcode.NOERROR],
    ['ROOT-KEY-SENTINEL-NOT-TA-20326.example.', Rcode.SERVFAIL],
  ])('%s', (qname, rcode) => {
    expect(answered(qname)).toBe(rcode);
    expect(answered(qname, Type.AAAA)).toBe(rcode);
  });

  test.each([
    ['another type', 'root-key-sentinel-not-ta-20326.example.', Type.TXT, secure],
    ['an answer that is not secure', 'root-key-sentinel-not-ta-20326.example.', Type.A, insecure],
    ['a tag of other than five digits', 'root-key-sentinel-is-ta-1.example.', Type.A, secure],
    ['a label further up', 'www.root-key-sentinel-is-ta-38696.example.', Type.A, secure],
    ['a longer label', 'root-key-sentinel-is-ta-386961.example.', Type.A, secure],
  ])('is not one with %s', (_, qname, qtype, security) => {
    expect(answered(qname, qtype, security)).toBe(Rcode.NOERROR);
  });
});
