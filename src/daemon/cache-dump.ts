/** What the cache holds, as lines of the dump that `rootwalk cache dump` prints. */

import type { CacheEntryView } from '../cache/cache.ts';
import { isAtOrBelow, nameToText, type Name } from '../dns/name.ts';
import { rdataToText } from '../dns/presentation.ts';
import { typeToText } from '../dns/record-type.ts';
import { rdataOf } from '../dns/rrset.ts';
import type { CacheDumpEntry } from './control-protocol.ts';

/** Entries at or below `suffix`, made one by one as they are taken. */
export function* dumpEntries(
  entries: Iterable<CacheEntryView>,
  suffix: Name | undefined,
): Generator<CacheDumpEntry, void, void> {
  for (const entry of entries) {
    if (suffix === undefined || isAtOrBelow(entry.name, suffix)) yield toDumpEntry(entry);
  }
}

function toDumpEntry(entry: CacheEntryView): CacheDumpEntry {
  const name = nameToText(entry.name);
  switch (entry.kind) {
    case 'rrset': {
      const { rrset, credibility, provenance } = entry;
      const data = rdataOf(rrset).map((rdata) => rdataToText(rrset.type, rdata));
      const note = `${credibility} from ${provenance.server} for ${nameToText(provenance.zone)}`;
      return { kind: 'rrset', name, type: typeToText(rrset.type), ttl: rrset.ttl, data, note };
    }
    case 'denial': {
      const { kind, soa, provenance } = entry.denial;
      const note = `denied by ${provenance.server} for ${nameToText(provenance.zone)}`;
      return { kind, name, ...typeOf(entry.qtype), ttl: soa.ttl, data: [], note };
    }
    case 'failure': {
      const ttl = Math.ceil(entry.failure.retryInMs / 1000);
      return { kind: 'failure', name, ...typeOf(entry.qtype), ttl, data: [], note: entry.failure.why };
    }
    case 'delegation': {
      const data = entry.delegation.servers.map((server) => [nameToText(server.name), ...server.addresses].join(' '));
      return {
        kind: 'delegation',
        name,
        type: 'NS',
        ttl: Math.ceil(entry.expiresInMs / 1000),
        data,
        note: 'from the parent',
      };
    }
    default:
      return entry satisfies never;
  }
}

function typeOf(qtype: number | undefined): { type: string } | undefined {
  return qtype === undefined ? undefined : { type: typeToText(qtype) };
}
