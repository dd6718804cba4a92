/**
 * Says in words why an address and port cannot be listened on, who holds them where the system tells, and what to do.
 */

import { endpointToText, plainAddress } from '../dns/ip-address.ts';
import { findSocketHolder, type SocketHolder } from './socket-holder.ts';

export type BindFailure = {
  readonly transport: 'udp' | 'tcp';
  readonly address: string;
  readonly port: number;
  /** `EADDRINUSE`, `EACCES`, … */
  readonly code: string;
};

export type BindProblem = BindFailure & {
  readonly kind: 'bind-problem';
  /** What is wrong and what to do, in sentences. */
  readonly text: string;
};

export async function explainBindFailure(failure: BindFailure, procRoot = '/proc'): Promise<BindProblem> {
  const { transport, address, port, code } = failure;
  const where = `${transport.toUpperCase()} ${endpointToText(plainAddress(address), port)}`;
  return { kind: 'bind-problem', transport, address, port, code, text: await explain(failure, where, procRoot) };
}

async function explain(failure: BindFailure, where: string, procRoot: string): Promise<string> {
  const elsewhere = 'listen on another address or port (`listen.dns`, or `--port 5353` to try it out)';
  switch (failure.code) {
    case 'EADDRINUSE': {
      const { transport, address, port } = failure;
      const holder = await findSocketHolder({ transport, address: plainAddress(address), port }, procRoot);
      return `${where} is taken${holderToText(holder, failure.port)}. ${remedyFor(holder)}, or ${elsewhere}.`;
    }
    case 'EACCES':
    case 'EPERM':
      return (
        `${where} needs a privilege that this process does not have: ports below 1024 are for root and for ` +
        'CAP_NET_BIND_SERVICE. Give the service `AmbientCapabilities=CAP_NET_BIND_SERVICE` (that holds for addresses ' +
        'that appear later too), start as root (rootwalk drops to another user when its ports are bound), open the ' +
        `ports to everyone with \`sysctl net.ipv4.ip_unprivileged_port_start=53\`, or ${elsewhere}.`
      );
    case 'EADDRNOTAVAIL':
      return `${where}: this machine has no such address. Mend \`listen.dns\`; \`ip address\` shows which there are.`;
    case 'EAFNOSUPPORT':
      return `${where}: this machine does not have that address family. Take the address out of \`listen.dns\`.`;
    default:
      return `${where} cannot be listened on: the system says ${failure.code}.`;
  }
}

function holderToText(holder: SocketHolder | undefined, port: number): string {
  if (holder === undefined) return ' by another program';
  const at = ` on ${endpointToText(holder.address, port)}`;
  const who =
    holder.command === undefined
      ? `a program of user ${holder.uid}, which only root may look at`
      : `${holder.command} (process ${holder.pid})`;
  return ` by ${who}${at}`;
}

function remedyFor(holder: SocketHolder | undefined): string {
  if (holder?.command?.startsWith('systemd-resolve') === true) {
    return (
      'That is the stub listener of systemd-resolved: set `DNSStubListener=no` in /etc/systemd/resolved.conf and ' +
      'run `systemctl restart systemd-resolved`'
    );
  }
  return 'Stop that program';
}
