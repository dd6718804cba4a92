/**
 * F9: a bug of ours as a weapon: a query that makes us throw ends the process, and whoever finds it needs one packet.
 *
 * Each query has its own wall (pipeline.ts): what is thrown while it is read, taken through the stages, composed or
 * told ends with that query, which gets SERVFAIL as long as it has not been answered. It is counted in `status` and its
 * stack logged, ten times a minute at most (daemon/query-faults.ts). What is thrown outside of any query is
 * daemon/fault-policy.ts.
 */

import { describe, expect, test } from 'vitest';
import { createQueryFaults } from '../../src/daemon/query-faults.ts';
import { createPipeline, type PipelineAround } from '../../src/pipeline.ts';
import type { Reply } from '../../src/query/reply.ts';
import { PASS, type Stage } from '../../src/query/stage.ts';
import { createRecordOrder } from '../../src/respond/order.ts';
import { queryOctets } from '../support/client-query.ts';
import { createHandClock } from '../support/hand-clock.ts';
import { readResponse } from '../support/messages.ts';
import { createSeededRandom } from '../support/seeded-random.ts';
import { lanClient } from '../support/served-internet.ts';
import { mutate } from '../fuzz/mutate.ts';
import { serveInternet } from '../support/served-internet.ts';
import { clientInternet } from './client-internet.ts';
import { recordFigure } from './figures.ts';

const bug = (): never => {
  throw new TypeError('undefined is not a function');
};
const soundReply: Reply = { rcode: 0, isAuthoritative: false, answer: [], authority: [], errors: [], source: 'cache' };
const sound: Stage = () => ({ kind: 'reply', reply: soundReply });

/** The pipeline with one thing broken: the first query meets the bug, later ones do not. */
function pipelineWith(broken: { stage?: Stage; around?: Partial<PipelineAround> }) {
  const clock = createHandClock();
  const faults = createQueryFaults({ clock, log: { error: () => undefined } });
  let isFirst = true;
  const around: PipelineAround = {
    clock,
    newId: () => 'q',
    cookies: { judge: (option) => ({ wasShown: false, isValid: false, reply: option }) },
    rateLimit: { judge: () => 'send', judgeRejection: () => 'send' },
    observe: () => undefined,
    reportFault: (error, query) => faults.report(error, query),
    ...broken.around,
  };
  const stage: Stage = (query) => (isFirst ? (broken.stage ?? sound)(query) : sound(query));
  const options = {
    order: createRecordOrder('fixed', createSeededRandom(1)),
    maxUdpPayload: 1232,
    nsid: new Uint8Array(),
    tcpIdleTimeoutMs: 10_000,
  };
  const pipeline = createPipeline([stage], options, around);
  const ask = async (octets = queryOctets({ edns: {} })): Promise<{ replies: (Uint8Array | undefined)[] }> => {
    const replies: (Uint8Array | undefined)[] = [];
    pipeline.handle(octets, lanClient, (reply) => replies.push(reply));
    await new Promise((resolve) => setImmediate(resolve));
    isFirst = false;
    return { replies };
  };
  return { ask, faults, pipeline };
}

const unsound = {
  ...soundReply,
  answer: [{ owner: 'x', type: 1, ttl: 1, count: 3, packed: null }],
} as unknown as Reply;
describe.each<[string, Parameters<typeof pipelineWith>[0], string]>([
  ['in a stage', { stage: bug }, 'SERVFAIL'],
  ['in a stage that is waited for', { stage: () => Promise.reject(new TypeError('bug')) }, 'SERVFAIL'],
  ['behind all stages: none answers', { stage: () => PASS }, 'SERVFAIL'],
  ['while the reply is composed', { stage: () => ({ kind: 'reply', reply: unsound }) }, 'SERVFAIL'],
  ['while the reply is told, after it was sent', { around: { observe: bug } }, 'NOERROR'],
])('a fault %s', (what, broken, rcode) => {
  test('ends with its query: one reply, one count, and the next query is answered', async () => {
    const { ask, faults, pipeline } = pipelineWith(broken);
    const { replies } = await ask();
    expect(replies.map((reply) => readResponse(reply).rcode)).toEqual([rcode]);
    recordFigure('F9', `faults counted ${what}`, faults.count, { exactly: 1 });
    recordFigure('F9', `queries left in work ${what}`, pipeline.inFlight(), 0);
    expect((await ask()).replies.map((reply) => readResponse(reply).rcode)).toEqual(['NOERROR']);
  });
});

test('a fault while the query is read is counted and dropped', async () => {
  const { ask, faults } = pipelineWith({ around: { cookies: { judge: bug } } });
  const withCookie = queryOctets({ edns: { options: [{ code: 10, data: new Uint8Array(8) }] } });
  expect((await ask(withCookie)).replies).toEqual([undefined]);
  recordFigure('F9', 'faults counted while a query is read', faults.count, { exactly: 1 });
  expect((await ask()).replies).toHaveLength(1);
});

test('the client is told that the fault is ours, and nothing of what it was', async () => {
  const { ask } = pipelineWith({ stage: bug });
  const [reply] = (await ask()).replies;
  expect(Buffer.from(reply!).toString('latin1')).not.toContain('undefined');
});

test('a thousand queries that each meet a bug leave a thousand counts, and ten stacks', async () => {
  const clock = createHandClock();
  let stacks = 0;
  const faults = createQueryFaults({ clock, log: { error: () => void stacks++ } });
  for (let i = 0; i < 1000; i++) faults.report(new Error('bug'), { id: `q${i}` });
  recordFigure('F9', 'stacks kept of 1,000 faults', stacks, 10);
  expect(faults.count).toBe(1000);
});

test('50,000 damaged queries: no fault, one reply each at most, and nothing stays in work', async () => {
  const internet = serveInternet(clientInternet());
  const random = createSeededRandom(9);
  const corpus = [
    queryOctets(),
    queryOctets({ edns: { dnssecOk: true, options: [{ code: 10, data: new Uint8Array(24) }] } }),
    queryOctets({ qname: 'www.dead.', qtype: 'ANY', edns: {} }),
    queryOctets({ qtype: 'AXFR', flags: 0x2900 }),
  ];
  let replies = 0;
  let largest = 0;
  for (let i = 0; i < 50_000; i++) {
    const octets = mutate(corpus, random);
    internet.service.pipeline.handle(octets, { ...lanClient, address: `10.1.${i & 0xff}.1` }, (reply) => {
      replies++;
      largest = Math.max(largest, reply?.length ?? 0);
    });
    if (i % 1000 === 0) await internet.clock.run(new Promise((resolve) => setImmediate(resolve)));
  }
  await internet.ask(queryOctets());
  internet.clock.advance(60_000);
  for (let i = 0; i < 200 && internet.service.pipeline.inFlight() > 0; i++) {
    await new Promise((resolve) => setImmediate(resolve));
    internet.clock.advance(1000);
  }
  recordFigure('F9', 'faults of 50,000 damaged queries', internet.faults.length, 0);
  recordFigure('F9', 'ends of 50,000 damaged queries', replies, { exactly: 50_000 });
  recordFigure('F9', 'octets of the largest reply to them', largest, 1232);
});
