/**
 * Runs the daemon in this process until it is told to end: signals, faults of ours, and the exit code.
 *
 *     SIGTERM, SIGINT   stop in good order; a second one ends at once
 *     SIGHUP            read the configuration again and open the log files anew; where there is none to read, as above
 */

import { createSocketNetwork } from '../exchange/socket-network.ts';
import type { Config } from '../config/schema.ts';
import { startDaemon, type Daemon, type DaemonAround } from '../daemon/daemon.ts';
import { createFaultPolicy, EXIT_SOFTWARE } from '../daemon/fault-policy.ts';
import { faultText } from '../daemon/observing.ts';
import { createOperationalLog, type OperationalLog } from '../daemon/operational-log.ts';
import { endpointToText } from '../dns/ip-address.ts';
import { systemClock } from '../system/clock.ts';
import { systemFiles } from '../system/file-watch.ts';
import { packageVersion } from '../system/package-directory.ts';
import { createSystemRandom } from '../system/random.ts';
import { ExitCode, type Io } from './command.ts';

/** Most clients have asked again or given up by then. With it the process is gone 5 s after it was told to go. */
const STOP_DEADLINE_MS = 4500;

export type RunOptions = {
  readonly config: Config;
  /**
   * Reads the configuration again, for SIGHUP; undefined where it is not sound. Absent where a hang-up is what it was
   * at first: the terminal is gone, and with it whoever wanted this.
   */
  readonly reread?: (log: OperationalLog) => Config | undefined;
  /** Called once, when queries are answered; is not waited for when the daemon is told to end meanwhile. */
  readonly ready?: (daemon: Daemon, isEnding: () => boolean) => Promise<void>;
};

/** Settles with the exit code when the daemon has ended. */
export async function runDaemon(options: RunOptions, io: Io): Promise<number> {
  const { config } = options;
  const log = createOperationalLog(config.log.level, process.stderr.isTTY, () => systemClock.wallMs());
  const random = createSystemRandom();
  const around: DaemonAround = {
    clock: systemClock,
    random,
    network: createSocketNetwork({ random }),
    files: systemFiles,
    log,
  };
  const ended = endingSignals(options.reread === undefined);
  const hangUps = options.reread === undefined ? undefined : createHangUps();
  watchFaults(log);

  const start = await startDaemon(config, around);
  if (start.kind === 'problems') {
    for (const text of start.texts) io.stderr(`rootwalk cannot start: ${text}\n`);
    return ExitCode.failed;
  }
  const { daemon } = start;
  const where = daemon.at.map(({ address, port }) => endpointToText(address, port)).join(', ');
  log.info(`rootwalk ${packageVersion} answers on ${where} (UDP and TCP)`);
  hangUps?.answerBy(() => reload(daemon, options, log));
  let isEnding = false;
  void ended.then(() => (isEnding = true));
  await Promise.race([options.ready?.(daemon, () => isEnding), ended]);

  const signal = await ended;
  log.info(`${signal}: answering what is in work, then ending`);
  await hangUps?.stop();
  await daemon.stop(STOP_DEADLINE_MS);
  return ExitCode.done;
}

/** The first signal to end; whoever sends another does not want to wait. */
function endingSignals(onHangUp: boolean): Promise<string> {
  return new Promise((resolve) => {
    let wasTold = false;
    const told = (signal: string, number: number): void => {
      if (wasTold) process.exit(128 + number);
      wasTold = true;
      resolve(signal);
    };
    process.on('SIGTERM', () => told('SIGTERM', 15));
    process.on('SIGINT', () => told('SIGINT', 2));
    if (onHangUp) process.on('SIGHUP', () => told('SIGHUP', 1));
  });
}

type HangUps = {
  answerBy(reload: () => Promise<void>): void;
  /** Settles when the reload that is going on has ended; none comes after it. */
  stop(): Promise<void>;
};

/**
 * SIGHUP, from the very start, since without a handler it ends a process. Reloads happen one after the other, so that
 * the last file read is the one in force; any number that is asked for meanwhile is one reload more.
 */
function createHangUps(): HangUps {
  let reload: (() => Promise<void>) | undefined;
  let isWanted = false;
  let going: Promise<void> | undefined;
  const start = (): void => {
    if (!isWanted || reload === undefined || going !== undefined) return;
    isWanted = false;
    going = reload().then(() => {
      going = undefined;
      start();
    });
  };
  process.on('SIGHUP', () => {
    isWanted = true;
    start();
  });
  return {
    answerBy(act) {
      reload = act;
      start();
    },
    async stop() {
      reload = undefined;
      await going;
    },
  };
}

async function reload(daemon: Daemon, { reread }: RunOptions, log: OperationalLog): Promise<void> {
  try {
    await daemon.reopenLogs();
    const fresh = reread?.(log);
    if (fresh === undefined) return;
    const { atOnce, atRestart } = await daemon.reload(fresh);
    log.info(
      { changed: atOnce },
      atOnce.length > 0 ? 'the new configuration is in force' : 'the configuration is as before',
    );
    if (atRestart.length > 0) log.warn({ keys: atRestart }, 'these changes wait for a restart');
  } catch (error) {
    log.error({ fault: faultText(error) }, 'the reload failed; the former configuration stays in force');
  }
}

function watchFaults(log: OperationalLog): void {
  const policy = createFaultPolicy(systemClock);
  const judge = (error: unknown): void => {
    log.error({ fault: faultText(error) }, 'a fault of ours');
    if (policy.judge() === 'go-on') return;
    log.fatal({ count: policy.count }, 'too many faults within a minute: ending, to be started afresh');
    process.exit(EXIT_SOFTWARE);
  };
  process.on('uncaughtException', judge);
  process.on('unhandledRejection', judge);
}
