/**
 * Reads master files (RFC 1035 §5, $TTL of RFC 2308 §4, generic records of RFC 3597 §5) into records.
 *
 * Every entry that is not sound is a problem with its line and its reason, and the others still come. Only class IN is
 * served. $INCLUDE is refused: zone text may come from a configuration or the API, which must not name files.
 */

import { ROOT, parseName, type Name } from './name.ts';
import { rdataFromText } from './presentation.ts';
import { isMetaType, parseType, Type } from './record-type.ts';
import { parsePeriod } from './text/fields.ts';
import { cutZoneText, type ZoneEntry, type ZoneProblem } from './text/zone-entries.ts';

export type { ZoneProblem } from './text/zone-entries.ts';

export type ZoneRecord = {
  readonly owner: Name;
  readonly type: number;
  readonly ttl: number;
  readonly rdata: Uint8Array;
  /** The line its entry begins on, from 1. */
  readonly line: number;
};

export type ZoneTextOptions = {
  /** What relative names are completed with until the first $ORIGIN; the root unless given. */
  readonly origin?: Name;
  /** As a $TTL before the first line. */
  readonly defaultTtl?: number;
};

/** RFC 2181 §8: a TTL has 31 bits. */
const MAX_TTL = 0x7fff_ffff;

/** What one entry hands to the next. */
type State = {
  origin: Name;
  owner: Name | undefined;
  /** Of $TTL. */
  defaultTtl: number | undefined;
  /** RFC 1035 §5.1: the last one stated, for records without one where there is no $TTL. */
  lastTtl: number | undefined;
};

export function parseZoneText(
  text: string,
  options: ZoneTextOptions = {},
): { records: ZoneRecord[]; problems: ZoneProblem[] } {
  const { entries, problems } = cutZoneText(text);
  const records: ZoneRecord[] = [];
  const state: State = {
    origin: options.origin ?? ROOT,
    owner: undefined,
    defaultTtl: options.defaultTtl,
    lastTtl: undefined,
  };
  for (const entry of entries) {
    const read =
      entry.words[0].startsWith('$') && !entry.isOwnerBlank ? readDirective(entry, state) : readRecord(entry, state);
    if (typeof read === 'string') problems.push({ line: entry.line, why: read });
    else if (read !== undefined) records.push(read);
  }
  return { records, problems: problems.sort((a, b) => a.line - b.line) };
}

function readDirective({ words }: ZoneEntry, state: State): string | undefined {
  const [directive, value, ...more] = words;
  switch (directive.toUpperCase()) {
    case '$INCLUDE':
      return '$INCLUDE is not read: put the records here';
    case '$ORIGIN': {
      if (value === undefined || more.length > 0) return '$ORIGIN takes one name';
      const origin = parseName(value, state.origin);
      if (typeof origin !== 'string') return origin.why;
      state.origin = origin;
      return undefined;
    }
    case '$TTL': {
      const ttl = value === undefined || more.length > 0 ? undefined : parsePeriod(value, MAX_TTL);
      if (ttl === undefined) return '$TTL takes one span of time below 2^31 seconds';
      state.defaultTtl = ttl;
      return undefined;
    }
    default:
      return `${directive} is not a directive that is read here ($ORIGIN, $TTL)`;
  }
}

/** `[owner] [TTL] [class] type RDATA`, TTL and class in either order. */
function readRecord({ line, isOwnerBlank, words }: ZoneEntry, state: State): ZoneRecord | string {
  let next = 0;
  if (!isOwnerBlank) {
    const owner = parseName(words[next++], state.origin);
    // The lines that follow belong to this owner, not to the one before it.
    state.owner = typeof owner === 'string' ? owner : undefined;
    if (typeof owner !== 'string') return owner.why;
  }
  const { owner } = state;
  if (owner === undefined) return 'the line has no owner, and there is no sound one before it';
  let ttl: number | undefined;
  let hasClass = false;
  for (; next < words.length; next++) {
    const word = words[next];
    if (ttl === undefined && /^[0-9]/.test(word)) {
      ttl = parsePeriod(word, MAX_TTL);
      if (ttl === undefined) return `${word} is not a TTL below 2^31 seconds`;
    } else if (!hasClass && CLASS.test(word)) {
      if (!IN.test(word)) return `class ${word} is not served, only IN`;
      hasClass = true;
    } else break;
  }
  const type = next < words.length ? parseType(words[next]) : undefined;
  if (type === undefined) return next < words.length ? `${words[next]} is not a type` : 'the type is missing';
  if (isMetaType(type)) return `${words[next]} is not a type of records in a zone`;
  const rdata = rdataFromText(type, words.slice(next + 1), state.origin);
  if (!(rdata instanceof Uint8Array)) return `${words[next]}: ${rdata.why}`;
  ttl ??= state.defaultTtl ?? state.lastTtl ?? (type === Type.SOA ? soaMinimum(rdata) : undefined);
  if (ttl === undefined) return 'it has no TTL, and no $TTL or TTL stands before it';
  state.lastTtl = ttl;
  return { owner, type, ttl, rdata, line };
}
const CLASS = /^(?:IN|CH|HS|CS|ANY|NONE|CLASS[0-9]{1,5})$/i;
const IN = /^(?:IN|CLASS0*1)$/i;

/** RFC 2308 §4: before $TTL, MINIMUM was the default TTL, and a zone without either still means that. */
function soaMinimum(rdata: Uint8Array): number | undefined {
  const [octets, at] = [rdata, rdata.length - 4];
  const minimum = ((octets[at] << 24) | (octets[at + 1] << 16) | (octets[at + 2] << 8) | octets[at + 3]) >>> 0;
  return minimum <= MAX_TTL ? minimum : undefined;
}
