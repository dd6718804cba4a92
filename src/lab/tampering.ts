/**
 * What may be changed on the way from a zone's records to signed answers, as a value: a function for each step, which
 * gets what there would be and gives what there shall be. signer.ts and internet.ts ask it; dnssec-breakage.ts is a list
 * of such values with names.
 *
 * Below are the words that these are written in. They change single records and signatures and know nothing of the
 * scenario; where a record is changed after it was signed, its signature no longer holds, before that it does.
 */

import { Type } from '../dns/record-type.ts';
import type { Name } from '../dns/name.ts';
import type { DenialPart } from './denial-proof.ts';
import type { Misbehaviour } from './misbehaviour.ts';
import type { ResponseDraft } from './authoritative.ts';
import { readSignature, signatureRdata, type Signature, type SignatureFields } from './rrsig.ts';
import type { DsFields, KeySet } from './signer.ts';
import type { ZoneData } from './zone.ts';

export type Tampering = {
  readonly keys?: (keys: KeySet) => KeySet;
  /** In the parent. */
  readonly ds?: (ds: readonly DsFields[]) => readonly DsFields[];
  /** With keys and denials, before anything is signed. */
  readonly unsigned?: (records: readonly ZoneData[]) => readonly ZoneData[];
  /** Before the signature is made. */
  readonly fields?: (fields: SignatureFields, owner: Name) => SignatureFields;
  /** With signatures. */
  readonly signed?: (records: readonly ZoneData[]) => readonly ZoneData[];
  /** Of every server of the zone. */
  readonly misbehaviour?: readonly Misbehaviour[];
};

/** All of them, one after the other. */
export function together(parts: readonly Tampering[]): Tampering {
  const pipe = <T>(step: (part: Tampering) => ((value: T) => T) | undefined): ((value: T) => T) => {
    return (value) => parts.reduce((changed, part) => step(part)?.(changed) ?? changed, value);
  };
  return {
    keys: pipe(({ keys }) => keys),
    ds: pipe(({ ds }) => ds),
    unsigned: pipe(({ unsigned }) => unsigned),
    signed: pipe(({ signed }) => signed),
    fields: (fields, owner) => parts.reduce((changed, part) => part.fields?.(changed, owner) ?? changed, fields),
    misbehaviour: parts.flatMap(({ misbehaviour = [] }) => misbehaviour),
  };
}

/** What a signature over a set of this type says, and is made for. */
export function signs(type: number, change: (fields: SignatureFields) => Partial<SignatureFields>): Tampering {
  return { fields: (fields) => (fields.typeCovered === type ? { ...fields, ...change(fields) } : fields) };
}

/** What has become of a signature over a set of this type after it was made; several, or none, may stand in its place. */
export function afterSigning(type: number, change: (signature: Signature) => readonly Signature[]): Tampering {
  return {
    signed: (records) =>
      records.flatMap((record) => {
        if (record.type !== Type.RRSIG) return [record];
        const signature = readSignature(record.rdata);
        if (signature.fields.typeCovered !== type) return [record];
        return change(signature).map((changed) => ({ ...record, rdata: signatureRdata(changed) }));
      }),
  };
}

export function withFields(change: (fields: SignatureFields) => Partial<SignatureFields>) {
  return (signature: Signature): Signature[] => [
    { ...signature, fields: { ...signature.fields, ...change(signature.fields) } },
  ];
}

/** The octets of the signature itself are others. */
export function withOctets(change: (octets: Uint8Array) => Uint8Array) {
  return (signature: Signature): Signature[] => [{ ...signature, octets: change(signature.octets) }];
}

export function flipped(octets: Uint8Array, at = octets.length - 1): Uint8Array {
  const changed = Uint8Array.from(octets);
  changed[at] ^= 1;
  return changed;
}

export const none = (): [] => [];

/** Records of this type, at `when` they are changed; several, or none, may stand in place of one. */
export function records(
  when: 'unsigned' | 'signed',
  type: number,
  change: (record: ZoneData) => readonly ZoneData[],
): Tampering {
  return {
    [when]: (all: readonly ZoneData[]) => all.flatMap((record) => (record.type === type ? change(record) : [record])),
  };
}

export function withRdata(change: (rdata: Uint8Array) => Uint8Array) {
  return (record: ZoneData): ZoneData[] => [{ ...record, rdata: change(record.rdata) }];
}

/** What servers say of names at or below `zone`. */
export function says(zone: Name, change: (draft: ResponseDraft) => Partial<ResponseDraft>): Tampering {
  const redraft = (draft: ResponseDraft): ResponseDraft => ({ ...draft, ...change(draft) });
  return { misbehaviour: [{ kind: 'redrafts', change: redraft, only: { atOrBelow: zone } }] };
}

/** A part of each proof is not sent. */
export function withoutPart(zone: Name, part: DenialPart['part']): Tampering {
  return says(zone, ({ proof }) => ({ proof: proof.filter((one) => one.part !== part) }));
}
