/**
 * A3. RebirthDay (2025, CVE-2025-5994, CVE-2025-30192, CVE-2025-40776): a client subnet (EDNS option 8, RFC 7871) makes
 * many questions of one, each outstanding by itself, and the birthday attack is back.
 *
 * Here no client subnet is ever forwarded, nor does one set questions apart: clients of 256 subnets share one exchange.
 */

import { describe, expect, test } from 'vitest';

import { Option, readOptions } from '../../src/dns/edns.ts';
import { MessageView, readMessage } from '../../src/dns/wire/message-view.ts';
import { delays } from '../../src/lab/misbehaviour.ts';
import { simulatedInternet } from '../support/walking-resolver.ts';
import { clientTo } from './client-to.ts';
import { recordFigure } from './figures.ts';
import { attackedBy } from './forger.ts';

const SERVER = '192.0.2.1';
const SUBNETS = 256;

function subnet(i: number) {
  return { code: Option.CLIENT_SUBNET, data: Uint8Array.of(0, 1, 24, 0, 198, 51, i) };
}

function codesIn(query: Uint8Array): number[] {
  const view = readMessage(query);
  const options = view instanceof MessageView ? view.opt()?.options : undefined;
  return (options && readOptions(options)?.map(({ code }) => code)) ?? [];
}

describe('clients of 256 subnets ask for one slow name', () => {
  test('one exchange serves them all, and no query carries a subnet', async () => {
    const internet = attackedBy(
      simulatedInternet({ latencyMs: 20 })
        .zone('.', { at: '198.51.100.1' })
        .zone('example.', { at: SERVER, records: 'slow A 203.0.113.7' })
        .server(SERVER, delays(350)),
      () => [],
    );
    const client = clientTo(internet);
    const replies = await client.askTogether(
      Array.from({ length: SUBNETS }, (_, i) => ({ qname: 'slow.example.', edns: { options: [subnet(i)] } })),
    );
    const answered = replies.filter((reply) => reply?.answerCount === 1).length;
    const withSubnet = internet.queries.filter((query) => codesIn(query).includes(Option.CLIENT_SUBNET)).length;
    recordFigure('A3', 'exchanges with the server for 256 subnets', client.seen(SERVER).length, 1);
    recordFigure('A3', 'clients answered, of 256', answered, { exactly: SUBNETS });
    recordFigure('A3', 'queries to servers that carry a client subnet', withSubnet, 0);
    // What is looked for could be seen: the queries do carry the option that is ours.
    expect(internet.queries.map(codesIn)).toEqual(internet.queries.map(() => [Option.COOKIE]));
  });
});
