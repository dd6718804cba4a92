/**
 * `rootwalk status`: what the running daemon has done since its start, and how it is. The text is for people and may
 * change; `--json` has every figure, by the names of `StatusReport`.
 */

import type { StatusReport } from '../daemon/control-protocol.ts';
import { printable } from '../observe/printable.ts';
import { ExitCode, badUsage, readArguments, type Command } from './command.ts';
import { createControlClient, findSocket, socketOptions, socketUsage, tellProblem } from './control-client.ts';

export const command: Command = {
  name: 'status',
  summary: 'Show what the running daemon has done so far, and how it is',
  usage: `
Usage: rootwalk status [--json]

  --json          every figure, as one line of JSON
${socketUsage}
Everything is counted from the start of the daemon. Names and client addresses are in none
of the figures; those are in the query log.
`,
  async run(args, io) {
    const read = readArguments(args, { json: { type: 'boolean' }, ...socketOptions });
    if (read.kind === 'bad-usage') return badUsage(io, command, read.why);
    const socket = findSocket(read.values);
    if ('why' in socket) return tellProblem(io, command, socket.why);
    const asked = await createControlClient(socket.path).ask('status', {});
    if (asked.kind === 'problem') return tellProblem(io, command, asked.why);
    const lines = read.values.json === true ? [JSON.stringify(asked.result)] : statusLines(asked.result);
    io.stdout(lines.map((line) => `${printable(line)}\n`).join(''));
    return ExitCode.done;
  },
};

export function statusLines(status: StatusReport): string[] {
  const { counters, cache, listeners, stalls } = status;
  const rows: [string, string][] = [
    ['listening on', status.listening.join(', ')],
    ['queries', withParts(counters.queries, counters.byTransport)],
    ['answered from', parts(counters.bySource)],
    ['said', parts(counters.byRcode)],
    ['not answered', parts(counters.dropped)],
    ['time', latencyText(counters.latency)],
    ['walks', `${figure(counters.walks)}, ${figure(status.walksInFlight)} under way`],
    ['exchanges', withParts(counters.exchanges, counters.exchangeResults)],
    ['cache', cacheText(cache)],
    ['query log', queryLogText(status.queryLog)],
    ['replies not sent', parts(listeners.repliesNotSent)],
    ['socket faults', parts(listeners.socketFaults)],
    ['TCP refused', listeners.connectionsRefused === 0 ? '' : figure(listeners.connectionsRefused)],
    ['memory', mebibytes(status.rssBytes)],
    ['longest stall', `${stalls.longestMs} ms`],
    [
      'faults',
      status.queryFaults === 0 ? '' : `${figure(status.queryFaults)} met a bug of ours; the log has the stack`,
    ],
  ];
  const told = rows.filter(([, text]) => text !== '');
  const width = Math.max(...told.map(([title]) => title.length)) + 2;
  const head = `rootwalk ${status.version} on Node ${status.runtime}, started ${uptimeText(status.uptimeSeconds)} ago`;
  return [head, ...told.map(([title, text]) => title.padEnd(width) + text)];
}

/** `cache 812, recursion 95`, the most first; empty where there is nothing. */
function parts(counts: Readonly<Record<string, number>>): string {
  const sorted = Object.entries(counts).toSorted(([, a], [, b]) => b - a);
  return sorted.map(([key, count]) => `${key} ${figure(count)}`).join(', ');
}

function withParts(total: number, counts: Readonly<Record<string, number>>): string {
  return total === 0 ? '0' : `${figure(total)} (${parts(counts)})`;
}

function latencyText({ boundsMs, counts }: StatusReport['counters']['latency']): string {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return '';
  /** The bound that this part of the answers stays within; none for those above the last. */
  const within = (part: number): string => {
    let left = total * part;
    const at = counts.findIndex((count) => (left -= count) <= 0);
    return at in boundsMs ? `within ${boundsMs[at]} ms` : `in more than ${boundsMs.at(-1)} ms`;
  };
  return `half ${within(0.5)}, 99 % ${within(0.99)}`;
}

function cacheText({ bytes, maxBytes, entries, evictions }: StatusReport['cache']): string {
  const evicted = evictions === 0 ? '' : `, ${figure(evictions)} had to leave for want of room`;
  return `${figure(entries)} ${entries === 1 ? 'entry' : 'entries'} in ${mebibytes(bytes)} of ${mebibytes(maxBytes)}${evicted}`;
}

function queryLogText(log: StatusReport['queryLog']): string {
  if (log === null) return 'not kept (queryLog.enabled)';
  const lost = log.lost === 0 ? '' : `, ${figure(log.lost)} lost`;
  const state = log.why === undefined ? log.state : `${log.state} (${log.why})`;
  return `${state}, ${figure(log.written)} ${log.written === 1 ? 'line' : 'lines'} written${lost}`;
}

function uptimeText(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  const hours = Math.floor(seconds / 3600);
  return hours < 48 ? `${hours} h ${Math.floor((seconds % 3600) / 60)} min` : `${Math.floor(hours / 24)} d`;
}

function mebibytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}

function figure(count: number): string {
  return count.toLocaleString('en');
}
