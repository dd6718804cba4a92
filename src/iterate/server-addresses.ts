/**
 * Where the servers of a zone can be reached: the addresses that came with the referral, those that the cache holds,
 * and, one server name at a time, those that have to be looked up first.
 */

import type { Cache } from '../cache/cache.ts';
import type { Name } from '../dns/name.ts';
import { Type } from '../dns/record-type.ts';
import { rdataOf } from '../dns/rrset.ts';
import { addressToText } from '../dns/address.ts';
import type { Clock } from '../system/clock.ts';
import type { Random } from '../system/random.ts';
import type { AddressFamilies } from './address-family.ts';
import { orderServers, type Candidate } from './server-selection.ts';
import type { ServerStatistics } from './server-statistics.ts';
import type { ZoneServers } from './servers.ts';
import type { LookUpAddresses, Task } from './task.ts';

export type ServerAddressesAround = {
  readonly clock: Clock;
  readonly random: Random;
  readonly cache: Cache;
  readonly statistics: ServerStatistics;
  readonly families: AddressFamilies;
  readonly lookUpAddresses: LookUpAddresses;
  /** False for addresses that are never asked (0.0.0.0, multicast, …). */
  readonly mayAsk: (address: string) => boolean;
};

export type ServerAddresses = {
  /** Servers that can be asked at once, best first. */
  known(servers: ZoneServers): readonly Candidate[];
  /** Calls find further servers one by one; undefined when there are none left that the budget lets us look for. */
  finder(servers: ZoneServers, task: Task): () => Promise<readonly Candidate[] | undefined>;
};

export function createServerAddresses(around: ServerAddressesAround): ServerAddresses {
  const { clock, random, cache, statistics, families, lookUpAddresses, mayAsk } = around;
  return {
    known(servers) {
      const list: Candidate[] = servers.addresses.map((server) => ({ serverName: undefined, ...server }));
      for (const { name, addresses } of servers.servers) {
        for (const address of addresses.length > 0 ? addresses : cachedAddresses(name))
          list.push({ serverName: name, address });
      }
      return inOrder(list, servers.zone);
    },
    finder(servers, task) {
      const names = namesToResolve(servers);
      const { limits } = task.budget;
      let unresolvable = 0;
      return async () => {
        const serverName = names.shift();
        if (serverName === undefined || unresolvable >= limits.unresolvableServerNames) return undefined;
        const addresses = await lookUpAddresses(serverName, task);
        if (addresses.length === 0) unresolvable++;
        const list = addresses.slice(0, limits.addressesPerServerName).map((address) => ({ serverName, address }));
        return inOrder(list, servers.zone);
      };
    },
  };

  /** Names without glue in random order; then those whose glue has led nowhere, as glue may be stale. */
  function namesToResolve({ servers }: ZoneServers): Name[] {
    const without = servers.filter(({ addresses }) => addresses.length === 0);
    const stale = servers.filter(({ addresses }) => addresses.length > 0);
    return [...shuffled(without), ...shuffled(stale)].map(({ name }) => name);
  }

  function cachedAddresses(name: Name): string[] {
    const sets = [cache.rrsets.get(name, Type.A), cache.rrsets.get(name, Type.AAAA)];
    return sets.flatMap((held) => (held === undefined ? [] : rdataOf(held.rrset).map(addressToText)));
  }

  function inOrder(list: readonly Candidate[], zone: Name): readonly Candidate[] {
    const usable = list.filter(({ address }) => mayAsk(address) && families.mayUse(address));
    const ordered = orderServers(usable, statistics, zone, random, clock.now());
    // When every server is known as lame, asking them again is better than not asking.
    return ordered.length > 0 ? ordered : usable;
  }

  function shuffled<T>(list: T[]): T[] {
    for (let i = list.length - 1; i > 0; i--) {
      const j = random.below(i + 1);
      [list[i], list[j]] = [list[j], list[i]];
    }
    return list;
  }
}
