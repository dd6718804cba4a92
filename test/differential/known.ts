/** Where rootwalk and Unbound answer differently and both may: each with its reason. */

import { Flag } from '../../src/dns/wire/compose.ts';
import { breakageOfDenials } from '../../src/lab/breakage-of-denials.ts';
import { breakageOfHashedDenials } from '../../src/lab/breakage-of-hashed-denials.ts';
import type { Disagreement, Outcome } from './against-unbound.ts';

type Known = { readonly why: string; readonly applies: (found: Disagreement) => boolean };

const isSameButAd = ({ ours, theirs }: Disagreement): boolean =>
  JSON.stringify({ ...ours, ad: true }) === JSON.stringify(theirs);
const asksFor = ({ question }: Disagreement, type: string): boolean => question.text.endsWith(` ${type}`);
const isAliasAt = (line: string, qname: string): boolean => line.startsWith(`${qname} CNAME `);
/** AD is told only to those who ask for it. */
const mayBeSecure = ({ question }: Disagreement, { ad }: Outcome): boolean =>
  ad || (!question.dnssecOk && (question.flags & Flag.AD) === 0);
const isNotBelieved = ({ rcode }: Outcome): boolean => rcode === 'SERVFAIL';

const denials = new Set([...Object.keys(breakageOfDenials), ...Object.keys(breakageOfHashedDenials)]);

const known: readonly Known[] = [
  {
    why: 'RFC 6672 §3.1: the CNAME made from a DNAME is the answer to a question for CNAME; Unbound follows it nevertheless',
    applies: (found) => asksFor(found, 'CNAME') && found.ours.answer.some((line) => line.includes(' DNAME ')),
  },
  {
    why: 'Unbound 1.17 proves a wildcard alias and the denial behind it in another zone as one, and fails ("cnamenoanswer proof failed"); each link by itself is proven, or insecure',
    applies: ({ ours, theirs }) =>
      isNotBelieved(theirs) &&
      !isNotBelieved(ours) &&
      ours.answer.length > 0 &&
      ours.answer.every((line) => / (C|D)NAME /.test(line)),
  },
  {
    why: 'RFC 8482 §4.2: ANY is answered with one HINFO record',
    applies: (found) => asksFor(found, 'ANY') && /^\S+ HINFO "RFC8482" ""$/.test(found.ours.answer.join()),
  },
  {
    why: 'RFC 4035 §3.2.2: a client that sets CD checks for itself, so nothing is checked for it; Unbound checks and says so',
    applies: (found) => (found.question.flags & Flag.CD) !== 0 && isSameButAd(found),
  },
  {
    why: 'Unbound 1.17 takes a name that begins with an asterisk for the wildcard that was signed ("signature crypto failed"), though another one was expanded to it',
    applies: ({ question, ours, theirs }) =>
      question.text.startsWith('*.') && isNotBelieved(theirs) && !isNotBelieved(ours),
  },
  {
    why: 'Unbound 1.17 denies a name that sorts between the apex and the wildcard from the NSEC that spans it, and does not look at the wildcard',
    applies: ({ question, ours, theirs }) =>
      question.text.startsWith('\\000.') &&
      theirs.rcode === 'NOERROR' &&
      theirs.answer.length === 0 &&
      // The signatures that RRSIG asks for are not compared, and those of the wildcard may be broken.
      (ours.answer.length > 0 || question.text.endsWith(' RRSIG') || isNotBelieved(ours)),
  },
  {
    why: 'RFC 4035 §2.5: RRSIG and NSEC stand beside a CNAME; who has the alias in the cache answers with it nevertheless',
    applies: (found) =>
      (asksFor(found, 'RRSIG') || asksFor(found, 'NSEC')) &&
      [...found.ours.answer, ...found.theirs.answer].some((line) => isAliasAt(line, found.question.text.split(' ')[0])),
  },
  {
    why: 'the zone has signed a name as if it were the wildcard, beside the true one: either answers for other names, whichever was met first',
    applies: ({ broken, ours, theirs }) =>
      broken.includes('wildcard-pretended') && !isNotBelieved(ours) && !isNotBelieved(theirs),
  },
  {
    why: 'an NSEC record that was expanded from a wildcard is not believed here, for whatever purpose (RFC 4592 §4.8 sees no use in one)',
    applies: (found) => asksFor(found, 'NSEC') && isNotBelieved(found.ours) && /labels|no signature/.test(found.why),
  },
  {
    why: 'Unbound 1.17 takes a question for DNAME below a DNAME for a zone whose DS it should find ("DS got DNAME answer")',
    applies: (found) =>
      asksFor(found, 'DNAME') &&
      isNotBelieved(found.theirs) &&
      found.ours.answer.some((line) => line.includes(' DNAME ')),
  },
  {
    why: 'RFC 5011 §2.1: a revoked key serves no purpose; Unbound heeds REVOKE in trust anchors alone',
    applies: ({ broken, ours, theirs, why }) =>
      broken.includes('key-revoked') && isNotBelieved(ours) && !isNotBelieved(theirs) && why.startsWith('no key of '),
  },
  {
    why: 'RFC 4509 §3: a DS by SHA-1 is ignored beside one by SHA-256; Unbound takes either unless told otherwise',
    applies: ({ broken, ours, why }) =>
      broken.includes('ds-sha1-right-beside-wrong-sha256') && isNotBelieved(ours) && why.startsWith('no key of '),
  },
  {
    why: 'RFC 9276 §3.2: more than 50 iterations are not computed here, more than 150 not by Unbound',
    applies: ({ broken, ours, theirs }) =>
      broken.some((kind) => kind.startsWith('nsec3-iterations')) &&
      !ours.ad &&
      JSON.stringify({ ...theirs, ad: false }) === JSON.stringify(ours),
  },
  {
    why: 'Unbound takes the NSEC of a cut for that of an unsigned delegation, below which nothing need be proven',
    applies: ({ broken, ours, theirs }) =>
      broken.includes('nsec-of-a-cut-for-names-below') && isNotBelieved(ours) && !isNotBelieved(theirs) && !theirs.ad,
  },
  {
    why: 'RFC 6840 §4.1: an NSEC that the zone above has signed says nothing of names below the cut; Unbound believes it once it has been asked for by itself',
    applies: ({ broken, ours }) => broken.some((kind) => kind.startsWith('nsec-of-the-parent')) && isNotBelieved(ours),
  },
  {
    why: 'RFC 2308 §5: an NXDOMAIN holds for every type of the name, also where a server says it wrongly in an insecure zone; Unbound asks for each type anew',
    applies: ({ broken, ours, theirs }) =>
      broken.some((kind) => kind.endsWith('-told-as-nxdomain')) &&
      ours.rcode === 'NXDOMAIN' &&
      theirs.rcode === 'NOERROR' &&
      !ours.ad &&
      !theirs.ad,
  },
  {
    why: 'Unbound looks for DS at empty non-terminals above a zone, and their denial is broken; here the signed DS that came with the referral is enough',
    applies: ({ brokenAbove, ours, theirs }) =>
      brokenAbove.some((kind) => denials.has(kind) || /^(denial|soa)-/.test(kind)) &&
      isNotBelieved(theirs) &&
      !isNotBelieved(ours),
  },
  {
    why: 'RFC 9156 §2.3: an NXDOMAIN to a minimised question is asked again in full; Unbound believes that it ends the name',
    applies: ({ broken, ours, theirs }) =>
      broken.some((kind) => kind.endsWith('-told-as-nxdomain')) &&
      ours.rcode === 'NOERROR' &&
      ours.answer.length === 0 &&
      (isNotBelieved(theirs) || theirs.rcode === 'NXDOMAIN'),
  },
  {
    why: 'RFC 8198: Unbound had the part of the proof that the server leaves out from another question',
    applies: (found) =>
      found.broken.some((kind) => /-without-|-missing/.test(kind)) &&
      isNotBelieved(found.ours) &&
      mayBeSecure(found, found.theirs) &&
      / prove /.test(found.why),
  },
  {
    why: 'RFC 8198: the part of the proof that the server leaves out was known here from another question',
    applies: (found) =>
      found.broken.some((kind) => /-without-|-missing/.test(kind)) &&
      isNotBelieved(found.theirs) &&
      mayBeSecure(found, found.ours),
  },
  {
    why: 'RFC 4035 §3.2.2: a client that sets CD gets what was found in the broken zone, which is not the same each time; Unbound remembers what it did not believe as a failure',
    applies: ({ question, broken, ours }) => (question.flags & Flag.CD) !== 0 && broken.length > 0 && !ours.ad,
  },
  {
    why: 'Unbound 1.17 answers for a name with the alias that it met at a name above it',
    applies: ({ question, ours, theirs }) =>
      ours.rcode === 'NXDOMAIN' &&
      theirs.rcode === 'NXDOMAIN' &&
      theirs.answer.length > 0 &&
      theirs.answer.every((line) => line.includes(' CNAME ')) &&
      theirs.answer.some((line) => question.text.includes(`.${line.split(' ')[0]} `)),
  },
  {
    why: 'RFC 4035 §5.4: what is proven is not what the RCODE says; Unbound corrects the RCODE',
    applies: ({ broken, ours, theirs }) =>
      broken.some((kind) => kind.endsWith('-told-as-nxdomain')) &&
      isNotBelieved(ours) &&
      theirs.rcode === 'NOERROR' &&
      theirs.answer.length === 0,
  },
  {
    why: 'Unbound was still trying after longer than any client waits',
    applies: ({ theirs }) => theirs.rcode === 'timeout',
  },
];

export function explanation(found: Disagreement): string | undefined {
  return known.find(({ applies }) => applies(found))?.why;
}
