/**
 * RRSIG records as the lab makes them: their fields as a value that may be changed before it is signed or after, the
 * octets that are signed, and the way back from RDATA (RFC 4034 §3.1).
 */

import { canonicalRRset } from '../dns/canonical.ts';
import { ancestorWithLabels, labelCount, nameFromWire, nameToWire, prepend, type Name } from '../dns/name.ts';
import type { SigningKey } from './signing-keys.ts';

export type SignatureFields = {
  readonly typeCovered: number;
  readonly algorithm: number;
  readonly labels: number;
  readonly originalTtl: number;
  /** Seconds since 1970, modulo 2^32. */
  readonly expiration: number;
  readonly inception: number;
  readonly keyTag: number;
  readonly signer: Name;
};

export type Signature = { readonly fields: SignatureFields; readonly octets: Uint8Array };

const FIXED_OCTETS = 18;

/** The RDATA of the signature over a set, by whatever the fields say. */
export function makeSignature(
  fields: SignatureFields,
  key: SigningKey,
  owner: Name,
  rdata: readonly Uint8Array[],
): Uint8Array {
  return signatureRdata({ fields, octets: key.sign(signedOctets(fields, owner, rdata)) });
}

export function signatureRdata({ fields, octets }: Signature): Uint8Array {
  // Octets of its own: a slice of a Buffer would share memory.
  return new Uint8Array(Buffer.concat([fieldOctets(fields), octets]));
}

export function readSignature(rdata: Uint8Array): Signature {
  const view = new DataView(rdata.buffer, rdata.byteOffset, rdata.length);
  let end = FIXED_OCTETS;
  while (rdata[end] !== 0) end += rdata[end] + 1;
  const fields = {
    typeCovered: view.getUint16(0),
    algorithm: rdata[2],
    labels: rdata[3],
    originalTtl: view.getUint32(4),
    expiration: view.getUint32(8),
    inception: view.getUint32(12),
    keyTag: view.getUint16(16),
    signer: nameFromWire(rdata, FIXED_OCTETS, end + 1),
  };
  return { fields, octets: rdata.subarray(end + 1) };
}

/** RFC 4034 §3.1.8.1: the RDATA up to the signature, then the records in canonical form and order. */
function signedOctets(fields: SignatureFields, owner: Name, rdata: readonly Uint8Array[]): Uint8Array {
  const wireOwner = nameToWire(signedOwner(owner, fields.labels));
  const frame = Buffer.alloc(8);
  frame.writeUInt16BE(fields.typeCovered, 0);
  frame.writeUInt16BE(1, 2);
  frame.writeUInt32BE(fields.originalTtl, 4);
  const records = canonicalRRset(fields.typeCovered, rdata).flatMap((octets) => [
    wireOwner,
    frame,
    Uint8Array.of(octets.length >> 8, octets.length & 0xff),
    octets,
  ]);
  return Buffer.concat([fieldOctets(fields), ...records]);
}

/** RFC 4035 §5.3.2: an owner with more labels than the field says comes from a wildcard. */
function signedOwner(owner: Name, labels: number): Name {
  return labelsWithoutWildcard(owner) > labels ? prepend('*', ancestorWithLabels(owner, labels))! : owner;
}

/** RFC 4034 §3.1.3: neither the root nor a leading wildcard label counts. */
export function labelsWithoutWildcard(owner: Name): number {
  return owner.startsWith('\x01*') ? labelCount(owner) - 1 : labelCount(owner);
}

function fieldOctets(fields: SignatureFields): Uint8Array {
  const fixed = Buffer.alloc(FIXED_OCTETS);
  fixed.writeUInt16BE(fields.typeCovered, 0);
  fixed.writeUInt8(fields.algorithm, 2);
  fixed.writeUInt8(fields.labels, 3);
  fixed.writeUInt32BE(fields.originalTtl, 4);
  fixed.writeUInt32BE(fields.expiration >>> 0, 8);
  fixed.writeUInt32BE(fields.inception >>> 0, 12);
  fixed.writeUInt16BE(fields.keyTag, 16);
  return Buffer.concat([fixed, nameToWire(fields.signer)]);
}
