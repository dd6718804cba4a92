/**
 * D7. NSEC3 of another zone, and proofs in pieces from two signers (CVE-2026-10723, CVE-2026-19941): the apex of a child
 * zone may be named like a hash in its parent's chain, so that an NSEC3 that the child signs stands where one of the
 * parent would; or a wildcard's denial is signed by a zone above or below.
 *
 * Here every piece of a proof has one signer, the zone that is spoken of, and an NSEC3 stands directly below its apex
 * (validate/denial-nsec3.ts, validate/rrsig.ts). The trick is tried for every hash that a proof needs.
 */

import { describe, expect, test } from 'vitest';

import { name, nameToText, type Name } from '../../src/dns/name.ts';
import { Rcode, Type } from '../../src/dns/record-type.ts';
import type { RRset } from '../../src/dns/rrset.ts';
import { hashLabel, hashedOwner } from '../../src/lab/nsec3-hash.ts';
import type { BreakageKind } from '../../src/lab/dnssec-breakage.ts';
import { makeKey } from '../../src/lab/signer.ts';
import { Algorithm, keyTagOf } from '../../src/lab/signing-keys.ts';
import { makeSignature, readSignature } from '../../src/lab/rrsig.ts';
import type { Tampering } from '../../src/lab/tampering.ts';
import { octetsFromBase32Hex } from '../../src/dns/text/dnssec-fields.ts';
import { withSignatures } from '../support/signed-records.ts';
import { rrset, rdataOf } from '../../src/dns/rrset.ts';
import { simulatedInternet } from '../support/simulated-internet.ts';
import { recordFigure } from './figures.ts';
import { believedOf, isBelieved, validatedIn, type Validated } from './validated.ts';

const LAB = name('lab.');
const parameters = { iterations: 0, salt: new Uint8Array(0) };

/** One before the hash of `www.lab.`, which exists, so that a span from it to one behind denies it. */
const hashOfWww = hashLabel(name('www.lab.'), parameters);
function beside(label: string, step: 1 | -1): string {
  const digits = '0123456789abcdefghijklmnopqrstuv';
  const at = digits.indexOf(label.at(-1)!);
  return label.slice(0, -1) + digits[(at + step + 32) % 32];
}
const before = beside(hashOfWww, -1);
const CHILD = name(`${before}.lab.`);

/** The child's NSEC3 at its own apex, from one before to one behind the hash of the name that is to vanish. */
function forgedSpan(signer: Name, inForce: number): RRset {
  const next = octetsFromBase32Hex(beside(hashOfWww, 1))!;
  const rdata = Uint8Array.of(1, 0, 0, 0, 0, 20, ...next, 0, 1, 0x40);
  const key = makeKey(signer, Algorithm.ECDSAP256SHA256, 'zone key');
  const fields = {
    typeCovered: Type.NSEC3,
    algorithm: key.algorithm,
    labels: 2,
    originalTtl: 300,
    inception: inForce,
    expiration: inForce + 86_400 * 30,
    keyTag: keyTagOf(key),
    signer,
  };
  return withSignatures(rrset(CHILD, Type.NSEC3, 300, [rdata]), [makeSignature(fields, key, CHILD, [rdata])]);
}

/** In place of the answer, NXDOMAIN with the parent's own pieces and the child's. */
function replays(signer: Name): Tampering {
  let inForce = 0;
  return {
    signed(all) {
      const signature = all.find(({ type }) => type === Type.RRSIG)!;
      inForce = readSignature(signature.rdata).fields.inception;
      return all;
    },
    misbehaviour: [
      {
        kind: 'redrafts',
        only: { qname: name('www.lab.') },
        change: (draft) => ({
          ...draft,
          rcode: Rcode.NXDOMAIN,
          answer: [],
          authority: [...draft.authority, forgedSpan(signer, inForce)],
        }),
      },
    ],
  };
}

function resolverWith(signer: Name): Validated {
  return validatedIn(
    simulatedInternet()
      .zone('.', { at: '198.51.100.1', signed: true })
      .zone('lab.', {
        at: '192.0.2.1',
        records: 'www A 203.0.113.7',
        signed: { denial: 'nsec3', breakage: [replays(signer)] },
      })
      .zone(nameToText(CHILD), { at: '192.0.2.2', records: '@ A 203.0.113.66', signed: { denial: 'nsec3' } }),
  );
}

describe('a child named like a hash of its parent', () => {
  test('has a name that stands in the parent as the hash would', () => {
    expect(hashedOwner(name('www.lab.'), LAB, parameters)).not.toBe(CHILD);
    expect(rdataOf(forgedSpan(CHILD, 0))).toHaveLength(1);
  });

  test.each([
    ['the child', CHILD],
    ['the root', name('.')],
  ])('denies nothing in its parent when the record is signed by %s', async (_, signer) => {
    const resolver = resolverWith(signer);
    recordFigure(
      'D7',
      'denial in pieces from two signers: believed',
      Number(isBelieved(await resolver.ask('www.lab. A'))),
      0,
    );
    expect((await resolver.ask(`${nameToText(CHILD)} A`)).security).toEqual({ state: 'secure' });
  });

  test('is itself denied, and proven, as others are', async () => {
    const resolver = resolverWith(CHILD);
    expect((await resolver.ask('none.lab. A')).security).toEqual({ state: 'secure' });
    expect((await resolver.ask(`none.${nameToText(CHILD)} A`)).security).toEqual({ state: 'secure' });
  });
});

test('proofs signed by the zone above are not believed', async () => {
  const kinds: BreakageKind[] = [
    'nsec3-of-the-parent',
    'nsec-of-the-parent-for-the-apex',
    'nsec-of-the-parent-for-names-below',
    'ds-denied-by-the-child',
  ];
  recordFigure('D7', 'proofs of another zone: believed', (await believedOf(kinds)).length, 0);
});
