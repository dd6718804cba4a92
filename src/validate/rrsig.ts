/**
 * Reads RRSIG records (RFC 4034 §3) and decides, before any cryptography, whether one may be a signature of a set: does
 * it stand in the right place, and is it the time for it (RFC 4035 §5.3.1).
 */

import { ancestorWithLabels, isAtOrBelow, isWildcard, labelCount, nameFromWire, type Name } from '../dns/name.ts';
import { Type } from '../dns/record-type.ts';
import type { RRset } from '../dns/rrset.ts';
import { OctetSource } from '../dns/text/octets.ts';
import type { SecurityCheck } from '../query/security.ts';
import type { ClockSkew } from './policy.ts';

export type Rrsig = {
  readonly typeCovered: number;
  readonly algorithm: number;
  readonly labels: number;
  readonly originalTtl: number;
  /** Seconds since 1970 modulo 2^32. */
  readonly expiration: number;
  readonly inception: number;
  readonly keyTag: number;
  readonly signer: Name;
  readonly signature: Uint8Array;
  readonly rdata: Uint8Array;
};

/** Octets of RRSIG RDATA before the signer's name. */
export const RRSIG_FIXED_OCTETS = 18;

/** Undefined when the octets have not the shape of an RRSIG. */
export function readRrsig(rdata: Uint8Array): Rrsig | undefined {
  const from = new OctetSource(rdata);
  const fixed = from.take(RRSIG_FIXED_OCTETS);
  const signer = from.name();
  if (fixed === undefined || signer === undefined) return undefined;
  const view = new DataView(fixed.buffer, fixed.byteOffset, fixed.length);
  return {
    typeCovered: view.getUint16(0),
    algorithm: view.getUint8(2),
    labels: view.getUint8(3),
    originalTtl: view.getUint32(4),
    expiration: view.getUint32(8),
    inception: view.getUint32(12),
    keyTag: view.getUint16(16),
    signer: nameFromWire(signer),
    signature: from.rest(),
    rdata,
  };
}

/**
 * RFC 4035 §5.3.1, the part that is not about time: the zone itself signs, what stands in it, under the owner's name or
 * under the wildcard that it was expanded from.
 */
export function standsInPlace(signature: Rrsig, set: RRset, zone: Name): boolean {
  if (signature.typeCovered !== set.type || signature.signer !== zone) return false;
  if (!isAtOrBelow(set.owner, zone) || !isOnItsSideOfTheCut(set, zone)) return false;
  const labels = labelsToSign(set.owner);
  if (signature.labels > labels) return false;
  // A wildcard of more than the zone: with fewer labels than the signer has, `*.` of the zone's parent would be
  // signed, and one zone could speak for its siblings.
  if (signature.labels < labelCount(zone)) return false;
  return signature.labels === labels || mayBeExpanded(set.type);
}

/** RFC 4035 §2.4: the DS of a zone is its parent's to sign; its keys (§5.3.1) stand at its apex and nowhere else. */
function isOnItsSideOfTheCut(set: RRset, zone: Name): boolean {
  if (set.type === Type.DS) return set.owner !== zone;
  return set.type !== Type.DNSKEY || set.owner === zone;
}

/**
 * Denials and keys are no data that a wildcard could stand for: an NSEC of `*.example.` expanded to another owner would
 * span names that it never spanned.
 */
function mayBeExpanded(type: number): boolean {
  return type !== Type.NSEC && type !== Type.NSEC3 && type !== Type.DNSKEY && type !== Type.DS && type !== Type.SOA;
}

/** RFC 4034 §3.1.3: neither the root label nor a leading asterisk counts. */
function labelsToSign(owner: Name): number {
  return labelCount(owner) - (isWildcard(owner) ? 1 : 0);
}

/** RFC 4035 §5.3.4: where the set was expanded from a wildcard, the name that the asterisk stood below. */
export function closestEncloserOf(signature: Rrsig, owner: Name): Name | undefined {
  return signature.labels < labelsToSign(owner) ? ancestorWithLabels(owner, signature.labels) : undefined;
}

/** What is wrong with the signature's dates at this time; undefined when nothing is. */
export function problemOfTime(
  signature: Rrsig,
  nowSeconds: number,
  skew: ClockSkew,
): Extract<SecurityCheck, `signature-${'expired' | 'not-yet-valid' | 'before-inception'}`> | undefined {
  const { inception, expiration } = signature;
  if (secondsFrom(inception, expiration) < 0) return 'signature-before-inception';
  const allowed = allowedSkew(signature, skew);
  if (secondsFrom(expiration, nowSeconds) > allowed) return 'signature-expired';
  if (secondsFrom(nowSeconds, inception) > allowed) return 'signature-not-yet-valid';
  return undefined;
}

export function allowedSkew({ inception, expiration }: Rrsig, skew: ClockSkew): number {
  const share = Math.floor(secondsFrom(inception, expiration) * skew.fraction);
  return Math.min(Math.max(share, skew.leastSeconds), skew.mostSeconds);
}

/** From one time to the other, negative when the other is earlier: serial number arithmetic (RFC 1982, RFC 4034 §3.1.5). */
export function secondsFrom(from: number, to: number): number {
  return (to - from) | 0;
}
