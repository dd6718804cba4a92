/**
 * Rules between keys, which no single key can see: settings that contradict each other (problems), and settings that
 * work and yet are probably not what was wanted (warnings).
 */

import { ROOT } from '../dns/name.ts';
import { parseZoneText } from '../dns/zone-text.ts';
import { createLocalRecords } from '../local/local-records.ts';
import type { Objection } from './explain-issue.ts';
import type { CheckedConfig } from './schema.ts';
import { DEFAULT_RECORD_TTL, type Endpoint } from './values.ts';

type Rule = (config: CheckedConfig) => Iterable<Objection>;

export function findContradictions(config: CheckedConfig): Objection[] {
  return contradictions.flatMap((rule) => [...rule(config)]);
}

export function findDoubts(config: CheckedConfig): Objection[] {
  return doubts.flatMap((rule) => [...rule(config)]);
}

const contradictions: readonly Rule[] = [
  function* someFamily({ iteration }) {
    if (iteration.ipv4 === 'off' && iteration.ipv6 === 'off') {
      yield at(['iteration', 'ipv6'], 'IPv4 and IPv6 are both off, so no server can be asked', 'leave one at auto');
    }
  },
  function* ttlBounds({ cache }) {
    if (cache.minTtl > cache.maxTtl) {
      yield at(['cache', 'minTtl'], `it is above maxTtl, ${cache.maxTtl}`, 'lower minTtl or raise maxTtl');
    }
    for (const [i, { minTtl, maxTtl }] of cache.ttlOverrides.entries()) {
      if (minTtl === undefined && maxTtl === undefined) {
        yield at(['cache', 'ttlOverrides', i], 'it overrides nothing', 'give minTtl, maxTtl or both');
      } else if ((minTtl ?? cache.minTtl) > (maxTtl ?? cache.maxTtl)) {
        yield at(['cache', 'ttlOverrides', i], 'its least TTL is above its most', 'give both minTtl and maxTtl');
      }
    }
  },
  function* logBounds({ queryLog }) {
    if (queryLog.maxFileBytes * 2 > queryLog.maxTotalBytes) {
      const reason = 'maxTotalBytes has no room for two files, so the log would be deleted while it is written';
      yield at(['queryLog', 'maxFileBytes'], reason, 'make it at most half of maxTotalBytes');
    }
  },
  function* eachSocketOnce({ listen }) {
    const texts = listen.dns.map(socketText);
    for (const [i, text] of texts.entries()) {
      const isRepeated = listen.dns[i].port !== 0 && texts.indexOf(text) < i;
      if (isRepeated) yield at(['listen', 'dns', i], 'this address and port stand in the list twice', 'take one out');
    }
  },
  function* eachZoneOnce({ zones }) {
    for (const [i, { name }] of zones.entries()) {
      if (zones.findIndex((zone) => zone.name === name) < i) {
        yield at(['zones', i, 'name'], 'this zone stands in the list twice', 'put its servers into one entry');
      }
    }
  },
  function* connectionsPerClient({ listen: { tcp } }) {
    if (tcp.maxPerClient > tcp.maxConnections) {
      const reason = `it is above maxConnections, ${tcp.maxConnections}`;
      yield at(['listen', 'tcp', 'maxPerClient'], reason, 'lower it, or raise maxConnections');
    }
  },
];

const doubts: readonly Rule[] = [
  function* openResolver({ access, listen }) {
    const i = access.allow.findIndex((prefix) => prefix.endsWith('/0'));
    if (i >= 0 && !listen.dns.every(isLoopback)) {
      const reason =
        'every address may recurse: if this is reachable from the internet, it will be used to flood others';
      yield at(['access', 'allow', i], reason, 'name the prefixes of your own networks (RFC 5358)');
    }
  },
  function* threadsToCome({ threads }) {
    for (const count of ['listeners', 'resolvers'] as const) {
      if (threads[count] > 1) yield at(['threads', count], 'one thread is used for now', '');
    }
  },
  function* pageToCome({ web }) {
    if (web.enabled) yield at(['web', 'enabled'], 'there is no status page yet', '');
  },
  function* rootForEver({ user }) {
    if (user === '' || user === 'root' || user === '0') {
      yield at(['user'], 'started as root, the daemon will read the network as root', 'name an ordinary user');
    }
  },
  function* localRecordsThatClash({ local: { records } }) {
    // The list is read as one zone file; an entry may have several lines.
    const entryOfLine = records.flatMap((text, i) => text.split('\n').map(() => i));
    const read = parseZoneText(records.join('\n'), { defaultTtl: DEFAULT_RECORD_TTL });
    for (const { line, why } of createLocalRecords(read.records).problems) {
      yield at(['local', 'records', entryOfLine[line - 1]], why, '');
    }
  },
  function* nothingIsWalked({ zones }) {
    const i = zones.findIndex(({ kind, name }) => kind === 'forward' && name === ROOT);
    if (i >= 0) yield at(['zones', i], 'everything is forwarded: nothing is walked from the root', '');
  },
];

function at(path: readonly PropertyKey[], reason: string, remedy: string): Objection {
  return { path, at: 'value', reason, remedy };
}

function socketText({ address, port }: Endpoint): string {
  return `${address} ${port}`;
}

function isLoopback({ address }: Endpoint): boolean {
  return address === '::1' || address.startsWith('127.');
}
