/**
 * The kinds of value that are written as text in the configuration: sockets, servers, prefixes, names, sizes.
 * Each turns its text into the value that the rooms use, or says what is wrong with it and what would be right.
 */

import { isIP } from 'node:net';
import { z } from 'zod';
import { parsePrefix } from '../access/prefix.ts';
import { addressFromText, addressToText } from '../dns/address.ts';
import { parseName } from '../dns/name.ts';
import type { Name } from '../dns/name.ts';
import { parseZoneText } from '../dns/zone-text.ts';

/** An address and port of ours or of a server; an IPv6 address without brackets. */
export type Endpoint = { readonly address: string; readonly port: number };
/** A server whose port may be left to `iteration.serverPort`. */
export type ServerAddress = { readonly address: string; readonly port: number | undefined };

type Refusal = { readonly reason: string; readonly remedy: string };
type Reading<Value> = { readonly value: Value } | Refusal;

/** Text that `read` turns into a value; its refusal becomes a problem of the configuration. */
function textAs<Value>(read: (text: string) => Reading<Value>) {
  return z.string().transform((text, context): Value => {
    const reading = read(text);
    if ('value' in reading) return reading.value;
    context.addIssue({ code: 'custom', message: reading.reason, params: { remedy: reading.remedy } });
    return z.NEVER;
  });
}

export const listenAddress = () => textAs(readListenAddress);
export const serverAddress = () => textAs(readServerAddress);
export const prefix = () => textAs(readPrefix);
export const domainName = () => textAs(readDomainName);
export const zoneRecord = () => textAs(readZoneRecord);
/** As seconds since 1970. */
export const moment = () => textAs(readMoment);

/** A number of bytes: plain, or with KiB, MiB or GiB behind it. */
export function byteSize(least: number, most: number) {
  return z.union([z.int(), z.string()]).transform((given, context): number => {
    const octets = typeof given === 'number' ? given : readSize(given);
    if (octets !== undefined && octets >= least && octets <= most) return octets;
    const remedy = `write a size from ${sizeText(least)} to ${sizeText(most)}`;
    const message =
      octets === undefined ? `${JSON.stringify(given)} is not a size` : `${sizeText(octets)} is out of range`;
    context.addIssue({ code: 'custom', message, params: { remedy } });
    return z.NEVER;
  });
}

export function sizeText(octets: number): string {
  for (const [unit, factor] of UNITS) if (octets >= factor && octets % factor === 0) return `${octets / factor}${unit}`;
  return String(octets);
}

const UNITS: readonly (readonly [string, number])[] = [
  ['GiB', 2 ** 30],
  ['MiB', 2 ** 20],
  ['KiB', 2 ** 10],
];

function readSize(text: string): number | undefined {
  const match = /^([0-9]{1,15})\s*(|B|KiB|MiB|GiB)$/i.exec(text.trim());
  if (!match) return undefined;
  const factor = UNITS.find(([unit]) => unit.toLowerCase() === match[2].toLowerCase())?.[1] ?? 1;
  return Number(match[1]) * factor;
}

function readListenAddress(text: string): Reading<Endpoint> {
  const remedy = 'write address:port, an IPv6 address in brackets: "127.0.0.1:53", "[::1]:53"';
  const parts = splitEndpoint(text);
  if (!parts || isIP(parts.address) === 0) return { reason: `${JSON.stringify(text)} is not address:port`, remedy };
  if (parts.port === undefined) return { reason: `${JSON.stringify(text)} has no port`, remedy };
  // Port 0 lets the system choose a free one, as tests want it; the readiness message names it.
  if (parts.port > 65535) return { reason: `${parts.port} is not a port`, remedy: 'ports go from 0 to 65535' };
  return { value: { address: canonicalAddress(parts.address), port: parts.port } };
}

function readServerAddress(text: string): Reading<ServerAddress> {
  const remedy = 'write an address, or one with its port: "192.0.2.1", "192.0.2.1:5353", "[2001:db8::1]:5353"';
  const parts = isIP(text) === 0 ? splitEndpoint(text) : { address: text, port: undefined };
  if (!parts || isIP(parts.address) === 0) {
    return { reason: `${JSON.stringify(text)} is not the address of a server`, remedy };
  }
  const { port } = parts;
  if (port === 0 || (port !== undefined && port > 65535)) {
    return { reason: `${port} is not a port to send to`, remedy: 'ports go from 1 to 65535' };
  }
  return { value: { address: canonicalAddress(parts.address), port } };
}

/** One text for one address, since addresses are keys elsewhere; a zone index (`fe80::1%eth0`) stays as written. */
function canonicalAddress(text: string): string {
  const octets = addressFromText(text);
  return octets ? addressToText(octets) : text;
}

/** `address`, `address:port`, `[address]`, `[address]:port`; what stands for the address is not looked at. */
function splitEndpoint(text: string): { address: string; port: number | undefined } | undefined {
  const match = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::([0-9]{1,5}))?$/.exec(text);
  if (!match) return undefined;
  // Brackets are for IPv6 alone (RFC 3986 §3.2.2).
  if (match[1] !== undefined && isIP(match[1]) !== 6) return undefined;
  return { address: match[1] ?? match[2], port: match[3] === undefined ? undefined : Number(match[3]) };
}

/** The text as written, once it is known to be a prefix: the rooms that compare addresses read it by the same function. */
function readPrefix(text: string): Reading<string> {
  const parsed = parsePrefix(text);
  if (parsed.kind !== 'bad-prefix') return { value: text };
  return { reason: parsed.why, remedy: 'write address/length: "192.0.2.0/24", "2001:db8::/32"' };
}

function readDomainName(text: string): Reading<Name> {
  const parsed = parseName(text);
  if (typeof parsed === 'string') return { value: parsed };
  return { reason: parsed.why, remedy: 'write a domain name as in a zone file: "example.com", "." for the root' };
}

/** A date is the beginning of that day in UTC; a time says its zone, since a server's is nobody's business. */
function readMoment(text: string): Reading<number> {
  const isMoment = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d))?$/.test(text);
  const ms = isMoment ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(ms)) return { value: Math.round(ms / 1000) };
  return { reason: `${JSON.stringify(text)} is not a date`, remedy: 'write it as 2027-01-31 or 2027-01-31T12:00Z' };
}

/** RFC 1035 §5.1 gives a record without a TTL that of the one before; a line that stands alone has this one. */
export const DEFAULT_RECORD_TTL = 3600;

function readZoneRecord(text: string): Reading<string> {
  const { records, problems } = parseZoneText(text, { defaultTtl: DEFAULT_RECORD_TTL });
  const remedy = 'write a line as in a zone file: "nas.example. 3600 A 192.0.2.7"';
  if (problems.length > 0) return { reason: problems[0].why, remedy };
  return records.length > 0 ? { value: text } : { reason: `${JSON.stringify(text)} holds no record`, remedy };
}
