/**
 * Signs a zone of the lab (RFC 4035 §2): DNSKEY set, NSEC or NSEC3 records, and RRSIG over every set that the zone is
 * the authority for; delegations and glue stay unsigned. Records in, records out, so that what comes out can be served
 * (zone.ts), written as a master file, and given to other people's tools.
 *
 * How a signing goes wrong is no affair of this file: a `Tampering` is asked at each step whether it wants to change
 * something (dnssec-breakage.ts has those with names). When it is signed comes in as seconds since 1970.
 */

import { createHash } from 'node:crypto';

import { nameToText, nameToWire, type Name } from '../dns/name.ts';
import { Type } from '../dns/record-type.ts';
import { isBelowAny, nsec3Records, nsecRecords } from './denial-records.ts';
import { labelsWithoutWildcard, makeSignature } from './rrsig.ts';
import {
  Algorithm,
  KeyFlag,
  createSigningKey,
  dnskeyRdata,
  keyTagOf,
  type SigningAlgorithm,
  type SigningKey,
} from './signing-keys.ts';
import type { Tampering } from './tampering.ts';
import type { ZoneData } from './zone.ts';

export type Signing = {
  /** ECDSA P-256 unless said. */
  readonly algorithm?: SigningAlgorithm;
  /** A key for everything, or one for the keys and one for the rest, as is the custom and the default. */
  readonly keys?: 'one' | 'two';
  readonly denial?: 'nsec' | 'nsec3';
  /** RFC 9276 §3.1: 0 and none unless said; the salt in hexadecimal. */
  readonly iterations?: number;
  readonly salt?: string;
  readonly optOut?: boolean;
  /** Digest types of the DS set, SHA-256 unless said (RFC 4509, RFC 6605). */
  readonly digests?: readonly DigestType[];
  /** False leaves the DS set out of the parent, and the zone an island. */
  readonly inParent?: boolean;
  /** Seconds from the time of signing. */
  readonly validity?: { readonly from: number; readonly to: number };
};

export const DigestType = { SHA1: 1, SHA256: 2, SHA384: 4 } as const;
export type DigestType = (typeof DigestType)[keyof typeof DigestType];

/** Which keys there are, and what each is for: the states of a key roll-over (RFC 7583) are values of this. */
export type KeySet = {
  /** In the DNSKEY set. */
  readonly published: readonly SigningKey[];
  readonly signKeys: readonly SigningKey[];
  readonly signRecords: readonly SigningKey[];
  /** In the DS set of the parent. */
  readonly delegated: readonly SigningKey[];
};

export type DsFields = {
  readonly keyTag: number;
  readonly algorithm: number;
  readonly digestType: number;
  readonly digest: Uint8Array;
};

const DAY = 86_400;
/** A scenario may turn its clock on by some weeks. */
const VALIDITY = { from: -DAY, to: 60 * DAY };
const DNSKEY_TTL = 3600;

export function signZone(
  apex: Name,
  records: readonly ZoneData[],
  signing: Signing,
  signedAt: number,
  tampering: Tampering = {},
): ZoneData[] {
  const keys = keySet(apex, signing, tampering);
  const unsigned = [...records, ...keys.published.map((key) => dnskeyRecord(apex, key))];
  unsigned.push(...denialRecords(apex, unsigned, signing));
  const changed = tampering.unsigned?.(unsigned) ?? unsigned;
  const { from, to } = signing.validity ?? VALIDITY;
  const sign = (set: readonly ZoneData[]): ZoneData[] => {
    const [{ owner, type }] = set;
    const by = type === Type.DNSKEY ? keys.signKeys : keys.signRecords;
    return by.map((key) => {
      const honest = {
        typeCovered: type,
        algorithm: key.algorithm,
        labels: labelsWithoutWildcard(owner),
        originalTtl: ttlOf(set),
        expiration: signedAt + to,
        inception: signedAt + from,
        keyTag: keyTagOf(key),
        signer: apex,
      };
      const fields = tampering.fields?.(honest, owner) ?? honest;
      const rdata = makeSignature(
        fields,
        key,
        owner,
        set.map((record) => record.rdata),
      );
      return { owner, type: Type.RRSIG, ttl: honest.originalTtl, rdata };
    });
  };
  const signed = [...changed, ...authoritativeSets(apex, changed).flatMap(sign)];
  return [...(tampering.signed?.(signed) ?? signed)];
}

/** The DS set that the parent has for a zone signed like this; known before the zone is signed. */
export function delegationSigners(apex: Name, signing: Signing, tampering: Tampering = {}): Uint8Array[] {
  const { digests = [DigestType.SHA256] } = signing;
  const { delegated } = keySet(apex, signing, tampering);
  const honest = delegated.flatMap((key) => digests.map((digestType) => dsFields(apex, key, digestType)));
  return (tampering.ds?.(honest) ?? honest).map(dsRdata);
}

export function dsFields(apex: Name, key: SigningKey, digestType: DigestType): DsFields {
  const digest = createHash(digestNames[digestType]).update(nameToWire(apex)).update(dnskeyRdata(key)).digest();
  return { keyTag: keyTagOf(key), algorithm: key.algorithm, digestType, digest: new Uint8Array(digest) };
}
const digestNames: Record<DigestType, string> = { 1: 'sha1', 2: 'sha256', 4: 'sha384' };

/** RFC 4034 §5.1. */
export function dsRdata({ keyTag, algorithm, digestType, digest }: DsFields): Uint8Array {
  return Uint8Array.of(keyTag >> 8, keyTag & 0xff, algorithm, digestType, ...digest);
}

/** The keys of a zone: KSK and ZSK (RFC 6781 §3.1), or one that is both. */
function keySet(apex: Name, signing: Signing, tampering: Tampering): KeySet {
  const { algorithm = Algorithm.ECDSAP256SHA256, keys = 'two' } = signing;
  const honest = keys === 'one' ? oneKey(apex, algorithm) : twoKeys(apex, algorithm);
  return tampering.keys?.(honest) ?? honest;
}

function oneKey(apex: Name, algorithm: SigningAlgorithm): KeySet {
  const key = [makeKey(apex, algorithm, 'key')];
  return { published: key, signKeys: key, signRecords: key, delegated: key };
}

function twoKeys(apex: Name, algorithm: SigningAlgorithm): KeySet {
  const [ksk, zsk] = [makeKey(apex, algorithm, 'key'), makeKey(apex, algorithm, 'zone key')];
  return { published: [ksk, zsk], signKeys: [ksk], signRecords: [zsk], delegated: [ksk] };
}

/** A key of the zone; another `use` is another key. RSA keys are shared by all zones, as they take long to make. */
export function makeKey(apex: Name, algorithm: SigningAlgorithm, use: string): SigningKey {
  const isRsa = algorithm <= Algorithm.RSASHA512;
  const flags = use === 'zone key' ? KeyFlag.ZONE : KeyFlag.ZONE | KeyFlag.SEP;
  return createSigningKey(isRsa ? use : `${use} of ${nameToText(apex)}`, algorithm, flags);
}

function dnskeyRecord(apex: Name, key: SigningKey): ZoneData {
  return { owner: apex, type: Type.DNSKEY, ttl: DNSKEY_TTL, rdata: dnskeyRdata(key) };
}

function denialRecords(apex: Name, records: readonly ZoneData[], signing: Signing): ZoneData[] {
  const { denial = 'nsec', iterations = 0, salt = '', optOut = false } = signing;
  const ttl = denialTtl(apex, records);
  if (denial === 'nsec') return nsecRecords(apex, records, ttl);
  return nsec3Records(apex, records, ttl, { iterations, salt: new Uint8Array(Buffer.from(salt, 'hex')), optOut });
}

/** RFC 9077 §3: the lesser of the SOA's TTL and its MINIMUM field. */
function denialTtl(apex: Name, records: readonly ZoneData[]): number {
  const soa = records.find(({ owner, type }) => owner === apex && type === Type.SOA);
  if (soa === undefined) return DNSKEY_TTL;
  const { buffer, byteOffset, length } = soa.rdata;
  return Math.min(soa.ttl, new DataView(buffer, byteOffset, length).getUint32(length - 4));
}

/** What the zone has to sign (RFC 4035 §2.2): neither glue nor the NS set of a cut. */
function authoritativeSets(apex: Name, records: readonly ZoneData[]): ZoneData[][] {
  const cuts = new Set<Name>();
  for (const { owner, type } of records) if (type === Type.NS && owner !== apex) cuts.add(owner);
  const sets = new Map<string, ZoneData[]>();
  for (const record of records) {
    const { owner, type } = record;
    const isOfChild = cuts.has(owner) && type !== Type.DS && type !== Type.NSEC;
    if (isOfChild || type === Type.RRSIG || isBelowAny(owner, apex, cuts)) continue;
    const set = sets.get(`${type} ${owner}`);
    if (set === undefined) sets.set(`${type} ${owner}`, [record]);
    else set.push(record);
  }
  return [...sets.values()];
}

/** As the zone will serve the set (RFC 2181 §5.2). */
function ttlOf(set: readonly ZoneData[]): number {
  return Math.min(...set.map(({ ttl }) => ttl));
}
