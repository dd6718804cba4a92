/** A server that is replaced while the internet runs: zones move, delegations are taken back. */

import { name } from '../../src/dns/name.ts';
import { createLabServer } from '../../src/lab/lab-server.ts';
import type { Misbehaviour } from '../../src/lab/misbehaviour.ts';
import { zoneFromText } from '../../src/lab/zone.ts';
import type { SimulatedInternet } from './simulated-internet.ts';

/** From now on these zones, given as master file text by apex, and no others are served at the address. */
export function replaceServer(
  internet: SimulatedInternet,
  address: string,
  zones: Readonly<Record<string, string>>,
  ...misbehaviour: Misbehaviour[]
): void {
  const served = Object.entries(zones).map(([apex, text]) => zoneFromText(name(apex), text));
  internet.build().network.attach({ address, port: 53 }, createLabServer(served, misbehaviour));
}

/** From now on nobody is at the address. */
export function removeServer(internet: SimulatedInternet, address: string): void {
  internet.build().network.detach({ address, port: 53 });
}
