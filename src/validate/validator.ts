/**
 * Judges one piece of evidence: is this set, or this denial, what the zone that it belongs to has signed, or may it be
 * unsigned (RFC 4035 §5)?
 *
 * The zone's keys come from chain-of-trust.ts, single signatures are verify.ts, denials denial.ts.
 */

import { ROOT, parentOf, prepend, type Name } from '../dns/name.ts';
import { Type } from '../dns/record-type.ts';
import type { RRset } from '../dns/rrset.ts';
import type { Evidence, Judgement, Shown } from '../query/evidence.ts';
import type { SecurityReason } from '../query/security.ts';
import { createChainOfTrust, type ChainAround, type ChainOfTrust, type Inquiry, type Trust } from './chain-of-trust.ts';
import { denialFrom, proveExpansion, proveNodata, proveNoDs, proveNxdomain, type Denial } from './denial.ts';
import type { Validating } from './policy.ts';
import type { Proof } from './proof.ts';
import { createCheckedProof, signersOf, whyNobodySigned } from './signers.ts';
import { verifyRRset } from './verify.ts';

export type Validator = {
  judge(evidence: Evidence, inquiry: Inquiry): Promise<Judgement>;
  readonly chain: ChainOfTrust;
};

/** How long a bogus answer is remembered. */
const BOGUS_MS = 60_000;

type SetEvidence = Evidence & { kind: 'set' };
type DenialEvidence = Evidence & { kind: 'denial' };
type Secure = Trust & { state: 'secure' };

export function createValidator(around: ChainAround): Validator {
  const { clock, policy, publicKeys, anchors } = around;
  const chain = createChainOfTrust(around);
  const nowSeconds = (): number => clock.wallMs() / 1000;
  const validating = ({ budget }: Inquiry): Validating => ({ policy, publicKeys, budget });

  return {
    chain,
    judge: (evidence, inquiry) =>
      evidence.kind === 'set' ? judgeSet(evidence, inquiry) : judgeDenial(evidence, inquiry),
  };

  async function judgeSet(evidence: SetEvidence, inquiry: Inquiry): Promise<Judgement> {
    const { set } = evidence;
    if (set.type === Type.RRSIG) return neverSigned(evidence);
    const place = placeOf(set.owner, set.type);
    const judge = (zone: Name, trust: Secure): Judgement => judgeSignedSet(evidence, zone, trust, inquiry);
    return judgeBySigner([set], place, evidence.zone, { owner: set.owner, type: set.type }, inquiry, judge);
  }

  function judgeSignedSet({ set, proof }: SetEvidence, zone: Name, trust: Secure, inquiry: Inquiry): Judgement {
    const verified = verifyRRset(set, trust.keys, zone, nowSeconds(), validating(inquiry));
    if (verified.kind === 'failed') return bogus(verified.reason, inquiry);
    const { closestEncloser } = verified;
    const notAfter = Math.min(trust.notAfter, clock.now() + verified.ttl * 1000);
    if (closestEncloser === undefined) return { security: { state: 'secure' }, notAfter, proof: [] };
    // RFC 4035 §5.3.4: an answer from a wildcard holds only where nothing closer to the name exists.
    const subject = { owner: set.owner, type: set.type };
    const owner = prepend('*', closestEncloser);
    const shown = { soa: undefined, wildcard: owner && { ...set, owner } };
    return judgeProof(proof, zone, trust, notAfter, subject, shown, inquiry, (denial) =>
      proveExpansion(set.owner, closestEncloser, denial, inquiry.budget),
    );
  }

  async function judgeDenial(evidence: DenialEvidence, inquiry: Inquiry): Promise<Judgement> {
    const { qname, qtype, soa, proof } = evidence;
    const signed = soa === undefined ? proof : [...proof, soa];
    const judge = (zone: Name, trust: Secure): Judgement => judgeSignedDenial(evidence, zone, trust, inquiry);
    return judgeBySigner(signed, placeOf(qname, qtype), evidence.zone, { owner: qname, type: qtype }, inquiry, judge);
  }

  function judgeSignedDenial(
    { denial: kind, qname, qtype, soa, proof }: DenialEvidence,
    zone: Name,
    trust: Secure,
    inquiry: Inquiry,
  ): Judgement {
    let { notAfter } = trust;
    if (soa !== undefined) {
      const verified = verifyRRset(soa, trust.keys, zone, nowSeconds(), validating(inquiry));
      if (verified.kind === 'failed') return bogus(verified.reason, inquiry);
      notAfter = Math.min(notAfter, clock.now() + verified.ttl * 1000);
    }
    const subject = { owner: qname, type: qtype };
    const { budget } = inquiry;
    const shown = { soa, wildcard: undefined };
    return judgeProof(proof, zone, trust, notAfter, subject, shown, inquiry, (denial) => {
      if (kind === 'nxdomain') return proveNxdomain(qname, denial, budget);
      // The root has no parent: its own NSEC is all there is.
      const isOfParent = qtype === Type.DS && qname !== ROOT;
      return isOfParent ? proveDsAbsent(qname, denial, inquiry) : proveNodata(qname, qtype, denial, budget);
    });
  }

  function judgeProof(
    proof: readonly RRset[],
    zone: Name,
    trust: Secure,
    until: number,
    subject: { owner: Name; type: number },
    beside: Pick<Shown, 'soa' | 'wildcard'>,
    inquiry: Inquiry,
    prove: (denial: Denial) => Proof,
  ): Judgement {
    const checked = createCheckedProof(trust.keys, zone, nowSeconds(), validating(inquiry));
    const shown = prove(denialFrom(zone, proof, policy, checked.holds));
    const { sets } = checked;
    const notAfter = Math.min(until, clock.now() + checked.ttl * 1000);
    // Nothing that came could be of use, so nothing was looked at: one of it is, to be able to say why.
    if (shown.kind === 'unproven' && sets.length === 0 && proof.length > 0) checked.holds(proof[0]);
    switch (shown.kind) {
      case 'proven':
        return { security: { state: 'secure' }, notAfter, proof: sets, shown: { zone, denials: sets, ...beside } };
      case 'insecure':
        return {
          security: { state: 'insecure', reason: { check: shown.check, zone, ...subject } },
          notAfter,
          proof: sets,
        };
      case 'unproven':
        return bogus(
          shown.check === 'work-budget' || checked.reason === undefined
            ? { check: shown.check, zone, ...subject }
            : checked.reason,
          inquiry,
        );
      default:
        return shown satisfies never;
    }
  }

  /** Finds the zone that signed, and its keys; or whether the sets may be without signature. */
  async function judgeBySigner(
    sets: readonly RRset[],
    place: Name,
    saidBy: Name,
    subject: { owner: Name; type: number },
    inquiry: Inquiry,
    judge: (zone: Name, trust: Secure) => Judgement,
  ): Promise<Judgement> {
    // A negative trust anchor may stand at any name, not only where a zone begins.
    const negative = anchors.negative(place);
    if (negative !== undefined) {
      return { security: { state: 'insecure', reason: negative.reason }, notAfter: negative.notAfter };
    }
    const signers = signersOf(sets, place);
    let failed: Judgement | undefined;
    for (const signer of signers) {
      const trust = await chain.of(signer, inquiry);
      // The signature of a zone without proven keys is worth no more than none: anybody can write it, and in the name
      // of a zone above one that has to sign.
      if (trust.state !== 'secure') continue;
      const judgement = judge(signer, trust);
      await inquiry.breathe();
      if (judgement.security.state !== 'bogus') return judgement;
      failed ??= judgement;
    }
    if (failed !== undefined) return failed;
    const trust = await chain.whereUnsigned(place, saidBy, inquiry);
    return trust.state === 'secure'
      ? bogus({ check: whyNobodySigned(sets), zone: saidBy, ...subject }, inquiry)
      : fromTrust(trust, saidBy, subject, inquiry);
  }

  function fromTrust(
    trust: Exclude<Trust, Secure>,
    zone: Name,
    subject: { owner: Name; type: number },
    inquiry: Inquiry,
  ): Judgement {
    // A signer that is no zone.
    if (trust.state === 'no-cut') return bogus({ check: 'signature-out-of-place', zone, ...subject }, inquiry);
    return { security: { state: trust.state, reason: trust.reason }, notAfter: trust.notAfter };
  }

  function bogus(reason: SecurityReason, { budget }: Inquiry): Judgement {
    // What was left of one query's budget is no property of the records.
    const isOfQuery = reason.check === 'work-budget' && budget.isSpent();
    return { security: { state: 'bogus', reason }, notAfter: isOfQuery ? 0 : clock.now() + BOGUS_MS };
  }
}

/** RFC 4035 §2.2: there is no RRSIG over RRSIG records. */
function neverSigned({ set: { owner, type }, zone }: SetEvidence): Judgement {
  const reason: SecurityReason = { check: 'never-signed', zone, owner, type };
  return { security: { state: 'insecure', reason }, notAfter: Infinity };
}

/** Whether it is a delegation or not: that there is no DS is what was asked. */
function proveDsAbsent(qname: Name, denial: Denial, { budget }: Inquiry): Proof {
  const shown = proveNoDs(qname, denial, budget);
  if (shown.kind === 'insecure' || shown.kind === 'unproven') return shown;
  return { kind: 'proven', closestEncloser: qname };
}

/** The name whose zone says it: DS belongs to the zone above the cut (RFC 4035 §2.4). */
function placeOf(owner: Name, type: number): Name {
  return type === Type.DS && owner !== ROOT ? parentOf(owner) : owner;
}
