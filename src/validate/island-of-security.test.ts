/** A signed zone below an unsigned one, trusted by an anchor of its own (RFC 4033 §2, "island of security"). */

import { expect, test } from 'vitest';

import { countingBudget, pick, setsFromText, setsOf, withSignatures } from '../../test/support/signed-records.ts';
import { createHandClock } from '../../test/support/hand-clock.ts';
import { isAtOrBelow, isBelow, labelCount, name, type Name } from '../dns/name.ts';
import { Type } from '../dns/record-type.ts';
import { rdataOf, type RRset } from '../dns/rrset.ts';
import { makeSignature } from '../lab/rrsig.ts';
import { delegationSigners, signZone } from '../lab/signer.ts';
import { Algorithm, createSigningKey, keyTagOf } from '../lab/signing-keys.ts';
import { readZoneText } from '../lab/zone.ts';
import type { Evidence } from '../query/evidence.ts';
import { readDs } from './ds.ts';
import { defaultPolicy } from './policy.ts';
import { createPublicKeys } from './public-key.ts';
import { createValidator } from './validator.ts';

const ISLAND = name('corp.example.');
const clock = createHandClock();
const text = '@ SOA ns admin 1 7200 3600 1209600 60\n@ NS ns\nns A 192.0.2.1\nwww A 203.0.113.7\n';
const sets = setsOf(signZone(ISLAND, readZoneText(ISLAND, text, 300), {}, clock.wallMs() / 1000));
const anchor = { zone: ISLAND, ds: delegationSigners(ISLAND, {}).map((rdata) => readDs(rdata)!) };

const said = (zone: Name, set: RRset): Evidence => ({
  kind: 'set',
  set,
  zone,
  server: '192.0.2.1',
  proof: [],
  security: undefined,
});

/** What the servers of the island have; the zones above it are silent. */
function found(qname: Name, qtype: number, proof: readonly RRset[]): Evidence | undefined {
  if (qname === ISLAND) return said(ISLAND, pick(sets, qname, qtype));
  if (!isBelow(qname, ISLAND)) return undefined;
  const denial = { kind: 'denial', denial: 'nodata', qname, qtype, soa: pick(sets, ISLAND, Type.SOA) } as const;
  return { ...denial, zone: ISLAND, server: '192.0.2.1', proof, security: undefined };
}

const denials = sets.filter(({ type }) => type === Type.NSEC);

async function stateOf(evidence: Evidence, proof = denials): Promise<string> {
  const validator = createValidator({
    clock,
    policy: defaultPolicy,
    publicKeys: createPublicKeys(),
    anchors: {
      at: (zone) => (zone === ISLAND ? anchor : undefined),
      cover: (qname) => isAtOrBelow(qname, ISLAND),
      negative: () => undefined,
    },
  });
  const inquiry = {
    budget: countingBudget(),
    lookUp: (qname: Name, qtype: number) => Promise.resolve(found(qname, qtype, proof)),
    referralDs: () => undefined,
    breathe: () => Promise.resolve(),
  };
  return (await validator.judge(evidence, inquiry)).security.state;
}

const genuine = pick(sets, name('www.corp.example.'), Type.A);
const [forged] = setsFromText('www.corp.example. 300 A 192.0.2.66');

test('what it signed is secure, and what is beside it is not', async () => {
  expect(await stateOf(said(ISLAND, genuine))).toBe('secure');
  const [beside] = setsFromText('www.example. 300 A 203.0.113.9');
  expect(await stateOf(said(name('example.'), beside))).toBe('indeterminate');
});

test.each(['corp.example.', 'example.', '.'])(
  'records of it without signatures are bogus when a server of %s says them',
  async (zone) => expect(await stateOf(said(name(zone), forged))).toBe('bogus'),
);

/** Signed by a stranger in the name of the zone above the island. */
function signedFromAbove(set: RRset): RRset {
  const key = createSigningKey('forger', Algorithm.ED25519, 256);
  const fields = {
    typeCovered: set.type,
    algorithm: key.algorithm,
    labels: labelCount(set.owner),
    originalTtl: 300,
    expiration: clock.wallMs() / 1000 + 86_400,
    inception: clock.wallMs() / 1000 - 86_400,
    keyTag: keyTagOf(key),
    signer: name('example.'),
  };
  return withSignatures(set, [makeSignature(fields, key, set.owner, rdataOf(set))]);
}

test('nor does a signature in the name of the unsigned zone above help them', async () => {
  for (const zone of ['corp.example.', 'example.']) {
    expect(await stateOf(said(name(zone), signedFromAbove(forged)))).toBe('bogus');
  }
});

test('nor can the zone above say so that a delegation of the island is unsigned', async () => {
  const [record, nsec] = setsFromText(
    'www.sub.corp.example. 300 A 192.0.2.66\nsub.corp.example. NSEC t.corp.example. NS RRSIG NSEC',
  );
  const evidence = said(name('sub.corp.example.'), record);
  expect(await stateOf(evidence, [signedFromAbove(nsec)])).toBe('bogus');
});
