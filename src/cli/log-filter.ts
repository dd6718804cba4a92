/**
 * Which lines of the query log `rootwalk log` shows: reads what was written behind the options, or says what is wrong
 * with it, and holds a line against it. Pure.
 */

import { BlockList, isIP } from 'node:net';
import { nearest } from '../config/nearest.ts';
import { isAtOrBelow, parseName, type Name } from '../dns/name.ts';
import { Rcode, parseType, typeToText } from '../dns/record-type.ts';
import type { LogLine } from '../observe/log-line.ts';
import type { Source } from '../query/reply.ts';

/** As written on the command line. */
export type FilterWords = {
  readonly client?: string | undefined;
  readonly name?: string | undefined;
  readonly rcode?: string | undefined;
  readonly source?: string | undefined;
  readonly type?: string | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly failed?: boolean | undefined;
};

export type LogFilter = {
  /** Every line has to pass each of them. */
  readonly tests: readonly ((line: LogLine) => boolean)[];
  readonly sinceMs: number | undefined;
  readonly untilMs: number | undefined;
};

export function parseFilter(words: FilterWords, nowMs: number): LogFilter | { readonly why: string } {
  const tests: ((line: LogLine) => boolean)[] = [];
  const parts: [string | undefined, (text: string) => Part][] = [
    [words.client, parseClient],
    [words.name, parseNameSuffix],
    [words.rcode, parseRcode],
    [words.source, parseSource],
    [words.type, parseTypeName],
  ];
  for (const [text, parse] of parts) {
    const part = text === undefined ? undefined : parse(text);
    if (typeof part === 'object') return part;
    if (part) tests.push(part);
  }
  if (words.failed === true) tests.push(hasFailed);
  const since = parseMoment('--since', words.since, nowMs);
  if (typeof since === 'object') return since;
  const until = parseMoment('--until', words.until, nowMs);
  if (typeof until === 'object') return until;
  if (since !== undefined && until !== undefined && since > until) return { why: '--since is later than --until' };
  return { tests, sinceMs: since, untilMs: until };
}

export function passes(line: LogLine, filter: LogFilter): boolean {
  if (filter.sinceMs !== undefined || filter.untilMs !== undefined) {
    const at = Date.parse(line.last ?? line.time);
    if (filter.sinceMs !== undefined && !(at >= filter.sinceMs)) return false;
    if (filter.untilMs !== undefined && !(Date.parse(line.time) <= filter.untilMs)) return false;
  }
  return filter.tests.every((test) => test(line));
}

type Part = ((line: LogLine) => boolean) | { readonly why: string };

/** An address or a prefix. */
function parseClient(text: string): Part {
  const [address, length, more] = text.split('/');
  const version = isIP(address);
  const bits = version === 4 ? 32 : 128;
  const prefix = length === undefined ? bits : /^\d{1,3}$/.test(length) ? Number(length) : -1;
  if (version === 0 || more !== undefined || prefix < 0 || prefix > bits) {
    return { why: `--client ${JSON.stringify(text)} is neither an address nor a prefix like 192.0.2.0/24` };
  }
  const list = new BlockList();
  const family = version === 4 ? 'ipv4' : 'ipv6';
  list.addSubnet(address, prefix, family);
  // The list would take an IPv4 address for one in ::ffff:0:0/96.
  return ({ client }) => isIP(client) === version && list.check(client, family);
}

/** A name, and everything below it. */
function parseNameSuffix(text: string): Part {
  const suffix = parseName(text);
  if (typeof suffix !== 'string') return { why: `--name ${suffix.why}` };
  let lastText: string | undefined;
  let lastName: Name | undefined;
  return ({ qname }) => {
    if (qname === undefined) return false;
    if (qname !== lastText) {
      const name = parseName(qname);
      lastText = qname;
      lastName = typeof name === 'string' ? name : undefined;
    }
    return lastName !== undefined && isAtOrBelow(lastName, suffix);
  };
}

function parseRcode(text: string): Part {
  const wanted = text.toUpperCase();
  if (!Object.hasOwn(Rcode, wanted) && !/^RCODE\d+$/.test(wanted)) {
    return { why: `--rcode: there is no response code ${JSON.stringify(text)}${orRather(wanted, Object.keys(Rcode))}` };
  }
  return ({ rcode }) => rcode === wanted;
}

/** Stands here as a value; a source that is missing does not compile. */
const sources: Readonly<Record<Source, true>> = {
  cache: true,
  negative: true,
  synthesised: true,
  'failure-cache': true,
  stale: true,
  local: true,
  hosts: true,
  'special-use': true,
  stub: true,
  forward: true,
  recursion: true,
  rule: true,
};

function parseSource(text: string): Part {
  if (!Object.hasOwn(sources, text)) {
    const all = Object.keys(sources);
    return { why: `--source: answers come from ${all.join(', ')}${orRather(text, all)}` };
  }
  return ({ source }) => source === text;
}

function parseTypeName(text: string): Part {
  const type = parseType(text);
  if (type === undefined) return { why: `--type: there is no record type ${JSON.stringify(text)}` };
  const wanted = typeToText(type);
  return ({ qtype }) => qtype === wanted;
}

/** Got no answer: an error, a refusal, or nothing at all. That a name does not exist is an answer. */
function hasFailed({ rcode, dropped }: Pick<LogLine, 'rcode' | 'dropped'>): boolean {
  return dropped !== undefined || (rcode !== 'NOERROR' && rcode !== 'NXDOMAIN');
}

const UNIT_MS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/** `10m`, `2h`: before now. `2026-11-25`, `2026-11-25T10:00`: in the machine's time zone, as `date` shows it, unless a zone is given. */
function parseMoment(option: string, text: string | undefined, nowMs: number): number | undefined | { why: string } {
  if (text === undefined) return undefined;
  const span = /^(\d{1,9})([smhdw])$/.exec(text);
  if (span) return nowMs - Number(span[1]) * UNIT_MS[span[2] as keyof typeof UNIT_MS];
  const moment = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)(Z|[+-]\d\d:\d\d)?)?$/.exec(text);
  if (moment) {
    // A date without a time would be read as UTC, with one as local time: always local is what people mean.
    const ms = Date.parse(`${moment[1]}T${moment[2] ?? '00:00'}${moment[3] ?? ''}`);
    if (!Number.isNaN(ms)) return ms;
  }
  const examples = '30s, 10m, 2h, 3d, 2026-11-25, 2026-11-25T10:00, 2026-11-25T10:00:00Z';
  return { why: `${option} ${JSON.stringify(text)} is no time; times are written like ${examples}` };
}

function orRather(text: string, all: readonly string[]): string {
  const meant = nearest(text, all);
  return meant === undefined ? '' : `; did you mean ${meant}?`;
}
