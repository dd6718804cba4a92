/**
 * Which clients may have a walk of their own now. Walks take sockets, memory and the patience of servers, and slow ones
 * pile up: a client that asks for thousands of names that nobody answers for would otherwise have them all.
 *
 * A client may have as many walks as are still free. So one alone gets half of all, ten that all want everything get an
 * eleventh each, and whoever comes next still finds a share: nothing is set aside, and nothing can be taken whole.
 *
 * While its address is not proven (`ClientQuery.isAddressProven`) a client has at most `maxPerClient`: what waits for a
 * server can be made to come back all at once, to whoever's address it was (DNSBomb, CVE-2024-33655).
 *
 * Answers from the cache need no walk and are not counted. What shares a walk with others is, as it waits like them.
 */

import type { ClientQuery } from '../query/client-query.ts';
import { clientPrefix } from './client-prefix.ts';

export type WalkShareOptions = { readonly max: number; readonly maxPerClient: number };

export type WalkShare = {
  /** Takes a place for the query and gives the function that gives it back; undefined when there is none for it. */
  admit(query: Pick<ClientQuery, 'client' | 'isAddressProven'>): (() => void) | undefined;
  /** Places taken. */
  readonly size: number;
};

export function createWalkShare({ max, maxPerClient }: WalkShareOptions): WalkShare {
  const byClient = new Map<string, number>();
  let size = 0;
  return {
    get size() {
      return size;
    },
    admit({ client, isAddressProven }) {
      const prefix = clientPrefix(client.address);
      const own = byClient.get(prefix) ?? 0;
      const free = max - size;
      const most = isAddressProven ? free : Math.min(free, maxPerClient);
      if (own >= most) return undefined;
      byClient.set(prefix, own + 1);
      size++;
      return () => {
        size--;
        const left = byClient.get(prefix)! - 1;
        if (left === 0) byClient.delete(prefix);
        else byClient.set(prefix, left);
      };
    },
  };
}
