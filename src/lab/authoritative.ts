/**
 * Answers one query from a set of zones as an authoritative server does (RFC 1034 §4.3.2, RFC 2308 §2 and §3,
 * RFC 6891, RFC 9471): query octets in, response octets out.
 *
 * Pure, in two halves with a `ResponseDraft` between them, so that misbehaviour can change what is said before it is
 * put into octets: `draftResponse` decides what to say, `encodeResponse` fits it into the size that is allowed.
 * What one zone holds is zone.ts. Signatures and proofs of denials go to those who set DO (RFC 4035 §3.1); the draft has
 * them in any case. Transfers and updates are not served.
 */

import { DEFAULT_PAYLOAD_SIZE, LEAST_PAYLOAD_SIZE, OPT_OCTETS } from '../dns/edns.ts';
import { isAtOrBelow, nameFromWire, type Name } from '../dns/name.ts';
import { Class, Opcode, Rcode, Type, isMetaType } from '../dns/record-type.ts';
import { firstRdata, rdataOf, withTtl, type RRset } from '../dns/rrset.ts';
import { Flag, MAX_MESSAGE_OCTETS, MessageComposer, addOpt } from '../dns/wire/compose.ts';
import { HEADER_OCTETS, MessageView, readMessage } from '../dns/wire/message-view.ts';
import type { DenialPart } from './denial-proof.ts';
import type { Zone, ZoneSet } from './zone.ts';

export type Transport = 'udp' | 'tcp';

export type DraftQuestion = {
  /** Uncompressed, with the letter case that the response shall have. */
  readonly wireName: Uint8Array;
  readonly qtype: number;
  readonly qclass: number;
};

/** What a response says, before its octets. */
export type ResponseDraft = {
  readonly id: number;
  readonly opcode: number;
  readonly recursionDesired: boolean;
  readonly isAuthoritative: boolean;
  /** TC whatever the size. */
  readonly isTruncated: boolean;
  /** Extended codes of RFC 6891 §6.1.3 included. */
  readonly rcode: number;
  /** What the zones held, for misbehaviour that depends on it. */
  readonly meaning: 'answer' | 'referral' | 'nodata' | 'empty-non-terminal' | 'nxdomain' | 'refused' | 'rejected';
  readonly question: DraftQuestion | undefined;
  readonly answer: readonly RRset[];
  readonly authority: readonly RRset[];
  /** NSEC and NSEC3 sets, sent in the authority section where DO is set. */
  readonly proof: readonly DenialPart[];
  /** Sets that have to be there or TC is set: the glue of a referral (RFC 9471 §3.1). */
  readonly glue: readonly RRset[];
  /** Sets that are left out when they do not fit. */
  readonly additional: readonly RRset[];
  /** The OPT record to send. */
  readonly edns: { readonly dnssecOk: boolean; readonly payloadSize: number } | undefined;
};

/** RFC 1034 §3.6.2 leaves the number of aliases open; a loop inside the zones must still end. */
const MAX_ALIASES = 16;
/** Shared, as no message is composed while another is. */
const composer = new MessageComposer();

/** The response, or undefined where none is due: a response was sent to us, or less than a header. */
export function answerQuery(octets: Uint8Array, zones: ZoneSet, transport: Transport): Uint8Array | undefined {
  const query = readMessage(octets);
  if (!(query instanceof MessageView)) return formatError(octets);
  if (query.isResponse) return undefined;
  const draft = draftResponse(query, zones);
  return encodeResponse(draft, responseLimit(query, transport));
}

/** RFC 6891 §6.2.3: the client's size, at least 512; and never more than crosses ordinary paths unfragmented. */
export function responseLimit(query: MessageView, transport: Transport): number {
  if (transport === 'tcp') return MAX_MESSAGE_OCTETS;
  const asked = query.opt()?.payloadSize ?? LEAST_PAYLOAD_SIZE;
  return Math.min(Math.max(asked, LEAST_PAYLOAD_SIZE), DEFAULT_PAYLOAD_SIZE);
}

/** FORMERR from the header alone. */
export function formatError(octets: Uint8Array): Uint8Array | undefined {
  if (octets.length < HEADER_OCTETS || octets[2] & 0x80) return undefined;
  const flags = Flag.QR | ((octets[2] & 0x79) << 8) | Rcode.FORMERR;
  composer.begin({ id: (octets[0] << 8) | octets[1], flags }, LEAST_PAYLOAD_SIZE);
  return composer.finish();
}

export function draftResponse(query: MessageView, zones: ZoneSet): ResponseDraft {
  const blank = blankDraft(query);
  const rejection = rejectionOf(query);
  if (rejection !== undefined) return { ...blank, rcode: rejection };
  const qname = query.qname();
  const zone = zones.find(qname, query.qtype);
  if (zone === undefined) return { ...blank, rcode: Rcode.REFUSED, meaning: 'refused' };
  return draftFromZone({ ...blank, rcode: Rcode.NOERROR, isAuthoritative: true }, zones, zone, qname, query.qtype);
}

function blankDraft(query: MessageView): ResponseDraft {
  const opt = query.opt();
  const hasQuestion = query.questionCount === 1;
  return {
    id: query.id,
    opcode: query.opcode,
    recursionDesired: query.recursionDesired,
    isAuthoritative: false,
    isTruncated: false,
    rcode: Rcode.FORMERR,
    meaning: 'rejected',
    question: hasQuestion
      ? {
          wireName: query.octets.slice(HEADER_OCTETS, query.questionEnd - 4),
          qtype: query.qtype,
          qclass: query.qclass,
        }
      : undefined,
    answer: [],
    authority: [],
    proof: [],
    glue: [],
    additional: [],
    edns: opt && { dnssecOk: opt.dnssecOk, payloadSize: DEFAULT_PAYLOAD_SIZE },
  };
}

/** The RCODE for what is no plain question, or undefined where it is one. */
function rejectionOf(query: MessageView): number | undefined {
  if (query.opcode !== Opcode.QUERY) return Rcode.NOTIMP;
  if (query.questionCount !== 1 || query.hasBadOpt) return Rcode.FORMERR;
  if ((query.opt()?.version ?? 0) > 0) return Rcode.BADVERS;
  if (query.qclass !== Class.IN) return Rcode.REFUSED;
  if (query.qtype === Type.AXFR || query.qtype === Type.IXFR) return Rcode.REFUSED;
  if (isMetaType(query.qtype) && query.qtype !== Type.ANY) return Rcode.NOTIMP;
  return undefined;
}

/** RFC 1034 §4.3.2: from the zone, starting again at the target of each alias while it leads to a zone we serve. */
function draftFromZone(draft: ResponseDraft, zones: ZoneSet, first: Zone, qname: Name, qtype: number): ResponseDraft {
  const answer: RRset[] = [];
  const proof: DenialPart[] = [];
  const visited = new Set<Name>();
  let zone: Zone | undefined = first;
  let sname = qname;
  while (zone !== undefined && !visited.has(sname) && visited.size < MAX_ALIASES) {
    visited.add(sname);
    const found = zone.lookup(sname, qtype);
    proof.push(...zone.prove(sname, found));
    if (found.kind !== 'alias') return { ...concluded(draft, zones, zone, found, answer), proof };
    answer.push(...found.rrsets);
    sname = found.target;
    zone = zones.find(sname, qtype);
  }
  return { ...draft, meaning: 'answer', answer, proof };
}

function concluded(
  draft: ResponseDraft,
  zones: ZoneSet,
  zone: Zone,
  found: Exclude<ReturnType<Zone['lookup']>, { kind: 'alias' }>,
  aliases: readonly RRset[],
): ResponseDraft {
  switch (found.kind) {
    case 'answer':
      return {
        ...draft,
        meaning: 'answer',
        answer: [...aliases, ...found.rrsets],
        additional: found.rrsets.flatMap((set) => addressesOfTargets(zones, zone, set)),
      };
    case 'alias-too-long':
      return { ...draft, meaning: 'answer', rcode: Rcode.YXDOMAIN, answer: [...aliases, ...found.rrsets] };
    case 'referral':
      return {
        ...draft,
        meaning: 'referral',
        // RFC 1034 §4.1: AA speaks of the first owner name, so it stays where an alias came before the referral.
        isAuthoritative: aliases.length > 0,
        answer: aliases,
        // RFC 4035 §3.1: records of DNSSEC that were not asked for go only to those who set DO.
        authority: found.ds !== undefined && wantsDnssec(draft) ? [found.ns, found.ds] : [found.ns],
        glue: found.glue,
      };
    case 'nodata': {
      const meaning = found.isEmptyNonTerminal ? 'empty-non-terminal' : 'nodata';
      return { ...draft, meaning, answer: aliases, authority: denialSoa(zone) };
    }
    case 'nxdomain':
      return { ...draft, meaning: 'nxdomain', rcode: Rcode.NXDOMAIN, answer: aliases, authority: denialSoa(zone) };
    default:
      return found satisfies never;
  }
}

function wantsDnssec(draft: ResponseDraft): boolean {
  return draft.edns?.dnssecOk === true;
}

/** RFC 2308 §3: the SOA that goes with a denial has the lesser of its own TTL and its MINIMUM field. */
function denialSoa(zone: Zone): readonly RRset[] {
  if (zone.soa === undefined) return [];
  const rdata = firstRdata(zone.soa);
  const minimum = Buffer.from(rdata.buffer, rdata.byteOffset, rdata.length).readUInt32BE(rdata.length - 4);
  return [withTtl(zone.soa, Math.min(zone.soa.ttl, minimum))];
}

/** Where the name of a server stands in RDATA (RFC 1035 §3.3.9 and §3.3.11, RFC 2782). */
const targetOffset = new Map<number, number>([
  [Type.NS, 0],
  [Type.MX, 2],
  [Type.SRV, 6],
]);

/** RFC 1034 §4.3.2 step 6: from this zone, its glue included, or from another that we serve. */
function addressesOfTargets(zones: ZoneSet, zone: Zone, set: RRset): readonly RRset[] {
  const offset = targetOffset.get(set.type);
  if (offset === undefined) return [];
  const sets = rdataOf(set).flatMap((rdata) => {
    const target = nameFromWire(rdata, offset);
    const here = isAtOrBelow(target, zone.apex) ? zone.addresses(target) : [];
    return here.length > 0 ? here : (zones.find(target, Type.A)?.addresses(target) ?? []);
  });
  return [...new Set(sets)];
}

/** The octets of a draft, at most `limit`; what does not fit is left out, with TC where it was needed. */
export function encodeResponse(draft: ResponseDraft, limit: number): Uint8Array {
  composer.begin({ id: draft.id, flags: 0 }, limit);
  if (draft.question !== undefined) {
    composer.question(draft.question.wireName, draft.question.qtype, draft.question.qclass);
  }
  if (draft.edns !== undefined) composer.reserve(OPT_OCTETS);
  const isSigned = wantsDnssec(draft);
  const withSignatures = (sets: readonly RRset[]): readonly RRset[] => (isSigned ? sets.flatMap(signed) : sets);
  const proof = isSigned ? [...new Set(draft.proof.map(({ set }) => set))] : [];
  const isWhole =
    !draft.isTruncated &&
    addAll('answer', withSignatures(draft.answer)) &&
    addAll('authority', withSignatures([...draft.authority, ...proof])) &&
    addAll('additional', withSignatures(draft.glue));
  if (isWhole) addAll('additional', withSignatures(draft.additional));
  if (draft.edns !== undefined) {
    composer.release(OPT_OCTETS);
    const { payloadSize, dnssecOk } = draft.edns;
    addOpt(composer, {
      payloadSize,
      extendedRcode: draft.rcode >> 4,
      version: 0,
      dnssecOk,
      options: new Uint8Array(0),
    });
  }
  composer.setFlags(flagsOf(draft, !isWhole));
  return composer.finish();
}

/** The set, and the RRSIG records that cover it, with its TTL (RFC 4034 §3). */
function signed(set: RRset): RRset[] {
  if (set.signatures === undefined) return [set];
  return [set, { owner: set.owner, type: Type.RRSIG, ttl: set.ttl, ...set.signatures }];
}

/** False as soon as a set does not fit; those before it stay. */
function addAll(section: 'answer' | 'authority' | 'additional', sets: readonly RRset[]): boolean {
  return sets.every((set) => composer.addRRset(section, set, set.ttl));
}

function flagsOf(draft: ResponseDraft, isTruncated: boolean): number {
  return (
    Flag.QR |
    (draft.opcode << 11) |
    (draft.isAuthoritative ? Flag.AA : 0) |
    (isTruncated ? Flag.TC : 0) |
    (draft.recursionDesired ? Flag.RD : 0) |
    (draft.rcode & 0x0f)
  );
}
