import { describe, expect, test } from 'vitest';
import { createConnectionTable, type ConnectionTable, type TableEntry } from './connection-table.ts';

type Fake = TableEntry & { busy: boolean; evicted: string | undefined };

function connection(address: string): Fake {
  return {
    client: { address },
    busy: false,
    evicted: undefined,
    isIdle() {
      return !this.busy;
    },
    evict(why) {
      this.evicted = why;
    },
  };
}

function admitAll(table: ConnectionTable, ...addresses: string[]): Fake[] {
  return addresses.map((address) => {
    const entry = connection(address);
    expect(table.admit(entry)).toBe(true);
    return entry;
  });
}

const evictions = (entries: readonly Fake[]): (string | undefined)[] => entries.map((entry) => entry.evicted);

describe('a full table', () => {
  test('closes the connection that has been idle for longest, so that a new client gets in', () => {
    const table = createConnectionTable({ maxConnections: 3, maxPerClient: 3 });
    const entries = admitAll(table, '192.0.2.1', '192.0.2.2', '192.0.2.3');
    table.touch(entries[0]);
    admitAll(table, '192.0.2.4');
    expect(evictions(entries)).toEqual([undefined, 'table-full', undefined]);
    expect(table.size).toBe(3);
  });

  test('passes over those with a query in work', () => {
    const table = createConnectionTable({ maxConnections: 2, maxPerClient: 2 });
    const entries = admitAll(table, '192.0.2.1', '192.0.2.2');
    entries[0].busy = true;
    admitAll(table, '192.0.2.3');
    expect(evictions(entries)).toEqual([undefined, 'table-full']);
  });

  test('of busy ones closes the one on which nothing happened for longest', () => {
    const table = createConnectionTable({ maxConnections: 2, maxPerClient: 2 });
    const entries = admitAll(table, '192.0.2.1', '192.0.2.2');
    for (const entry of entries) entry.busy = true;
    table.touch(entries[0]);
    admitAll(table, '192.0.2.3');
    expect(evictions(entries)).toEqual([undefined, 'table-full']);
  });
});

describe('a client with all the connections that it may have', () => {
  test('gives up the one of its own that has been idle for longest', () => {
    const table = createConnectionTable({ maxConnections: 10, maxPerClient: 2 });
    const [other, ...own] = admitAll(table, '192.0.2.9', '192.0.2.1', '192.0.2.1');
    table.touch(own[0]);
    admitAll(table, '192.0.2.1');
    expect([other.evicted, ...evictions(own)]).toEqual([undefined, undefined, 'client-full']);
    expect(table.size).toBe(3);
  });

  test('is refused another when all are busy, and others are not', () => {
    const table = createConnectionTable({ maxConnections: 10, maxPerClient: 2 });
    const own = admitAll(table, '192.0.2.1', '192.0.2.1');
    for (const entry of own) entry.busy = true;
    expect(table.admit(connection('192.0.2.1'))).toBe(false);
    admitAll(table, '192.0.2.2');
    expect(evictions(own)).toEqual([undefined, undefined]);
  });

  test('may have another when one has closed', () => {
    const table = createConnectionTable({ maxConnections: 10, maxPerClient: 1 });
    const [first] = admitAll(table, '192.0.2.1');
    first.busy = true;
    table.remove(first);
    admitAll(table, '192.0.2.1');
    expect([first.evicted, table.size]).toEqual([undefined, 1]);
  });
});

test('one that has been removed is not brought back by being touched', () => {
  const table = createConnectionTable({ maxConnections: 2, maxPerClient: 2 });
  const [gone] = admitAll(table, '192.0.2.1');
  table.remove(gone);
  table.touch(gone);
  expect(table.size).toBe(0);
});
