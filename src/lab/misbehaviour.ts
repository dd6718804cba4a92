/**
 * What servers do wrong, as data: a closed set of deeds, each of which may be limited to some queries, in a list that
 * is applied from first to last. So a scenario, the demo and the benchmarks say what they mean in one line.
 *
 * Only the words are here; misbehave.ts carries them out on one response, lab-server.ts keeps count.
 */

import { name, type Name } from '../dns/name.ts';
import { Rcode } from '../dns/record-type.ts';
import type { RRset } from '../dns/rrset.ts';
import type { Section } from '../dns/wire/message-view.ts';
import type { ResponseDraft } from './authoritative.ts';
import type { JunkKind } from './junk.ts';

export type Misbehaviour =
  | (Deed & { readonly only?: Condition })
  /** What happens to a connection before any query is read. */
  | { readonly kind: 'tcp'; readonly manner: 'refuses' | 'hangs' | 'closes' }
  /** The port is closed: the network says so. */
  | { readonly kind: 'udp'; readonly manner: 'refuses' };

/** Every part that is given must hold. */
export type Condition = {
  readonly qname?: Name;
  readonly atOrBelow?: Name;
  readonly qtype?: number;
  readonly transport?: 'udp' | 'tcp';
  readonly withEdns?: boolean;
  /** Only the first so many queries that meet the other parts. */
  readonly first?: number;
};

/** A server as a referral names it, with the addresses sent along. */
export type NamedServer = { readonly name: Name; readonly addresses: readonly string[] };

export type Deed =
  | { readonly kind: 'silent' }
  | { readonly kind: 'delay'; readonly ms: number }
  /** Of every `of` queries the first `lost` get no response. */
  | { readonly kind: 'loss'; readonly lost: number; readonly of: number }
  | { readonly kind: 'wrong-id' }
  | { readonly kind: 'wrong-source'; readonly part: 'address' | 'port' }
  | { readonly kind: 'letter-case'; readonly change: 'lower' | 'flip' }
  /** The question that comes back is another one. */
  | { readonly kind: 'wrong-question'; readonly qname: Name }
  /** TC over UDP, and no records. */
  | { readonly kind: 'truncates' }
  /** No records, and this RCODE (REFUSED, SERVFAIL, NOTIMP, NOTAUTH, …). */
  | { readonly kind: 'rcode'; readonly rcode: number }
  /** EDNS unaware and strict: such a query gets this RCODE, without OPT (RFC 6891 §7). */
  | { readonly kind: 'rejects-edns'; readonly rcode: number }
  /** A middlebox that knows EDNS as an attack: such a query gets nothing. */
  | { readonly kind: 'drops-edns' }
  /** EDNS unaware and lenient: answers without OPT, in 512 octets. */
  | { readonly kind: 'ignores-edns' }
  | { readonly kind: 'not-authoritative' }
  /** Refers to `to` whatever is asked: upward, sideways, to itself, or round in a loop. */
  | { readonly kind: 'refers'; readonly to: Name; readonly servers?: readonly NamedServer[] }
  /** The glue of a referral has these addresses, once right. */
  | { readonly kind: 'stale-glue'; readonly addresses: readonly string[] }
  /** A referral comes without its glue. */
  | { readonly kind: 'omits-glue' }
  | { readonly kind: 'denies-empty-non-terminals' }
  | { readonly kind: 'omits-soa' }
  /** Fills the response up to so many octets and sends it, whatever size was asked for. */
  | { readonly kind: 'huge'; readonly octets: number }
  /** Adds sets that nobody asked for. */
  | { readonly kind: 'forges'; readonly section: Section; readonly rrsets: readonly RRset[] }
  /** Sends these first, each a datagram (or a message on a connection) of its own. */
  | { readonly kind: 'junk'; readonly before: readonly JunkKind[] }
  /** Says something else; for what has a name, there is a deed of its own. */
  | { readonly kind: 'redrafts'; readonly change: (draft: ResponseDraft) => ResponseDraft }
  /** Sends whatever `make` gives in place of the response. */
  | { readonly kind: 'octets'; readonly make: (query: Uint8Array, response: Uint8Array) => Uint8Array };

/** Limits a deed to some queries. */
export function only(condition: Condition, deed: Deed): Misbehaviour {
  return { ...deed, only: condition };
}

/* The words that scenarios are told in. */

export const silent: Deed = { kind: 'silent' };
export const wrongId: Deed = { kind: 'wrong-id' };
export const lowersCase: Deed = { kind: 'letter-case', change: 'lower' };
export const flipsCase: Deed = { kind: 'letter-case', change: 'flip' };
export const truncates: Deed = { kind: 'truncates' };
export const dropsEdns: Deed = { kind: 'drops-edns' };
export const ignoresEdns: Deed = { kind: 'ignores-edns' };
export const formatErrorOnEdns: Deed = { kind: 'rejects-edns', rcode: Rcode.FORMERR };
export const notAuthoritative: Deed = { kind: 'not-authoritative' };
export const deniesEmptyNonTerminals: Deed = { kind: 'denies-empty-non-terminals' };
export const omitsSoa: Deed = { kind: 'omits-soa' };
export const omitsGlue: Deed = { kind: 'omits-glue' };
export const refuses: Deed = { kind: 'rcode', rcode: Rcode.REFUSED };
export const failsAlways: Deed = { kind: 'rcode', rcode: Rcode.SERVFAIL };
export const tcpRefused: Misbehaviour = { kind: 'tcp', manner: 'refuses' };
export const tcpHangs: Misbehaviour = { kind: 'tcp', manner: 'hangs' };
export const tcpCloses: Misbehaviour = { kind: 'tcp', manner: 'closes' };
export const udpRefused: Misbehaviour = { kind: 'udp', manner: 'refuses' };

export function delays(ms: number): Deed {
  return { kind: 'delay', ms };
}
export function loses(lost: number, of: number): Deed {
  return { kind: 'loss', lost, of };
}
export function answersFrom(part: 'address' | 'port'): Deed {
  return { kind: 'wrong-source', part };
}
export function says(rcode: number): Deed {
  return { kind: 'rcode', rcode };
}
/** `servers` by name, with the addresses sent along. */
export function refersTo(zone: string, servers?: Readonly<Record<string, readonly string[]>>): Deed {
  if (servers === undefined) return { kind: 'refers', to: name(zone) };
  const named = Object.entries(servers).map(([server, addresses]) => ({ name: name(server), addresses }));
  return { kind: 'refers', to: name(zone), servers: named };
}
export function sendsFirst(...before: JunkKind[]): Deed {
  return { kind: 'junk', before };
}
export function forges(section: Section, ...rrsets: RRset[]): Deed {
  return { kind: 'forges', section, rrsets };
}
