/**
 * Which fields the RDATA of each type has, in order. One table serves reading from text, showing as text and showing
 * as a value, so that these cannot disagree. A type that is not listed has only the generic form (RFC 3597 §5).
 */

import { Type } from '../record-type.ts';
import { algorithmMnemonics, hashedName, salt, time, typeBitmap, typeCovered } from './dnssec-fields.ts';
import {
  address,
  characterString,
  characterStrings,
  domainName,
  hyphenated,
  number,
  period,
  propertyTag,
  quotedRest,
  rest,
  type Field,
} from './fields.ts';
import { location } from './location.ts';
import { serviceParameters } from './svc-params.ts';

/** RFC 4398 §2.1. */
const certificateTypes = {
  PKIX: 1,
  SPKI: 2,
  PGP: 3,
  IPKIX: 4,
  ISPKI: 5,
  IPGP: 6,
  ACPKIX: 7,
  IACPKIX: 8,
  URI: 253,
  OID: 254,
} as const;

const algorithm = number('algorithm', 1, algorithmMnemonics);
const preference = number('preference', 2);

const text = [characterStrings('strings')];
const delegationSigner = [number('keyTag', 2), algorithm, number('digestType', 1), rest('digest', 'hex')];
const key = [number('flags', 2), number('protocol', 1), algorithm, rest('key', 'base64')];
const certificate = [number('usage', 1), number('selector', 1), number('matchingType', 1), rest('certificate', 'hex')];
const signature = [
  typeCovered('typeCovered'),
  algorithm,
  number('labels', 1),
  period('originalTTL'),
  time('expiration'),
  time('inception'),
  number('keyTag', 2),
  domainName('signersName'),
  rest('signature', 'base64'),
];
const hashing = [number('algorithm', 1), number('flags', 1), number('iterations', 2), salt('salt')];
const service = [number('priority', 2), domainName('target'), serviceParameters('params')];

const shapes = new Map<number, readonly Field[]>([
  [Type.A, [address('address', 4)]],
  [Type.AAAA, [address('address', 16)]],
  [Type.NS, [domainName('name')]],
  [Type.MD, [domainName('name')]],
  [Type.MF, [domainName('name')]],
  [Type.CNAME, [domainName('name')]],
  [Type.DNAME, [domainName('name')]],
  [Type.PTR, [domainName('name')]],
  [Type.MB, [domainName('name')]],
  [Type.MG, [domainName('name')]],
  [Type.MR, [domainName('name')]],
  [
    Type.SOA,
    [
      domainName('mname'),
      domainName('rname'),
      number('serial', 4),
      period('refresh'),
      period('retry'),
      period('expire'),
      period('minimum'),
    ],
  ],
  [Type.MINFO, [domainName('rmailbx'), domainName('emailbx')]],
  [Type.MX, [preference, domainName('exchange')]],
  [Type.TXT, text],
  [Type.SPF, text],
  [Type.AVC, text],
  [Type.RESINFO, text],
  [Type.WALLET, text],
  [Type.HINFO, [characterString('cpu'), characterString('os')]],
  [Type.RP, [domainName('mbox'), domainName('txt')]],
  [Type.AFSDB, [number('subtype', 2), domainName('hostname')]],
  [Type.RT, [preference, domainName('intermediate')]],
  [Type.PX, [preference, domainName('map822'), domainName('mapx400')]],
  [Type.KX, [preference, domainName('exchanger')]],
  [Type.LP, [preference, domainName('fqdn')]],
  [Type.LOC, [location('location')]],
  [Type.SRV, [number('priority', 2), number('weight', 2), number('port', 2), domainName('target')]],
  [
    Type.NAPTR,
    [
      number('order', 2),
      preference,
      characterString('flags'),
      characterString('services'),
      characterString('regexp'),
      domainName('replacement'),
    ],
  ],
  [Type.CERT, [number('type', 2, certificateTypes), number('keyTag', 2), algorithm, rest('certificate', 'base64')]],
  [Type.DS, delegationSigner],
  [Type.CDS, delegationSigner],
  [Type.DLV, delegationSigner],
  [Type.TA, delegationSigner],
  [Type.SSHFP, [number('algorithm', 1), number('hash', 1), rest('fingerprint', 'hex')]],
  [Type.RRSIG, signature],
  [Type.NSEC, [domainName('nextDomain'), typeBitmap('rrtypes')]],
  [Type.DNSKEY, key],
  [Type.CDNSKEY, key],
  [Type.KEY, key],
  [Type.DHCID, [rest('digest', 'base64')]],
  [Type.NSEC3, [...hashing, hashedName('nextDomain'), typeBitmap('rrtypes')]],
  [Type.NSEC3PARAM, hashing],
  [Type.TLSA, certificate],
  [Type.SMIMEA, certificate],
  [Type.OPENPGPKEY, [rest('key', 'base64')]],
  [Type.CSYNC, [number('serial', 4), number('flags', 2), typeBitmap('rrtypes')]],
  [Type.ZONEMD, [number('serial', 4), number('scheme', 1), number('algorithm', 1), rest('digest', 'hex')]],
  [Type.SVCB, service],
  [Type.HTTPS, service],
  [Type.EUI48, [hyphenated('address', 6)]],
  [Type.EUI64, [hyphenated('address', 8)]],
  [Type.URI, [number('priority', 2), number('weight', 2), quotedRest('target', 1)]],
  [Type.CAA, [number('flags', 1), propertyTag('tag'), quotedRest('value', 0)]],
]);

/** The fields of `type`; undefined for a type that has the generic form alone. */
export function rdataShape(type: number): readonly Field[] | undefined {
  return shapes.get(type);
}
