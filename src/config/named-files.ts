/**
 * The files that a configuration names, checked before the daemon starts with them: root hints and trust anchors have
 * to be there and sound (problems), a hosts file may come later, since it is watched (warnings).
 */

import { readFileSync, statSync } from 'node:fs';
import { Type } from '../dns/record-type.ts';
import { parseZoneText } from '../dns/zone-text.ts';
import type { ZoneRecord } from '../dns/zone-text.ts';
import { delegationFromHints } from '../iterate/root-hints.ts';
import type { Objection } from './explain-issue.ts';
import type { Config } from './schema.ts';

export type FileReading =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'unreadable'; readonly why: string };

export type ReadFile = (file: string) => FileReading;

export function checkNamedFiles(config: Config, read: ReadFile): { problems: Objection[]; warnings: Objection[] } {
  const { hints } = config.roots;
  const { trustAnchors } = config.dnssec;
  const anchors: FileReading =
    trustAnchors.kind === 'file' ? read(trustAnchors.path) : { kind: 'text', text: trustAnchors.lines.join('\n') };
  const anchorsFile = trustAnchors.kind === 'file' ? `${trustAnchors.path}: ` : '';
  return {
    problems: [
      ...object(['roots', 'hints'], `${hints}: `, zoneTextProblem(read(hints), lacksRootServers)),
      ...object(['dnssec', 'trustAnchors'], anchorsFile, zoneTextProblem(anchors, lacksTrustAnchors)),
      ...object(['controlSocket'], `${config.controlSocket}: `, socketPathProblem(config.controlSocket)),
    ],
    warnings: config.local.hostsFiles.flatMap((file, i) => {
      const reading = read(file);
      return object(['local', 'hostsFiles', i], `${file}: `, reading.kind === 'text' ? undefined : reading.why);
    }),
  };
}

function object(path: readonly PropertyKey[], file: string, why: string | undefined): Objection[] {
  return why === undefined ? [] : [{ path, at: 'value', reason: `${file}${why}`, remedy: '' }];
}

function zoneTextProblem(
  reading: FileReading,
  lacks: (records: readonly ZoneRecord[]) => string | undefined,
): string | undefined {
  if (reading.kind === 'unreadable') return reading.why;
  const { records, problems } = parseZoneText(reading.text, { defaultTtl: 3600 });
  if (problems.length > 0) return `line ${problems[0].line}: ${problems[0].why}`;
  return lacks(records);
}

function lacksRootServers(records: readonly ZoneRecord[]): string | undefined {
  const { servers } = delegationFromHints(records);
  if (servers.length === 0) return 'it names no root server (NS records of .)';
  const isReachable = servers.some(({ addresses }) => addresses.length > 0);
  return isReachable ? undefined : 'it has no address of a root server (A or AAAA records)';
}

function lacksTrustAnchors(records: readonly ZoneRecord[]): string | undefined {
  const other = records.find(({ type }) => type !== Type.DS && type !== Type.DNSKEY);
  if (other) return `line ${other.line}: a trust anchor is a DS or DNSKEY record`;
  return records.length > 0 ? undefined : 'it has no DS or DNSKEY record';
}

/** unix(7): the address of a socket has room for 108 octets, the last of them zero. */
function socketPathProblem(path: string): string | undefined {
  return Buffer.byteLength(path) > 107 ? 'the path of a socket has at most 107 bytes' : undefined;
}

export function readTextFile(file: string): FileReading {
  try {
    const status = statSync(file);
    // A pipe or a terminal could keep us waiting for ever, a huge file fill the memory.
    if (status.isDirectory()) return { kind: 'unreadable', why: 'it is a directory' };
    if (!status.isFile()) return { kind: 'unreadable', why: 'it is not an ordinary file' };
    if (status.size > MAX_FILE_OCTETS) {
      return { kind: 'unreadable', why: `it has ${status.size} bytes, and ${MAX_FILE_OCTETS} are the most` };
    }
    return { kind: 'text', text: readFileSync(file, 'utf8') };
  } catch (error) {
    return { kind: 'unreadable', why: unreadableText(error) };
  }
}
const MAX_FILE_OCTETS = 64 * 1024 * 1024;

function unreadableText(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  switch (code) {
    case 'ENOENT':
      return 'there is no such file';
    case 'EACCES':
    case 'EPERM':
      return 'permission to read it is denied';
    default:
      return `it cannot be read (${code})`;
  }
}
