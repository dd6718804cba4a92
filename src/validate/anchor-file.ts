/**
 * The text in which the states of trust anchors are kept between runs: JSON for people to read, with a checksum, read
 * strictly. What cannot be read in every part is not used in any: a half-read file could forget that a key is revoked.
 */

import { nameToText, parseName } from '../dns/name.ts';
import { seal, unseal } from '../system/kept-file.ts';
import type { AnchorKey, AnchorKeyState, ZoneAnchors } from './anchor-state.ts';
import { isRevoked, isSecureEntryPoint, isZoneKey, readDnskey, type Dnskey } from './dnskey.ts';

const FORMAT = 'rootwalk trust anchors 1';
const MOST_ZONES = 100;
const MOST_KEYS = 100;
const states: Readonly<Record<AnchorKeyState, { readonly endsAt: boolean }>> = {
  'add-pending': { endsAt: true },
  valid: { endsAt: false },
  missing: { endsAt: false },
  revoked: { endsAt: true },
  removed: { endsAt: false },
};

export function writeAnchorFile(zones: readonly ZoneAnchors[]): string {
  const content = zones.map(({ zone, keys, dueAt }) => ({
    zone: nameToText(zone),
    nextLook: dateOf(dueAt),
    keys: keys.map(({ key, state, since, until }) => ({
      tag: key.tag,
      algorithm: key.algorithm,
      state,
      since: dateOf(since),
      ...(until !== undefined && { until: dateOf(until) }),
      dnskey: Buffer.from(key.rdata).toString('base64'),
    })),
  }));
  return seal(FORMAT, content);
}

export function readAnchorFile(text: string): { readonly zones: readonly ZoneAnchors[] } | { readonly why: string } {
  const unsealed = unseal(FORMAT, text);
  if ('why' in unsealed) return unsealed;
  const { content } = unsealed;
  if (!Array.isArray(content) || content.length > MOST_ZONES) return { why: 'it holds no list of zones' };
  const zones = content.map(readZone);
  return zones.every((zone) => zone !== undefined) ? { zones } : { why: 'a zone or key in it cannot be read' };
}

type Fields = Readonly<Record<string, unknown>>;

function readZone(entry: unknown): ZoneAnchors | undefined {
  const { zone, keys, nextLook } = fieldsOf(entry);
  const name = typeof zone === 'string' ? parseName(zone) : undefined;
  const dueAt = secondsOf(nextLook);
  if (typeof name !== 'string' || dueAt === undefined || !Array.isArray(keys) || keys.length > MOST_KEYS)
    return undefined;
  const read = keys.map(readKey);
  return read.every((key) => key !== undefined) ? { zone: name, dueAt, keys: read } : undefined;
}

function readKey(entry: unknown): AnchorKey | undefined {
  const { state, since, until, dnskey } = fieldsOf(entry);
  const key = typeof dnskey === 'string' ? keyFrom(dnskey) : undefined;
  const sinceSeconds = secondsOf(since);
  if (key === undefined || sinceSeconds === undefined || !isState(state)) return undefined;
  if (!states[state].endsAt) return { key, state, since: sinceSeconds };
  const untilSeconds = secondsOf(until);
  return untilSeconds === undefined ? undefined : { key, state, since: sinceSeconds, until: untilSeconds };
}

/** As the state machine takes them: those that may be trust anchors, without the flag of revocation. */
function keyFrom(base64: string): Dnskey | undefined {
  const key = readDnskey(new Uint8Array(Buffer.from(base64, 'base64')));
  return key !== undefined && isZoneKey(key) && isSecureEntryPoint(key) && !isRevoked(key) ? key : undefined;
}

function isState(value: unknown): value is AnchorKeyState {
  return typeof value === 'string' && Object.hasOwn(states, value);
}

function fieldsOf(entry: unknown): Fields {
  return typeof entry === 'object' && entry !== null ? (entry as Fields) : {};
}

function dateOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}

function secondsOf(text: unknown): number | undefined {
  const ms = typeof text === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms / 1000;
}
