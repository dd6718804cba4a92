/** A port that nobody listens on, so that tests of several checkouts can run on one machine at once. */

import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

export async function freePort(address: string): Promise<number> {
  const server = createServer().listen(0, address);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
