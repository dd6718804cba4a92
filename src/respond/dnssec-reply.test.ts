import { describe, expect, test } from 'vitest';
import { clientQuery, type QueryParts } from '../../test/support/client-query.ts';
import { createSeededRandom } from '../../test/support/seeded-random.ts';
import { name } from '../dns/name.ts';
import { Rcode, Type, typeToText } from '../dns/record-type.ts';
import { rrset, type RRset } from '../dns/rrset.ts';
import { readMessage, type MessageView } from '../dns/wire/message-view.ts';
import type { Reply } from '../query/reply.ts';
import { composeReply } from './compose-reply.ts';
import { createRecordOrder } from './order.ts';

const AD = 0x0020;
const CD = 0x0010;
const RD = 0x0100;

/** RRSIG RDATA as far as a composer looks into it: 18 octets, the signer's name, a signature. */
const signature = Uint8Array.of(...Array.from({ length: 18 }, () => 0), 0, 1, 2, 3);
const signed = (set: RRset): RRset => {
  const { count, packed } = rrset(set.owner, Type.RRSIG, set.ttl, [signature]);
  return { ...set, signatures: { count, packed } };
};
const address = signed(rrset(name('www.example.'), Type.A, 300, [Uint8Array.of(192, 0, 2, 1)]));
const nsec = signed(rrset(name('a.example.'), Type.NSEC, 300, [Uint8Array.of(0, 0, 1, 0x40)]));
const secure: Reply = {
  rcode: Rcode.NOERROR,
  isAuthoritative: false,
  answer: [address],
  authority: [nsec],
  errors: [],
  source: 'recursion',
  security: { state: 'secure' },
};

function compose(parts: QueryParts, reply: Reply): MessageView {
  const order = createRecordOrder('fixed', createSeededRandom(1));
  const options = { order, maxUdpPayload: 1232, nsid: new Uint8Array(), tcpIdleTimeoutMs: 10_000 };
  const view = readMessage(composeReply(clientQuery(parts), reply, options).octets);
  if (!('questionCount' in view)) throw new Error(view.why);
  return view;
}

function records(view: MessageView): string[] {
  return Array.from({ length: view.recordCount }, (_, i) => `${view.section(i)} ${typeToText(view.type(i))}`);
}

describe('DO', () => {
  test('brings the signatures behind their sets, and the proof', () => {
    expect(records(compose({ edns: { dnssecOk: true } }, secure))).toEqual([
      'answer A',
      'answer RRSIG',
      'authority NSEC',
      'authority RRSIG',
      'additional OPT',
    ]);
  });

  test('is what they are kept back without', () => {
    expect(records(compose({ edns: {} }, secure))).toEqual(['answer A', 'additional OPT']);
  });
});

describe('AD', () => {
  test.each([
    ['secure, and the client sets AD', { flags: RD | AD }, secure, true],
    ['secure, and the client sets DO', { edns: { dnssecOk: true } }, secure, true],
    ['secure, and the client shows neither', {}, secure, false],
    ['secure, and the client judges for itself', { flags: RD | AD | CD }, secure, false],
    ['insecure', { flags: RD | AD }, { ...secure, security: insecure() }, false],
    ['unchecked', { flags: RD | AD }, withoutSecurity(), false],
  ])('%s', (_, parts, reply, isSet) => {
    expect(compose(parts, reply).authenticData).toBe(isSet);
  });
});

function insecure(): NonNullable<Reply['security']> {
  return { state: 'insecure', reason: { check: 'no-ds', zone: name('example.') } };
}

function withoutSecurity(): Reply {
  const { security: _, ...rest } = secure;
  return rest;
}
