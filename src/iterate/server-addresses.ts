/**
 * Where the servers of a zone can be reached: the addresses that came with the referral, those that the cache holds,
 * and, one server name at a time, those that have to be looked up first.
 */

import type { Cache } from '../cache/cache.ts';
import { isAtOrBelow, type Name } from '../dns/name.ts';
import { Type } from '../dns/record-type.ts';
import type { Clock } from '../system/clock.ts';
import { shuffle, type Random } from '../system/random.ts';
import type { AddressFamilies } from './address-family.ts';
import { orderServers, type Candidate } from './server-selection.ts';
import type { ServerStatistics } from './server-statistics.ts';
import { addressesOf, type ZoneServers } from './servers.ts';
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
  /** Servers that can be asked at once, best first; of one name at most so many addresses. */
  known(servers: ZoneServers, most: number, avoid?: ReadonlySet<string>): readonly Candidate[];
  /** Calls find further servers one by one; undefined when there are none left that the budget lets us look for. */
  finder(servers: ZoneServers, task: Task): () => Promise<readonly Candidate[] | undefined>;
};

export function createServerAddresses(around: ServerAddressesAround): ServerAddresses {
  const { clock, random, cache, statistics, families, lookUpAddresses, mayAsk } = around;
  return {
    known(servers, most, avoid) {
      const list: Candidate[] = servers.addresses.map((server) => ({ serverName: undefined, ...server }));
      for (const { name, addresses } of servers.servers) {
        for (const address of addresses.length > 0 ? addresses : cachedAddresses(name, most))
          list.push({ serverName: name, address });
      }
      return inOrder(list, servers.zone, avoid);
    },
    finder(servers, task) {
      let names: Name[] | undefined;
      const { limits } = task.budget;
      let unresolvable = 0;
      return async () => {
        names ??= namesToResolve(servers, task);
        const serverName = names.shift();
        if (serverName === undefined || unresolvable >= limits.unresolvableServerNames) return undefined;
        if (!task.budget.mayLookFurther()) return undefined;
        if (!task.budget.take('serverNames')) return undefined;
        const addresses = await lookUpAddresses(serverName, task);
        if (addresses.length === 0) unresolvable++;
        const list = addresses.slice(0, limits.addressesPerServerName).map((address) => ({ serverName, address }));
        return inOrder(list, servers.zone, task.avoid);
      };
    },
  };

  /**
   * Names without glue in random order; then those whose glue has led nowhere, as glue may be stale. Names in the zone
   * itself are no use: only the servers that we look for could tell where they are.
   */
  function namesToResolve({ zone, servers }: ZoneServers, task: Task): Name[] {
    const outside = servers.filter(({ name }) => !isAtOrBelow(name, zone));
    const without = outside.filter(({ addresses }) => addresses.length === 0);
    const stale = outside.filter(({ addresses }) => addresses.length > 0);
    if (outside.length === 0 && servers.every(({ addresses }) => addresses.length === 0)) {
      for (const { name } of servers) task.record.note({ kind: 'dependency-loop', name });
    }
    return [...shuffle(without, random), ...shuffle(stale, random)].map(({ name }) => name);
  }

  function cachedAddresses(name: Name, most: number): string[] {
    const held = [cache.rrsets.get(name, Type.A), cache.rrsets.get(name, Type.AAAA)];
    const sets = held.filter((one) => one !== undefined).map(({ rrset }) => rrset);
    return addressesOf(sets).slice(0, most);
  }

  function inOrder(list: readonly Candidate[], zone: Name, avoid?: ReadonlySet<string>): readonly Candidate[] {
    const usable = list.filter(
      ({ address }) => mayAsk(address) && families.mayUse(address) && avoid?.has(address) !== true,
    );
    const ordered = orderServers(usable, statistics, zone, random, clock.now());
    // When every server is known as lame, asking them again is better than not asking.
    return ordered.length > 0 ? ordered : usable;
  }
}
