/**
 * The connections there are, in the order in which something last happened on them, and who makes room when they are
 * too many (RFC 7766 §6.2.2 has servers bound them in all and for each client).
 *
 * A new client always gets in: when the table is full the longest idle connection is closed for it, and if all are
 * busy the one on which nothing has happened for longest. A client at its own bound gives up an idle one of its own;
 * if all of them are busy, its new one is refused.
 */

export type TableEntry = {
  readonly client: { readonly address: string };
  /** Nothing of its is in work. */
  isIdle(): boolean;
  evict(why: 'table-full' | 'client-full'): void;
};

export type ConnectionBounds = { readonly maxConnections: number; readonly maxPerClient: number };

export type ConnectionTable = {
  readonly size: number;
  /** False when the client has all that it may have; others may have been evicted. */
  admit(entry: TableEntry): boolean;
  /** Something happened on it. */
  touch(entry: TableEntry): void;
  remove(entry: TableEntry): void;
};

export function createConnectionTable({ maxConnections, maxPerClient }: ConnectionBounds): ConnectionTable {
  /** Sets keep the order of insertion: the first is the one untouched for longest. */
  const all = new Set<TableEntry>();
  const byClient = new Map<string, Set<TableEntry>>();

  const remove = (entry: TableEntry): void => {
    all.delete(entry);
    const own = byClient.get(entry.client.address);
    own?.delete(entry);
    if (own?.size === 0) byClient.delete(entry.client.address);
  };
  const evict = (victim: TableEntry, why: 'table-full' | 'client-full'): void => {
    remove(victim);
    victim.evict(why);
  };

  return {
    get size() {
      return all.size;
    },
    admit(entry) {
      const own = byClient.get(entry.client.address);
      if (own !== undefined && own.size >= maxPerClient) {
        const victim = firstIdle(own);
        if (victim === undefined) return false;
        evict(victim, 'client-full');
      } else if (all.size >= maxConnections) {
        evict(firstIdle(all) ?? first(all), 'table-full');
      }
      all.add(entry);
      const list = byClient.get(entry.client.address);
      if (list === undefined) byClient.set(entry.client.address, new Set([entry]));
      else list.add(entry);
      return true;
    },
    touch(entry) {
      if (!all.delete(entry)) return;
      all.add(entry);
      const own = byClient.get(entry.client.address)!;
      own.delete(entry);
      own.add(entry);
    },
    remove,
  };
}

function firstIdle(entries: ReadonlySet<TableEntry>): TableEntry | undefined {
  for (const entry of entries) if (entry.isIdle()) return entry;
  return undefined;
}

function first(entries: ReadonlySet<TableEntry>): TableEntry {
  const [entry] = entries;
  return entry;
}
