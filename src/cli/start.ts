/** `rootwalk start`: the daemon, in the foreground. */

import { loadConfig } from '../config/load.ts';
import { formatProblems } from '../config/problems.ts';
import type { Config } from '../config/schema.ts';
import { defaultConfig, withPort } from '../config/settle.ts';
import type { OperationalLog } from '../daemon/operational-log.ts';
import { badUsage, ExitCode, readArguments, readPort, type Command } from './command.ts';
import { runDaemon } from './run-daemon.ts';

export const command: Command = {
  name: 'start',
  summary: 'Run the resolver in the foreground',
  usage: `
Usage: rootwalk start [--config FILE] [--port PORT]

  --config FILE   YAML or JSON; every key is in docs/configuration.md. Without it: all defaults
  --port PORT     listen on this port instead of the configured one (53)

SIGTERM and Ctrl-C end it in good order. SIGHUP reads the configuration again.
`,
  async run(args, io) {
    const read = readArguments(args, { config: { type: 'string' }, port: { type: 'string' } });
    if (read.kind === 'bad-usage') return badUsage(io, command, read.why);
    const { config: file, port: portText } = read.values;
    const port = portText === undefined ? undefined : readPort(portText);
    if (portText !== undefined && port === undefined)
      return badUsage(io, command, `--port ${portText}: a port is a number from 0 to 65535`);
    const withOptions = (config: Config): Config => (port === undefined ? config : withPort(config, port));

    if (file === undefined) return runDaemon({ config: withOptions(defaultConfig()), reread: nothingToRead }, io);
    const loaded = loadConfig(file);
    if (loaded.kind === 'problems') {
      io.stderr(formatProblems(loaded.problems));
      return ExitCode.failed;
    }
    if (loaded.warnings.length > 0) io.stderr(`Warnings:\n${formatProblems(loaded.warnings)}`);
    const reread = (log: OperationalLog): Config | undefined => {
      const again = loadConfig(file);
      if (again.kind === 'loaded') {
        for (const warning of again.warnings) log.warn(formatProblems([warning]).trimEnd());
        return withOptions(again.config);
      }
      log.error(`the former configuration stays in force:\n${formatProblems(again.problems).trimEnd()}`);
      return undefined;
    };
    return runDaemon({ config: withOptions(loaded.config), reread }, io);
  },
};

function nothingToRead(log: OperationalLog): undefined {
  log.info('the log files are open anew; there is no configuration file to read again (--config)');
}
