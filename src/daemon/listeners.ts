/**
 * All sockets of the daemon: UDP and TCP on every configured address, started together or not at all.
 */

import type { Config } from '../config/schema.ts';
import type { BindProblem } from '../listen/bind-problem.ts';
import { createConnectionTable } from '../listen/connection-table.ts';
import type { Handler, Listener, ListeningAt } from '../listen/handler.ts';
import type { ReportListen } from '../listen/listen-event.ts';
import { createTcpListener } from '../listen/tcp.ts';
import { defaultConnectionLimits } from '../listen/tcp-connection.ts';
import { createUdpListener } from '../listen/udp.ts';
import type { Clock } from '../system/clock.ts';

export type Listeners = {
  readonly at: readonly ListeningAt[];
  stop(deadlineMs: number): Promise<void>;
};

export type ListenersStart =
  | { readonly kind: 'listening'; readonly listeners: Listeners }
  | { readonly kind: 'problems'; readonly problems: readonly BindProblem[] };

export async function startListeners(
  { dns, tcp }: Config['listen'],
  around: { clock: Clock; handler: Handler; report: ReportListen },
): Promise<ListenersStart> {
  const connections = createConnectionTable(tcp);
  const limits = { ...defaultConnectionLimits, idleTimeoutMs: tcp.idleTimeoutMs, maxPipelined: tcp.maxPipelined };
  const started: Listener[] = [];
  const at: ListeningAt[] = [];
  const problems: BindProblem[] = [];
  const stop = async (deadlineMs: number): Promise<void> => {
    await Promise.all(started.map((listener) => listener.stop(deadlineMs)));
  };
  const start = async (listener: Listener): Promise<readonly ListeningAt[]> => {
    const result = await listener.start();
    if (result.kind === 'bind-problem') {
      if (isWithoutFamily(result)) around.report({ kind: 'address-unusable', problem: result });
      else problems.push(result);
      return [];
    }
    started.push(listener);
    return result.at;
  };

  for (const { address, port } of dns) {
    const bound = await start(createUdpListener({ address, port }, around));
    at.push(...bound);
    // Port 0 lets the system choose; TCP then takes the same one.
    const tcpPort = bound[0]?.port ?? port;
    await start(createTcpListener({ address, port: tcpPort, limits }, { ...around, connections }));
  }
  if (problems.length === 0 && at.length > 0) return { kind: 'listening', listeners: { at, stop } };
  await stop(0);
  return { kind: 'problems', problems };
}

/** Machines without IPv6 (many containers) are no reason not to start: the default listens on both loopbacks. */
function isWithoutFamily({ address, code }: BindProblem): boolean {
  return code === 'EAFNOSUPPORT' || (code === 'EADDRNOTAVAIL' && address === '::1');
}
