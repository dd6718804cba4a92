import { describe, expect, test } from 'vitest';
import { queryOctets } from '../test/support/client-query.ts';
import { aReply } from '../test/support/finished-query.ts';
import { createHandClock } from '../test/support/hand-clock.ts';
import { readResponse } from '../test/support/messages.ts';
import { createSeededRandom } from '../test/support/seeded-random.ts';
import type { RateVerdict } from './access/rate-limit.ts';
import { createPipeline } from './pipeline.ts';
import type { Client } from './query/client-query.ts';
import type { Finished } from './query/finished.ts';
import { PASS, type Stage, type StageResult } from './query/stage.ts';
import { createRecordOrder } from './respond/order.ts';

const client: Client = { address: '192.0.2.53', port: 4711, transport: 'udp' };
const replies: StageResult = { kind: 'reply', reply: aReply() };

function pipelineOf(stages: readonly Stage[], verdict: RateVerdict = 'send') {
  const finished: Finished[] = [];
  const pipeline = createPipeline(
    stages,
    {
      order: createRecordOrder('fixed', createSeededRandom(1)),
      maxUdpPayload: 1232,
      nsid: new Uint8Array(),
      tcpIdleTimeoutMs: 10_000,
    },
    {
      clock: createHandClock(),
      newId: () => 'q1',
      cookies: { judge: (option) => ({ wasShown: false, isValid: false, reply: option }) },
      rateLimit: { judge: () => verdict, judgeRejection: () => (verdict === 'send' ? 'send' : 'drop') },
      observe: (one) => void finished.push(one),
      reportFault: (error) => {
        throw error;
      },
    },
  );
  const sent: (Uint8Array | undefined)[] = [];
  const handle = (octets = queryOctets()): void => pipeline.handle(octets, client, (reply) => sent.push(reply));
  return { pipeline, finished, sent, handle };
}

describe('a query goes through the stages in order', () => {
  test('until one does not let it pass', () => {
    const seen: number[] = [];
    const stage =
      (number: number, result: StageResult): Stage =>
      () => {
        seen.push(number);
        return result;
      };
    const { handle, finished } = pipelineOf([stage(1, PASS), stage(2, replies), stage(3, replies)]);
    handle();
    expect(seen).toEqual([1, 2]);
    expect(finished).toMatchObject([{ kind: 'answered' }]);
  });

  test('in the turn that it came in, where no stage has to wait', () => {
    const { handle, sent } = pipelineOf([() => replies]);
    handle();
    expect(sent).toHaveLength(1);
  });

  test('and counts as in work while one waits', async () => {
    const waiting = Promise.withResolvers<StageResult>();
    const { pipeline, handle, sent } = pipelineOf([() => waiting.promise, () => replies]);
    handle();
    expect([pipeline.inFlight(), sent.length]).toEqual([1, 0]);
    waiting.resolve(PASS);
    await new Promise((resolve) => setImmediate(resolve));
    expect([pipeline.inFlight(), sent.length]).toEqual([0, 1]);
  });

  test('from behind the first one for what we ask ourselves', async () => {
    const { pipeline } = pipelineOf([() => ({ kind: 'drop', reason: 'overloaded' }), () => replies]);
    expect(await pipeline.answer({} as Parameters<typeof pipeline.answer>[0])).toEqual(replies);
  });
});

describe('what is sent and told', () => {
  test.each<[string, StageResult, RateVerdict, object, string | undefined]>([
    ['a reply', replies, 'send', { kind: 'answered', isTruncated: false }, ''],
    ['a reply that the client has had often', replies, 'truncate', { kind: 'answered', isTruncated: true }, 'TC'],
    ['a reply too many', replies, 'drop', { kind: 'dropped', reason: 'rate-limited' }, undefined],
    [
      'a query that a stage drops',
      { kind: 'drop', reason: 'overloaded' },
      'send',
      { kind: 'dropped', reason: 'overloaded' },
      undefined,
    ],
  ])('%s', (_, result, verdict, told, flag) => {
    const { handle, sent, finished } = pipelineOf([() => result], verdict);
    handle();
    expect(finished).toMatchObject([told]);
    expect(sent).toHaveLength(1);
    if (flag === undefined) expect(sent[0]).toBeUndefined();
    else expect(readResponse(sent[0]).flags.includes('TC')).toBe(flag === 'TC');
  });

  test.each<[string, Uint8Array, RateVerdict, object, boolean]>([
    ['a format error', queryOctets().subarray(0, 15), 'send', { kind: 'rejected', rcode: 1 }, true],
    ['one too many', queryOctets().subarray(0, 15), 'drop', { kind: 'dropped', reason: 'rate-limited' }, false],
    ['a response', queryOctets({ flags: 0x8180 }), 'send', { kind: 'dropped', reason: 'response' }, false],
  ])('%s, without asking a stage', (_, octets, verdict, told, isAnswered) => {
    const never: Stage = () => {
      throw new Error('asked');
    };
    const { handle, sent, finished } = pipelineOf([never], verdict);
    handle(octets);
    expect(finished).toMatchObject([told]);
    expect(sent.map((reply) => reply !== undefined)).toEqual([isAnswered]);
  });
});
