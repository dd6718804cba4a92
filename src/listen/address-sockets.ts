/**
 * The sockets behind one configured address: one where it is a plain address; where it is a wildcard (0.0.0.0, ::) one
 * for each address that this machine has in the family, followed as addresses come and go.
 *
 * A datagram must be answered from the address that was asked, or the client does not know the reply for its own
 * (RFC 2181 §4). A UDP socket on the wildcard lets the system choose by its routes, and node:dgram neither tells nor
 * lets us say otherwise. As it happens this also lets a wildcard stand beside a stub resolver on 127.0.0.53. For TCP a
 * socket on the wildcard is sound; it is tried first, and single addresses only where something else is in its way.
 *
 * At start every address must be usable. An address that appears later and cannot be used is reported once and tried
 * again: who dropped the right to ports below 1024 after starting cannot take port 53 of a new address.
 *
 * Not heard on: broadcast and multicast addresses, and addresses of the loopback network that no interface names.
 */

import { networkInterfaces } from 'node:os';
import { isUnspecified, plainAddress } from '../dns/ip-address.ts';
import type { Clock, Timer } from '../system/clock.ts';
import { explainBindFailure, type BindProblem } from './bind-problem.ts';
import type { Listener, ListeningAt, StartResult } from './handler.ts';
import type { ReportListen } from './listen-event.ts';

export type OpenedSocket = {
  readonly kind: 'open';
  readonly port: number;
  stop(deadlineMs: number): Promise<void>;
};

export type OpenSocket = (
  address: string,
  port: number,
) => Promise<OpenedSocket | { readonly kind: 'failed'; readonly code: string }>;

export type AddressOptions = {
  readonly address: string;
  readonly port: number;
  readonly transport: 'udp' | 'tcp';
  /** Replies to what comes to the wildcard leave from the address that was asked. */
  readonly isWildcardSound: boolean;
};

export type AddressSurroundings = {
  readonly clock: Clock;
  readonly report: ReportListen;
  /** The addresses of this machine, both families, link-local ones with their zone; the system's unless given. */
  readonly localAddresses?: () => readonly string[];
};

/** A laptop that changes its network is served again before its user has typed a name. */
const LOOK_EVERY_MS = 3000;

export function createAddressSockets(options: AddressOptions, open: OpenSocket, around: AddressSurroundings): Listener {
  const { address, port, transport } = options;
  const { clock, report } = around;
  const sockets = new Map<string, OpenedSocket>();
  /** Addresses that could not be used, by what was reported of them. */
  const unusable = new Map<string, string>();
  let isStopping = false;
  let timer: Timer | undefined;
  let look: Promise<void> = Promise.resolve();

  const openAt = async (local: string): Promise<BindProblem | undefined> => {
    const opened = await open(local, port);
    if (opened.kind === 'failed') return explainBindFailure({ transport, address: local, port, code: opened.code });
    if (isStopping) {
      await opened.stop(0);
      return undefined;
    }
    sockets.set(local, opened);
    report({ kind: 'listening', transport, address: plainAddress(local), port: opened.port });
    return undefined;
  };

  const followAddresses = async (): Promise<void> => {
    const wanted = new Set(addressesOfFamily(address, around));
    for (const [local, socket] of sockets) {
      if (wanted.has(local)) continue;
      sockets.delete(local);
      report({ kind: 'no-longer-listening', transport, address: plainAddress(local), port: socket.port });
      await socket.stop(0);
    }
    for (const local of unusable.keys()) if (!wanted.has(local)) unusable.delete(local);
    for (const local of wanted) {
      if (isStopping) return;
      if (!sockets.has(local)) await tryAgain(local);
    }
  };
  const tryAgain = async (local: string): Promise<void> => {
    const problem = await openAt(local);
    if (problem === undefined) return void unusable.delete(local);
    // A new IPv6 address is checked for duplicates first (RFC 4862 §5.4) and not available until then.
    if (problem.code === 'EADDRNOTAVAIL' || unusable.get(local) === problem.code) return;
    unusable.set(local, problem.code);
    report({ kind: 'address-unusable', problem });
  };
  const lookAgainLater = (): void => {
    if (isStopping) return;
    timer = clock.after(LOOK_EVERY_MS, () => {
      look = followAddresses().then(lookAgainLater);
    });
  };

  const stop = async (deadlineMs: number): Promise<void> => {
    isStopping = true;
    timer?.cancel();
    await look;
    await Promise.all([...sockets.values()].map((socket) => socket.stop(deadlineMs)));
    sockets.clear();
  };
  const started = (): StartResult => ({ kind: 'listening', at: [...sockets].map(toListeningAt) });
  const startOnEach = async (): Promise<StartResult> => {
    for (const local of addressesOfFamily(address, around)) {
      const problem = await openAt(local);
      if (problem === undefined || problem.code === 'EADDRNOTAVAIL') continue;
      await stop(0);
      return problem;
    }
    lookAgainLater();
    return started();
  };

  return {
    async start() {
      if (isUnspecified(address) && !options.isWildcardSound) return startOnEach();
      const problem = await openAt(address);
      if (problem === undefined) return started();
      return isUnspecified(address) && problem.code === 'EADDRINUSE' ? startOnEach() : problem;
    },
    stop,
  };
}

function addressesOfFamily(wildcard: string, around: AddressSurroundings): string[] {
  const isIpv6 = wildcard === '::';
  const all = (around.localAddresses ?? systemAddresses)();
  return [...new Set(all)].filter((local) => local.includes(':') === isIpv6);
}

/** A link-local address means nothing without its interface (RFC 4007 §6). */
function systemAddresses(): string[] {
  return Object.entries(networkInterfaces()).flatMap(([name, infos]) =>
    (infos ?? []).map(({ address }) => (/^fe[89ab]/i.test(address) ? `${address}%${name}` : address)),
  );
}

function toListeningAt([address, socket]: [string, OpenedSocket]): ListeningAt {
  return { address: plainAddress(address), port: socket.port };
}
