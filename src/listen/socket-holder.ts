/**
 * Finds the process that holds a local address and port, by what Linux tells in /proc: the tables of sockets name the
 * inode, and the open files of a process name its sockets. On other systems, and where we may not look, nothing is found.
 *
 * The tables write addresses as words in the order of the machine; we read them with the least significant octet
 * first, as all machines that we are built for have it.
 */

import { readFile, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { ipv4ToText, ipv6ToText } from '../dns/ip-address.ts';

export type SocketAsked = { readonly transport: 'udp' | 'tcp'; readonly address: string; readonly port: number };

export type SocketHolder = {
  /** The address it is bound to: the one asked for, or a wildcard. */
  readonly address: string;
  readonly uid: number;
  /** Undefined where only root may see whose socket it is. */
  readonly pid: number | undefined;
  readonly command: string | undefined;
};

export async function findSocketHolder(asked: SocketAsked, procRoot = '/proc'): Promise<SocketHolder | undefined> {
  const socket = (await boundSockets(asked, procRoot)).find((each) => isInTheWay(each, asked));
  if (socket === undefined) return undefined;
  const pid = await processWithSocket(socket.inode, procRoot);
  const command = pid === undefined ? undefined : await commandOf(pid, procRoot);
  return { address: socket.address, uid: socket.uid, pid, command };
}

type BoundSocket = { readonly address: string; readonly port: number; readonly uid: number; readonly inode: string };

async function boundSockets({ transport, address }: SocketAsked, procRoot: string): Promise<BoundSocket[]> {
  // A socket on :: may hold the port of IPv4 as well.
  const tables = address.includes(':') ? [`${transport}6`] : [transport, `${transport}6`];
  const sockets: BoundSocket[] = [];
  for (const table of tables) {
    const text = await readFile(join(procRoot, 'net', table), 'latin1').catch(() => '');
    for (const line of text.split('\n').slice(1)) {
      const socket = parseSocketLine(line, transport);
      if (socket !== undefined) sockets.push(socket);
    }
  }
  return sockets;
}

/** TCP_LISTEN: connections to a port do not stop anyone from listening on it. */
const LISTENING = '0A';

function parseSocketLine(line: string, transport: 'udp' | 'tcp'): BoundSocket | undefined {
  const [, local, , state, , , , uid, , inode] = line.trim().split(/\s+/);
  const [hexAddress, hexPort] = local?.split(':') ?? [];
  if (inode === undefined || hexPort === undefined || (transport === 'tcp' && state !== LISTENING)) return undefined;
  return { address: addressFromHex(hexAddress), port: Number.parseInt(hexPort, 16), uid: Number(uid), inode };
}

function addressFromHex(hex: string): string {
  const words = (hex.match(/.{8}/g) ?? []).map((word) => {
    const value = Number.parseInt(word, 16);
    return ((value >>> 24) | ((value >>> 8) & 0xff00) | ((value & 0xff00) << 8) | (value << 24)) >>> 0;
  });
  return words.length === 1 ? ipv4ToText(words[0]) : ipv6ToText(Uint32Array.from(words));
}

function isInTheWay(socket: BoundSocket, asked: SocketAsked): boolean {
  if (socket.port !== asked.port) return false;
  const wildcards = ['0.0.0.0', '::'];
  return socket.address === asked.address || wildcards.includes(socket.address) || wildcards.includes(asked.address);
}

async function processWithSocket(inode: string, procRoot: string): Promise<number | undefined> {
  const wanted = `socket:[${inode}]`;
  const entries = await readdir(procRoot).catch(() => []);
  for (const pid of entries.filter((entry) => /^[0-9]+$/.test(entry))) {
    const directory = join(procRoot, pid, 'fd');
    for (const file of await readdir(directory).catch(() => [])) {
      if ((await readlink(join(directory, file)).catch(() => '')) === wanted) return Number(pid);
    }
  }
  return undefined;
}

async function commandOf(pid: number, procRoot: string): Promise<string | undefined> {
  const text = await readFile(join(procRoot, String(pid), 'comm'), 'utf8').catch(() => '');
  return text.trim() || undefined;
}
