/**
 * The control socket: a local Unix socket, mode 0600, on which `rootwalk query`, `cache` and others talk to the
 * running daemon. Who may open it may flush the cache, so the file's mode is the whole access control.
 *
 * Bounds: connections, octets of a request, and the time a connection may be silent. Answers are produced as fast as
 * the client takes them and never faster; a client that goes away ends what was produced for it. What is said is
 * control-protocol.ts, what a request does is control-requests.ts.
 */

import { once } from 'node:events';
import { chmod, lstat, mkdir, unlink } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import type { Clock } from '../system/clock.ts';
import { MAX_REQUEST_OCTETS, type ControlErrorCode, type ControlResponse } from './control-protocol.ts';
import { answerRequest, type ControlMethods } from './control-requests.ts';

export type ControlSocketOptions = {
  readonly path: string;
  /** 32 unless given. */
  readonly maxConnections?: number;
  /** How long a connection may wait for a request or take none of its answers; 30 s unless given. */
  readonly idleMs?: number;
};

export type ControlSocketEvent =
  | { readonly kind: 'control-method-failed'; readonly method: string; readonly error: unknown }
  | { readonly kind: 'control-socket-failed'; readonly why: string };

export type ControlStart = { readonly kind: 'listening' } | { readonly kind: 'problem'; readonly why: string };

export type ControlSocket = { start(): Promise<ControlStart>; stop(): Promise<void> };

type Surroundings = {
  readonly clock: Clock;
  readonly methods: ControlMethods;
  readonly report: (event: ControlSocketEvent) => void;
};

/** The longest path that fits into a sockaddr_un, its final NUL not counted. */
const MAX_PATH_OCTETS = 107;
/** How much of an answer is put together before it is written and the event loop gets its turn. */
const CHUNK_CHARACTERS = 16 * 1024;
/** How long a client that was refused has for reading why. */
const REFUSED_MS = 1000;

export function createControlSocket(options: ControlSocketOptions, around: Surroundings): ControlSocket {
  const { path, maxConnections = 32, idleMs = 30_000 } = options;
  /** Every connection, and how many of them are in conversation: who was refused does not take a place. */
  const open = new Set<Socket>();
  let conversations = 0;
  let server: Server | undefined;

  const accept = async (socket: Socket): Promise<void> => {
    socket.on('error', () => socket.destroy()); // the client went away: no news to anybody
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    if (conversations >= maxConnections) {
      return refuse(socket, 'busy', 'too many control connections are open', around.clock);
    }
    conversations++;
    await converse(socket, around, idleMs);
    conversations--;
  };

  return {
    async start() {
      const problem = await makeRoom(path);
      if (problem !== undefined) return { kind: 'problem', why: problem };
      server = createServer((socket) => void accept(socket));
      const why = await listen(server, path);
      if (why !== undefined) return { kind: 'problem', why };
      server.on('error', (error) => around.report({ kind: 'control-socket-failed', why: error.message }));
      return { kind: 'listening' };
    },
    async stop() {
      for (const socket of open) socket.destroy();
      const closing = server;
      server = undefined;
      if (!closing?.listening) return;
      closing.close(); // takes the file away, too
      await once(closing, 'close');
    },
  };
}

/** Sees to it that a socket can be made at `path`, or says why not. What is not ours is never removed. */
async function makeRoom(path: string): Promise<string | undefined> {
  if (Buffer.byteLength(path) > MAX_PATH_OCTETS) {
    return `the control socket's path is longer than ${MAX_PATH_OCTETS} octets: ${path}`;
  }
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o750 });
    const status = await lstat(path).catch(() => undefined);
    if (status === undefined) return undefined;
    if (!status.isSocket()) return `${path} is in the way of the control socket and is no socket; it was left alone`;
    if (await isAnswered(path)) {
      return `another rootwalk is running: it answers on ${path} (give each its own dataDirectory or controlSocket)`;
    }
    await unlink(path); // left by a daemon that was killed
    return undefined;
  } catch (error) {
    return `the control socket cannot be made: ${String(error instanceof Error ? error.message : error)}`;
  }
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    // Refused: the file is there, nobody listens. Without permission to connect it is somebody's who lives.
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'EACCES' || error.code === 'EPERM'));
  });
}

/** Binds with a mask under which only the owner can connect: a chmod afterwards would leave a moment open to all. */
async function listen(server: Server, path: string): Promise<string | undefined> {
  const mask = process.umask(0o177);
  try {
    server.listen(path); // binds before it returns
  } finally {
    process.umask(mask);
  }
  try {
    await once(server, 'listening');
    await chmod(path, 0o600);
    return undefined;
  } catch (error) {
    server.close();
    return `the control socket cannot be made: ${String(error instanceof Error ? error.message : error)}`;
  }
}

/** Reads requests and answers them one after the other, until the client ends, is silent for too long or errs. */
async function converse(socket: Socket, around: Surroundings, idleMs: number): Promise<void> {
  const idle = createIdleTimer(around.clock, idleMs, () => socket.destroy());
  try {
    for await (const line of requestLines(socket)) {
      idle.stop(); // the daemon's own work is bounded elsewhere
      if (line === undefined) {
        return refuse(socket, 'too-long', `a request has at most ${MAX_REQUEST_OCTETS} octets`, around.clock);
      }
      await answer(socket, line, around, idle);
      idle.restart();
    }
    socket.end();
  } catch {
    socket.destroy(); // it went away in the middle
  } finally {
    idle.stop();
  }
}

/** Says why and ends. What the client still sends is read and forgotten: closing on it would take the answer back. */
function refuse(socket: Socket, code: ControlErrorCode, why: string, clock: Clock): void {
  socket.resume();
  socket.end(toLine({ id: 0, kind: 'error', code, why }));
  const timer = clock.after(REFUSED_MS, () => socket.destroy());
  socket.once('close', () => timer.cancel());
}

async function answer(socket: Socket, line: string, around: Surroundings, idle: IdleTimer): Promise<void> {
  const failed = (method: string, error: unknown): void =>
    around.report({ kind: 'control-method-failed', method, error });
  let chunk = '';
  for await (const response of answerRequest(line, around.methods, failed)) {
    chunk += toLine(response);
    if (chunk.length < CHUNK_CHARACTERS) continue;
    await send(socket, chunk, idle);
    chunk = '';
    await new Promise<void>((resolve) => void around.clock.after(0, resolve)); // queries have their turn
  }
  await send(socket, chunk, idle);
}

/** Throws when the connection is closed: that ends whatever produces the answers. */
async function send(socket: Socket, text: string, idle: IdleTimer): Promise<void> {
  if (socket.destroyed) throw new Error('the client has gone');
  if (socket.write(text)) return;
  const gone = new AbortController();
  const abort = (): void => gone.abort();
  socket.once('close', abort);
  idle.restart();
  try {
    await once(socket, 'drain', { signal: gone.signal });
  } finally {
    socket.off('close', abort);
    idle.stop();
  }
}

/** Lines without their line feed; undefined, as the last, for one that is too long. */
async function* requestLines(socket: Socket): AsyncGenerator<string | undefined, void, void> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of socket.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let end = rest.indexOf(0x0a);
    for (; end >= 0 && end <= MAX_REQUEST_OCTETS; end = rest.indexOf(0x0a)) {
      yield rest.toString('utf8', 0, end);
      rest = rest.subarray(end + 1);
    }
    if (end < 0 && rest.length <= MAX_REQUEST_OCTETS) continue;
    yield undefined;
    return;
  }
}

type IdleTimer = { restart(): void; stop(): void };

function createIdleTimer(clock: Clock, idleMs: number, expired: () => void): IdleTimer {
  let timer = clock.after(idleMs, expired);
  return {
    restart() {
      timer.cancel();
      timer = clock.after(idleMs, expired);
    },
    stop: () => timer.cancel(),
  };
}

function toLine(response: ControlResponse): string {
  return `${JSON.stringify(response)}\n`;
}
