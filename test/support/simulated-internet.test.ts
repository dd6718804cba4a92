/**
 * The telling itself: what is asked reaches the servers in simulated time. The resolver here is the least there can
 * be: one query to one server.
 */

import { expect, test } from 'vitest';

import { Rcode } from '../../src/dns/record-type.ts';
import { rrset } from '../../src/dns/rrset.ts';
import { MessageView, readMessage } from '../../src/dns/wire/message-view.ts';
import { delays, only } from '../../src/lab/misbehaviour.ts';
import type { Reply } from '../../src/query/reply.ts';
import { nameToText } from '../../src/dns/name.ts';
import { typeToText } from '../../src/dns/record-type.ts';
import { queryFor } from './messages.ts';
import { internetAskedBy, simulatedInternet, type AskFactory } from './simulated-internet.ts';

const asksTheFirstHint: AskFactory = ({ network, hints }) => ({
  resolve(qname, qtype) {
    return new Promise((resolve) => {
      const flow = network.openUdp(
        { address: hints[0].addresses[0], port: 53 },
        { datagram: (octets) => resolve(replyFrom(octets)), failed: () => undefined },
      );
      flow.send(queryFor(`${nameToText(qname)} ${typeToText(qtype)}`));
    });
  },
});

function replyFrom(octets: Uint8Array): Reply {
  const view = readMessage(octets) as MessageView;
  const answer = Array.from({ length: view.answerCount }, (_, i) =>
    rrset(view.owner(i), view.type(i), view.ttl(i), [view.rdata(i)!]),
  );
  return { rcode: view.rcode, isAuthoritative: false, answer, authority: [], errors: [], source: 'recursion' };
}

const internetToAsk = internetAskedBy(asksTheFirstHint);
const records = 'www 300 A 203.0.113.7';

test('a question is asked of the resolver, in simulated time, and the exchanges are counted', async () => {
  const internet = internetToAsk({ latencyMs: 30 })
    .zone('.', { at: '198.51.100.1', records })
    .server('198.51.100.1', only({ first: 1 }, delays(1000)));

  const first = await internet.ask('www. A');
  expect(first.reply).toAnswer('www. 300 A 203.0.113.7');
  expect(first).toMatchObject({ exchanges: 1, tookMs: 1030 });

  expect(await internet.ask('www. A')).toMatchObject({ exchanges: 1, tookMs: 30 });
  expect(internet.seen('198.51.100.1')).toEqual(['www. A', 'www. A']);
});

test('a server may be further away than the others', async () => {
  const internet = internetToAsk().zone('.', { at: '198.51.100.1', records }).latency('198.51.100.1', 120);
  expect(await internet.ask('www. A')).toMatchObject({ tookMs: 120 });
});

test('time passes between questions when it is told to', async () => {
  const internet = internetToAsk().zone('.', { at: '198.51.100.1', records });
  const { clock } = internet.build();
  const before = clock.now();
  internet.wait(5000);
  expect(clock.now() - before).toBe(5000);
});

test('an internet that was asked cannot be told further, and one without a resolver cannot be asked', async () => {
  const internet = simulatedInternet().zone('.', { at: '198.51.100.1' });
  await expect(internet.ask('www. A')).rejects.toThrow('no resolver');
  internet.build();
  expect(() => internet.zone('example.', { at: '192.0.2.1' })).toThrow('has been built');
});

test('a question that is never answered is an error, not a test that hangs', async () => {
  const internet = internetToAsk().zone('.', { at: '198.51.100.1' }).server('198.51.100.1', { kind: 'silent' });
  await expect(internet.ask('www. A')).rejects.toThrow('no timer is set');
});

test('the matchers tell replies apart', async () => {
  const internet = internetToAsk().zone('.', { at: '198.51.100.1', records });
  const { reply } = await internet.ask('www. A');
  expect(reply).not.toAnswer('www. 300 A 203.0.113.8');
  expect(reply).not.toAnswer('www. 299 A 203.0.113.7');
  expect(reply).not.toAnswer();
  expect(reply).not.toFail();
  expect(reply).not.toDeny('nodata');

  const soa = await internet.ask('. SOA');
  const denied: Reply = { ...reply, rcode: Rcode.NXDOMAIN, answer: [], authority: soa.reply.answer };
  expect(denied).toDeny('nxdomain');
  expect(denied).not.toDeny('nodata');
  expect({ ...denied, authority: [] }).not.toDeny('nxdomain');

  const failed: Reply = {
    ...reply,
    rcode: Rcode.SERVFAIL,
    answer: [],
    errors: [{ code: 22, text: 'all were silent' }],
  };
  expect(failed).toFail(/silent/);
  expect(failed).not.toFail(/refused/);
});
