/**
 * Says who we are to those who ask in class CH: `version.bind` and `version.server`, `hostname.bind` and `id.server`
 * (RFC 4892 §3), as configured.
 *
 * What is configured as empty is nobody's business and is refused, as is every other name of class CH. Whether the
 * client may ask at all has been decided before.
 */

import { ErrorCode } from '../dns/extended-error.ts';
import { isLoopback } from '../dns/ip-address.ts';
import { name, type Name } from '../dns/name.ts';
import { Class, Rcode, Type } from '../dns/record-type.ts';
import { rrset, type RRset } from '../dns/rrset.ts';
import type { Reply } from '../query/reply.ts';
import { PASS, type Stage } from '../query/stage.ts';

/** Text to show; empty where it is not to be told. */
export type ServerIdentity = {
  readonly version: string;
  /** False: nobody chose to tell it, so it is told to this machine alone, where an operator asks. */
  readonly isVersionForAll: boolean;
  readonly hostname: string;
};

export function createServerIdentity({ version, isVersionForAll, hostname }: ServerIdentity): Stage {
  const versionNames = [name('version.bind.'), name('version.server.')];
  const texts = new Map<Name, string>([
    ...versionNames.map((one): [Name, string] => [one, version]),
    [name('hostname.bind.'), hostname],
    [name('id.server.'), hostname],
  ]);
  const mayBeTold = (qname: Name, address: string): boolean =>
    isVersionForAll || isLoopback(address) || !versionNames.includes(qname);
  return ({ question: { qname, qtype, qclass }, client }) => {
    if (qclass !== Class.CH) return PASS;
    const text = mayBeTold(qname, client.address) ? (texts.get(qname) ?? '') : '';
    return { kind: 'reply', reply: text === '' ? refusal : identityReply(qname, qtype, text) };
  };
}

const refusal: Reply = {
  rcode: Rcode.REFUSED,
  isAuthoritative: false,
  answer: [],
  authority: [],
  errors: [{ code: ErrorCode.PROHIBITED, text: 'this name of class CH is not told' }],
  source: 'rule',
};

function identityReply(qname: Name, qtype: number, text: string): Reply {
  const wantsText = qtype === Type.TXT || qtype === Type.ANY;
  return {
    rcode: Rcode.NOERROR,
    isAuthoritative: true,
    answer: wantsText ? [textRecord(qname, text)] : [],
    authority: [],
    errors: [],
    source: 'local',
  };
}

function textRecord(owner: Name, text: string): RRset {
  const octets = Buffer.from(text, 'utf8');
  const strings: number[] = [];
  // RFC 1035 §3.3: a character-string has at most 255 octets.
  for (let at = 0; at < octets.length; at += 255) {
    const piece = octets.subarray(at, at + 255);
    strings.push(piece.length, ...piece);
  }
  // RFC 4892 §3: TTL 0, for the next answer may come from another server.
  return rrset(owner, Type.TXT, 0, [Uint8Array.from(strings)]);
}
