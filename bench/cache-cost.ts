/**
 * What the cache costs: heap bytes an entry beside the bytes we count for it (src/cache/heap-size.ts), and ns a `get`
 * and a `put`. Run alone: `node --expose-gc bench/cache-cost.ts [entries]`.
 */

import { createCache, type Cache } from '../src/cache/cache.ts';
import { name, type Name } from '../src/dns/name.ts';
import { Type } from '../src/dns/record-type.ts';
import { rrset } from '../src/dns/rrset.ts';
import { systemClock } from '../src/system/clock.ts';

const entries = Number(process.argv[2] ?? 200_000);
const zone = name('example.');
const soaRdata = Uint8Array.of(0, 0, ...new Uint8Array(16), 0, 0, 14, 16);

/** Each entry with a provenance of its own: the worst case. */
const fills: Record<string, (cache: Cache, owner: Name, i: number) => void> = {
  'one A record': (cache, owner, i) => putAddresses(cache, owner, i, 1),
  'four A records': (cache, owner, i) => putAddresses(cache, owner, i, 4),
  'A and AAAA': (cache, owner, i) => {
    putAddresses(cache, owner, i, 1);
    const address = rrset(owner, Type.AAAA, 3600, [octets(16, i)]);
    cache.rrsets.put(address, 'authoritative-answer', provenance(i));
  },
  'TXT of 800 octets': (cache, owner, i) =>
    cache.rrsets.put(rrset(owner, Type.TXT, 3600, [octets(800, i)]), 'authoritative-answer', provenance(i)),
  NXDOMAIN: (cache, owner, i) =>
    cache.denials.put(owner, Type.A, 'nxdomain', rrset(zone, Type.SOA, 3600, [soaRdata]), provenance(i)),
  'a failure': (cache, owner, i) =>
    cache.failures.put(owner, Type.A, {
      why: `no server of example. answered: 192.0.2.${i % 256} timed out after 1200 ms, 198.51.100.7 was lame ${i}`,
      errors: [{ code: 22, text: `no reachable authority for number ${i} at delegation example.` }],
      walkId: `walk-${i}`,
    }),
  'a delegation to two servers with glue': (cache, owner, i) =>
    cache.delegations.put({ zone: owner, servers: [server('a', i), server('b', i)] }, 3600, Infinity),
};

measureGets();

for (const [what, fill] of Object.entries(fills)) {
  const cache = createCache(
    { maxBytes: 2 ** 34, minTtl: 0, maxTtl: 86400, maxNegativeTtl: 3600, ttlOverrides: [] },
    { clock: systemClock },
  );
  const before = heapBytes();
  const startedAt = systemClock.now();
  for (let i = 0; i < entries; i++) fill(cache, ownerOf(i), i);
  const putNs = ((systemClock.now() - startedAt) * 1e6) / entries;
  const heap = (heapBytes() - before) / entries;
  const counted = cache.statistics().bytes / entries;
  say(
    `${what}: ${heap.toFixed(0)} bytes of heap, ${counted.toFixed(0)} counted (${(counted / heap).toFixed(2)}), ` +
      `${putNs.toFixed(0)} ns to make and put`,
  );
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function measureGets(): void {
  const cache = createCache(
    { maxBytes: 2 ** 30, minTtl: 0, maxTtl: 86400, maxNegativeTtl: 3600, ttlOverrides: [] },
    { clock: systemClock },
  );
  const owners = Array.from({ length: entries }, (_, i) => ownerOf(i));
  for (const [i, owner] of owners.entries()) putAddresses(cache, owner, i, 1);
  const order = owners.map((_, i) => (i * 7919) % entries); // every entry once, neighbours far apart
  const per = (what: string, step: (i: number) => void): void => {
    for (let round = 0; round < 3; round++) {
      const startedAt = systemClock.now();
      for (const i of order) step(i);
      if (round === 2) say(`${what}: ${(((systemClock.now() - startedAt) * 1e6) / entries).toFixed(0)} ns`);
    }
  };
  let found = 0;
  per('get of a name whose hash is known', (i) => {
    if (cache.rrsets.get(owners[i], Type.A) !== undefined) found++;
  });
  per('get of a name as it comes from the wire', (i) => {
    if (cache.rrsets.get(ownerOf(i), Type.A) !== undefined) found++;
  });
  per('making that name alone', (i) => {
    if (ownerOf(i).length > 0) found++;
  });
  per('denial that is not there', (i) => {
    if (cache.denials.get(owners[i], Type.A) === undefined) found++;
  });
  per('put over an equal set', (i) => putAddresses(cache, owners[i], i, 1));
  if (found === 0) throw new Error('nothing was found');
}

function putAddresses(cache: Cache, owner: Name, i: number, count: number): void {
  const addresses = Array.from({ length: count }, (_, k) => octets(4, i + k));
  cache.rrsets.put(rrset(owner, Type.A, 3600, addresses), 'authoritative-answer', provenance(i));
}
function provenance(i: number): { server: string; zone: Name; walkId: string } {
  return { server: `192.0.2.${i % 256}`, zone, walkId: `walk-${i}` };
}
function server(label: string, i: number): { name: Name; addresses: string[] } {
  return { name: name(`${label}.ns-${i}.example.`), addresses: [`192.0.2.${i % 256}`, `2001:db8::${i.toString(16)}`] };
}
function octets(length: number, seed: number): Uint8Array {
  return new Uint8Array(length).map((_, at) => (seed >> (8 * (at & 3))) & 0xff);
}
/** 24 octets, the length of an ordinary name. */
function ownerOf(i: number): Name {
  return `\u000e${`host-${i}`.padEnd(14, 'x')}\u0007example\0` as Name;
}
function heapBytes(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
