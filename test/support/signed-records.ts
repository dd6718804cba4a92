/** Signed RRsets from master-file text or from the lab's signer, and what checking them is given. */

import type { Name } from '../../src/dns/name.ts';
import { Type } from '../../src/dns/record-type.ts';
import { rrset, type RRset } from '../../src/dns/rrset.ts';
import { parseZoneText } from '../../src/dns/zone-text.ts';
import { dnskeyRdata, type SigningKey } from '../../src/lab/signing-keys.ts';
import { readDnskey, type Dnskey } from '../../src/validate/dnskey.ts';
import { defaultPolicy, type CryptoBudget, type Validating, type ValidationPolicy } from '../../src/validate/policy.ts';
import { createPublicKeys } from '../../src/validate/public-key.ts';

type Row = { readonly owner: Name; readonly type: number; readonly ttl: number; readonly rdata: Uint8Array };

/** The sets of a master file; RRSIG records stand beside the sets that they cover. */
export function setsFromText(text: string, defaultTtl = 3600): RRset[] {
  const { records, problems } = parseZoneText(text, { defaultTtl });
  if (problems.length > 0) throw new TypeError(`line ${problems[0].line}: ${problems[0].why}`);
  return setsOf(records);
}

export function setsOf(records: readonly Row[]): RRset[] {
  const groups = Map.groupBy(
    records.filter(({ type }) => type !== Type.RRSIG),
    ({ owner, type }) => `${type} ${owner}`,
  );
  return [...groups.values()].map((group) => {
    const [{ owner, type }] = group;
    const covering = records.filter(
      (record) =>
        record.type === Type.RRSIG && record.owner === owner && ((record.rdata[0] << 8) | record.rdata[1]) === type,
    );
    const set = rrset(
      owner,
      type,
      Math.min(...group.map(({ ttl }) => ttl)),
      group.map(({ rdata }) => rdata),
    );
    return withSignatures(
      set,
      covering.map(({ rdata }) => rdata),
    );
  });
}

export function withSignatures(set: RRset, signatures: readonly Uint8Array[]): RRset {
  if (signatures.length === 0) return set;
  const { count, packed } = rrset(set.owner, Type.RRSIG, set.ttl, signatures);
  return { ...set, signatures: { count, packed } };
}

/** The one set of the type at the owner. */
export function pick(sets: readonly RRset[], owner: Name, type: number): RRset {
  const set = sets.find((one) => one.owner === owner && one.type === type);
  if (set === undefined) throw new TypeError('there is no such set');
  return set;
}

export function asDnskey(key: SigningKey): Dnskey {
  return readDnskey(dnskeyRdata(key))!;
}

export type CountingBudget = CryptoBudget & { verifications: number; failures: number; rounds: number; hashes: number };

/** Counts what is taken, and gives out no more than it has. */
export function countingBudget(limits: { verifications?: number; hashes?: number } = {}): CountingBudget {
  const { verifications = Infinity, hashes = Infinity } = limits;
  return {
    verifications: 0,
    failures: 0,
    rounds: 0,
    hashes: 0,
    takeVerification() {
      if (this.verifications >= verifications) return false;
      this.verifications++;
      return true;
    },
    countFailure() {
      this.failures++;
    },
    takeHash(rounds) {
      if (this.hashes >= hashes) return false;
      this.hashes++;
      this.rounds += rounds;
      return true;
    },
    isSpent() {
      return this.verifications >= verifications || this.hashes >= hashes;
    },
  };
}

export function validatingWith(
  budget: CryptoBudget = countingBudget(),
  policy: Partial<ValidationPolicy> = {},
): Validating {
  return { budget, policy: { ...defaultPolicy, ...policy }, publicKeys: createPublicKeys() };
}
