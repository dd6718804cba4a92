/**
 * A client's message from its octets to the octets of the reply: read, taken through the stages in order, composed,
 * sent, and told to the observers.
 *
 * The order of the stages is one value, `stages`. A stage that answers at once is not waited for, so a cached answer
 * goes out in the turn of the event loop that its query came in.
 */

import type { ClientAcl } from './access/client-acl.ts';
import { answerAny } from './access/any-query.ts';
import { readQuery } from './access/read-query.ts';
import { answerUnserved } from './access/unserved-question.ts';
import { ErrorCode } from './dns/extended-error.ts';
import { Rcode } from './dns/record-type.ts';
import type { Handler, SendReply } from './listen/handler.ts';
import type { Client, ClientQuery } from './query/client-query.ts';
import type { Finished } from './query/finished.ts';
import type { Reply } from './query/reply.ts';
import { PASS, type Stage, type StageResult } from './query/stage.ts';
import type { Recursion } from './recursion/recursion.ts';
import { composeReply, type ReplyOptions } from './respond/compose-reply.ts';
import type { Clock } from './system/clock.ts';

export type Rooms = {
  readonly clientAcl: ClientAcl;
  readonly serverIdentity: Stage;
  readonly hostsFile: Stage;
  readonly localRecords: Stage;
  readonly specialUseNames: Stage;
  readonly recursion: Recursion;
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
  answerByWalking(rooms.recursion),
];

/** The first stage is about who asks; what we ask ourselves starts behind it. */
const BEHIND_CLIENT_ACL = 1;

export type PipelineAround = {
  readonly clock: Clock;
  readonly newId: () => string;
  readonly observe: (finished: Finished) => void;
  /** A bug of ours: the query is answered SERVFAIL, and this is told. */
  readonly reportFault: (error: unknown, query: ClientQuery) => void;
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
    const reading = readQuery(octets, client, around);
    if (reading.kind === 'query') {
      serve(reading.query, send);
      return;
    }
    const common = { client, receivedWallMs: clock.wallMs(), totalMs: 0, queueMs: 0, octets: octets.length };
    if (reading.kind === 'drop') {
      send(undefined);
      observe({ ...common, kind: 'dropped', query: undefined, reason: reading.reason });
    } else {
      send(reading.octets);
      observe({ ...common, kind: 'rejected', rcode: reading.rcode, why: reading.why });
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
            (error: unknown) => fault(error, query),
          );
        }
        if (result.kind !== 'pass') return result;
      }
      return fault(new Error('no stage answered'), query);
    } catch (error) {
      return fault(error, query);
    }
  }

  function fault(error: unknown, query: ClientQuery): StageResult {
    around.reportFault(error, query);
    return { kind: 'reply', reply: ruling(Rcode.SERVFAIL, ErrorCode.OTHER, 'a fault inside the resolver') };
  }

  function finish(query: ClientQuery, result: StageResult, send: SendReply): void {
    const { client, receivedWallMs, receivedAt } = query;
    if (result.kind !== 'reply') {
      const reason = result.kind === 'drop' ? result.reason : 'overloaded';
      const totalMs = clock.now() - receivedAt;
      send(undefined);
      observe({ kind: 'dropped', query, reason, octets: 0, client, receivedWallMs, totalMs, queueMs: 0 });
      return;
    }
    const { octets, isTruncated } = composeReply(query, result.reply, options);
    send(octets);
    observe({
      kind: 'answered',
      query,
      reply: result.reply,
      replyOctets: octets.length,
      isTruncated,
      client,
      receivedWallMs,
      totalMs: clock.now() - receivedAt,
      queueMs: 0,
    });
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
  return ({ question, recursionDesired }) => {
    const reply = recursion.fromCache(question.qname, question.qtype);
    if (reply !== undefined) return { kind: 'reply', reply };
    if (recursionDesired) return PASS;
    // RFC 1034 §5.3.1: without RD nothing is found out for the client; what is not known is refused.
    return {
      kind: 'reply',
      reply: ruling(Rcode.REFUSED, ErrorCode.NOT_AUTHORITATIVE, 'not in the cache, and RD is not set'),
    };
  };
}

function answerByWalking(recursion: Recursion): Stage {
  return async ({ question, id }) => ({
    kind: 'reply',
    reply: await recursion.resolve(question.qname, question.qtype, id),
  });
}

/** A reply that a rule of ours makes, without looking at any data. */
function ruling(rcode: number, code: number, text: string): Reply {
  return { rcode, isAuthoritative: false, answer: [], authority: [], errors: [{ code, text }], source: 'rule' };
}
