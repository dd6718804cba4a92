/**
 * The daemon: starts its parts in order, carries out a reload, answers the control socket, and stops in good order.
 *
 * Start: data directory, service (hints, hosts files), ports, then root is given up, then what the ordinary user can
 * do: query log and control socket. Whatever cannot be started ends the start with its reason, and nothing stays open.
 */

import { mkdirSync } from 'node:fs';
import { createServerCookies } from '../access/server-cookies.ts';
import { compareConfigs, applicableConfig, type ConfigChanges } from '../config/reload.ts';
import type { Config } from '../config/schema.ts';
import type { Name } from '../dns/name.ts';
import type { Network } from '../exchange/network.ts';
import type { ListeningAt } from '../listen/handler.ts';
import type { Reply } from '../query/reply.ts';
import type { Files } from '../system/file-watch.ts';
import { systemKeptFiles } from '../system/kept-file.ts';
import type { Clock } from '../system/clock.ts';
import type { Random } from '../system/random.ts';
import { createStallWatch } from '../system/stall-watch.ts';
import { join } from 'node:path';
import { createAnchorSignal } from '../validate/anchor-signal.ts';
import { createAnchorKeeper } from '../validate/anchor-keeper.ts';
import { createControlMethods } from './control-methods.ts';
import { createControlSocket } from './control-socket.ts';
import { startListeners } from './listeners.ts';
import { createObserving } from './observing.ts';
import type { OperationalLog } from './operational-log.ts';
import { zonesToForget } from './dnssec-reload.ts';
import { createNegativeAnchors } from './negative-anchors.ts';
import { dropPrivileges, findAccount, handOver, isRoot } from './privileges.ts';
import { createQueryFaults } from './query-faults.ts';
import { createService, type ServiceAround } from './service.ts';

export type DaemonAround = {
  readonly clock: Clock;
  readonly random: Random;
  readonly network: Network;
  readonly files: Files;
  readonly log: OperationalLog;
};

export type Daemon = {
  readonly at: readonly ListeningAt[];
  /** Settles when the root has been asked for its servers, also where that has failed. Nobody needs to wait for it. */
  readonly primed: Promise<void>;
  /** A question as a client would ask it. */
  ask(qname: Name, qtype: number): Promise<Reply>;
  /** Puts a fresh configuration in force, as far as that goes without a restart. */
  reload(fresh: Config): Promise<ConfigChanges>;
  /** Opens the log file anew, after something outside has moved it. */
  reopenLogs(): Promise<void>;
  /** Takes no more queries, answers those in work for at most `deadlineMs`, writes the log out. */
  stop(deadlineMs: number): Promise<void>;
};

export type DaemonStart =
  | { readonly kind: 'running'; readonly daemon: Daemon }
  | { readonly kind: 'problems'; readonly texts: readonly string[] };

export async function startDaemon(initial: Config, around: DaemonAround): Promise<DaemonStart> {
  const { clock, log } = around;
  const observing = createObserving({ clock, log });
  const faults = createQueryFaults({ clock, log });
  let serviceAround: ServiceAround = {
    ...around,
    newId: idMaker(around.random),
    // Its secret outlives a reload, and with it what clients hold.
    cookies: createServerCookies(around),
    observe: (finished) => observing.observe(finished),
    report: (event) => observing.report(event),
    temporaryAnchors: () => negativeAnchors.list(),
    reportFault: (error, query) => faults.report(error, query),
  };
  const negativeAnchors = createNegativeAnchors(
    { path: join(initial.dataDirectory, 'negative-trust-anchors.json') },
    {
      clock,
      files: systemKeptFiles,
      report: (event) => observing.report(event),
      changed: (zone) => service.resolver.forget(zone),
    },
  );
  const anchorKeeper = createAnchorKeeper(
    { path: join(initial.dataDirectory, 'anchors.json') },
    {
      clock,
      files: systemKeptFiles,
      fetchKeys: (zone) => service.resolver.fetchKeys(zone),
      report: (event) => observing.report(event),
      changed: (zone) => void service.resolver.forget(zone),
    },
  );
  const anchorSignal = createAnchorSignal({
    clock,
    trustPoints: () => anchorKeeper.trustPoints(),
    isOn: () => config.dnssec.signalAnchors,
    ask: (qname) => service.resolver.signal(qname),
  });
  serviceAround = { ...serviceAround, anchorKeeper };
  let config = initial;
  let service = createService(config, undefined, serviceAround);
  const problems = (...texts: string[]): DaemonStart => {
    service.stop();
    return { kind: 'problems', texts };
  };

  const directoryProblem = makeDataDirectories(config);
  if (directoryProblem !== undefined) return problems(directoryProblem);
  await service.start();
  const listening = await startListeners(config.listen, {
    clock,
    handler: (octets, client, send) => service.pipeline.handle(octets, client, send),
    report: (event) => observing.reportListen(event),
  });
  if (listening.kind === 'problems') return problems(...listening.problems.map(({ text }) => text));
  const { listeners } = listening;

  const dropped = dropPrivileges(config.user);
  const stalls = createStallWatch();
  const methods = createControlMethods(() => service, listeners, observing, {
    ...serviceAround,
    stalls,
    faults,
    negativeAnchors,
    anchorKeeper,
  });
  const control = createControlSocket(
    { path: config.controlSocket },
    {
      clock,
      methods,
      report: (event) => observing.report(event),
    },
  );
  const started = dropped.kind === 'failed' ? { kind: 'problem' as const, why: dropped.why } : await control.start();
  if (started.kind === 'problem') {
    stalls.stop();
    await listeners.stop(0);
    return problems(started.why);
  }
  await negativeAnchors.load();
  await anchorKeeper.start();
  anchorSignal.start();
  await observing.useQueryLog(config.queryLog);
  const primed = service.prime();
  const ask = (qname: Name, qtype: number): Promise<Reply> => methods.query({ qname, qtype, explain: true });
  const daemon: Daemon = { at: listeners.at, primed, ask, reload, reopenLogs: () => observing.reopen(), stop };
  return { kind: 'running', daemon };

  async function reload(fresh: Config): Promise<ConfigChanges> {
    const changes = compareConfigs(config, fresh);
    const applicable = applicableConfig(config, fresh);
    const next = createService(applicable, service.resolver, serviceAround);
    await next.start();
    const former = service;
    service = next;
    for (const zone of zonesToForget(config.dnssec, applicable.dnssec)) next.resolver.forget(zone);
    config = applicable;
    former.stop();
    log.level = config.log.level;
    await observing.useQueryLog(config.queryLog);
    return changes;
  }

  async function stop(deadlineMs: number): Promise<void> {
    await listeners.stop(deadlineMs);
    service.stop();
    negativeAnchors.stop();
    anchorKeeper.stop();
    anchorSignal.stop();
    await control.stop();
    await observing.stop();
    stalls.stop();
  }
}

/** Creates what is ours to write into, for the user that we are about to become. */
function makeDataDirectories({ dataDirectory, user, queryLog }: Config): string | undefined {
  const account = isRoot() && user !== '' ? findAccount(user) : undefined;
  const wanted = queryLog.enabled ? [dataDirectory, queryLog.directory] : [dataDirectory];
  for (const path of wanted) {
    try {
      mkdirSync(path, { recursive: true, mode: 0o750 });
      if (account !== undefined) handOver(path, account);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
      return `${path} cannot be made (${code}): set \`dataDirectory\` to a directory that this user may write to.`;
    }
  }
  return undefined;
}

/** Ids of queries and walks: short, and different from run to run, so that a log of many runs stays unambiguous. */
function idMaker(random: Random): () => string {
  const run = random
    .below(36 ** 4)
    .toString(36)
    .padStart(4, '0');
  let serial = 0;
  return () => `${run}-${(++serial).toString(36)}`;
}
