/** `rootwalk check-config FILE`: what `start` would say of the file, without starting. */

import { loadConfig } from '../config/load.ts';
import { formatProblems } from '../config/problems.ts';
import { badUsage, ExitCode, readArguments } from './command.ts';
import type { Command } from './command.ts';

export const command: Command = {
  name: 'check-config',
  summary: 'Say what is wrong with a configuration file, without starting',
  usage: `
Usage: rootwalk check-config FILE

Each problem is told with line, column, key, reason and remedy. Warnings are told too and do not
stop a start. Exit code 0: the daemon would start with this file; 1: it would not.
`,
  async run(args, io) {
    const read = readArguments(args, {}, { required: ['FILE'] });
    if (read.kind === 'bad-usage') return badUsage(io, command, read.why);
    const [file] = read.positionals;
    const result = loadConfig(file);
    if (result.kind === 'problems') {
      io.stderr(formatProblems(result.problems));
      return ExitCode.failed;
    }
    if (result.warnings.length > 0) io.stderr(`Warnings:\n${formatProblems(result.warnings)}`);
    io.stdout(`${file} is sound\n`);
    return ExitCode.done;
  },
};
