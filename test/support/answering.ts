/** A handler that reads queries and composes replies as the daemon does, with one function in the place of its stages. */

import { readQuery } from '../../src/access/read-query.ts';
import { createServerCookies } from '../../src/access/server-cookies.ts';
import { Rcode, Type } from '../../src/dns/record-type.ts';
import { rrset } from '../../src/dns/rrset.ts';
import type { Handler } from '../../src/listen/handler.ts';
import type { ClientQuery } from '../../src/query/client-query.ts';
import type { Reply } from '../../src/query/reply.ts';
import { composeReply, type ReplyOptions } from '../../src/respond/compose-reply.ts';
import { createRecordOrder } from '../../src/respond/order.ts';
import { systemClock } from '../../src/system/clock.ts';
import { createSeededRandom } from './seeded-random.ts';

const options: ReplyOptions = {
  order: createRecordOrder('fixed', createSeededRandom(1)),
  maxUdpPayload: 1232,
  nsid: Buffer.from('ns1.example'),
  tcpIdleTimeoutMs: 10_000,
};

const cookies = createServerCookies({ clock: systemClock, random: createSeededRandom(1) });

export function answering(answer: (query: ClientQuery) => Partial<Reply>): Handler {
  let queries = 0;
  return (octets, client, send) => {
    const reading = readQuery(octets, client, { newId: () => `q${++queries}`, clock: systemClock, cookies });
    switch (reading.kind) {
      case 'drop':
        return send(undefined);
      case 'reject':
        return send(reading.octets);
      case 'query': {
        const { query } = reading;
        return send(composeReply(query, { ...empty, ...answer(query) }, options).octets);
      }
      default:
        return reading satisfies never;
    }
  };
}

const empty: Reply = {
  rcode: Rcode.NOERROR,
  isAuthoritative: false,
  answer: [],
  authority: [],
  errors: [],
  source: 'cache',
};

/** `count` addresses for whatever was asked. */
export function addresses(count: number): (query: ClientQuery) => Partial<Reply> {
  const rdata = Array.from({ length: count }, (_, i) => Uint8Array.of(203, 0, 113, i));
  return ({ question }) => ({ answer: [rrset(question.qname, Type.A, 300, rdata)] });
}
