/**
 * `rootwalk nta`: has the running daemon not validate a zone for a while, because it is broken and known not to be
 * under attack (RFC 7646); lists what is so exempted; takes it back.
 */

import { nameToText, parseName } from '../dns/name.ts';
import type { NegativeAnchorEntry } from '../daemon/control-protocol.ts';
import { printable } from '../observe/printable.ts';
import { ExitCode, badUsage, readArguments, type Command, type Io } from './command.ts';
import { createControlClient, findSocket, socketOptions, socketUsage, tellProblem } from './control-client.ts';

export const command: Command = {
  name: 'nta',
  summary: 'Exempt a broken zone from validation for a while',
  usage: `
Usage: rootwalk nta add NAME --reason TEXT [--for SPAN]
       rootwalk nta remove NAME
       rootwalk nta list [--json]

  --reason TEXT   why: it is shown by nta list, and to clients in the extended error
  --for SPAN      how long: 30m, 12h, 3d, at most 7d; 1d unless given
  --json          a line of JSON for each
${socketUsage}
Answers at and below the name are then given unvalidated, without AD and marked with
extended error 33. Whatever was found bogus there is forgotten.
`,
  async run(args, io) {
    const [action, ...rest] = args;
    switch (action) {
      case 'add':
        return add(rest, io);
      case 'remove':
        return remove(rest, io);
      case 'list':
        return list(rest, io);
      default: {
        const why =
          action === undefined ? 'add, remove or list?' : `${JSON.stringify(action)} is not add, remove or list`;
        return badUsage(io, command, why);
      }
    }
  },
};

async function add(args: string[], io: Io): Promise<number> {
  const options = { reason: { type: 'string' }, for: { type: 'string' }, ...socketOptions } as const;
  const read = readArguments(args, options, { required: ['NAME'] });
  if (read.kind === 'bad-usage') return badUsage(io, command, read.why);
  const { values, positionals } = read;
  const zone = parseName(positionals[0]);
  if (typeof zone !== 'string') return badUsage(io, command, zone.why);
  if (values.reason === undefined)
    return badUsage(io, command, '--reason is missing: whoever finds it later wants to know');
  const seconds = values.for === undefined ? undefined : readSpan(values.for);
  if (values.for !== undefined && seconds === undefined) {
    return badUsage(io, command, `--for ${JSON.stringify(values.for)} is no span of time; write 30m, 12h or 3d`);
  }
  const socket = findSocket(values);
  if ('why' in socket) return tellProblem(io, command, socket.why);
  const params = { zone: nameToText(zone), reason: values.reason, ...(seconds !== undefined && { seconds }) };
  const asked = await createControlClient(socket.path).ask('ntaAdd', params);
  if (asked.kind === 'problem') return tellProblem(io, command, asked.why);
  const { result } = asked;
  if ('why' in result) return tellProblem(io, command, result.why);
  io.stdout(`${result.zone} is not validated until ${result.until}; ${removedText(result.removed)}\n`);
  return ExitCode.done;
}

async function remove(args: string[], io: Io): Promise<number> {
  const read = readArguments(args, socketOptions, { required: ['NAME'] });
  if (read.kind === 'bad-usage') return badUsage(io, command, read.why);
  const zone = parseName(read.positionals[0]);
  if (typeof zone !== 'string') return badUsage(io, command, zone.why);
  const socket = findSocket(read.values);
  if ('why' in socket) return tellProblem(io, command, socket.why);
  const asked = await createControlClient(socket.path).ask('ntaRemove', { zone: nameToText(zone) });
  if (asked.kind === 'problem') return tellProblem(io, command, asked.why);
  if (!asked.result.wasThere) return tellProblem(io, command, `there is none for ${nameToText(zone)}`);
  io.stdout(`${nameToText(zone)} is validated again; ${removedText(asked.result.removed)}\n`);
  return ExitCode.done;
}

async function list(args: string[], io: Io): Promise<number> {
  const read = readArguments(args, { json: { type: 'boolean' }, ...socketOptions });
  if (read.kind === 'bad-usage') return badUsage(io, command, read.why);
  const socket = findSocket(read.values);
  if ('why' in socket) return tellProblem(io, command, socket.why);
  const format = read.values.json === true ? JSON.stringify : formatEntry;
  const asked = await createControlClient(socket.path).ask('ntaList', {}, (entry) => {
    io.stdout(`${printable(format(entry))}\n`);
    return io.drained();
  });
  return asked.kind === 'problem' ? tellProblem(io, command, asked.why) : ExitCode.done;
}

function formatEntry({ zone, reason, until, from }: NegativeAnchorEntry): string {
  return `${zone} until ${until ?? 'it is taken out of the configuration'}: ${reason}${from === 'configuration' ? ' (configuration)' : ''}`;
}

function removedText(removed: number): string {
  return `${removed} cached ${removed === 1 ? 'entry' : 'entries'} forgotten`;
}

const UNIT_SECONDS = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 } as const;

function readSpan(text: string): number | undefined {
  const span = /^(\d{1,6})([smhdw])$/.exec(text);
  return span ? Number(span[1]) * UNIT_SECONDS[span[2] as keyof typeof UNIT_SECONDS] : undefined;
}
