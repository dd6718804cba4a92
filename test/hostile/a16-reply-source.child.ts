/**
 * In a network namespace with several addresses: the daemon's listeners on the wildcards, and a client that asks each
 * address and tells where the reply came from.
 */

import { createSocket } from 'node:dgram';
import { connect } from 'node:net';

import { startListeners } from '../../src/daemon/listeners.ts';
import { defaultConfig } from '../../src/config/settle.ts';
import { frame } from '../../src/dns/wire/framing.ts';
import { systemClock } from '../../src/system/clock.ts';
import { queryOctets } from '../support/client-query.ts';
import { addresses, answering } from '../support/answering.ts';

const PORT = 5300;
const asked = ['192.0.2.1', '192.0.2.2', '198.51.100.9', '2001:db8::1', '2001:db8::2', 'fe80::1%v1'];

const { listen } = defaultConfig({ listen: { dns: [`0.0.0.0:${PORT}`, `[::]:${PORT}`] } });
const result = await startListeners(listen, {
  clock: systemClock,
  handler: answering(addresses(1)),
  report: () => undefined,
});
if (result.kind !== 'listening') throw new Error(JSON.stringify(result));

const told = [];
for (const address of asked) {
  told.push({ asked: address, over: 'udp', answeredFrom: await askOverUdp(address) });
  told.push({ asked: address, over: 'tcp', answeredFrom: await askOverTcp(address) });
}
process.stdout.write(JSON.stringify(told), () => process.exit(0));

/** By an unconnected socket, which takes replies from anywhere. */
function askOverUdp(address: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
    const giveUp = setTimeout(() => resolve('nobody'), 2000);
    socket.on('message', (_, from) => {
      clearTimeout(giveUp);
      socket.close();
      resolve(from.address);
    });
    socket.send(queryOctets(), PORT, address);
  });
}

function askOverTcp(address: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(PORT, address, () => socket.write(frame(queryOctets())));
    socket.setTimeout(2000, () => resolve('nobody'));
    socket.on('error', (error) => resolve(error.message));
    socket.on('data', () => {
      // The client's system took the segments for this connection, so they came from its other end.
      resolve(address.includes('%') ? `${socket.remoteAddress?.replace(/%.*/, '')}%v1` : (socket.remoteAddress ?? ''));
      socket.destroy();
    });
  });
}
