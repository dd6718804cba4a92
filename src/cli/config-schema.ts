/** `rootwalk config-schema`: the JSON Schema of the configuration, for editors. */

import { jsonSchema } from '../config/reference.ts';
import { badUsage, ExitCode, readArguments } from './command.ts';
import type { Command } from './command.ts';

export const command: Command = {
  name: 'config-schema',
  summary: 'Print the JSON Schema of the configuration, for editors',
  usage: `
Usage: rootwalk config-schema > rootwalk.schema.json

An editor with a YAML language server uses it for files that begin with
# yaml-language-server: $schema=rootwalk.schema.json
`,
  async run(args, io) {
    const read = readArguments(args, {});
    if (read.kind === 'bad-usage') return badUsage(io, command, read.why);
    io.stdout(`${JSON.stringify(jsonSchema(), null, 2)}\n`);
    return ExitCode.done;
  },
};
