/** `rootwalk anchors`: the keys that validation starts from, and how far each is trusted (RFC 5011). */

import type { AnchorEntry } from '../daemon/control-protocol.ts';
import { printable } from '../observe/printable.ts';
import { ExitCode, badUsage, readArguments, type Command } from './command.ts';
import { createControlClient, findSocket, socketOptions, socketUsage, tellProblem } from './control-client.ts';

export const command: Command = {
  name: 'anchors',
  summary: 'Show the trust anchors and how far each is trusted',
  usage: `
Usage: rootwalk anchors [--json]

  --json          a line of JSON for each
${socketUsage}
States: configured (named by the configuration, not yet seen), valid, missing (valid, but
no longer published), add-pending (published, not trusted before its 30 days are over),
revoked, removed.
`,
  async run(args, io) {
    const read = readArguments(args, { json: { type: 'boolean' }, ...socketOptions });
    if (read.kind === 'bad-usage') return badUsage(io, command, read.why);
    const socket = findSocket(read.values);
    if ('why' in socket) return tellProblem(io, command, socket.why);
    const format = read.values.json === true ? JSON.stringify : formatEntry;
    const asked = await createControlClient(socket.path).ask('anchors', {}, (entry) => {
      io.stdout(`${printable(format(entry))}\n`);
      return io.drained();
    });
    return asked.kind === 'problem' ? tellProblem(io, command, asked.why) : ExitCode.done;
  },
};

/** `. 20326 RSASHA256 valid since 2026-11-25T10:00:00Z`. */
export function formatEntry({ zone, keyTag, algorithm, state, since, until }: AnchorEntry): string {
  const from = since === undefined ? '' : ` since ${since}`;
  const to = until === undefined ? '' : `, until ${until}`;
  return `${zone} ${keyTag} ${algorithm} ${state}${from}${to}`;
}
