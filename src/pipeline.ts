/**
 * A client's message from its octets to the octets of the reply: read, taken through the stages in order, composed,
 * sent, and told to the observers.
 *
 * The order of the stages is one value, `stages`. A stage that answers at once is not waited for, so a cached answer
 * goes out in the turn of the event loop that its query came in.
 */

import type { ClientAcl } from './access/client-acl.ts';
import { answerAny } from './access/any-query.ts';
import type { RateLimit } from './access/rate-limit.ts';
import { readQuery, type QueryReading } from './access/read-query.ts';
import type { ServerCookies } from './access/server-cookies.ts';
import { answerUnserved } from './access/unserved-question.ts';
import type { WalkShare } from './access/walk-share.ts';
import { ErrorCode } from './dns/extended-error.ts';
import { Rcode } from './dns/record-type.ts';
import type { Handler, SendReply } from './listen/handler.ts';
import type { Client, ClientQuery } from './query/client-query.ts';
import type { Finished } from './query/finished.ts';
import type { Reply } from './query/reply.ts';
import { PASS, type Stage, type StageResult } from './query/stage.ts';
import type { Recursion } from './recursion/recursion.ts';
import { composeReply, composeTruncated, type ComposedReply, type ReplyOptions } from './respond/compose-reply.ts';
import type { Clock } from './system/clock.ts';

export type Rooms = {
  readonly clientAcl: ClientAcl;
  readonly serverIdentity: Stage;
  readonly hostsFile: Stage;
  readonly localRecords: Stage;
  readonly specialUseNames: Stage;
  readonly recursion: Recursion;
  readonly walkShare: WalkShare;
};

/** The stages of a query, in order. What the operator says of a name comes before what the RFCs say of it. */
export const stages = (rooms: Rooms): readonly Stage[] => [
  refuseStrangers(rooms.clientAcl),
  rooms.serverIdentity,
  answerUnserved,
  answerAny,
  rooms.localRecords,
  rooms.hostsFile,
  rooms.specialUseNames,
  answerFromCache(rooms.recursion),
  answerByWalking(rooms.recursion, rooms.walkShare),
];

/** The first stage is about who asks; what we ask ourselves starts behind it. */
const BEHIND_CLIENT_ACL = 1;

export type PipelineAround = {
  readonly clock: Clock;
  readonly newId: () => string;
  readonly cookies: ServerCookies;
  readonly rateLimit: RateLimit;
  readonly observe: (finished: Finished) => void;
  /** A bug of ours: the query is answered SERVFAIL where that can still be done, and this is told. */
  readonly reportFault: (error: unknown, query: Pick<ClientQuery, 'id'>) => void;
};

export type Pipeline = {
  readonly handle: Handler;
  /** What a client gets who sends this query and may recurse. */
  answer(query: ClientQuery): Promise<StageResult>;
  /** Queries that were taken in and not answered yet. */
  inFlight(): number;
};

export function createPipeline(list: readonly Stage[], options: ReplyOptions, around: PipelineAround): Pipeline {
  const { clock, observe } = around;
  let inFlight = 0;

  return { handle, answer: async (query) => run(query, BEHIND_CLIENT_ACL), inFlight: () => inFlight };

  function handle(octets: Uint8Array, client: Client, send: SendReply): void {
    const reading = read(octets, client);
    if (reading.kind === 'query') {
      serve(reading.query, send);
      return;
    }
    const common = { client, receivedWallMs: clock.wallMs(), totalMs: 0, queueMs: 0, octets: octets.length };
    const mayReject = reading.kind === 'reject' && around.rateLimit.judgeRejection(client) === 'send';
    if (mayReject) {
      send(reading.octets);
      tell({ ...common, kind: 'rejected', rcode: reading.rcode, why: reading.why });
    } else {
      send(undefined);
      const reason = reading.kind === 'drop' ? reading.reason : 'rate-limited';
      tell({ ...common, kind: 'dropped', query: undefined, reason });
    }
  }

  function read(octets: Uint8Array, client: Client): QueryReading {
    try {
      return readQuery(octets, client, around);
    } catch (error) {
      around.reportFault(error, { id: around.newId() });
      return { kind: 'drop', reason: 'fault' };
    }
  }

  function serve(query: ClientQuery, send: SendReply): void {
    const result = run(query);
    if (!(result instanceof Promise)) {
      finish(query, result, send);
      return;
    }
    inFlight++;
    void result.then((settled) => {
      inFlight--;
      finish(query, settled, send);
    });
  }

  /** Goes through the stages until one does not pass; a promise only where a stage has to wait. */
  function run(query: ClientQuery, from = 0): StageResult | Promise<StageResult> {
    try {
      for (let i = from; i < list.length; i++) {
        const result = list[i](query);
        if (result instanceof Promise) {
          return result.then(
            (settled) => (settled.kind === 'pass' ? run(query, i + 1) : settled),
            (error: unknown) => ({ kind: 'reply', reply: fault(error, query) }),
          );
        }
        if (result.kind !== 'pass') return result;
      }
      throw new Error('no stage answered');
    } catch (error) {
      return { kind: 'reply', reply: fault(error, query) };
    }
  }

  function fault(error: unknown, query: ClientQuery): Reply {
    around.reportFault(error, query);
    return ruling(Rcode.SERVFAIL, ErrorCode.OTHER, 'a fault inside the resolver');
  }

  function finish(query: ClientQuery, result: StageResult, send: SendReply): void {
    const composed = result.kind === 'reply' ? compose(query, result.reply) : undefined;
    send(composed?.octets);
    const { client, receivedWallMs, receivedAt } = query;
    const common = { query, client, receivedWallMs, totalMs: clock.now() - receivedAt, queueMs: 0 };
    if (composed === undefined) {
      const reason = result.kind === 'drop' ? result.reason : result.kind === 'reply' ? 'rate-limited' : 'overloaded';
      tell({ ...common, kind: 'dropped', reason, octets: 0 });
    } else {
      const { reply, octets, isTruncated } = composed;
      tell({ ...common, kind: 'answered', reply, replyOctets: octets.length, isTruncated });
    }
  }

  /** Undefined when this client has had enough of them. */
  function compose(query: ClientQuery, reply: Reply): (ComposedReply & { readonly reply: Reply }) | undefined {
    const verdict = around.rateLimit.judge(query, reply);
    if (verdict === 'drop') return undefined;
    try {
      const composed = (verdict === 'send' ? composeReply : composeTruncated)(query, reply, options);
      return { ...composed, reply };
    } catch (error) {
      const failed = fault(error, query);
      return { ...composeReply(query, failed, options), reply: failed };
    }
  }

  /** What was sent is not undone because it could not be told. */
  function tell(finished: Finished): void {
    try {
      observe(finished);
    } catch (error) {
      around.reportFault(error, { id: finished.kind === 'rejected' ? '' : (finished.query?.id ?? '') });
    }
  }
}

function refuseStrangers(acl: ClientAcl): Stage {
  return ({ client }) => {
    if (acl.mayRecurse(client.address)) return PASS;
    const text = `${client.address} may not use this resolver (access.allow)`;
    return { kind: 'reply', reply: ruling(Rcode.REFUSED, ErrorCode.PROHIBITED, text) };
  };
}

function answerFromCache(recursion: Recursion): Stage {
  return (query) => {
    const { qname, qtype } = query.question;
    const reply = recursion.fromCache(qname, qtype, query);
    if (reply !== undefined) return { kind: 'reply', reply };
    if (query.recursionDesired) return PASS;
    // RFC 1034 §5.3.1: without RD nothing is found out for the client; what is not known is refused.
    return {
      kind: 'reply',
      reply: ruling(Rcode.REFUSED, ErrorCode.NOT_AUTHORITATIVE, 'not in the cache, and RD is not set'),
    };
  };
}

function answerByWalking(recursion: Recursion, share: WalkShare): Stage {
  return (query) => {
    const giveBack = share.admit(query);
    if (giveBack === undefined) return { kind: 'reply', reply: tooManyWalks };
    const { question, id } = query;
    return recursion
      .resolve(question.qname, question.qtype, id, query)
      .then((reply) => ({ kind: 'reply' as const, reply }))
      .finally(giveBack);
  };
}

const tooManyWalks = ruling(
  Rcode.SERVFAIL,
  ErrorCode.OTHER,
  'too busy: as many names are being resolved for this client as its share allows (walks.max, walks.maxPerClient)',
);

/** A reply that a rule of ours makes, without looking at any data. */
function ruling(rcode: number, code: number, text: string): Reply {
  return { rcode, isAuthoritative: false, answer: [], authority: [], errors: [{ code, text }], source: 'rule' };
}
