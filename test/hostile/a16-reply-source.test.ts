/**
 * A16. A reply from another address than the one that was asked: on a machine with several, a socket on the wildcard
 * address lets the system choose, the client drops the reply, or takes another one for it.
 *
 * Here a wildcard over UDP means one socket for each address (listen/address-sockets.ts), as node:dgram does not tell
 * which address a datagram came to; over TCP the connection knows. Tried in a network namespace with several addresses
 * of both families, link-local ones among them.
 */

import { fileURLToPath } from 'node:url';

import { expect, onTestFinished, test } from 'vitest';

import { createNamespace, namespacesAreMissing } from '../support/namespace.ts';
import { recordFigure } from './figures.ts';

type Told = readonly { readonly asked: string; readonly over: 'udp' | 'tcp'; readonly answeredFrom: string }[];

const addresses = ['192.0.2.1', '192.0.2.2', '198.51.100.9', '2001:db8::1', '2001:db8::2', 'fe80::1%v1'];

const setUp = [
  'link add v0 type veth peer name v1',
  'addr add 192.0.2.1/24 dev v0',
  'addr add 192.0.2.2/24 dev v0',
  'addr add 198.51.100.9/24 dev v0',
  '-6 addr add 2001:db8::1/64 dev v0 nodad',
  '-6 addr add 2001:db8::2/64 dev v0 nodad',
  '-6 addr add fe80::1/64 dev v0 nodad',
  '-6 addr add fe80::2/64 dev v1 nodad',
  'link set v0 up',
  'link set v1 up',
];

test.skipIf(namespacesAreMissing)(
  `a listener on the wildcards replies from the address that was asked${because(namespacesAreMissing)}`,
  async () => {
    const namespace = await createNamespace();
    onTestFinished(() => namespace.remove());
    for (const words of setUp) await namespace.run('ip', ...words.split(' '));
    const child = fileURLToPath(new URL('a16-reply-source.child.ts', import.meta.url));
    const told = JSON.parse(await namespace.run(process.execPath, child)) as Told;
    const wrong = told.filter(({ asked, answeredFrom }) => asked !== answeredFrom);
    expect(wrong).toEqual([]);
    expect(told.map(({ asked, over }) => `${asked} ${over}`).sort()).toEqual(
      addresses.flatMap((address) => [`${address} tcp`, `${address} udp`]).sort(),
    );
    recordFigure('A16', 'replies from another address, of 12', wrong.length, 0);
  },
);

function because(why: string | undefined): string {
  return why === undefined ? '' : ` (skipped: ${why})`;
}
