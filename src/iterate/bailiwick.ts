/**
 * May this server say this? Decides for every record of a response whether it is taken, and as what.
 *
 * Pure. A server that was asked as one of `zone`'s may speak of names at or below `zone`, and only of those that the
 * question leads to; the rest is dropped, not cached (RFC 2181 §5.4.1, RFC 5452 §6). What is taken:
 *
 * | section    | record                 | taken as   | when its owner is                                               |
 * | ---------- | ---------------------- | ---------- | --------------------------------------------------------------- |
 * | answer     | any data type          | `answer`   | at or below `zone` (alias.ts keeps those on the alias chain)     |
 * | authority  | NS                     | `cut`      | below `zone`, at or above QNAME (a referral downward)            |
 * | authority  | NS                     | `wrong-cut`| anything else (upward, sideways, itself): decides lameness only  |
 * | authority  | SOA                    | `soa`      | at or below `zone`, at or above QNAME                            |
 * | authority  | DS                     | `ds`       | below `zone`, at or above QNAME (it comes with a referral)        |
 * | authority  | NSEC, NSEC3            | `proof`    | at or below `zone` (what it proves is for validate/ to say)      |
 * | authority  | anything else          | –          |                                                                 |
 * | additional | A, AAAA                | `glue`     | at or below `zone` (servers.ts keeps those of the cut's servers)    |
 * | additional | anything else          | –          |                                                                 |
 *
 * A signature (RRSIG) is taken where a set of the type it covers would be, and goes with that set.
 *
 * NS records of the zone itself that ride along with an answer are not taken: where a zone is served is decided by its
 * parent, so that neither a child can keep itself alive (ghost domains) nor an extra record move a zone elsewhere.
 */

import { isAtOrBelow, isBelow, type Name } from '../dns/name.ts';
import { Class, Type, isMetaType } from '../dns/record-type.ts';
import type { Section } from '../dns/wire/message-view.ts';

/** Whom we asked, and what. */
export type Asked = {
  readonly zone: Name;
  readonly qname: Name;
  readonly qtype: number;
  /** A forwarder walks for us; it has nothing to refer to. */
  readonly isForwarder: boolean;
};

export type Admission =
  | { readonly kind: 'answer' | 'cut' | 'wrong-cut' | 'soa' | 'ds' | 'proof' | 'glue' }
  | { readonly kind: 'refused'; readonly why: string };

const ANSWER: Admission = { kind: 'answer' };
const CUT: Admission = { kind: 'cut' };
const WRONG_CUT: Admission = { kind: 'wrong-cut' };
const SOA: Admission = { kind: 'soa' };
const DS: Admission = { kind: 'ds' };
const PROOF: Admission = { kind: 'proof' };
const GLUE: Admission = { kind: 'glue' };
const NOT_IN_CLASS: Admission = { kind: 'refused', why: 'class is not IN' };
const META: Admission = { kind: 'refused', why: 'a type that is no data' };
const OUT_OF_ZONE: Admission = { kind: 'refused', why: 'outside the zone of the server' };
const BESIDE_THE_POINT: Admission = { kind: 'refused', why: 'beside the question' };

export function admitRecord(section: Section, owner: Name, type: number, recordClass: number, asked: Asked): Admission {
  if (recordClass !== Class.IN) return NOT_IN_CLASS;
  if (isMetaType(type)) return META;
  switch (section) {
    case 'answer':
      return isAtOrBelow(owner, asked.zone) ? ANSWER : OUT_OF_ZONE;
    case 'authority':
      if (type === Type.NS) {
        return isBelow(owner, asked.zone) && isAtOrBelow(asked.qname, owner) ? CUT : WRONG_CUT;
      }
      return isAtOrBelow(owner, asked.zone) ? admitAuthority(owner, type, asked) : OUT_OF_ZONE;
    case 'additional':
      if (type !== Type.A && type !== Type.AAAA) return BESIDE_THE_POINT;
      return isAtOrBelow(owner, asked.zone) ? GLUE : OUT_OF_ZONE;
    default:
      return section satisfies never;
  }
}

function admitAuthority(owner: Name, type: number, { zone, qname }: Asked): Admission {
  switch (type) {
    case Type.SOA:
      return isAtOrBelow(qname, owner) ? SOA : BESIDE_THE_POINT;
    case Type.DS:
      return owner !== zone && isAtOrBelow(qname, owner) ? DS : BESIDE_THE_POINT;
    case Type.NSEC:
    case Type.NSEC3:
      return PROOF;
    default:
      return BESIDE_THE_POINT;
  }
}
