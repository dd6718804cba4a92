/**
 * The addresses at which this very resolver answers, so that it never asks itself: glue of a stranger's zone may name
 * them, and each query would cause the next one.
 */

import { networkInterfaces } from 'node:os';
import { isUnspecified, plainAddress } from '../dns/ip-address.ts';

type Listening = readonly { readonly address: string; readonly port: number }[];

/** Where servers are asked at `port`: those of `listen.dns` that have it, a wildcard meaning every address there is. */
export function ownAddresses(
  listening: Listening,
  port: number,
  localAddresses: () => readonly string[] = systemAddresses,
): ReadonlySet<string> {
  const own = listening.filter((at) => at.port === port).map(({ address }) => plainAddress(address));
  return new Set(own.flatMap((address) => (isUnspecified(address) ? localAddresses().map(plainAddress) : [address])));
}

function systemAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((infos) => (infos ?? []).map(({ address }) => address));
}
