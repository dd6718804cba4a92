/**
 * Where the daemon's events go: finished queries to the counters and the query log, what happens to the daemon itself
 * to its operational log, in words.
 */

import type { Config } from '../config/schema.ts';
import type { ListenEvent } from '../listen/listen-event.ts';
import { createCounters, type Counters } from '../observe/counters.ts';
import { createQueryLog, type QueryLog, type QueryLogEvent } from '../observe/query-log.ts';
import { spanToText } from '../observe/time-text.ts';
import type { Finished } from '../query/finished.ts';
import type { Clock } from '../system/clock.ts';
import type { ControlSocketEvent } from './control-socket.ts';
import { createListenCounts, type ListenCounts } from './listen-counts.ts';
import type { OperationalLog } from './operational-log.ts';
import { nameToText } from '../dns/name.ts';
import type { AnchorEvent } from '../validate/anchor-keeper.ts';
import type { NegativeAnchorEvent } from './negative-anchors.ts';
import type { ServiceEvent } from './service.ts';

export type DaemonEvent = ServiceEvent | QueryLogEvent | ControlSocketEvent | NegativeAnchorEvent | AnchorEvent;

export type Observing = {
  readonly counters: Counters;
  readonly listenCounts: ListenCounts;
  observe(finished: Finished): void;
  report(event: DaemonEvent): void;
  reportListen(event: ListenEvent): void;
  /** Begins to log as configured, or goes on as before where that has not changed. */
  useQueryLog(queryLog: Config['queryLog']): Promise<void>;
  queryLogStatistics(): ReturnType<QueryLog['statistics']> | undefined;
  reopen(): Promise<void>;
  stop(): Promise<void>;
};

const HOUR_MS = 3_600_000;

export function createObserving(around: { clock: Clock; log: OperationalLog }): Observing {
  const { clock, log } = around;
  const counters = createCounters();
  const listenCounts = createListenCounts();
  let queryLog: QueryLog | undefined;
  let inUse: string | undefined;

  const observing: Observing = {
    counters,
    listenCounts,
    observe(finished) {
      counters.record(finished);
      queryLog?.record(finished);
    },
    report: (event) => tell(event, log),
    reportListen(event) {
      listenCounts.record(event);
      if (event.kind === 'message-dropped') {
        const { client, reason, octets } = event;
        const receivedWallMs = clock.wallMs();
        observing.observe({
          kind: 'dropped',
          query: undefined,
          client,
          reason,
          octets,
          receivedWallMs,
          totalMs: 0,
          queueMs: 0,
        });
      } else {
        tellListen(event, log);
      }
    },
    async useQueryLog(options) {
      const wanted = JSON.stringify(options);
      if (wanted === inUse) return;
      inUse = wanted;
      // The files have one writer: what the new log is given meanwhile waits until the former has let go of them.
      const predecessor = queryLog?.stop();
      queryLog = options.enabled
        ? createQueryLog(
            { ...options, maxFileAgeMs: options.maxFileAgeHours * HOUR_MS },
            { clock, report: (event) => observing.report(event), predecessor },
          )
        : undefined;
      await predecessor;
    },
    queryLogStatistics: () => queryLog?.statistics(),
    reopen: async () => queryLog?.reopen(),
    stop: async () => queryLog?.stop(),
  };
  return observing;
}

function tell(event: DaemonEvent, log: OperationalLog): void {
  switch (event.kind) {
    case 'primed':
      log.info(`the root has ${event.servers} servers at ${event.addresses} addresses`);
      return;
    case 'priming-failed':
      log.warn({ retryIn: spanToText(event.retryInMs) }, 'no root server answered; is there a way to the internet?');
      return;
    case 'hosts-file-read':
      log.info(`${event.path}: ${event.entries} lines with names`);
      return;
    case 'hosts-file-problems':
      for (const { line, why } of event.problems) log.warn(`${event.path}:${line}: ${why}`);
      return;
    case 'hosts-file-missing':
      log.warn(`${event.path}: there is no such file; it is looked for again`);
      return;
    case 'hosts-file-unreadable':
      log.warn(`${event.path}: ${event.why}`);
      return;
    case 'query-log-off':
      log.warn({ why: event.why, retryIn: spanToText(event.retryInMs) }, 'the query log is off');
      return;
    case 'query-log-on':
      log.info({ lost: event.lost }, 'the query log is on again');
      return;
    case 'query-log-lost':
      log.warn({ lost: event.lost }, 'queries came faster than their log lines could be written');
      return;
    case 'clock-wrong':
      log.error(`${event.why}; nothing can be validated until then`);
      return;
    case 'clock-right-again':
      log.info('signatures are valid by the clock again');
      return;
    case 'anchor-changed':
      log.info(`trust anchor ${event.key.tag} of ${nameToText(event.zone)}: ${event.from}, now ${event.to}`);
      return;
    case 'anchors-all-revoked':
      log.error(
        `all trust anchors of ${nameToText(event.zone)} are revoked; it is not validated any more (RFC 5011 §5)`,
      );
      return;
    case 'anchors-not-refreshed':
      log.warn({ why: event.why }, `the trust anchors of ${nameToText(event.zone)} could not be held against its keys`);
      return;
    case 'negative-anchor-expired':
      log.info(
        { reason: event.reason },
        `the negative trust anchor for ${event.zone} has ended; it is validated again`,
      );
      return;
    case 'state-file-set-aside':
      log.warn({ why: event.why, now: event.aside }, `${event.path} cannot be used and was set aside`);
      return;
    case 'state-file-not-written':
      log.error({ why: event.why }, `${event.path} cannot be written; what it should keep ends with this run`);
      return;
    case 'control-method-failed':
      log.error({ method: event.method, fault: faultText(event.error) }, 'a control request met a fault of ours');
      return;
    case 'control-socket-failed':
      log.error({ why: event.why }, 'the control socket does not work');
      return;
    default:
      event satisfies never;
  }
}

function tellListen(event: Exclude<ListenEvent, { kind: 'message-dropped' }>, log: OperationalLog): void {
  switch (event.kind) {
    case 'listening':
    case 'no-longer-listening':
      log.debug(
        { transport: event.transport, address: event.address, port: event.port },
        event.kind.replaceAll('-', ' '),
      );
      return;
    case 'address-unusable':
      log.warn(event.problem.text);
      return;
    case 'socket-failed':
      log.error({ transport: event.transport, address: event.address, code: event.code }, 'a listening socket failed');
      return;
    case 'reply-not-sent':
      log.debug({ client: event.client.address, code: event.code }, 'a reply could not be sent');
      return;
    case 'connection-refused':
      log.debug({ client: event.client.address }, 'connection refused: it has as many as it may');
      return;
    case 'connection-closed':
      log.debug({ client: event.client.address, why: event.why }, 'connection closed');
      return;
    default:
      event satisfies never;
  }
}

/** The stack of a bug, for its report. */
export function faultText(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
