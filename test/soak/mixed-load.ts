/**
 * The clients of a soak: many sockets, each with an address of its own, that ask over UDP and TCP for what is cached,
 * for names that nobody has asked for, for what does not exist and for what cannot be found out; and strangers that send
 * anything at all. Every question that is a question has to be answered in time; what the strangers get is counted only.
 */

import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { connect, type Socket } from 'node:net';
import { createFrameReader, frame } from '../../src/dns/wire/framing.ts';
import { rcodeToText } from '../../src/dns/record-type.ts';
import { Flag } from '../../src/dns/wire/compose.ts';
import type { Random } from '../../src/system/random.ts';
import { mutate } from '../fuzz/mutate.ts';
import { queryFor } from '../support/messages.ts';
import { HOPELESS } from './unsteady-internet.ts';

export type LoadReport = {
  asked: number;
  readonly byRcode: Map<string, number>;
  /** What was asked for and did not come in time, or not at all. */
  readonly unanswered: string[];
  longestMs: number;
  /** Sent by strangers, and what they got for it. */
  junkSent: number;
  junkAnswered: number;
};

export type MixedLoad = { readonly report: LoadReport; stop(): Promise<void> };
type To = { readonly address: string; readonly port: number };
type Around = { readonly random: Random; readonly apexes: readonly string[]; readonly now: () => number };

const UDP_CLIENTS = 10;
const TCP_CLIENTS = 5;
const STRANGERS = 3;
/** Of each client, on average: some 200 questions a second in all. */
const UDP_EVERY_MS = 60;
const TCP_EVERY_MS = 130;
const JUNK_EVERY_MS = 60;
/** After so many questions a TCP client comes with a new connection. */
const QUESTIONS_PER_CONNECTION = 40;
const PATIENCE_MS = 10_000;

export function startMixedLoad(to: To, around: Around): MixedLoad {
  const report: LoadReport = {
    asked: 0,
    byRcode: new Map(),
    unanswered: [],
    longestMs: 0,
    junkSent: 0,
    junkAnswered: 0,
  };
  const clients: Client[] = [];
  for (let i = 0; i < UDP_CLIENTS; i++) clients.push(udpClient(`127.71.0.${i + 1}`, to, asker(report, around)));
  for (let i = 0; i < TCP_CLIENTS; i++) clients.push(tcpClient(`127.71.1.${i + 1}`, to, asker(report, around)));
  const strangers = Array.from({ length: STRANGERS }, (_, i) => stranger(`127.71.2.${i + 1}`, to, report, around));
  return {
    report,
    async stop() {
      for (const one of [...clients, ...strangers]) one.pause();
      // Whatever is still asked for has its time.
      for (let waited = 0; waited <= PATIENCE_MS && clients.some((one) => one.waiting() > 0); waited += 100) {
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      for (const one of [...clients, ...strangers]) one.stop();
    },
  };
}

type Client = { readonly pause: () => void; readonly waiting: () => number; readonly stop: () => void };

type Asked = { readonly question: string; readonly at: number };

/** What one client has asked and not been answered yet, by ID. */
type Asker = {
  /** The octets of the next question; undefined while too many are open. */
  next(transport: string): Uint8Array | undefined;
  answered(octets: Uint8Array): void;
  /** Gives up on all of them, or those that have waited too long. */
  giveUp(why: string, olderThanMs: number): void;
  readonly waiting: () => number;
};

function asker(report: LoadReport, { random, apexes, now }: Around): Asker {
  const open = new Map<number, Asked>();
  let id = random.below(65_536);
  return {
    next(transport) {
      const question = drawQuestion(random, apexes);
      id = (id + 1) % 65_536;
      if (open.has(id)) return undefined;
      open.set(id, { question: `${question} over ${transport}`, at: now() });
      report.asked++;
      const flags = Flag.RD | (random.below(8) === 0 ? Flag.CD : 0);
      const payloadSize = random.below(5) === 0 ? 0 : 1232;
      return queryFor(question, { id, flags, payloadSize, dnssecOk: random.below(2) === 0 });
    },
    answered(octets) {
      const which = (octets[0] << 8) | octets[1];
      const asked = open.get(which);
      if (asked === undefined) return;
      open.delete(which);
      const rcode = rcodeToText(octets[3] & 15);
      report.byRcode.set(rcode, (report.byRcode.get(rcode) ?? 0) + 1);
      report.longestMs = Math.max(report.longestMs, now() - asked.at);
    },
    giveUp(why, olderThanMs) {
      for (const [which, { question, at }] of open) {
        if (now() - at < olderThanMs) continue;
        open.delete(which);
        report.unanswered.push(`${question}: ${why}`);
      }
    },
    waiting: () => open.size,
  };
}

function drawQuestion(random: Random, apexes: readonly string[]): string {
  const one = <T>(list: readonly T[]): T => list[random.below(list.length)];
  const fresh = random.below(2 ** 30).toString(36);
  const type = one(['A', 'A', 'A', 'AAAA', 'TXT', 'MX', 'HTTPS']);
  switch (random.below(20)) {
    case 0:
      return `${fresh}.${one(HOPELESS)} A`;
    case 1:
      return `www.${one(HOPELESS)} A`;
    case 2:
      return `${one(['.', 'aa.', 'bb.', 'cc.'])} NS`;
    case 3:
      return `${fresh}. A`;
    case 4:
    case 5:
    case 6:
    case 7:
      return `${fresh}.${one(apexes)} ${type}`;
    case 8:
      return `www.moved.${one(apexes)} ${type}`;
    case 9:
      return `${one(apexes)} ${one(['DS', 'DNSKEY', 'SOA', 'ANY', 'NS'])}`;
    case 10:
      return `${one(['deep', 'er', 'deep.er'])}.down.${one(apexes)} A`;
    default:
      return `${one(['www', 'www', 'alias'])}.${one(apexes)} ${type}`;
  }
}

function udpClient(from: string, to: To, asking: Asker): Client {
  const socket = boundUdp(from);
  socket.on('message', (octets) => asking.answered(octets));
  const asks = repeat(UDP_EVERY_MS, () => {
    asking.giveUp('no answer', PATIENCE_MS);
    const query = asking.next('UDP');
    if (query !== undefined) socket.send(query, to.port, to.address);
  });
  const ends = (): void => {
    asking.giveUp('no answer', 0);
    socket.close();
  };
  return { pause: asks.stop, waiting: asking.waiting, stop: ends };
}

function tcpClient(from: string, to: To, asking: Asker): Client {
  let isOver = false;
  let connection = opened();
  const asks = repeat(TCP_EVERY_MS, () => {
    asking.giveUp('no answer', PATIENCE_MS);
    // Half-closed, so that what is still open is answered there.
    if (connection.asked >= QUESTIONS_PER_CONNECTION) {
      if (asking.waiting() > 0) return;
      connection.socket.end();
      connection = opened();
    }
    connection.asked++;
    const query = asking.next('TCP');
    if (query !== undefined) connection.socket.write(frame(query));
  });
  return {
    pause: asks.stop,
    waiting: asking.waiting,
    stop() {
      asking.giveUp('no answer', 0);
      isOver = true;
      connection.socket.destroy();
    },
  };

  function opened(): { readonly socket: Socket; asked: number } {
    const socket = connect({ port: to.port, host: to.address, localAddress: from });
    const frames = createFrameReader();
    socket.on('data', (octets: Buffer) => {
      frames.push(octets);
      for (const message of frames.all()) asking.answered(message);
    });
    const over = (why: string): void => {
      if (isOver || connection.socket !== socket) return;
      asking.giveUp(why, 0);
      connection = opened();
    };
    socket.on('error', (error) => over(error.message));
    socket.on('close', () => over('connection closed'));
    return { socket, asked: 0 };
  }
}

/** Sends damaged queries as datagrams, and on connections that end in the middle of something. */
function stranger(from: string, to: To, report: LoadReport, { random, apexes }: Around): Client {
  const socket = boundUdp(from);
  socket.on('message', () => report.junkAnswered++);
  const connections = new Set<Socket>();
  const sends = repeat(JUNK_EVERY_MS, () => {
    const sound = queryFor(`www.${apexes[random.below(apexes.length)]} A`, { flags: Flag.RD });
    const junk = mutate([sound, new Uint8Array(12), Uint8Array.of(0, 1)], random);
    report.junkSent++;
    if (random.below(10) === 0) connectWith(junk);
    else socket.send(junk, to.port, to.address);
  });
  const connectWith = (junk: Uint8Array): void => {
    const connection = connect({ port: to.port, host: to.address, localAddress: from });
    connections.add(connection);
    connection.on('error', () => undefined);
    connection.on('data', () => undefined);
    connection.on('close', () => connections.delete(connection));
    connection.write(random.below(2) === 0 ? frame(junk) : junk);
    const manner = random.below(4);
    if (manner === 0) setTimeout(() => connection.resetAndDestroy(), random.below(300));
    else if (manner < 3) connection.end();
  };
  const ends = (): void => {
    socket.close();
    for (const connection of connections) connection.destroy();
  };
  return { pause: sends.stop, waiting: () => 0, stop: ends };
}

function boundUdp(from: string): UdpSocket {
  const socket = createSocket('udp4');
  socket.on('error', () => undefined);
  socket.bind(0, from);
  return socket;
}

function repeat(everyMs: number, act: () => void): { readonly stop: () => void } {
  const timer = setInterval(act, everyMs);
  return { stop: () => clearInterval(timer) };
}
