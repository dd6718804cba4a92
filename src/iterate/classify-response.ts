/**
 * Says what one response from a server means for the walk: an answer, an alias, a referral further down, a denial, or
 * a server that cannot be used for this question.
 *
 * Pure: reads the response and what was asked. What to do about the meaning is ask-zone.ts and walk.ts; whether the
 * records may be believed is bailiwick.ts.
 *
 * RFC 1034 §5.3.3 step 4; RFC 2308 §2 for the shapes a denial takes. Careless servers that people meet keep working:
 * an answer without AA is taken, an empty NOERROR without SOA is NODATA (nothing to cache it by), and an NS set that
 * does not lead down makes the server lame for the question, not the zone dead.
 */

import { ROOT, isAtOrBelow, isBelow, nameFromWire, nameToText, type Name } from '../dns/name.ts';
import { Rcode, Type, rcodeToText } from '../dns/record-type.ts';
import { rdataOf, type RRset } from '../dns/rrset.ts';
import type { MessageView } from '../dns/wire/message-view.ts';
import { aliasAt, type AliasLink, type FindRRset } from './alias.ts';
import type { Asked } from './bailiwick.ts';
import { collect, type Collected, type Refusal } from './collect.ts';

export type LameReason =
  | 'upward-referral'
  | 'sideways-referral'
  | 'self-referral'
  | 'referral-without-glue'
  | 'refused'
  | 'not-authoritative'
  | 'recursive-only'
  | 'no-recursion';

export type Meaning =
  | {
      readonly kind: 'answer';
      readonly links: readonly AliasLink[];
      readonly sets: readonly RRset[];
      readonly isAuthoritative: boolean;
      /** Addresses that came along; only priming uses them (RFC 9609 §4.1). */
      readonly glue: readonly RRset[];
      readonly proof: readonly RRset[];
    }
  | {
      readonly kind: 'alias';
      readonly links: readonly AliasLink[];
      readonly target: Name;
      readonly isAuthoritative: boolean;
      readonly proof: readonly RRset[];
    }
  | { readonly kind: 'yxdomain'; readonly links: readonly AliasLink[]; readonly dname: RRset }
  | {
      readonly kind: 'referral';
      readonly cut: RRset;
      readonly glue: readonly RRset[];
      readonly ds: RRset | undefined;
      readonly proof: readonly RRset[];
    }
  | { readonly kind: 'nodata' | 'nxdomain'; readonly soa: RRset | undefined; readonly proof: readonly RRset[] }
  | { readonly kind: 'lame'; readonly why: LameReason; readonly detail: string }
  /** An answer section in which nothing answers the question. */
  | { readonly kind: 'malformed'; readonly detail: string }
  | { readonly kind: 'server-failure' | 'format-error'; readonly rcode: number }
  | { readonly kind: 'truncated' };

export type Classified = { readonly meaning: Meaning; readonly refused: readonly Refusal[] };

/** More links than this in one response are not followed within it; the walk asks again from there. */
const MAX_LINKS_PER_RESPONSE = 11;

const NOTHING_REFUSED: readonly Refusal[] = [];

export function classifyResponse(message: MessageView, asked: Asked): Classified {
  const early = withoutRecords(message);
  if (early !== undefined) return { meaning: early, refused: NOTHING_REFUSED };
  const collected = collect(message, asked);
  const meaning = fromAnswer(message, asked, collected) ?? withoutAnswer(message, asked, collected);
  return { meaning, refused: collected.refused };
}

/** What the header alone decides. */
function withoutRecords(message: MessageView): Meaning | undefined {
  const { rcode } = message;
  switch (rcode) {
    case Rcode.NOERROR:
    case Rcode.NXDOMAIN:
    case Rcode.YXDOMAIN:
      return message.isTruncated ? { kind: 'truncated' } : undefined;
    case Rcode.FORMERR:
    case Rcode.NOTIMP:
    case Rcode.BADVERS:
      return { kind: 'format-error', rcode };
    case Rcode.REFUSED:
      return { kind: 'lame', why: 'refused', detail: 'REFUSED' };
    case Rcode.NOTAUTH:
      return { kind: 'lame', why: 'not-authoritative', detail: 'NOTAUTH' };
    default:
      return { kind: 'server-failure', rcode };
  }
}

function fromAnswer(message: MessageView, asked: Asked, { answer, glue, proof }: Collected): Meaning | undefined {
  if (answer.length === 0) return undefined;
  const find = finderIn(answer);
  const hasDname = answer.some((set) => set.type === Type.DNAME);
  const links: AliasLink[] = [];
  const isAuthoritative = message.isAuthoritative;
  let sname = asked.qname;
  for (;;) {
    const step = aliasAt(sname, asked.qtype, asked.zone, find, hasDname);
    // RFC 6672 §3.1: below a DNAME the answer to a question for CNAME is the one that is made from it.
    if (asked.qtype === Type.CNAME && step.kind === 'link') {
      return { kind: 'answer', links: [...links, step.link], sets: [], isAuthoritative, glue, proof };
    }
    const sets = found(find(sname, asked.qtype));
    if (sets.length > 0) return { kind: 'answer', links, sets, isAuthoritative, glue, proof };
    if (step.kind === 'too-long') return { kind: 'yxdomain', links, dname: step.dname };
    if (step.kind === 'none' || links.length === MAX_LINKS_PER_RESPONSE) break;
    links.push(step.link);
    sname = step.link.target;
    // An alias that comes back to a name it has left: whoever walks it sees the loop.
    if (links.some((link) => link.owner === sname)) break;
  }
  return links.length > 0 ? { kind: 'alias', links, target: sname, isAuthoritative, proof } : undefined;
}

/** A response has one or two sets, or is made to have thousands. */
const MAX_SEARCHED = 8;

function finderIn(sets: readonly RRset[]): FindRRset {
  if (sets.length <= MAX_SEARCHED) return (owner, type) => sets.find((set) => set.type === type && set.owner === owner);
  const index = new Map(sets.map((set) => [keyOf(set.owner, set.type), set]));
  return (owner, type) => index.get(keyOf(owner, type));
}

function keyOf(owner: Name, type: number): string {
  return String.fromCharCode(type) + owner;
}

const found = (set: RRset | undefined): RRset[] => (set === undefined ? [] : [set]);

function withoutAnswer(
  message: MessageView,
  asked: Asked,
  { cuts, wrongCuts, soa, glue, ds, proof }: Collected,
): Meaning {
  if (message.rcode === Rcode.YXDOMAIN) return { kind: 'server-failure', rcode: Rcode.YXDOMAIN };
  if (message.rcode === Rcode.NXDOMAIN) return { kind: 'nxdomain', soa, proof };
  if (soa !== undefined) return { kind: 'nodata', soa, proof };
  const cut = deepest(cuts);
  if (cut !== undefined) {
    if (asked.isForwarder) {
      return { kind: 'lame', why: 'no-recursion', detail: 'a referral from a server that should recurse' };
    }
    if (leadsNowhere(cut, glue)) {
      const detail = `a referral to ${nameToText(cut.owner)} without the addresses of its servers`;
      return { kind: 'lame', why: 'referral-without-glue', detail };
    }
    return { kind: 'referral', cut, glue, ds: ds.find(({ owner }) => owner === cut.owner), proof };
  }
  // Records that cannot be used say that there are some: it would be a lie to call that NODATA.
  if (message.answerCount > 0) return { kind: 'malformed', detail: 'an answer section without an answer' };
  if (!message.isAuthoritative && !asked.isForwarder) {
    const wrong = wrongCuts[0];
    if (wrong !== undefined) return wrongReferral(wrong, asked.zone);
    if (message.recursionAvailable) {
      return { kind: 'lame', why: 'recursive-only', detail: 'an empty answer from a recursive server' };
    }
  }
  return { kind: 'nodata', soa: undefined, proof };
}

function deepest(cuts: readonly RRset[]): RRset | undefined {
  return cuts.reduce<RRset | undefined>(
    (best, cut) => (best === undefined || isBelow(cut.owner, best.owner) ? cut : best),
    undefined,
  );
}

/** RFC 9471 §2.1: servers that are all named in the zone itself can only be found by glue; another server may have it. */
function leadsNowhere(cut: RRset, glue: readonly RRset[]): boolean {
  const servers = rdataOf(cut).map((rdata) => nameFromWire(rdata));
  return (
    servers.every((server) => isAtOrBelow(server, cut.owner)) && !glue.some(({ owner }) => servers.includes(owner))
  );
}

/** RFC 1034 §5.3.3 step 4b: a delegation must be closer to the name than the one we hold. */
function wrongReferral(cut: Name, zone: Name): Meaning {
  const why: LameReason =
    cut === zone ? 'self-referral' : cut === ROOT || isBelow(zone, cut) ? 'upward-referral' : 'sideways-referral';
  return { kind: 'lame', why, detail: `${why.replace('-', ' ')} to ${nameToText(cut)}` };
}

/** In words, for the record of the walk. */
export function meaningToText(meaning: Meaning): string {
  switch (meaning.kind) {
    case 'answer':
      return meaning.links.length > 0 ? `by ${meaning.links.length} alias${meaning.links.length > 1 ? 'es' : ''}` : '';
    case 'alias':
      return `to ${nameToText(meaning.target)}`;
    case 'yxdomain':
      return 'the DNAME makes a name longer than 255 octets';
    case 'referral':
      return `to ${nameToText(meaning.cut.owner)}`;
    case 'nodata':
    case 'nxdomain':
      return meaning.soa === undefined ? 'without SOA' : '';
    case 'lame':
    case 'malformed':
      return meaning.detail;
    case 'server-failure':
    case 'format-error':
      return rcodeToText(meaning.rcode);
    case 'truncated':
      return '';
    default:
      return meaning satisfies never;
  }
}
