/**
 * `rootwalk health`: does the daemon on this machine answer? It is asked over UDP, as a client would, for a name that
 * it answers by itself (`localhost.`, RFC 6761 §6.3), so that a broken Internet does not make it look ill.
 *
 * For the HEALTHCHECK of a container and for monitoring: exit code 0 or 1, one line of text.
 *
 * The question is written and the reply read by dns-packet: what our own composer and reader agree on wrongly, somebody
 * else's notices. Hostile octets can make its decoder throw or stall, so it sees only what our reader has found sound,
 * and no more than 512 octets.
 */

import { createSocket } from 'node:dgram';
import { isIP } from 'node:net';
import * as dnsPacket from 'dns-packet';
import { loadConfig } from '../config/load.ts';
import { formatProblems } from '../config/problems.ts';
import { defaultConfig } from '../config/settle.ts';
import { Rcode, rcodeToText } from '../dns/record-type.ts';
import { readMessage, type MessageView } from '../dns/wire/message-view.ts';
import { systemClock, type Clock } from '../system/clock.ts';
import { createSystemRandom, type Random } from '../system/random.ts';
import { ExitCode, badUsage, readArguments, type Command, type Io } from './command.ts';

const options = { server: { type: 'string' }, config: { type: 'string' } } as const;

export const command: Command = {
  name: 'health',
  summary: 'Say whether the daemon answers, by exit code',
  usage: `
Usage: rootwalk health [OPTIONS]

  --server ADDRESS:PORT  whom to ask: 127.0.0.1:53, [::1]:53
  --config FILE          the configuration whose first listen address is asked

Exit code 0: it answers; 1: it does not.
`,
  run: (args, io) => runHealth(args, io, { clock: systemClock, random: createSystemRandom() }),
};

type Server = { readonly address: string; readonly port: number };

/** UDP loses packets even on one machine, when a socket's buffer is full: asked so many times. */
const ATTEMPTS = 3;
const WAIT_MS = 1000;
const QNAME = 'localhost';
/** RFC 1035 §2.3.4: without EDNS a UDP message has no more. */
const MAX_REPLY_OCTETS = 512;

export async function runHealth(
  args: string[],
  io: Io,
  around: { readonly clock: Clock; readonly random: Random },
): Promise<number> {
  const read = readArguments(args, options);
  if (read.kind === 'bad-usage') return badUsage(io, command, read.why);
  const server = findServer(read.values);
  if ('why' in server) {
    io.stderr(`rootwalk health: ${server.why}\n`);
    return 'isUsage' in server ? ExitCode.usage : ExitCode.failed;
  }
  const shown = `${isIP(server.address) === 6 ? `[${server.address}]` : server.address}:${server.port}`;
  let said = `no answer within ${WAIT_MS} ms, asked ${ATTEMPTS} times`;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const outcome = await ask(server, around);
    if (outcome.kind === 'healthy') {
      io.stdout(`healthy: ${shown} answers\n`);
      return ExitCode.done;
    }
    if (outcome.kind === 'silent') continue;
    said = outcome.why;
    break;
  }
  io.stderr(`not healthy: ${shown}: ${said}\n`);
  return ExitCode.failed;
}

function findServer(given: {
  server?: string | undefined;
  config?: string | undefined;
}): Server | { why: string; isUsage?: true } {
  if (given.server !== undefined) {
    return parseServer(given.server) ?? { why: `--server ${given.server} is not ADDRESS:PORT`, isUsage: true };
  }
  const loaded = given.config === undefined ? undefined : loadConfig(given.config);
  if (loaded?.kind === 'problems') return { why: formatProblems(loaded.problems).trimEnd() };
  const [{ address, port }] = (loaded?.config ?? defaultConfig()).listen.dns;
  return { address: reachable(address), port };
}

function parseServer(text: string): Server | undefined {
  const parts = /^(?:\[([0-9a-f:.]+)\]|([0-9.]+)):(\d{1,5})$/i.exec(text);
  const address = parts?.[1] ?? parts?.[2] ?? '';
  const port = Number(parts?.[3]);
  return isIP(address) !== 0 && port >= 1 && port <= 0xffff ? { address, port } : undefined;
}

/** Nobody can send to a wildcard address; who listens on it listens on loopback. */
function reachable(address: string): string {
  if (address === '0.0.0.0') return '127.0.0.1';
  return address === '::' ? '::1' : address;
}

type Outcome =
  | { readonly kind: 'healthy' }
  | { readonly kind: 'silent' }
  | { readonly kind: 'ill'; readonly why: string };

function ask(server: Server, { clock, random }: { clock: Clock; random: Random }): Promise<Outcome> {
  const id = random.below(0x10000);
  const socket = createSocket(isIP(server.address) === 6 ? 'udp6' : 'udp4');
  return new Promise<Outcome>((resolve) => {
    const timer = clock.after(WAIT_MS, () => end({ kind: 'silent' }));
    const end = (outcome: Outcome): void => {
      timer.cancel();
      socket.close();
      resolve(outcome);
    };
    socket.once('error', (error: NodeJS.ErrnoException) =>
      end({ kind: 'ill', why: error.code === 'ECONNREFUSED' ? 'nobody listens there' : error.message }),
    );
    socket.on('message', (octets) => {
      const outcome = judge(octets, id);
      if (outcome !== undefined) end(outcome);
    });
    // Connected: only its replies are taken, and a closed port is known at once.
    socket.connect(server.port, server.address, () => socket.send(composeQuery(id)));
  }).finally(() => socket.removeAllListeners());
}

function composeQuery(id: number): Uint8Array {
  const flags = dnsPacket.RECURSION_DESIRED;
  return dnsPacket.encode({ type: 'query', id, flags, questions: [{ type: 'A', class: 'IN', name: QNAME }] });
}

/** Undefined for what is no reply to us. NXDOMAIN is an answer: the special-use name may be switched off. */
function judge(octets: Buffer, id: number): Outcome | undefined {
  const message = readMessage(octets);
  if ('kind' in message || !message.isResponse || message.id !== id) return undefined;
  if (octets.length > MAX_REPLY_OCTETS) return { kind: 'ill', why: `it answers in ${octets.length} octets` };
  const dissent = dissentOf(octets, message);
  if (dissent !== undefined) return { kind: 'ill', why: dissent };
  const { rcode } = message;
  if (rcode === Rcode.NOERROR || rcode === Rcode.NXDOMAIN) return { kind: 'healthy' };
  return { kind: 'ill', why: `it answers ${rcodeToText(rcode)}` };
}

/** Where the second reader does not see what ours sees. */
function dissentOf(octets: Buffer, message: MessageView): string | undefined {
  try {
    const { questions = [], answers = [], ...second } = dnsPacket.decode(octets);
    const isAnswered = second.id === message.id && second.type === 'response';
    const isAsked = questions.length === 1 && questions[0].name === QNAME && questions[0].type === 'A';
    const isAlike = isAnswered && isAsked && answers.length === message.answerCount;
    return isAlike ? undefined : 'its reply does not say to others what it says to us';
  } catch (error) {
    return `its reply cannot be read by others: ${String(error instanceof Error ? error.message : error)}`;
  }
}
